"""A sighting: a rule that fits a place in the code, before it is known what that is worth."""

from __future__ import annotations

from typing import NamedTuple

from vetflow.surface.tiers import Grade


class Sighting(NamedTuple):
    """A rule that fits a place. detail: what exactly. offset: where in the file. chain: how it came to mean that.

    emitted: it stands in what a macro gives out, and not in what it does itself. at_least: a grade it has in any case
    where the rule looks at all, because a search gave up.
    """

    rule: str
    detail: str
    offset: int
    chain: tuple[str, ...] = ()
    emitted: bool = False
    at_least: Grade = Grade.EXPECTED
