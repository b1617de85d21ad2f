"""One word for a proposal."""

from __future__ import annotations

import pytest

from vetflow.model.findings import Finding, Level
from vetflow.trust.decision import Decision, Judged, decide, urgency


def row(finding: str, level: Level, *, decides: bool = True) -> Judged:
    return Judged(Finding(finding, level, None, "so it is"), decides)


def test_nothing_found_is_nothing_to_do() -> None:
    assert decide([], undecided=False) is Decision.NONE


def test_what_only_informs_decides_nothing() -> None:
    assert decide([row("gate/allowed", Level.NOTE)], undecided=False) is Decision.NONE


def test_what_is_not_known_is_a_question_for_somebody() -> None:
    assert decide([], undecided=True) is Decision.REVIEW


@pytest.mark.parametrize("finding", ["vet/unvetted", "gate/unattested", "growth/capability", "drift/new-edge"])
def test_what_reading_settles_is_never_a_stop(finding: str) -> None:
    assert decide([row(finding, Level.FAIL)], undecided=False) is Decision.REVIEW


@pytest.mark.parametrize("finding", ["vet/violation", "signatures/unsigned", "lock/checksum-changed"])
def test_what_fails_and_no_reading_settles_is_a_stop(finding: str) -> None:
    rows = [row("vet/unvetted", Level.FAIL), row(finding, Level.FAIL, decides=False)]
    assert decide(rows, undecided=True) is Decision.STOP


def test_a_warning_asks_for_a_look_only_where_the_proposal_brings_it() -> None:
    assert decide([row("names/look-alike", Level.WARN)], undecided=False) is Decision.REVIEW
    assert decide([row("names/look-alike", Level.WARN, decides=False)], undecided=False) is Decision.NONE


def test_what_stops_is_told_first_then_what_the_proposal_brings() -> None:
    rows = [
        row("names/look-alike", Level.WARN, decides=False),
        row("names/look-alike", Level.WARN),
        row("vet/unvetted", Level.FAIL),
        row("signatures/unsigned", Level.FAIL, decides=False),
    ]
    assert sorted(rows, key=urgency) == rows[::-1]
