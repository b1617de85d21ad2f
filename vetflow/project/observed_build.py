"""Running a build in its sandbox: its output comes line by line, its record goes to a file."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from typing import IO, TYPE_CHECKING, Final

from vetflow.errors import UndecidedError

if TYPE_CHECKING:
    from subprocess import Popen

_LONGEST_LINE: Final = 1 << 16
_LONGEST_RECORDED: Final = 1 << 22


def run_build(
    words: Sequence[str],
    environ: Mapping[str, str],
    tell: Callable[[bytes], None],
    *,
    cwd: str | None = None,
    files: Sequence[int] = (),
) -> int:
    """Run a command and return its exit status; `tell` gets each line of what it says, the line feed left out.

    files: open files that it inherits. A line longer than 64 KiB comes in pieces. It runs in a session of its own and
    is gone when this returns or raises. Raises UndecidedError when it cannot be run.
    """
    import subprocess  # noqa: PLC0415  few commands start a program

    try:
        process = subprocess.Popen(
            words,
            cwd=cwd,
            env=dict(environ),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            pass_fds=files,
        )
    except OSError as error:
        raise UndecidedError(f"`{words[0]}` cannot be run", causes=(error.strerror or str(error),)) from error
    with process:
        try:
            for line in _lines(process.stdout):
                tell(line)
            return process.wait()
        finally:
            _end(process)


def _lines(stream: IO[bytes] | None) -> Iterator[bytes]:
    while stream is not None and (line := stream.readline(_LONGEST_LINE)):
        yield line.rstrip(b"\n")


def _end(process: Popen[bytes]) -> None:
    """End a process that was left in the middle; the sandbox ends with it."""
    if process.poll() is None:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)


@contextmanager
def run_folder(parent: str) -> Iterator[str]:
    """Give a new private folder below `parent`, which is gone afterwards whatever a build left in it.

    Raises OSError when it cannot be made.
    """
    import shutil  # noqa: PLC0415  see above
    import tempfile  # noqa: PLC0415

    os.makedirs(parent, 0o700, exist_ok=True)
    folder = tempfile.mkdtemp(prefix="run-", dir=parent)
    try:
        yield os.path.realpath(folder)
    finally:
        for above, folders, _ in os.walk(folder):
            for name in folders:  # a build may have locked them
                path = os.path.join(above, name)
                if not os.path.islink(path):
                    os.chmod(path, 0o700)
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def open_content(content: bytes | None) -> Iterator[int | None]:
    """Give the number of an open file that holds some bytes, for a program to inherit; None for none."""
    if content is None:
        yield None
        return
    import tempfile  # noqa: PLC0415  see above

    with tempfile.TemporaryFile() as file:
        file.write(content)
        file.flush()
        file.seek(0)
        yield file.fileno()


def record_lines(path: str) -> Iterator[str]:
    """Yield the lines of a record, without line feeds; one of more than 4 MiB, which no build needs, comes in pieces.

    Bytes that are no UTF-8 are kept as `surrogateescape` has them. Raises OSError.
    """
    with open(path, encoding="utf-8", errors="surrogateescape", newline="\n") as file:
        while line := file.readline(_LONGEST_RECORDED):
            yield line.removesuffix("\n")
