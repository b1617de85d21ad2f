"""Progress of what takes a moment: one line on stderr, only when that is a terminal, gone when it is over."""

from __future__ import annotations

import time
from collections.abc import Callable
from types import TracebackType
from typing import Final, Self

from vetflow.cli.output import Output
from vetflow.cli.world import World
from vetflow.text import shown

_MOMENT: Final = 0.5
"""Seconds before anything is shown: what is quicker needs no report."""
_ERASE: Final = "\r\x1b[K"


class Progress:
    """Told what is fetched, how much of it is there and how much there will be; see `sources.http.Progress`."""

    def __init__(self, world: World) -> None:
        """Show nothing where nobody watches."""
        self._stream = world.stderr
        self._visible = world.stderr.isatty()
        self._started = time.monotonic()
        self._drawn = False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        if self._drawn:
            self._stream.write(_ERASE)
            self._stream.flush()

    def __call__(self, what: str, done: int, total: int) -> None:
        """Draw the line anew."""
        seconds = time.monotonic() - self._started
        if self._visible and seconds >= _MOMENT:
            self._stream.write(f"{_ERASE}{shown(what)}: {done} of {total} ({seconds:.0f} s)")
            self._stream.flush()
            self._drawn = True


def waiting_for_lock(out: Output) -> Callable[[], None]:
    """Return what to call when another process holds the store's lock."""
    return lambda: out.message("waiting for the store's lock: another process holds it")
