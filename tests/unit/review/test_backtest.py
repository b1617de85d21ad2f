"""The sums of a lock's past: what counts as passed, what an event costs, in which month it counts."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from vetflow.formats.risk_toml import Pace
from vetflow.model.findings import Finding, Level
from vetflow.model.version import parse_version
from vetflow.review.backtest import Event, Reads, Step, Sums, Unknown, by_month, in_all
from vetflow.trust.decision import Decision

PACE = Pace(crate=1, finding=2, build_lines=10, lines=100)
JANUARY, FEBRUARY = 1_735_689_600, 1_738_368_000


def event(
    *ids: str,
    crate: str = "anvil",
    old: str | None = "1.0.0",
    at: int = JANUARY,
    decision: Decision = Decision.REVIEW,
    reads: Reads = Reads.NOTHING,
    is_change: bool = True,
) -> Event:
    findings = tuple(Finding(each, Level.FAIL, None, "because") for each in ids)
    base = None if old is None else parse_version(old)
    return Event(at, "c0ffee", crate, base, parse_version("1.1.0"), decision, findings, reads, is_change)


def step(changes: int, events: Sequence[Event] = (), unknown: Sequence[Unknown] = (), at: int = JANUARY) -> Step:
    return Step(at, "c0ffee", changes, 0, tuple(events), tuple(unknown))


@pytest.mark.parametrize(
    ("happened", "lines", "build_lines", "minutes"),
    [
        (event("cool-down/too-young", decision=Decision.STOP), None, None, 0),
        (event("drift/new-edge"), None, None, 3),
        (event("gate/unattested", reads=Reads.BUILD_TIME), None, 20, 3),
        (event("gate/unattested", "growth/capability", reads=Reads.BUILD_TIME), None, 20, 5),
        (event("gate/unattested", "cool-down/too-young", reads=Reads.BUILD_TIME), None, 20, 3),
        (event("gate/unattested", reads=Reads.ALL), 320, 20, 6),
        (event("gate/unattested", reads=Reads.BUILD_TIME), 320, None, None),
        (event("gate/unattested", reads=Reads.ALL), None, 20, None),
    ],
)
def test_an_event_costs_what_reading_takes_and_waiting_costs_nothing(
    happened: Event, lines: int | None, build_lines: int | None, minutes: float | None
) -> None:
    assert happened.timed(lines, build_lines, PACE).minutes == minutes


def test_what_was_there_before_is_read_as_a_whole_when_it_begins_to_count() -> None:
    assert event("gate/unattested", old="1.1.0").base is None
    assert event("gate/unattested", old=None).base is None
    assert event("gate/unattested", old="1.0.0").base == parse_version("1.0.0")


def test_a_change_passes_that_nothing_is_said_of_and_everything_is_known_of() -> None:
    stopped = event("lock/checksum-changed", decision=Decision.STOP)
    unknown = Unknown("bramble", parse_version("2.0.0"), "nobody knows")
    twice = Unknown("anvil", parse_version("1.1.0"), "what stops anyway is no question")
    sums = in_all([step(5, [stopped], [unknown, twice])])
    assert sums == Sums(commits=1, changes=5, passed=3, unknown=1, stops=1, unmeasured=1)


def test_what_is_said_of_a_crate_that_did_not_change_takes_nothing_from_those_that_passed() -> None:
    sums = in_all([step(2, [event("drift/new-edge", is_change=False).timed(None, None, PACE)])])
    assert (sums.changes, sums.passed, sums.reviews, sums.minutes) == (2, 2, 1, 3)


def test_an_event_counts_in_the_month_in_which_it_happened() -> None:
    later = event("advisories/vulnerability", at=FEBRUARY, is_change=False, decision=Decision.STOP)
    months = by_month([step(1, [later])])
    assert {month: (sums.commits, sums.changes, sums.stops) for month, sums in months.items()} == {
        "2025-01": (1, 1, 0),
        "2025-02": (0, 0, 1),
    }


def test_what_became_known_before_anything_changed_is_no_commit() -> None:
    first = step(0, [event("advisories/vulnerability", is_change=False)])._replace(is_first=True)
    assert in_all([first]).commits == 0
