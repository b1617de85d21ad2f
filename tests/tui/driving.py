"""Running the review under test: press keys, look at the screen."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from textual.events import Key
from textual.keys import _character_to_key
from textual.pilot import Pilot

from vetflow.app.review.desk import Desk
from vetflow.review.session import Pair
from vetflow.tui.app import ReviewApp
from vetflow.tui.host import Outside
from vetflow.tui.queue_place import QueuePlace
from vetflow.tui.review_place import ReviewPlace

NOW = "2026-01-02T03:04:05Z"
PATIENCE = 20.0
"""Seconds after which a screen that never comes to rest is a failure."""


def outside() -> Outside:
    """A world in which editors change nothing."""
    return Outside(now=lambda: NOW, edit=lambda text: text, edit_file=lambda _: None, show=lambda _path, _content: None)


def drive(
    desk: Desk,
    act: Callable[[ReviewApp, Pilot[int]], Awaitable[None]],
    *,
    size: tuple[int, int] = (80, 24),
    start: Pair | None = None,
    world: Outside | None = None,
) -> None:
    """Run the review for the time of `act`."""

    async def run() -> None:
        app = ReviewApp(desk, world or outside(), start)
        async with app.run_test(size=size) as pilot:
            await settled(app, pilot)
            await act(app, pilot)

    asyncio.run(run())


async def settled(app: ReviewApp, pilot: Pilot[int]) -> None:
    """Wait until nothing is being read or drawn, drawing at once what would be drawn within the next 16 ms.

    Textual's `pause` waits until the process is idle by the clock, which takes 20 ms each time.
    """
    async with asyncio.timeout(PATIENCE):
        while app.is_running and not is_at_rest(app):
            if is_idle(app):
                app.screen._on_timer_update()
            await asyncio.sleep(0 if is_idle(app) else 0.001)
            await app._animator.wait_until_complete()


def is_at_rest(app: ReviewApp) -> bool:
    """Whether nothing is to be drawn anew, no thread works, and the event loop has nothing to do."""
    screen = app.screen
    asked = (screen._layout_required, screen._scroll_required, screen._repaint_required, screen._recompose_required)
    return is_idle(app) and not any(asked) and not screen._dirty_widgets and not screen._callbacks


def is_idle(app: ReviewApp) -> bool:
    """Whether no thread works and the event loop has nothing to do."""
    loop: Any = asyncio.get_running_loop()
    is_working = any(worker.is_running and worker._thread_worker for worker in app.workers)
    return not (loop._ready or is_working or app._batch_count)


async def press(app: ReviewApp, pilot: Pilot[int], *keys: str) -> None:
    """Press keys and wait for what they begin."""
    for key in keys:
        app.post_message(key_event(key))
        await settled(app, pilot)


def key_event(key: str) -> Key:
    """Return what a terminal sends for a key, named as Textual does or by its character."""
    character = {"space": " "}.get(key, key if len(key) == 1 else None)
    return Key(_character_to_key(key) if len(key) == 1 else key, character)


def review_of(app: ReviewApp) -> ReviewPlace:
    """The review that is open."""
    assert isinstance(app.screen, ReviewPlace)
    return app.screen


def queue_of(app: ReviewApp) -> QueuePlace:
    """The queue, when it is on screen."""
    assert isinstance(app.screen, QueuePlace)
    return app.screen
