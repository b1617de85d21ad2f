"""One line of strace's record as a value.

strace quotes every string of a program and escapes what could end the quotes; paths behind file descriptors stand in
`<…>` with both brackets escaped. So a line is read from the left, string by string: nothing that a program names can
look like the end of a call or like another line (strace 5.9 and later, options of `project.strace`).
"""

from __future__ import annotations

import re
from typing import Final, NamedTuple, TypeAlias

_START: Final = re.compile(r"(\d+) +(\w+)\(")
_OPENAT: Final = re.compile(
    r'(\d+) +openat\((\w+<[^<>]*>), ("(?:[^"\\]|\\.)*"), ([A-Z_|]+)(?:, (0\d*))?\)\s+= (.*)$', re.DOTALL
)
"""Nine lines of ten, read at once."""
_RESUMED: Final = re.compile(r"(\d+) +<\.\.\. (\w+) resumed>")
_UNFINISHED: Final = " <unfinished ...>"
_OTHER: Final = re.compile(r"(\d+) +(---|\+\+\+) (.*) (?:---|\+\+\+)$")
_SUPERSEDED: Final = re.compile(r"superseded by execve in pid (\d+)")
_REFUSED: Final = re.compile(r"SIGSYS \{.*si_syscall=(?:__NR_)?(\w+)")
_PIECE: Final = re.compile(r'"(?:[^"\\]|\\.)*"|<[^<>]*>|/\*.*?\*/|[][{}(),]|[^][{}(),"</]+|.', re.DOTALL)
_OPENING: Final = frozenset("([{")
_CLOSING: Final = frozenset(")]}")
_RESULT: Final = re.compile(r"\s+= (.*)$", re.DOTALL)
_ERROR: Final = re.compile(r"-1 ([A-Z]\w+)")
_STRING: Final = re.compile(r'"((?:[^"\\]|\\.)*)"')
_DESCRIPTOR: Final = re.compile(r"(?:\d+|AT_FDCWD)<([^<>]*)>")
_ESCAPE: Final = re.compile(rb"\\(x[0-9a-fA-F]{2}|[0-7]{1,3}|.)", re.DOTALL)
_LETTERS: Final = {b"n": b"\n", b"t": b"\t", b"r": b"\r", b"v": b"\v", b"f": b"\f", b"a": b"\a", b"b": b"\b"}


class Call(NamedTuple):
    """A system call that came back. arguments: as strace writes them. result: what stands behind the equals sign."""

    pid: int
    name: str
    arguments: tuple[str, ...]
    result: str

    @property
    def error(self) -> str | None:
        """The name of the error it came back with, as `EROFS`."""
        match = _ERROR.match(self.result)
        return match[1] if match else None


class Begun(NamedTuple):
    """The beginning of a call during which others ran. text: the line so far."""

    pid: int
    text: str


class Resumed(NamedTuple):
    """The rest of a call that was begun earlier."""

    pid: int
    rest: str


class Ended(NamedTuple):
    """A process or thread is gone. successor_of: it goes on in the place of that thread, which called execve."""

    pid: int
    successor_of: int | None = None


class Refused(NamedTuple):
    """A signal that says that a call was refused before it could be recorded."""

    pid: int
    name: str


Entry: TypeAlias = Call | Begun | Resumed | Ended | Refused


def parse_line(line: str) -> Entry | None:
    """Return what a line of the record says, None when it says nothing of use; raises ValueError for a broken one.

    line: without its line feed. Linear in its length.
    """
    match = _OPENAT.match(line)
    if match:
        return Call(int(match[1]), "openat", match.group(2, 3, 4, 5)[: 4 if match[5] else 3], match[6])
    match = _START.match(line)
    if match:
        if line.endswith(_UNFINISHED):
            return Begun(int(match[1]), line[: -len(_UNFINISHED)])
        return _call(int(match[1]), match[2], line, match.end())
    match = _RESUMED.match(line)
    if match:
        return Resumed(int(match[1]), line[match.end() :])
    match = _OTHER.match(line)
    if match is None:
        raise ValueError("this is no line of a record")
    return _news(int(match[1]), match[2], match[3])


def _news(pid: int, mark: str, words: str) -> Entry | None:
    if mark == "+++":
        superseded = _SUPERSEDED.match(words)
        return Ended(pid, int(superseded[1]) if superseded else None)
    refused = _REFUSED.match(words)
    return Refused(pid, refused[1]) if refused else None


def _call(pid: int, name: str, line: str, start: int) -> Call:
    arguments: list[str] = []
    depth, begin = 1, start
    for match in _PIECE.finditer(line, start):
        piece = match[0]
        if piece in _OPENING:
            depth += 1
        elif piece in _CLOSING:
            depth -= 1
            if not depth:
                arguments.append(line[begin : match.start()].strip())
                result = _RESULT.match(line, match.end())
                if result is None:
                    break
                return Call(pid, name, tuple(arguments), result[1])
        elif piece == "," and depth == 1:
            arguments.append(line[begin : match.start()].strip())
            begin = match.end()
    raise ValueError("a call without its end")


def strings(text: str) -> list[str]:
    """Return the strings in an argument, what was no UTF-8 in them as `surrogateescape` has it."""
    return [_unescaped(match[1]) for match in _STRING.finditer(text)]


def string(text: str) -> str | None:
    """Return the string an argument is or begins with; None for one that is none, as a null pointer."""
    match = _STRING.match(text)
    return _unescaped(match[1]) if match else None


def raw_strings(text: str) -> list[bytes]:
    """Return the strings in an argument as bytes."""
    return [_bytes(match[1]) for match in _STRING.finditer(text)]


def descriptor_path(text: str) -> str | None:
    """Return the path that strace found behind a file descriptor; None for what is none, as a pipe or socket."""
    match = _DESCRIPTOR.match(text)
    path = _unescaped(match[1]) if match else ""
    return path if path.startswith("/") else None


def _unescaped(quoted: str) -> str:
    return quoted if "\\" not in quoted else _bytes(quoted).decode(errors="surrogateescape")


def _bytes(quoted: str) -> bytes:
    return _ESCAPE.sub(_escaped, quoted.encode(errors="surrogateescape"))


def _escaped(match: re.Match[bytes]) -> bytes:
    code = match[1]
    if code[:1] == b"x" and len(code) == 3:
        return bytes((int(code[1:], 16),))
    if code[:1].isdigit() and code < b"8":
        return bytes((int(code, 8) & 0xFF,))
    return _LETTERS.get(code, code)
