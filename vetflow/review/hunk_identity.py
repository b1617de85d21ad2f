"""What makes two hunks the same change: its lines, those around it, and the code it stands in, byte for byte.

Two hunks with the same identity change the same text in the same surroundings, in whatever crate and at whatever line.
That says that reading one is reading the other; it says nothing about what else is in the two files (docs/decisions
0013). One changed byte in the hunk, in its context or in the enclosing item makes another identity.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from typing import NamedTuple

from vetflow.review.enclosing_code import digest, enclosing_code
from vetflow.review.hunks import split_lines
from vetflow.review.patches import Hunk, LineKind


class Sides(NamedTuple):
    """The two contents that hunks lead between, as they are to be compared; no text where there is no file."""

    path: str
    old: bytes = b""
    new: bytes = b""


def identities(hunks: Sequence[Hunk], sides: Sides, role: str) -> tuple[str, ...]:
    """Return the identity of each hunk. role: what the file is for; a change is another one where that differs.

    The lines are taken from `sides` by their numbers. Linear in the contents and in the code around all changes.
    """
    if not hunks:
        return ()
    old, new = _Side(sides.path, sides.old), _Side(sides.path, sides.new)
    name = sides.path.rpartition("/")[2]
    kind = name.rpartition(".")[2] if "." in name else name
    return tuple(_identity(hunk, old, new, (role, kind)) for hunk in hunks)


class _Side:
    """One content: its lines, and what they stand in."""

    def __init__(self, path: str, content: bytes) -> None:
        self._lines = split_lines(content)
        self._code = enclosing_code(path, content)

    def line(self, number: int | None) -> bytes:
        return self._lines[number - 1] if number is not None and 0 < number <= len(self._lines) else b""

    def around(self, numbers: Iterable[int]) -> bytes:
        return digest(self._code.around(numbers))


def _identity(hunk: Hunk, old: _Side, new: _Side, about: Sequence[str]) -> str:
    lines: list[bytes] = []
    for line in hunk.lines:
        lines += [line.kind.value.encode(), old.line(line.old), new.line(line.new)]
    around = (old.around(_touched(hunk, LineKind.REMOVED)), new.around(_touched(hunk, LineKind.ADDED)))
    return digest([*(word.encode() for word in about), digest(lines), *around]).hex()


def _touched(hunk: Hunk, kind: LineKind) -> Iterator[int]:
    """Yield the lines of one side that changed; where a change has none there, the unchanged lines beside it."""
    stretches = [list(lines) for _, lines in groupby(hunk.lines, key=lambda line: line.kind is LineKind.CONTEXT)]
    for before, stretch, after in zip([[], *stretches], stretches, [*stretches[1:], []], strict=False):
        if stretch[0].kind is not LineKind.CONTEXT:
            changed = [line for line in stretch if line.kind is kind]
            for line in changed or [*before[-1:], *after[:1]]:
                yield (line.old if kind is LineKind.REMOVED else line.new) or 0
