"""Evidence: a line a person can open, what it shows the code can do, and how much attention that deserves."""

from __future__ import annotations

from typing import NamedTuple

from vetflow.surface.tiers import Grade, Tier


class Evidence(NamedTuple):
    """One thing seen in a crate.

    rule: the id of the rule that saw it, stable, `capability/kind`. capability: the taxonomy's word (shared spec
    behaviour B). detail: what exactly, such as `std::net::TcpStream` or a program's name; acceptances and deltas
    compare (capability, detail), never places. path, line: where it stands; line is None for a whole file. text: that
    line of the crate, raw, not yet fit for a display. chain: how it came to mean that (`C` is `std::process::Command`
    because of a `use`), for a reviewer to check. sentence: our own fixed wording of what it means. when_new: the grade
    it has in a delta that brings it, where that is more than `grade`: what is ordinary may still be news.
    """

    rule: str
    capability: str
    detail: str
    grade: Grade
    tier: Tier | None
    path: str
    line: int | None
    text: str
    sentence: str
    chain: tuple[str, ...] = ()
    when_new: Grade = Grade.EXPECTED

    @property
    def grade_when_new(self) -> Grade:
        """The grade of this evidence in a delta that brings it."""
        return max(self.grade, self.when_new)
