"""Computing on all processors: a pool of processes that ends when its caller does.

For work that keeps Python busy, where the threads of `parallel` would wait for each other. The processes are started
anew, not forked: the caller may have threads and open connections.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, redirect_stderr
from typing import TYPE_CHECKING, Final, TypeVar

from vetflow.errors import UndecidedError

if TYPE_CHECKING:  # costs 20 ms, and few runs compute for long
    from concurrent.futures import ProcessPoolExecutor

_FEW: Final = 16
"""So much is done before other processes would have started."""

_Item = TypeVar("_Item")
_Result = TypeVar("_Result")


def processors() -> int:
    """Return how many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def in_processes(
    function: Callable[[_Item], _Result],
    items: Sequence[_Item],
    workers: int,
    done: Callable[[int], None] = lambda _: None,
) -> tuple[_Result, ...]:
    """Return `function` of each item, in their order, computed by `workers` processes; by this one where items are few.

    function: of a module, as the processes import it; it must not raise what cannot be pickled. done: told how many are
    finished. Give the longest work first. Raises UndecidedError when a process dies.
    """
    if workers < 2 or len(items) < _FEW:
        return tuple(_one_by_one(function, items, done))
    from concurrent.futures import as_completed  # noqa: PLC0415  see above
    from concurrent.futures.process import BrokenProcessPool  # noqa: PLC0415

    try:
        with _pool(min(workers, len(items))) as pool:
            futures = [pool.submit(function, item) for item in items]
            for count, _ in enumerate(as_completed(futures), 1):
                done(count)
            return tuple(future.result() for future in futures)
    except BrokenProcessPool as error:
        raise UndecidedError(
            "a process that was computing for this run came to a sudden end", help="see whether memory is short"
        ) from error


def _one_by_one(
    function: Callable[[_Item], _Result], items: Sequence[_Item], done: Callable[[int], None]
) -> Iterator[_Result]:
    for count, item in enumerate(items, 1):
        yield function(item)
        done(count)


@contextmanager
def _pool(workers: int) -> Iterator[ProcessPoolExecutor]:
    """Give a pool for a block; what is not begun is dropped when the block is left early."""
    from concurrent.futures import ProcessPoolExecutor  # noqa: PLC0415  see above
    from multiprocessing import get_context, resource_tracker  # noqa: PLC0415

    with redirect_stderr(sys.__stderr__):  # it hands stderr on by number, and a screen of textual's has none
        resource_tracker.ensure_running()
    pool = ProcessPoolExecutor(workers, get_context("spawn"), initializer=_ignore_interrupts)
    try:
        yield pool
    finally:
        pool.shutdown(cancel_futures=True)


def _ignore_interrupts() -> None:
    """Leave Ctrl-C, which the terminal sends to all of them, to the process that started this one."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
