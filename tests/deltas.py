"""Deltas made in memory, without git: files of two versions, compared by the standard library."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from difflib import unified_diff
from types import MappingProxyType
from typing import Final

from tests.crates import contents_of
from vetflow.app.review.values import Delta
from vetflow.model.contents import CrateFile, CrateFiles
from vetflow.review.binary import binary
from vetflow.review.families import Member, Shape
from vetflow.review.patches import CrateDiff, FilePatch
from vetflow.review.plan import PlanGroup, ReadingPlan
from vetflow.review.session import Pair
from vetflow.review.verified import Given, verified_patch
from vetflow.surface.tiers import Tier

Files = Mapping[str, str | bytes]
Renamed = Mapping[str, str]
NOTHING: Final[Renamed] = MappingProxyType({})


def diff_of(old: CrateFiles, new: CrateFiles, renamed: Renamed = NOTHING) -> CrateDiff:
    """Return what differs. renamed: the new path of a file by its old one."""
    names = {path: (path, path) for path in {**old, **new}}
    for before, after in renamed.items():
        del names[before]
        names[after] = (before, after)
    found = [
        _patch(old.get(before), new.get(after)) for before, after in names.values() if old.get(before) != new.get(after)
    ]
    return CrateDiff(tuple(sorted(found, key=lambda patch: patch.path)), (), 0)


def delta_between(
    pair: Pair,
    old: CrateFiles,
    new: CrateFiles,
    *,
    build: Collection[str] = (),
    renamed: Renamed = NOTHING,
    recast: Collection[str] = (),
) -> Delta:
    """Return a delta as a review has it. build: paths of what runs during a build. recast: what did not before."""
    diff = diff_of(old, new, renamed)
    groups = (
        PlanGroup(Tier.BUILD_SCRIPT, tuple(patch for patch in diff.files if patch.path in build)),
        PlanGroup(None, tuple(patch for patch in diff.files if patch.path not in build)),
    )
    return Delta(
        pair,
        diff,
        old,
        new,
        ReadingPlan(tuple(group for group in groups if group.files), frozenset(recast)),
        (),
        (),
        frozenset(),
    )


def shape(
    crate: str,
    old: Files,
    new: Files,
    *,
    executable: Collection[str] = (),
    renamed: Renamed = NOTHING,
    recast: Collection[str] = (),
) -> Shape:
    """Return a member of a family, from 1.0.0 to 1.1.0. executable: new files that may be executed."""
    delta = delta_between(
        Pair(crate, "1.0.0", "1.1.0"),
        contents_of(old),
        contents_of(new, executable),
        build=("build.rs",),
        renamed=renamed,
        recast=recast,
    )
    return Shape(Member(delta.pair, delta.diff, delta.old, delta.new, delta.plan, delta.findings))


def _patch(old: CrateFile | None, new: CrateFile | None) -> FilePatch:
    given: list[Given] = [None if file is None else (file, binary(file)) for file in (old, new)]
    before, after = (b"" if each is None or each[1] else each[0].content for each in given)
    text = "".join(map(_ended, unified_diff(_lines(before), _lines(after), n=3))).encode("utf-8", "surrogateescape")
    _, _, hunks = text.partition(b"\n@@") if text else (b"", b"", b"")
    whole = b"@@" + hunks if hunks else b""
    return verified_patch(given[0], given[1], whole, whole)


def _lines(content: bytes) -> list[str]:
    *lines, last = content.decode("utf-8", "surrogateescape").split("\n")
    return [f"{line}\n" for line in lines] + ([last] if last else [])


def _ended(line: str) -> str:
    return line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n"
