"""Pauses: a burst and then one by one; growing and spread after failures; as long as the server asks."""

from __future__ import annotations

import pytest

from tests.unit.sources.fake_network import NOW, FakeTime
from vetflow.sources.pacing import LONGEST_DELAY, Pace, backoff, retry_after


def test_five_requests_go_at_once_and_the_others_one_a_second() -> None:
    time = FakeTime()
    pace = Pace(1.0, time.clock)
    for _ in range(8):
        pace.wait()
    assert time.slept == [1.0, 1.0, 1.0]


def test_a_quiet_while_earns_a_new_burst_and_no_more() -> None:
    time = FakeTime()
    pace = Pace(2.0, time.clock)
    for _ in range(5):
        pace.wait()
    time.sleep(1000)
    for _ in range(6):
        pace.wait()
    assert time.slept == [1000, 2.0]


def test_an_interval_of_zero_never_waits() -> None:
    time = FakeTime()
    pace = Pace(0.0, time.clock)
    for _ in range(100):
        pace.wait()
    assert time.slept == []


def test_pauses_double_up_to_a_limit_and_are_spread() -> None:
    assert [backoff(failures, 0.5) for failures in (1, 2, 3)] == [0.5, 1.0, 2.0]
    assert backoff(2, 0.0) == 0.5
    assert backoff(2, 1.0) == 1.5
    assert backoff(1000, 0.5) == LONGEST_DELAY


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        (None, None),
        ("7", 7.0),
        (" 0 ", 0.0),
        ("99999999999999999999", 1e20),
        ("Thu, 28 May 2026 20:27:00 GMT", 20.0),
        ("Thu, 28 May 2020 20:27:00 GMT", 0.0),
        ("soon", None),
        ("-3", None),
        ("1.5", None),
        ("²", None),
        ("", None),
    ],
)
def test_retry_after_is_a_number_or_a_date(header: str | None, seconds: float | None) -> None:
    assert retry_after(header, NOW) == seconds
