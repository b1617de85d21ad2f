"""Side by side: bounded, in order, and the first failure ends it."""

from __future__ import annotations

import threading

import pytest

from vetflow.sources.parallel import in_parallel


def test_results_come_in_the_order_of_the_items() -> None:
    first_may_end = threading.Event()

    def work(item: int) -> int:
        if item == 0:
            assert first_may_end.wait(10)
        else:
            first_may_end.set()
        return item * item

    assert in_parallel(work, [0, 1, 2, 3], 2) == (0, 1, 4, 9)


def test_no_more_than_the_given_number_work_at_a_time() -> None:
    lock = threading.Lock()
    together = threading.Barrier(3)
    working, most = 0, 0

    def work(item: int) -> None:
        nonlocal working, most
        with lock:
            working += 1
            most = max(most, working)
        together.wait(10)  # all three are here at once
        with lock:
            working -= 1

    in_parallel(work, range(9), 3)
    assert most == 3


def test_progress_is_told_in_the_callers_thread() -> None:
    told: list[tuple[int, bool]] = []
    in_parallel(abs, [1, 2, 3], 3, lambda n: told.append((n, threading.current_thread() is threading.main_thread())))
    assert told == [(1, True), (2, True), (3, True)]


def test_a_failure_is_raised_here_and_the_rest_is_dropped() -> None:
    begun: list[int] = []

    def work(item: int) -> int:
        begun.append(item)
        if item == 1:
            raise KeyError("no")
        return item

    with pytest.raises(KeyError, match="no"):
        in_parallel(work, range(1000), 1)
    assert begun == [0, 1]


def test_nothing_to_do_is_done_at_once() -> None:
    assert in_parallel(abs, list[int](), 4) == ()
