"""A program in a pseudo terminal, timed from its start, or from a key, to what it writes."""

from __future__ import annotations

import os
import pty
import select
import signal
import struct
import termios
import time
from collections.abc import Mapping, Sequence
from fcntl import ioctl
from types import TracebackType
from typing import Self

PATIENCE = 60.0


class PseudoTerminal:
    """One program; at the end of the context it is gone."""

    def __init__(self, command: Sequence[str], cwd: str, environ: Mapping[str, str], size: tuple[int, int]) -> None:
        self.started = time.perf_counter()
        self._child, self._master = pty.fork()
        if self._child == 0:
            os.chdir(cwd)
            os.execvpe(command[0], list(command), {**environ, "TERM": "xterm-256color"})  # noqa: S606  a program of ours, no shell
        width, height = size
        ioctl(self._master, termios.TIOCSWINSZ, struct.pack("HHHH", height, width, 0, 0))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        os.kill(self._child, signal.SIGKILL)
        os.waitpid(self._child, 0)
        os.close(self._master)

    def keys(self, keys: bytes) -> None:
        """Press keys."""
        os.write(self._master, keys)

    def until(self, *texts: bytes) -> float:
        """Read until all texts were written, and return when that was; exits the program when they never are."""
        deadline = time.monotonic() + PATIENCE
        written = b""
        while not all(text in written for text in texts):
            ready, _, _ = select.select([self._master], [], [], max(0.0, deadline - time.monotonic()))
            if not ready:
                raise SystemExit(f"{texts} did not appear within {PATIENCE} s")
            written += os.read(self._master, 65536)
        return time.perf_counter()

    def until_quiet(self, seconds: float) -> None:
        """Read until nothing was written for so long."""
        while select.select([self._master], [], [], seconds)[0]:
            os.read(self._master, 65536)
