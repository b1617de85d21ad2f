"""Which audits could bring one failing crate to where it is vetted (shared spec resolver 10.1).

An audit closes the gap when it starts at a version that is vetted and ends at one from which the failing version
is vetted already. Of all such audits only the short ones are candidates: for each end the nearest start on either
side.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Collection, Iterable
from typing import NamedTuple

from vetflow.model.names import CrateName
from vetflow.model.report import Reach
from vetflow.model.suggestions import CrateDelta
from vetflow.model.version import VetVersion


class Candidates(NamedTuple):
    """The audits among which one is chosen.

    deltas: at equal size the first is taken. Empty when no version that would help has a source anywhere. target:
    where they lead to in the end, see `model.suggestions.Suggestion`. follow_up: the audit of a git revision that
    comes after them, where `target` is a published version instead.
    """

    deltas: tuple[CrateDelta, ...]
    target: VetVersion
    follow_up: CrateDelta | None = None

    def nearest(self, name: CrateName) -> CrateDelta:
        """Return the audit to name when no size is known: of the target, from below where there is such a one."""
        whole = CrateDelta(name, None, self.target)
        return next((delta for delta in self.deltas if delta.version == self.target), whole)


def candidates(
    name: CrateName,
    version: VetVersion,
    reaches: Iterable[Reach],
    published: Collection[VetVersion] | None,
) -> Candidates:
    """Return the candidates for a crate that fails at `version`.

    reaches: how far one gets for each missing criterion, at least one of them; an audit has to serve them all.
    published: see `model.ports.IndexVersions`. Gives at most two for each version from which audits lead on to
    `version`.
    """
    reaches = tuple(reaches)
    starts = _common((reach.from_root for reach in reaches), version, published)
    ends = _common((reach.from_target for reach in reaches), version, published)
    target, follow_up = version, None
    base = _published_before(version, published) if version.git else None
    if base is not None and base not in starts:
        # The published version is audited first: a difference to it is worth more to others than a full audit of
        # a revision that only this project uses.
        ends.discard(version)
        if base not in ends:
            target, follow_up = base, CrateDelta(name, base, version)
            ends.add(base)
    ordered = sorted(starts)
    return Candidates(
        tuple(CrateDelta(name, start, end) for end in sorted(ends) for start in _nearest(ordered, end)),
        target,
        follow_up,
    )


def _common(
    reached: Iterable[frozenset[VetVersion | None]],
    version: VetVersion,
    published: Collection[VetVersion] | None,
) -> set[VetVersion]:
    """Return the versions that are reached for every criterion and whose source somebody has."""
    common = frozenset.intersection(*reached)
    return {
        each
        for each in common
        if each is not None and (each == version if each.git else published is None or each in published)
    }


def _published_before(version: VetVersion, published: Collection[VetVersion] | None) -> VetVersion | None:
    """Return the largest published version up to a git revision's, the same one when nobody knows what is published."""
    if published is None:
        return version.semver
    return max((each for each in published if each <= version.semver), default=None)


def _nearest(starts: list[VetVersion], end: VetVersion) -> tuple[VetVersion | None, ...]:
    """Return the nearest start below, which is "nothing" when there is no version, and the nearest above."""
    at = bisect_left(starts, end)
    return (starts[at - 1] if at else None, *starts[at : at + 1])
