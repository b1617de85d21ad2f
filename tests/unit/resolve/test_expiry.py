"""Which wildcard audits are due, and what renewing does to them (shared spec resolver 12.6)."""

from __future__ import annotations

import pytest

from tests.builders import audits_file, wildcard
from vetflow.model.audits import WildcardAudit
from vetflow.model.dates import Date, parse_date
from vetflow.resolve.expiry import due_audits, renew, renewable_audits

TODAY = Date(2025, 6, 15)
LONG_AGO = Date(2024, 3, 1)


def due(*audits: WildcardAudit, last: Date | None = None, include_inactive: bool = False) -> list[tuple[str, bool]]:
    """Return end and expiry of the due ones among wildcard audits of a crate that last published on `last`."""
    file = audits_file(wildcard_audits={"anvil": audits})
    known = {} if last is None else {"anvil": last}
    return [
        (str(each.audit.end), each.expired)
        for each in due_audits(file, TODAY, known, include_inactive=include_inactive)
    ]


@pytest.mark.parametrize(
    ("end", "expected"),
    [
        ("2025-06-14", [("2025-06-14", True)]),
        ("2025-06-15", [("2025-06-15", False)]),
        ("2025-07-26", [("2025-07-26", False)]),
        ("2025-07-27", []),
    ],
)
def test_an_audit_is_due_six_weeks_before_its_end_and_expired_after_it(
    end: str, expected: list[tuple[str, bool]]
) -> None:
    assert due(wildcard(1, end=end)) == expected


@pytest.mark.parametrize(("renewed", "is_due"), [(None, True), (True, True), (False, False)])
def test_nobody_is_bothered_about_an_audit_that_is_not_to_be_renewed(renewed: bool | None, is_due: bool) -> None:
    assert bool(due(wildcard(1, end="2025-07-01")._replace(renew=renewed))) is is_due


@pytest.mark.parametrize(
    ("last", "is_due"),
    [
        ("2025-02-22", False),  # 113 days ago
        ("2025-02-23", True),  # 112 days ago
    ],
)
def test_a_crate_that_published_nothing_for_sixteen_weeks_is_inactive(last: str, is_due: bool) -> None:
    assert bool(due(wildcard(1, end="2025-07-01"), last=parse_date(last))) is is_due


def test_a_crate_that_published_since_the_end_is_due_however_long_ago() -> None:
    ended = wildcard(1, end="2024-02-01")
    assert due(ended, last=LONG_AGO) == [("2024-02-01", True)]
    assert due(wildcard(1, end="2024-03-01"), last=LONG_AGO) == [("2024-03-01", True)]


def test_an_inactive_crate_can_be_included() -> None:
    assert due(wildcard(1, end="2025-07-01"), last=LONG_AGO, include_inactive=True) == [("2025-07-01", False)]


def test_a_crate_that_nobody_asked_about_counts_as_active() -> None:
    assert due(wildcard(1, end="2025-07-01")) == [("2025-07-01", False)]


def test_crates_come_by_name_and_entries_in_their_order() -> None:
    file = audits_file(wildcard_audits={"bb": [wildcard(1), wildcard(2)], "aa": [wildcard(3)]})
    found = due_audits(file, Date(2025, 1, 1), {})
    assert [(each.crate, each.position) for each in found] == [("aa", 0), ("bb", 0), ("bb", 1)]


def test_a_renewed_audit_ends_in_a_year_and_the_others_stay() -> None:
    file = audits_file(wildcard_audits={"anvil": [wildcard(1, end="2025-12-01"), wildcard(2, end="2025-07-01")]})
    after = renew(file, due_audits(file, TODAY, {}), TODAY)
    assert after.wildcard_audits == {"anvil": (wildcard(1, end="2025-12-01"), wildcard(2, end="2026-06-15"))}


def test_all_audits_of_one_crate_can_be_renewed_before_they_are_due() -> None:
    entries = [wildcard(1, end="2025-12-01"), wildcard(2, end="2025-12-01")._replace(renew=False)]
    file = audits_file(wildcard_audits={"anvil": entries, "bellows": [wildcard(3)]})
    assert [(each.crate, each.position) for each in renewable_audits(file, "anvil", TODAY)] == [("anvil", 0)]
    assert renewable_audits(file, "elsewhere", TODAY) == ()
