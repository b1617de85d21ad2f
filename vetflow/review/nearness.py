"""Where a place of a new version stands to what changed: on a changed line, near one, or elsewhere.

Near is the same module, or anything of the same type in whatever file: what a change may break without touching it
(shared spec users C1: unsafe code rests on code around it). Where lines went away, the line that now stands there has
changed.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from enum import Enum

from vetflow.review.hunks import parse_hunks
from vetflow.review.items import Item
from vetflow.review.outlines import Outlines, modules, types
from vetflow.review.patches import CrateDiff, FilePatch, LineKind


class Where(Enum):
    """Where a place stands to what changed."""

    DELTA = "in delta"
    NEAR = "near"
    ELSEWHERE = "elsewhere"


class Nearness:
    """What changed between two versions. Linear in the patches of text files, and in the items of Rust files."""

    def __init__(self, diff: CrateDiff | None, outlines: Outlines) -> None:
        """Take a difference; None where all of a version is new. outlines: of the new version."""
        self._outlines = outlines
        self._is_whole = diff is None
        self._patches = {file.new.path: file for file in (diff.files if diff else ()) if file.new}
        self._lines = {
            path: _changed_lines(file)
            for path, file in self._patches.items()
            if file.applies and not file.is_binary  # of others nobody can say which lines
        }
        self._modules = {path: self._changed_modules(path, lines) for path, lines in self._lines.items()}
        self._types = frozenset(
            each
            for path, lines in self._lines.items()
            for item in outlines.items(path)
            if _count(lines, item.first, item.last)
            for each in types(item.name)
        )

    def where(self, path: str, line: int | None) -> Where:
        """Return where a place stands."""
        if self._is_whole:
            return Where.DELTA
        lines = self._lines.get(path)
        if path in self._patches and (line is None or lines is None or _count(lines, line, line)):
            return Where.DELTA
        if line is None:
            return Where.ELSEWHERE
        around = self._outlines.around(path, line)
        if modules(around) in self._modules.get(path, ()):
            return Where.NEAR
        own = frozenset(each for name in around for each in types(name))
        return Where.NEAR if own & self._types else Where.ELSEWHERE

    def _changed_modules(self, path: str, lines: list[int]) -> frozenset[tuple[str, ...]]:
        """Return the modules within a file in which a line changed, that of the file itself as none."""
        left: dict[tuple[str, ...], int] = {(): len(lines)}  # changed lines that are in no inner module
        around: list[Item] = []
        for item in self._outlines.items(path):  # outer ones first
            if item.name.startswith("mod "):
                while around and around[-1].last < item.first:
                    around.pop()
                changed = _count(lines, item.first, item.last)
                outer = tuple(each.name for each in around)
                left[outer] -= changed
                left[(*outer, item.name)] = left.get((*outer, item.name), 0) + changed
                around.append(item)
        return frozenset(names for names, count in left.items() if count > 0)


def _count(lines: list[int], first: int, last: int) -> int:
    """Return how many of the lines, which are sorted, are between two others."""
    return bisect_right(lines, last) - bisect_left(lines, first)


def _changed_lines(file: FilePatch) -> list[int]:
    """Return the new lines that changed, and those that stand where lines went away, in order."""
    changed: set[int] = set()
    for hunk in parse_hunks(file.text):
        following = hunk.new_start
        for line in hunk.lines:
            if line.kind is LineKind.REMOVED:
                changed.add(following)
                continue
            if line.kind is LineKind.ADDED and line.new is not None:
                changed.add(line.new)
            following = (line.new or following) + 1
    return sorted(changed)
