"""A record of a build, read: everything it did beyond what every build does, and whose doing that was."""

from __future__ import annotations

import posixpath
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Final, NamedTuple

from vetflow.surface.observed.acts import Act, Kind, acts_of, refusal
from vetflow.surface.observed.allowed import is_ordinary
from vetflow.surface.observed.births import Births
from vetflow.surface.observed.layout import Layout
from vetflow.surface.observed.processes import Done, Process, Processes
from vetflow.surface.observed.strace_line import Call
from vetflow.surface.observed.units import PackageId, Role

MOST_ROWS: Final = 50
"""So many acts of one kind are told of one author; further ones are counted. Nobody can bury what others did."""
_LONGEST: Final = 1_000
_RUNS: Final = frozenset({"execve", "execveat"})


class Author(NamedTuple):
    """Whose doing something was.

    role: None when nobody knows where the process came from. package: of a build script its own, of a compiler the one
    that was compiled. macros: packages whose macros that compiler had loaded by then, any of which may have done it.
    """

    role: Role | None
    package: PackageId | None
    macros: tuple[PackageId, ...] = ()


class Row(NamedTuple):
    """One act that is no part of every build. line, evidence: where the record says so first, and what it says."""

    author: Author
    act: Act
    line: int
    evidence: str
    times: int = 1


class Record(NamedTuple):
    """What a record says.

    rows: in the order of authors as they first appear, then of kinds. calls: how many were recorded within the build.
    left_out: acts beyond `MOST_ROWS` of their author and kind. unread: lines that could not be understood. is_whole: it
    goes from cargo's start to the sandbox's end, and all of it was understood.
    """

    rows: tuple[Row, ...]
    calls: int
    left_out: int
    unread: int
    is_whole: bool


class RecordReader:
    """Reads a record line by line. Memory grows with living processes and with rows, not with the record."""

    def __init__(self, births: Births, layout: Layout) -> None:
        """Take who started whom, which needs a first pass over the record, and what the build was shown."""
        self._layout = layout
        self._processes = Processes(births, layout)
        self._rows: dict[tuple[Role | None, PackageId | None, Act], Row] = {}
        self._told_of: Counter[tuple[Role | None, PackageId | None, Kind]] = Counter()
        self._calls = self._left_out = self._unread = 0

    def read(self, lines: Iterable[str]) -> Record:
        """Read all lines, without their line feeds, and return what they say."""
        for number, line in enumerate(lines, 1):
            try:
                done = self._processes.take(line)
            except (ValueError, IndexError):  # an argument that is not there
                self._unread += 1
                continue
            if done is not None:
                self._calls += 1
                self._judge(done, number)
        whole = self._processes.has_started and self._processes.has_ended and not self._unread
        return Record(tuple(self._told()), self._calls, self._left_out, self._unread, whole)

    def _judge(self, done: Done, number: int) -> None:
        process, call = done.process, done.call
        if isinstance(call, str):
            self._add(process, refusal(call), number, f"SIGSYS: {call}")
            return
        if done.starts and process.unit is not None and process.unit.role is not Role.PROGRAM:
            return
        for act in acts_of(process, call, self._layout):
            if not is_ordinary(act, process.unit, process.program, self._layout):
                self._add(process, act, number, _evidence(call))

    def _add(self, process: Process, act: Act, number: int, evidence: str) -> None:
        role = process.unit.role if process.unit else None
        package = process.unit.package if process.unit else None
        key = (role, package, act)
        known = self._rows.get(key)
        if known is not None:
            self._rows[key] = known._replace(times=known.times + 1)
        elif self._told_of[role, package, act.kind] >= MOST_ROWS and not act.leaves:
            self._left_out += 1
        else:
            self._told_of[role, package, act.kind] += 1
            macros = tuple(process.macros) if role is Role.COMPILER else ()
            self._rows[key] = Row(Author(role, package, macros), act, number, evidence)

    def _told(self) -> Iterator[Row]:
        order: dict[tuple[Role | None, PackageId | None], list[Row]] = {}
        for row in self._rows.values():
            order.setdefault(row.author[:2], []).append(row)
        kinds = list(Kind)
        for rows in order.values():
            more = {_topic(row.act) for row in rows if not row.act.is_minor}
            telling = (row for row in rows if not (row.act.is_minor and _topic(row.act) in more))
            yield from sorted(telling, key=lambda row: kinds.index(row.act.kind))


def _topic(act: Act) -> tuple[Kind, str]:
    """Return what makes a minor act not worth telling beside another: the same program or call, any talk at all."""
    if act.kind is Kind.NETWORK:
        return act.kind, ""
    return act.kind, posixpath.basename(act.path) if act.kind is Kind.PROGRAM else act.what


def _evidence(call: Call) -> str:
    """Return a call as the record has it, without the environment of a program, and cut where it is long."""
    arguments = call.arguments[: 3 if call.name == "execveat" else 2] if call.name in _RUNS else call.arguments
    text = f"{call.name}({', '.join(arguments)}) = {call.result}"
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"
