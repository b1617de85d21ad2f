"""How fast the review answers: the first paint of a queue, of a large delta, and of what a key changes.

The queue is measured in a pseudo terminal, from the start of the process; a delta headless, frame by frame.
"""

from __future__ import annotations

import asyncio
import os
import resource
import statistics
import time
from pathlib import Path
from typing import Final, NamedTuple

from textual.pilot import Pilot

from tests.perf.pseudo_terminal import PseudoTerminal
from tests.tui.driving import drive, is_at_rest, key_event, review_of
from tests.tui.memory_desk import ALPHA, MemoryDesk, crate
from tests.tui.screen import strips
from vetflow.tui.app import ReviewApp

LINES: Final = 200_000
KEYS: Final = ("down", "pagedown", "]", "j", "ctrl+d", "up")
SIZE: Final = (200, 60)


class DeltaTimes(NamedTuple):
    """Seconds; `grown` in megabytes of resident memory, the application's own included, the patch not."""

    first_paint: float
    key_p95: float
    grown: float


def queue_paint(command: tuple[str, ...], workspace: Path, state: Path, rounds: int) -> float:
    """Return the median time from process start to a painted queue; one round before them warms caches."""
    environ = {**os.environ, "XDG_STATE_HOME": str(state)}
    times = []
    for _ in range(rounds + 1):
        with PseudoTerminal(
            (*command, "review", "--locked", "--offline"), str(workspace), environ, (80, 24)
        ) as terminal:
            times.append(terminal.until(b"to audit of") - terminal.started)
    return statistics.median(times[1:])


def large_delta() -> DeltaTimes:
    """Open a delta of 200,000 changed lines and walk in it; git and parsing are done before the clock starts."""
    numbers = range(LINES * 5 // 9)
    old = "".join(f"let value_{n} = table({n});\n" for n in numbers)
    new = "".join(f"let value_{n} = table({n}){'.checked()' if n % 10 else ''};\n" for n in numbers)
    desk = MemoryDesk(crate({"src/lib.rs": old}), crate({"src/lib.rs": new}))
    found: list[DeltaTimes] = []
    desk.delta(ALPHA, lambda _what, _done, _total: None)

    async def act(app: ReviewApp, pilot: Pilot[int]) -> None:
        reader = review_of(app).query_one("FileReader")
        pane = review_of(app).query_one("DiffPane")
        view = pane.view  # type: ignore[attr-defined]  # a DiffPane
        started = time.perf_counter()
        pane.show_view(view)  # type: ignore[attr-defined]
        strips(app)
        first = time.perf_counter() - started
        times = []
        for number in range(60):
            started = time.perf_counter()
            app.post_message(key_event(KEYS[number % len(KEYS)]))
            while not is_at_rest(app):  # noqa: ASYNC110  the screen is drawn when Textual thinks it is time to
                await asyncio.sleep(0.001)
            times.append(time.perf_counter() - started)
        assert reader.is_attached
        found.append(DeltaTimes(first, statistics.quantiles(times, n=20)[-1], _resident() - before))

    before = _resident()
    drive(desk, act, size=SIZE, start=ALPHA)
    return found[0]


def _resident() -> float:
    """Return the memory of this process in megabytes; where the system does not say it, the most there ever was."""
    pages = Path("/proc/self/statm")
    if pages.exists():
        return int(pages.read_text().split()[1]) * resource.getpagesize() / 1e6
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6


if __name__ == "__main__":
    print(large_delta())  # noqa: T201  what a benchmark is for
