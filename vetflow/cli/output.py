"""The only place that writes to the terminal: plain text made safe, colours, JSON, warnings and progress.

Human text is given as pieces; a piece is a `str` or a `Styled`. Every piece passes through `vetflow.text.shown`, so
nothing that a crate, a peer or a lock file says can reach the terminal as an instruction; nor, since a mark is put
before such a line, the machine that runs a workflow and reads its log. A closed pipe ends output quietly: what has been
decided stays decided.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from enum import Enum
from types import TracebackType
from typing import Final, NamedTuple, Self, TextIO, TypeAlias

from vetflow.cli.world import World
from vetflow.errors import UsageError
from vetflow.text import shown


class Style(Enum):
    """What a piece of text means; never the only carrier of that meaning. The value is its SGR code."""

    GOOD = "32"
    BAD = "1;31"
    WARN = "33"
    TITLE = "1"
    COMMAND = "36"
    FAINT = "2"
    ADDED = "94"
    REMOVED = "93"


class Styled(NamedTuple):
    """A piece of text with a meaning."""

    text: str
    style: Style


Piece: TypeAlias = str | Styled
Line: TypeAlias = tuple[Piece, ...]


_LOG_COMMANDS: Final = ("::", "##[")
"""What at the beginning of a line, blanks aside, the machine obeys that shows a log: GitHub's, Azure's."""


class Output:
    """Where results (stdout or `--output-file`) and messages (stderr or `--log-file`) go."""

    def __init__(self, world: World, *, output_file: str | None, log_file: str | None, color: str) -> None:
        """Open the files asked for; raises UsageError when one cannot be opened. color: auto, always or never."""
        self._opened: list[TextIO] = []
        self._results = self._open(output_file, world.cwd) or world.stdout
        self._messages = self._open(log_file, world.cwd) or world.stderr
        self._color = {stream: _wants_color(stream, world, color) for stream in (self._results, self._messages)}

    def _open(self, name: str | None, cwd: str) -> TextIO | None:
        if name is None:
            return None
        try:
            stream = open(os.path.join(cwd, name), "w", encoding="utf-8", newline="\n")  # noqa: SIM115  closed in __exit__
        except OSError as error:
            raise UsageError(f"cannot write to '{name}'", causes=(error.strerror or str(error),)) from error
        self._opened.append(stream)
        return stream

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        self.flush()
        for stream in self._opened:
            stream.close()

    def line(self, *pieces: Piece) -> None:
        """Write one line of the result."""
        self._write(self._results, pieces)

    def lines(self, lines: list[Line]) -> None:
        """Write several lines of the result."""
        for line in lines:
            self.line(*line)

    def message(self, *pieces: Piece) -> None:
        """Write one line that is no result: a note, a warning, an error."""
        self._write(self._messages, pieces)

    @contextmanager
    def paged(self, pager: Callable[[TextIO], AbstractContextManager[TextIO]]) -> Iterator[None]:
        """Let what is written in a block be read page by page, where the result goes to a terminal.

        pager: gives the stream that takes the pages, for the terminal they are to be shown on.
        """
        terminal = self._results
        if not terminal.isatty():
            yield
            return
        self.flush()
        with pager(terminal) as stream:
            self._results, self._color[stream] = stream, self._color[terminal]
            try:
                yield
            finally:
                self._results = terminal

    def document(self, text: str) -> None:
        """Write a machine-readable document as it is; its maker escapes what needs escaping."""
        _emit(self._results, text)

    def _write(self, stream: TextIO, pieces: tuple[Piece, ...]) -> None:
        color = self._color[stream]
        mark = "| " if _begins_a_command(pieces) else ""
        _emit(stream, mark + "".join(_rendered(piece, color=color) for piece in pieces) + "\n")

    def flush(self) -> None:
        """Hand everything to the operating system; a reader that went away is no error."""
        for stream in (self._results, self._messages):
            _quietly(stream, stream.flush)


def _begins_a_command(pieces: tuple[Piece, ...]) -> bool:
    """Whether a line would be a command in a log; our own are no lines but a document (`render.github`)."""
    text = ""
    for piece in pieces:
        text = (text + (piece if isinstance(piece, str) else piece.text)).lstrip()
        if len(text) >= max(map(len, _LOG_COMMANDS)):
            break
    return text.startswith(_LOG_COMMANDS)


def _rendered(piece: Piece, *, color: bool) -> str:
    if isinstance(piece, str):
        return shown(piece)
    text = shown(piece.text)
    return f"\x1b[{piece.style.value}m{text}\x1b[0m" if color else text


def _wants_color(stream: TextIO, world: World, color: str) -> bool:
    if color != "auto":
        return color == "always"
    if world.environ.get("NO_COLOR") or world.environ.get("TERM") == "dumb":
        return False
    return stream.isatty()


def _emit(stream: TextIO, text: str) -> None:
    _quietly(stream, lambda: stream.write(text))


def _quietly(stream: TextIO, action: Callable[[], object]) -> None:
    try:
        action()
    except BrokenPipeError:
        # The reader (`| head`) went away. Point the stream at nothing, so that neither later writes nor the
        # interpreter's own flush at exit complain.
        if stream is sys.stdout or stream is sys.stderr:
            os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
