"""What of a crate somebody else is given to read: what runs during a build first, within a size, the rest counted.

Nothing is cut silently: what does not fit, or was not asked for, is named with its lines and the reason.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Final, NamedTuple

from vetflow.model.contents import CrateFiles
from vetflow.review.hunks import parse_hunks
from vetflow.review.items import Item, enclosing, items
from vetflow.review.patches import FilePatch, LineKind, PatchLine
from vetflow.review.plan import PlanGroup, ReadingPlan
from vetflow.review.rows import Row, rows

_CONTEXT: Final = 10
"""Unchanged lines around a change: whoever reads a bundle cannot ask for more of them."""
_MOST_PARSED: Final = 400_000
_LINE_COSTS: Final = 16
"""Bytes of a line's numbers and signs."""


class Passage(NamedTuple):
    """Lines that stand together. within: the functions and types they are in, outermost first."""

    within: tuple[str, ...]
    lines: tuple[PatchLine, ...]


class BundledFile(NamedTuple):
    """A file that differs. group: what it is for, in words. passages: those that fit; `left_out` of them do not."""

    group: str
    patch: FilePatch
    passages: tuple[Passage, ...]
    left_out: int = 0


class LeftOut(NamedTuple):
    """What is not in the bundle. lines: how many changed lines of it."""

    path: str
    lines: int
    reason: str


class Selection(NamedTuple):
    """What is in a bundle, in reading order, and what is not."""

    files: tuple[BundledFile, ...]
    left_out: tuple[LeftOut, ...]


def select(plan: ReadingPlan, new: CrateFiles, *, everything: bool, most: int) -> Selection:
    """Choose what fits into `most` bytes of lines. new: for context. everything: also what is folded.

    Linear in what differs.
    """
    files: list[BundledFile] = []
    left_out: list[LeftOut] = []
    room = most
    for group, patch in _in_order(plan):
        if group.is_folded and not everything:
            left_out.append(LeftOut(patch.path, patch.lines, "nothing shows that it runs during a build"))
            continue
        found = tuple(_passages(patch, new))
        kept = tuple(_fitting(found, room))
        room -= sum(map(_size, kept))
        files.append(BundledFile(group.title, patch, kept, len(found) - len(kept)))
        if len(kept) < len(found):
            lines = sum(line.kind is not LineKind.CONTEXT for each in found[len(kept) :] for line in each.lines)
            left_out.append(LeftOut(patch.path, lines, f"the bundle holds {most:,} bytes of lines at most"))
    return Selection(tuple(files), tuple(left_out))


def _in_order(plan: ReadingPlan) -> Iterator[tuple[PlanGroup, FilePatch]]:
    for group in plan.groups:
        for patch in group.files:
            yield group, patch


def _fitting(passages: Iterable[Passage], room: int) -> Iterator[Passage]:
    """Yield passages from the first on for as long as they fit."""
    for each in passages:
        room -= _size(each)
        if room < 0:
            return
        yield each


def _size(passage: Passage) -> int:
    return sum(len(line.text.encode("utf-8", "surrogateescape")) + _LINE_COSTS for line in passage.lines)


def _passages(patch: FilePatch, new: CrateFiles) -> Iterator[Passage]:
    content = new[patch.path].content if patch.path in new and not patch.is_binary else b""
    text = content.decode(errors="surrogateescape").split("\n")
    shown = rows(parse_hunks(patch.text), text[:-1] if text[-1] == "" else text, _CONTEXT, fold_white_space=False)
    is_code = patch.path.endswith(".rs") and len(content) <= _MOST_PARSED
    found = items(content) if is_code and patch.text else ()
    for lines in _stretches(shown):
        yield Passage(_within(found, lines), lines)


def _stretches(shown: Iterable[Row]) -> Iterator[tuple[PatchLine, ...]]:
    lines: list[PatchLine] = []
    for row in shown:
        if isinstance(row, PatchLine):
            lines.append(row)
        elif lines:
            yield tuple(lines)
            lines = []
    if lines:
        yield tuple(lines)


def _within(found: tuple[Item, ...], lines: Sequence[PatchLine]) -> tuple[str, ...]:
    changed = next((line for line in lines if line.kind is not LineKind.CONTEXT), lines[0])
    number = changed.new or next((line.new for line in lines if line.new), None)
    return enclosing(found, number) if number else ()
