"""Who started which process: the first reading of a record.

A child may act, and end, before the line says that its parent's call came back. So births are collected first, in the
order in which they were announced; the second reading takes them from here when it meets a process before its birth is
announced. In these lines stands nothing that a program could choose.
"""

from __future__ import annotations

import re
from collections import defaultdict, deque
from collections.abc import Iterable
from typing import Final

_BIRTH: Final = re.compile(
    r"(\d+) +(?:<\.\.\. )?(?:clone3?|v?fork)(?:\(| resumed>).*= (\d+)(?: /\* (\d+) in strace's PID NS \*/)?$"
)
_CHILD: Final = re.compile(r"(\d+)(?: /\* (\d+) in strace's PID NS \*/)?$")
_BEARS: Final = frozenset({"clone", "clone3", "fork", "vfork"})
_NAMES: Final = ("clone", "fork")


class Births:
    """All births of a record. A number that was used again is given out in the order of its births."""

    def __init__(self, lines: Iterable[str]) -> None:
        """Read the record once; memory grows with the number of processes."""
        self._parents: defaultdict[int, deque[int]] = defaultdict(deque)
        for line in lines:
            if any(name in line for name in _NAMES) and (match := _BIRTH.match(line)):
                self._parents[int(match[3] or match[2])].append(int(match[1]))

    def parent(self, pid: int) -> int | None:
        """Return the parent in the next birth of this number, and go on to the one after it; None when unknown."""
        known = self._parents.get(pid)
        return known.popleft() if known else None


def announced_child(name: str, result: str) -> int | None:
    """Return the number of the process that a call made, None for one that made none."""
    match = _CHILD.match(result) if name in _BEARS else None
    return int(match[2] or match[1]) if match else None
