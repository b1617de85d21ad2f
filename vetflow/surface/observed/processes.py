"""The processes of a build while its record is read: whose child each is, what it runs, where it stands.

Calls that were begun and resumed are put together here. Memory grows with the processes that live at once.
"""

from __future__ import annotations

import posixpath
import re
from typing import Final, NamedTuple

from vetflow.surface.observed.births import Births, announced_child
from vetflow.surface.observed.layout import Layout, is_below
from vetflow.surface.observed.strace_line import (
    Begun,
    Call,
    Ended,
    Refused,
    Resumed,
    descriptor_path,
    parse_line,
    string,
    strings,
)
from vetflow.surface.observed.units import CARGO, PackageId, Unit, started_by_cargo

_RUNS: Final = frozenset({"execve", "execveat"})
_SYSTEM: Final = ("/usr", "/nix/store", "/gnu/store")
"""Where no build can put a link."""
_CLIMBS: Final = re.compile(r"/\.\.(?=/|$)")


class Process:
    """A process or thread. unit: None while the sandbox is being set up, or when nobody knows where it comes from.

    macros: the macro libraries that it, or one of its kind, has loaded so far; shared by all of a unit.
    """

    __slots__ = ("begun", "folder", "is_known", "macros", "program", "unit")

    def __init__(self, parent: Process | None) -> None:
        self.unit: Unit | None = parent.unit if parent else None
        self.is_known: bool = parent is not None and parent.is_known
        self.program: str = parent.program if parent else ""
        self.folder: str = parent.folder if parent else "/"
        self.macros: dict[PackageId, None] = parent.macros if parent else {}
        self.begun: str | None = None


class Done(NamedTuple):
    """A call, or the name of a refused one, and who made it. starts: with it cargo started what the unit is about."""

    process: Process
    call: Call | str
    starts: bool = False


