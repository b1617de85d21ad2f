"""What a run sees of its surroundings: streams, environment, clock, current directory.

Made once in `main.entry` and passed down, so that a test runs any command in process with a world of its own.
"""

from __future__ import annotations

import io
import os
import sys
import time
from collections.abc import Callable, Mapping
from typing import NamedTuple, TextIO

from vetflow.model.dates import Date


class World(NamedTuple):
    """The surroundings of one run. today: the current UTC day; now: the seconds since 1970."""

    environ: Mapping[str, str]
    cwd: str
    stdin: TextIO
    stdout: TextIO
    stderr: TextIO
    today: Callable[[], Date]
    now: Callable[[], int] = lambda: int(time.time())

    @property
    def home(self) -> str:
        """The user's home directory, `/` when there is none."""
        return self.environ.get("HOME") or "/"

    @property
    def cargo_home(self) -> str:
        """Where cargo keeps configuration and downloaded crates."""
        return self.environ.get("CARGO_HOME") or os.path.join(self.home, ".cargo")


def _utc_day() -> Date:
    now = time.gmtime()
    return Date(now.tm_year, now.tm_mon, now.tm_mday)


def real_world() -> World:
    """Return the surroundings of this process.

    A terminal that cannot show a character gets its escape: output never fails over an encoding.
    """
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    return World(
        environ=dict(os.environ),  # a plain copy travels to other processes
        cwd=os.getcwd(),
        stdin=sys.stdin,
        stdout=sys.stdout,
        stderr=sys.stderr,
        today=_utc_day,
    )
