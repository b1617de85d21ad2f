"""Waiting for many servers at once: a small pool of threads that ends when its caller does."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Sequence
from typing import Generic, TypeVar, cast

_Item = TypeVar("_Item")
_Result = TypeVar("_Result")


def in_parallel(
    function: Callable[[_Item], _Result],
    items: Sequence[_Item],
    workers: int,
    done: Callable[[int], None] = lambda _: None,
) -> tuple[_Result, ...]:
    """Return `function` of each item, in their order, at most `workers` of them at work at a time.

    done: told in the caller's thread how many are finished. What `function` raises is raised here, and the
    items nobody has begun are dropped. The threads are daemons: an interrupt does not wait for a server that
    does not answer.
    """
    work = _Work(function, items)
    for _ in range(min(workers, len(items))):
        threading.Thread(target=work.run, daemon=True).start()
    try:
        return work.collect(done)
    finally:
        work.stop()


class _Work(Generic[_Item, _Result]):
    """What the threads of one call share."""

    def __init__(self, function: Callable[[_Item], _Result], items: Sequence[_Item]) -> None:
        self._function = function
        self._items = items
        self._open = queue.SimpleQueue[int]()
        for index in range(len(items)):
            self._open.put(index)
        self._finished = queue.SimpleQueue[tuple[int, _Result | None, BaseException | None]]()
        self._stopped = threading.Event()

    def run(self) -> None:
        """Take items until none is left; what a thread does."""
        while not self._stopped.is_set():
            try:
                index = self._open.get_nowait()
            except queue.Empty:
                return
            try:
                self._finished.put((index, self._function(self._items[index]), None))
            except BaseException as error:  # noqa: BLE001  it is raised again in the caller's thread
                self.stop()
                self._finished.put((index, None, error))

    def collect(self, done: Callable[[int], None]) -> tuple[_Result, ...]:
        results = dict[int, _Result]()
        while len(results) < len(self._items):
            index, result, error = self._finished.get()
            if error is not None:
                raise error
            results[index] = cast("_Result", result)  # there is no error, so there is a result
            done(len(results))
        return tuple(results[index] for index in range(len(self._items)))

    def stop(self) -> None:
        self._stopped.set()
