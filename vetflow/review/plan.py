"""The reading plan: in which order to read what differs between two crates.

What runs while somebody builds comes first, by how directly it runs; the rest is folded, with counts, and never left
out. A file belongs where either of the two crates puts it: one that moved into the surface, or out of it, is read there
even if its text is the same. Source: shared spec behaviour A4, A7.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final, NamedTuple

from vetflow.review.patches import CrateDiff, FilePatch
from vetflow.surface.evidence import Evidence
from vetflow.surface.tiers import CrateSurface, Grade, Tier

_ORDER: Final = (Tier.BUILD_SCRIPT, Tier.PROC_MACRO, Tier.HOST_LIBRARY, Tier.INPUT)
_TITLES: Final = {
    Tier.BUILD_SCRIPT: "build script",
    Tier.PROC_MACRO: "proc macro",
    Tier.HOST_LIBRARY: "library used during the build",
    Tier.INPUT: "read or compiled during the build",
    None: "everything else",
}


class Moved(NamedTuple):
    """A file that is the same in both crates and is part of the build-time surface of only one of them."""

    path: str
    into: bool


class PlanGroup(NamedTuple):
    """Files that are read together. tier: None for what has nothing to do with a build; folded: shown by its counts."""

    tier: Tier | None
    files: tuple[FilePatch, ...]
    moved: tuple[Moved, ...] = ()

    @property
    def title(self) -> str:
        """The group in words."""
        return _TITLES[self.tier]

    @property
    def is_folded(self) -> bool:
        """Whether only its counts are shown, unless somebody asks."""
        return self.tier is None

    @property
    def lines(self) -> int:
        """How many lines changed in it."""
        return sum(file.lines for file in self.files)


class ReadingPlan(NamedTuple):
    """All that differs, each file in one group, in reading order; groups without files are left out.

    recast: the changed files that take part in a build in another way than before, or since now.
    """

    groups: tuple[PlanGroup, ...]
    recast: frozenset[str] = frozenset()

    @property
    def build_lines(self) -> int:
        """How many lines of build scripts and proc macros changed, files that these embed among them."""
        return sum(group.lines for group in self.groups if group.tier in {Tier.BUILD_SCRIPT, Tier.PROC_MACRO})

    @property
    def folded(self) -> PlanGroup | None:
        """What has nothing to do with a build."""
        return next((group for group in self.groups if group.is_folded), None)


def reading_plan(
    diff: CrateDiff, old: CrateSurface | None, new: CrateSurface | None, evidence: Iterable[Evidence] = ()
) -> ReadingPlan:
    """Order what differs. old, new: None for a crate that does not exist, or of which nothing runs during a build.

    evidence: of the new crate; within a group the files with the gravest come first, then the paths decide.
    """
    before, after = _tiers(old), _tiers(new)
    grades = _worst(evidence)
    by_tier: dict[Tier | None, list[FilePatch]] = {}
    recast = set()
    for file in diff.files:
        sides = (file.old and before.get(file.old.path), file.new and after.get(file.new.path))
        by_tier.setdefault(min(filter(None, sides), key=_ORDER.index, default=None), []).append(file)
        if file.new and sides[0] != sides[1]:
            recast.add(file.path)
    moved = _moved(diff, before, after)
    groups = (
        PlanGroup(
            tier,
            tuple(sorted(by_tier.get(tier, ()), key=lambda file: (-grades.get(file.path, 0), file.path))),
            moved.get(tier, ()),
        )
        for tier in (*_ORDER, None)
    )
    return ReadingPlan(tuple(group for group in groups if group.files or group.moved), frozenset(recast))


def _tiers(surface: CrateSurface | None) -> Mapping[str, Tier]:
    return {file.path: file.tier for file in surface.files if file.tier in _ORDER} if surface else {}


def _worst(evidence: Iterable[Evidence]) -> Mapping[str, Grade]:
    grades: dict[str, Grade] = {}
    for each in evidence:
        grades[each.path] = max(each.grade, grades.get(each.path, each.grade))
    return grades


def _moved(
    diff: CrateDiff, before: Mapping[str, Tier], after: Mapping[str, Tier]
) -> Mapping[Tier | None, tuple[Moved, ...]]:
    """Return the unchanged files that only one of the surfaces has, by tier there."""
    differing = {side.path for file in diff.files for side in (file.old, file.new) if side}
    moved: dict[Tier | None, tuple[Moved, ...]] = {}
    for path in sorted((before.keys() ^ after.keys()) - differing):
        into = path in after
        tier = after[path] if into else before[path]
        moved[tier] = (*moved.get(tier, ()), Moved(path, into))
    return moved
