"""Hunks that somebody has read elsewhere: a mark with where, when and by whom, and never more than a mark.

A mark never counts as viewed. What is remembered are the hunks of files that were marked as viewed, by identity.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from vetflow.model.contents import CrateFiles
from vetflow.review.hunk_identity import Sides, identities
from vetflow.review.hunks import parse_hunks
from vetflow.review.patches import FilePatch, LineKind, Side
from vetflow.review.plan import ReadingPlan
from vetflow.review.session import HunksRead, Pair, Session

_NO_PART: Final = "rest"


class HunkMemory:
    """What was read elsewhere, asked about by file."""

    def __init__(self, session: Session, pair: Pair) -> None:
        """Take what was read, and what is under review now."""
        self._pair = pair
        self._read: dict[str, list[HunksRead]] = {}
        for record in session.read.values():
            for identity in record.hunks:
                self._read.setdefault(identity, []).append(record)

    def marks_of(self, patch: FilePatch, old: CrateFiles, new: CrateFiles, role: str) -> Mapping[int, str]:
        """Return for each changed line of a hunk that was read elsewhere, by its number, where that was.

        Parses the whole file, unless nothing was read yet. role: see `roles`.
        """
        if not self._read:
            return {}
        found: dict[int, str] = {}
        hunks = parse_hunks(patch.text)
        for hunk, identity in zip(hunks, identities(hunks, _sides(patch, old, new), role), strict=True):
            record = next((each for each in self._read.get(identity, ()) if self._is_elsewhere(each, patch.path)), None)
            if record is not None:
                words = read_in(record)
                found |= {line.number: words for line in hunk.lines if line.kind is not LineKind.CONTEXT}
        return found

    def _is_elsewhere(self, record: HunksRead, path: str) -> bool:
        return (record.pair, record.file.path) != (self._pair, path)


def read_in(record: HunksRead) -> str:
    """Say where a hunk was read, when and by whom."""
    pair = record.pair
    what = f"{pair.base} > {pair.version}" if pair.base else f"{pair.version} (whole)"
    return f"read in {pair.crate} {what}, {record.file.path}, on {record.at[:10]} by {record.who or 'somebody'}"


def hunks_of(patch: FilePatch, old: CrateFiles, new: CrateFiles, role: str) -> tuple[str, ...]:
    """Return the identities of a file's hunks. Parses them all; raises ValueError for what is no patch."""
    return identities(parse_hunks(patch.text), _sides(patch, old, new), role)


def _sides(patch: FilePatch, old: CrateFiles, new: CrateFiles) -> Sides:
    """Return the two contents of a file; a side that is not shown line by line has no text."""
    return Sides(patch.path, _text(patch.old, old), _text(patch.new, new))


def roles(plan: ReadingPlan) -> Mapping[str, str]:
    """Return what each file is for: how it takes part in a build."""
    return {file.path: group.tier.value if group.tier else _NO_PART for group in plan.groups for file in group.files}


def _text(side: Side | None, files: CrateFiles) -> bytes:
    return b"" if side is None or side.binary or side.path not in files else files[side.path].content
