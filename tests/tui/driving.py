"""Running the review under test: press keys, look at the screen."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from textual.pilot import Pilot

from vetflow.app.desk import Desk
from vetflow.review.session import Pair
from vetflow.tui.app import Outside, ReviewApp
from vetflow.tui.queue_place import QueuePlace
from vetflow.tui.review_place import ReviewPlace

NOW = "2026-01-02T03:04:05Z"


def outside() -> Outside:
    """A world in which editors change nothing."""
    return Outside(now=lambda: NOW, edit=lambda text: text, edit_file=lambda _: None, show=lambda _path, _content: None)


def drive(
    desk: Desk,
    act: Callable[[ReviewApp, Pilot[int]], Awaitable[None]],
    *,
    size: tuple[int, int] = (80, 24),
    start: Pair | None = None,
) -> None:
    """Run the review for the time of `act`."""

    async def run() -> None:
        app = ReviewApp(desk, outside(), start)
        async with app.run_test(size=size) as pilot:
            await settled(app, pilot)
            await act(app, pilot)

    asyncio.run(run())


async def settled(app: ReviewApp, pilot: Pilot[int]) -> None:
    """Wait until nothing is being read."""
    for _ in range(100):
        await pilot.pause()
        busy = [worker for worker in app.workers if worker.is_running and worker.group != "default"]
        if not busy:
            break
        await asyncio.sleep(0.01)
    await pilot.pause()


async def press(app: ReviewApp, pilot: Pilot[int], *keys: str) -> None:
    """Press keys and wait for what they begin."""
    for key in keys:
        await pilot.press(key)
        await settled(app, pilot)


def review_of(app: ReviewApp) -> ReviewPlace:
    """The review that is open."""
    assert isinstance(app.screen, ReviewPlace)
    return app.screen


def queue_of(app: ReviewApp) -> QueuePlace:
    """The queue, when it is on screen."""
    assert isinstance(app.screen, QueuePlace)
    return app.screen
