"""The user's own pager: the one git would start, for text that was made safe to show."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Final, TextIO, cast

if TYPE_CHECKING:
    from subprocess import Popen

_DEFAULT: Final = "less"
_NONE: Final = "cat"
_LESS: Final = "FRX"
"""End at once what fits on the screen, pass colours on and nothing else, leave the text there: as git has it."""


@contextmanager
def pager(environ: Mapping[str, str], terminal: TextIO) -> Iterator[TextIO]:
    """Give a stream that is read by the user's pager, and wait at the end until they have left it.

    The pager is a line for the shell: the user's own setting, nothing of a crate. Where there is none the stream is the
    `terminal`. Who leaves the pager early closes the stream: BrokenPipeError on a later write.
    """
    import subprocess  # noqa: PLC0415  only where something is paged

    command = _pager_command(environ)
    if command is None:
        yield terminal
        return
    # What it shows is about a hostile crate: no shell, editor or preprocessor from within the pager.
    settings = {"LESS": _LESS, **environ, "LESSSECURE": "1"}
    with subprocess.Popen(
        ["/bin/sh", "-c", command], stdin=subprocess.PIPE, env=settings, encoding="utf-8", errors="backslashreplace"
    ) as process:
        stream = process.stdin
        if stream is None:  # never: a pipe was asked for
            yield terminal
            return
        try:
            yield cast("TextIO", stream)
        finally:
            with suppress(BrokenPipeError):
                stream.close()
            _wait(process)


def _pager_command(environ: Mapping[str, str]) -> str | None:
    import shlex  # noqa: PLC0415  see above
    import shutil  # noqa: PLC0415

    command = environ.get("GIT_PAGER") or environ.get("PAGER", _DEFAULT)
    try:
        program = (shlex.split(command) or [_NONE])[0]
    except ValueError:  # a quote without its end
        return None
    found = shutil.which(program, path=environ.get("PATH"))
    return None if program == _NONE or not found or environ.get("TERM") == "dumb" else command


def _wait(process: Popen[str]) -> None:
    """Wait for the end of a process; an interrupt is for it, not for us."""
    while True:
        try:
            process.wait()
        except KeyboardInterrupt:
            continue
        return