class Processes:
    """All processes of a record, and which package each macro library that this build made is of."""

    def __init__(self, births: Births, layout: Layout) -> None:
        self._births = births
        self._layout = layout
        self._cargo = posixpath.join(layout.toolchain, "bin", "cargo")
        self._living: dict[int, Process] = {}
        self._first: int | None = None
        self._macros: dict[str, PackageId] = {}
        self._early: set[int] = set()
        """Processes that were met before their birth was announced."""
        self.has_ended = False
        """Whether the record goes on to the end of the sandbox."""
        self.has_started = False
        """Whether cargo ran."""

    def take(self, line: str) -> Done | None:
        """Take the next line; return what was done by it inside the sandbox. Raises ValueError for a broken line."""
        entry = parse_line(line)
        if entry is None:
            return None
        process = self._process(entry.pid)
        if isinstance(entry, Ended):
            self._end(entry)
            return None
        if isinstance(entry, Begun):
            process.begun = entry.text
            return None
        if isinstance(entry, Resumed):
            if process.begun is None:
                raise ValueError("a call that nobody began")
            text, process.begun = process.begun + entry.rest, None
            entry = parse_line(text)
        return self._done(process, entry) if isinstance(entry, Call | Refused) else None

    def _done(self, process: Process, entry: Call | Refused) -> Done | None:
        before = process.unit
        done: Call | str = entry.name if isinstance(entry, Refused) else entry
        if isinstance(done, Call):
            self._follow(process, done)
        is_inside = process.unit is not None or (self.has_started and not process.is_known)
        return Done(process, done, process.unit is not before) if is_inside else None

    def _process(self, pid: int) -> Process:
        found = self._living.get(pid)
        if found is None:
            if self._first is None:
                self._first = pid
                found = Process(None)
                found.is_known = True  # it is the sandbox
            else:
                parent = self._births.parent(pid)
                if parent is not None:
                    self._early.add(pid)
                found = Process(None if parent is None else self._process(parent))
            self._living[pid] = found
        return found

    def _bear(self, parent: Process, pid: int) -> None:
        """Keep whose child a process is from its birth on: its parent may be gone when it does something."""
        if pid in self._early:
            self._early.discard(pid)
        else:
            self._births.parent(pid)
            self._living[pid] = Process(parent)

    def _end(self, entry: Ended) -> None:
        if entry.successor_of is not None:
            successor = self._living.pop(entry.successor_of, None)
            if successor is not None:
                self._living[entry.pid] = successor
            return
        self._living.pop(entry.pid, None)
        self.has_ended = self.has_ended or entry.pid == self._first

    def _follow(self, process: Process, call: Call) -> None:
        """Learn from a call where a process stands, what it runs and which macros it has loaded."""
        arguments = call.arguments
        if arguments and arguments[0].startswith("AT_FDCWD"):
            process.folder = descriptor_path(arguments[0]) or process.folder
        if call.error is not None or call.result.startswith("?"):
            return
        child = announced_child(call.name, call.result, inside=process.unit is not None)
        if child is not None:
            self._bear(process, child)
        elif call.name == "chdir":
            process.folder = posixpath.normpath(posixpath.join(process.folder, string(arguments[0]) or "."))
        elif call.name == "fchdir":
            process.folder = descriptor_path(arguments[0]) or process.folder
        elif call.name in _RUNS:
            self._run(process, program_of(call, self._layout), call)
        elif call.name == "openat" and (path := descriptor_path(call.result)):
            macro = self._macros.get(posixpath.basename(path))
            if macro is not None:
                process.macros[macro] = None

    def _run(self, process: Process, program: str, call: Call) -> None:
        process.program = program
        if process.unit is None:
            if program == self._cargo and process.is_known and not self.has_started:
                process.unit, self.has_started = CARGO, True
            return
        if process.unit is not CARGO or self._is_cargo(program):
            return
        words, environment = (strings(each) for each in call.arguments[-2:])
        if call.name == "execveat":
            words, environment = (strings(each) for each in call.arguments[2:4])
        process.unit = started_by_cargo(program, words, environment, self._layout)
        process.macros = {}
        if process.unit.macro and process.unit.package:
            self._macros[process.unit.macro] = process.unit.package

    def _is_cargo(self, program: str) -> bool:
        """Whether a program is cargo or one of the subcommands that come with it, which start cargo again."""
        folder, file = posixpath.split(program)
        return is_below(folder, posixpath.join(self._layout.toolchain, "bin")) and file.startswith("cargo")


def program_of(call: Call, layout: Layout) -> str:
    """Return the path of what execve or execveat was asked to run, as far as the record tells.

    A name that need not mean what it looks like is taken for no path of a tool: a relative one stays so, since another
    thread may have moved the folder it counts from; one that climbs, out of a link that the build has made, say, is
    told from there.
    """
    if call.name == "execve":
        named = string(call.arguments[0]) or ""
    elif name := string(call.arguments[1]):
        named = posixpath.join(descriptor_path(call.arguments[0]) or "", name)
    else:
        return descriptor_path(call.arguments[0]) or ""
    for climb in _CLIMBS.finditer(named):
        place = posixpath.normpath(named[: climb.start()])
        if not any(is_below(place, each) for each in (*_SYSTEM, layout.toolchain)):
            return place + named[climb.start() :]
    return posixpath.normpath(named).replace("//", "/", 1) if named.startswith("/") else named


def resolved(process: Process, folder: str | None, name: str) -> str | None:
    """Return the absolute path of a file that a call names, without its `.` and `..`; None for no name.

    folder: the argument with the folder's descriptor, None where the call has none. Symbolic links stay: what the
    kernel made of them stands behind the descriptor of a file that was opened.
    """
    named = string(name)
    if named is None:
        return None
    start = process.folder if folder is None else descriptor_path(folder) or process.folder
    return posixpath.normpath(posixpath.join(start, named)).replace("//", "/", 1)
