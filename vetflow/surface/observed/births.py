"""Who started which process: the first reading of a record.

A child may act, and end, before the line says that its parent's call came back. So births are collected first, in the
order in which they were announced; the second reading takes them from here when it meets a process before its birth is
announced. In these lines stands nothing that a program could choose.

A child that is gone by then has no number there but the one it had inside the sandbox, which means nothing outside. It
is known by its end, between the beginning of its parent's call and that call's return.
"""

from __future__ import annotations

import re
from collections import defaultdict, deque
from collections.abc import Iterable
from typing import Final, NamedTuple

_BIRTH: Final = re.compile(
    r"(\d+) +(?:<\.\.\. )?(?:clone3?|v?fork)(?:\(| resumed>).*= (\d+)(?: /\* (\d+) in strace's PID NS \*/)?$"
)
_BEGUN: Final = re.compile(r"(\d+) +(?:clone3?|v?fork)\(.*<unfinished \.\.\.>$")
_END: Final = re.compile(r"(\d+) +\+\+\+ (?:exited|killed)")
_CHILD: Final = re.compile(r"(\d+)(?: /\* (\d+) in strace's PID NS \*/)?$")
_BEARS: Final = frozenset({"clone", "clone3", "fork", "vfork"})
_NAMES: Final = ("clone", "fork")


class _Nameless(NamedTuple):
    """A birth whose child was gone too soon. begun, back: lines of the call. number: the child's, in the sandbox."""

    parent: int
    begun: int
    back: int
    number: int


class Births:
    """All births of a record. A number that was used again is given out in the order of its births."""

    def __init__(self, lines: Iterable[str]) -> None:
        """Read the record once; memory grows with the number of processes."""
        self._parents: defaultdict[int, deque[int]] = defaultdict(deque)
        self._begun: dict[int, int] = {}
        self._inside: set[int] = set()
        self._living: set[int] = set()
        self._ends: dict[int, int] = {}
        """The lines in which processes ended whose birth was not announced."""
        nameless: list[_Nameless] = []
        for number, line in enumerate(lines):
            if "+++ " in line and (match := _END.match(line)):
                self._take_end(int(match[1]), number)
            elif any(name in line for name in _NAMES):
                if match := _BEGUN.match(line):
                    self._begun[int(match[1])] = number
                elif match := _BIRTH.match(line):
                    nameless += self._take_birth(int(match[1]), int(match[2]), match[3], number)
        self._adopt(nameless)

    def parent(self, pid: int) -> int | None:
        """Return the parent in the next birth of this number, and go on to the one after it; None when unknown."""
        known = self._parents.get(pid)
        return known.popleft() if known else None

    def _take_birth(self, parent: int, result: int, translated: str | None, line: int) -> Iterable[_Nameless]:
        begun = self._begun.pop(parent, line)
        if translated is None and parent in self._inside:
            return [_Nameless(parent, begun, line, result)]
        child = result if translated is None else int(translated)
        self._parents[child].append(parent)
        if translated is not None:
            self._inside |= {parent, child}
        if self._ends.pop(child, -1) < begun:
            self._living.add(child)
        return []

    def _take_end(self, pid: int, line: int) -> None:
        if pid in self._living:
            self._living.discard(pid)
        else:
            self._ends[pid] = line

    def _adopt(self, nameless: list[_Nameless]) -> None:
        """Find the parents of processes that ended unannounced; where several fit, numbers were given in order."""
        waiting = sorted(nameless, key=lambda birth: birth.number)
        for pid, end in sorted(self._ends.items()):
            birth = next((each for each in waiting if each.begun < end < each.back), None)
            if birth is not None:
                waiting.remove(birth)
                self._parents[pid].append(birth.parent)


def announced_child(name: str, result: str, *, inside: bool) -> int | None:
    """Return the number of the process that a call made, None for one that made none, or none that is there still.

    inside: whether the call was made in the sandbox, where strace translates the number of a process that is there.
    """
    match = _CHILD.match(result) if name in _BEARS else None
    number = match and (match[2] if inside else match[2] or match[1])
    return int(number) if number else None
