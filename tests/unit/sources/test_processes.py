from __future__ import annotations

import os

import pytest

from vetflow.errors import UndecidedError
from vetflow.sources.processes import in_processes, processors


def double(number: int) -> int:
    return 2 * number


def whose(_: int) -> int:
    return os.getpid()


def fail_at_seven(number: int) -> int:
    if number == 7:
        raise ValueError("seven")
    return number


def die_at_seven(number: int) -> int:
    if number == 7:
        os._exit(1)
    return number


def test_results_come_in_the_order_of_the_items() -> None:
    assert in_processes(double, range(40), 2) == tuple(range(0, 80, 2))


def test_few_items_stay_in_this_process() -> None:
    assert set(in_processes(whose, [1, 2, 3], 2)) == {os.getpid()}


def test_many_items_leave_it() -> None:
    assert os.getpid() not in in_processes(whose, range(40), 2)


@pytest.mark.parametrize("count", [3, 40])
def test_progress_is_told_once_for_each_item(count: int) -> None:
    told: list[int] = []
    in_processes(double, range(count), 2, told.append)
    assert told == list(range(1, count + 1))


@pytest.mark.parametrize("count", [8, 40])
def test_an_error_is_the_callers(count: int) -> None:
    with pytest.raises(ValueError, match="seven"):
        in_processes(fail_at_seven, range(count), 2)


def test_a_process_that_dies_leaves_the_question_open() -> None:
    with pytest.raises(UndecidedError, match="sudden end"):
        in_processes(die_at_seven, range(40), 2)


def test_there_is_a_processor() -> None:
    assert processors() >= 1
