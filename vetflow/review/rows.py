"""The rows in which a file's difference is shown: changed lines, as much around them as wanted, and what is left out.

Nothing is left out without a row that says how much: unchanged lines become a `Gap`, hunks that change nothing but
white space a `Folded` when that is asked for.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import Final, NamedTuple, TypeAlias

from vetflow.review.hunks import changes_only_white_space
from vetflow.review.patches import Hunk, LineKind, PatchLine

CONTEXT: Final = 3
"""How many unchanged lines are shown around a change, unless somebody wants more."""


class Gap(NamedTuple):
    """Unchanged lines that are not shown. old, new: the numbers of the first of them."""

    old: int
    new: int
    lines: int


class Folded(NamedTuple):
    """A hunk that is not shown because it changes nothing but white space. lines: its changed lines."""

    hunk: Hunk
    lines: int


Row: TypeAlias = PatchLine | Gap | Folded


class Pair(NamedTuple):
    """A row of the split view: what was on the left, what is on the right; None where there is no line."""

    left: PatchLine | None
    right: PatchLine | None


SplitRow: TypeAlias = Pair | Gap | Folded


def rows(
    hunks: Sequence[Hunk],
    new: Sequence[str],
    context: int | None,
    *,
    fold_white_space: bool,
    opened: Collection[int] = (),
) -> tuple[Row, ...]:
    """Return the rows of a file. Linear in what is shown.

    hunks: with at least `CONTEXT` lines around each change where the file has them. new: the lines of the new text, for
    more context than that; may be empty when context is `CONTEXT` or less and nothing is opened. context: None for the
    whole file. opened: new lines, for each of which the unchanged stretch it is in is shown whole.
    """
    made: list[Row] = []

    def around(old: int, new_start: int, lines: int, *, at_start: bool = False, at_end: bool = False) -> Iterable[Row]:
        wanted = None if any(new_start <= line < new_start + lines for line in opened) else context
        return _unchanged(old, new_start, lines, new, wanted, at_start=at_start, at_end=at_end)

    old_next, new_next = 1, 1
    for hunk in hunks:
        lines = hunk.lines
        before = (lines[0].old or 0) - old_next if lines[0].old else (lines[0].new or 0) - new_next
        made += around(old_next, new_next, before, at_start=not made)
        made += _shown(hunk, fold=fold_white_space)
        old_next += before + sum(line.kind is not LineKind.ADDED for line in lines)
        new_next += before + sum(line.kind is not LineKind.REMOVED for line in lines)
    if hunks and new:
        made += around(old_next, new_next, len(new) - new_next + 1, at_end=True)
    return tuple(made)


def _unchanged(
    old: int,
    new: int,
    lines: int,
    text: Sequence[str],
    context: int | None,
    *,
    at_start: bool,
    at_end: bool,
) -> Iterator[Row]:
    """Yield rows for unchanged lines between hunks: the nearest ones as lines, the rest as a gap."""
    if lines <= 0:
        return
    extra = lines if context is None else max(0, context - CONTEXT)
    after = 0 if at_start else min(extra, lines)
    ahead = 0 if at_end else min(extra, lines - after)
    for number in range(after):
        yield _line(old + number, new + number, text)
    if lines - after - ahead:
        yield Gap(old + after, new + after, lines - after - ahead)
    for number in range(lines - ahead, lines):
        yield _line(old + number, new + number, text)


def _line(old: int, new: int, text: Sequence[str]) -> PatchLine:
    return PatchLine(LineKind.CONTEXT, old, new, text[new - 1])


def _shown(hunk: Hunk, *, fold: bool) -> Iterable[Row]:
    if fold and changes_only_white_space(hunk):
        return (Folded(hunk, sum(line.kind is not LineKind.CONTEXT for line in hunk.lines)),)
    return hunk.lines


def split(shown: Iterable[Row]) -> tuple[SplitRow, ...]:
    """Return rows side by side: of each stretch of changes the removed lines left, the added ones right."""
    made: list[SplitRow] = []
    removed: list[PatchLine] = []
    added: list[PatchLine] = []
    for row in shown:
        if isinstance(row, PatchLine) and row.kind is LineKind.REMOVED and not added:
            removed.append(row)
        elif isinstance(row, PatchLine) and row.kind is LineKind.ADDED:
            added.append(row)
        else:
            made += _pairs(removed, added)
            removed, added = [], []
            if isinstance(row, PatchLine) and row.kind is LineKind.REMOVED:
                removed.append(row)
            else:
                made.append(Pair(row, row) if isinstance(row, PatchLine) else row)
    made += _pairs(removed, added)
    return tuple(made)


def _pairs(removed: Sequence[PatchLine], added: Sequence[PatchLine]) -> Iterator[Pair]:
    for number in range(max(len(removed), len(added))):
        yield Pair(removed[number] if number < len(removed) else None, added[number] if number < len(added) else None)
