"""Which changed lines of a file only moved: blocks that were removed here and added there, unchanged.

What moved is still shown; a mark on it lets a reviewer read it once. A block counts from 20 letters or digits on, as
for git: closing braces move nowhere.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple

from vetflow.review.patches import Hunk, LineKind, PatchLine

MOST_LINES: Final = 200_000
"""In deltas of more changed lines nobody looks for moved ones."""
_LEAST: Final = 20


class Moved(NamedTuple):
    """The numbers of the lines that moved, on each side."""

    old: frozenset[int]
    new: frozenset[int]


def moved_lines(hunks: Sequence[Hunk]) -> Moved:
    """Return the lines of a file that moved within it. Each removed line is the source of one added line at most."""
    removed = [line for hunk in hunks for line in hunk.lines if line.kind is LineKind.REMOVED]
    added = [line for hunk in hunks for line in hunk.lines if line.kind is LineKind.ADDED]
    places: defaultdict[str, list[int]] = defaultdict(list)
    for position in reversed(range(len(removed))):
        places[removed[position].text].append(position)
    old: set[int] = set()
    new: set[int] = set()
    position = 0
    while position < len(added):
        starts = places.get(added[position].text, [])
        while starts and removed[starts[-1]].old in old:
            starts.pop()
        start = starts[-1] if starts else None
        length = 0 if start is None else _length(removed, start, added, position)
        if start is not None and _weight(added[position : position + length]) >= _LEAST:
            old.update(line.old for line in removed[start : start + length] if line.old)
            new.update(line.new for line in added[position : position + length] if line.new)
        position += max(1, length)
    return Moved(frozenset(old), frozenset(new))


def _length(removed: Sequence[PatchLine], start: int, added: Sequence[PatchLine], position: int) -> int:
    """Return for how many lines two blocks go on being the same."""
    length = 0
    while (
        start + length < len(removed)
        and position + length < len(added)
        and removed[start + length].text == added[position + length].text
        and _goes_on(removed, start, length)
        and _goes_on(added, position, length)
    ):
        length += 1
    return length


def _goes_on(lines: Sequence[PatchLine], start: int, length: int) -> bool:
    first, line = lines[start], lines[start + length]
    return (line.old or line.new or 0) - (first.old or first.new or 0) == length


def _weight(lines: Iterable[PatchLine]) -> int:
    return sum(character.isalnum() for line in lines for character in line.text)
