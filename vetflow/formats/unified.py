"""A unified diff for an error message: exact about where texts start to differ, bounded in time and length.

Texts may be as large as anybody likes and share nothing with each other; only a window after the first
difference is compared, and only the first lines of the result, and their beginnings, are kept.
"""

from __future__ import annotations

import re
from itertools import takewhile
from typing import Final, NamedTuple

_CONTEXT: Final = 3
_WINDOW: Final = 300
"""How many lines after the first difference are compared; comparing takes time in the square of this."""
_SHOWN: Final = 60
_WIDTH: Final = 200
"""How much of a line is shown."""
_HUNK = re.compile(r"@@ -(\d+)((?:,\d+)?) \+(\d+)((?:,\d+)?) @@\Z")


class Difference(NamedTuple):
    """line: the first line that differs, counted from 1. diff: the lines of the diff, without line ends."""

    line: int
    diff: tuple[str, ...]


def difference(old: str, new: str, name: str) -> Difference:
    """Compare two texts that differ, lines ending in LF; `name` stands in the diff's header."""
    from difflib import unified_diff  # noqa: PLC0415  only when there is something to report

    before, after = old.split("\n"), new.split("\n")
    same = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(before, after, strict=False)))
    start = max(0, same - _CONTEXT)
    window = slice(start, same + _WINDOW)
    hunks = list(unified_diff(before[window], after[window], n=_CONTEXT, lineterm=""))[2:]
    lines = [_cut(_HUNK.sub(lambda match: _moved(match, start), line)) for line in hunks]
    left_out = len(lines) > _SHOWN or max(len(before), len(after)) > same + _WINDOW
    more = ("... and more differences may follow",) if left_out else ()
    return Difference(same + 1, (f"--- old/{name}", f"+++ new/{name}", *lines[:_SHOWN], *more))


def _cut(line: str) -> str:
    return line if len(line) <= _WIDTH else f"{line[:_WIDTH]}..."


def _moved(hunk: re.Match[str], lines: int) -> str:
    """Return a hunk header as it is in the whole texts."""
    return f"@@ -{int(hunk[1]) + lines}{hunk[2]} +{int(hunk[3]) + lines}{hunk[4]} @@"
