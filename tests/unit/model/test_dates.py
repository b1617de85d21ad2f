from __future__ import annotations

from pathlib import Path

import pytest

from tests.unit.model.scalars import answers, recorded
from vetflow.model.dates import Date, DateSyntaxError, parse_date


def test_every_recorded_date_is_answered_as_cargo_vet_does(shared: Path) -> None:
    expected = recorded(shared, "date")

    assert answers(parse_date, expected) == expected


def test_dates_sort_by_time_beyond_four_digit_years() -> None:
    days = [
        "-0002-12-31",
        "-0001-01-01",
        "0000-01-01",
        "2024-02-29",
        "2024-03-01",
        "9999-12-31",
        "+10000-01-01",
    ]

    assert [str(day) for day in sorted(map(parse_date, reversed(days)))] == days


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "premature end of input"),
        ("2024", "premature end of input"),
        ("2024-", "premature end of input"),
        ("2024-02-", "premature end of input"),
        ("2024-02-29x", "trailing input"),
        ("2024-020-01", "input contains invalid characters"),
        ("twenty", "input contains invalid characters"),
        ("2023-02-29", "input is out of range"),
        ("1900-02-29", "input is out of range"),
        ("2024-04-31", "input is out of range"),
        ("2024-00-10", "input is out of range"),
        ("2024-10-00", "input is out of range"),
        ("+262144-01-01", "input is out of range"),
        ("-" + "9" * 5000 + "-01-01", "input is out of range"),
    ],
)
def test_the_reason_is_cargo_vets(text: str, reason: str) -> None:
    with pytest.raises(DateSyntaxError) as raised:
        parse_date(text)

    assert str(raised.value) == reason


@pytest.mark.parametrize("text", ["+262143-12-31", "2000-02-29", "-0004-02-29"])
def test_the_last_days_that_exist_are_read(text: str) -> None:
    assert str(parse_date(text)) == text


@pytest.mark.parametrize(
    ("start", "months", "expected"),
    [
        ("2023-02-28", 12, "2024-02-28"),
        ("2024-02-29", 12, "2025-02-28"),
        ("2023-08-31", 1, "2023-09-30"),
        ("2023-11-30", 3, "2024-02-29"),
        ("2023-12-31", 12, "2024-12-31"),
        ("2024-03-31", -1, "2024-02-29"),
    ],
)
def test_months_are_calendar_months_and_the_day_is_clamped(start: str, months: int, expected: str) -> None:
    assert str(parse_date(start).plus_months(months)) == expected


@pytest.mark.parametrize(
    ("start", "days", "expected"),
    [
        ("2024-02-28", 1, "2024-02-29"),
        ("2023-02-28", 1, "2023-03-01"),
        ("2023-12-31", 1, "2024-01-01"),
        ("2024-01-01", -1, "2023-12-31"),
        ("2024-03-01", -1, "2024-02-29"),
        ("2026-01-15", 42, "2026-02-26"),
        ("2026-01-15", -112, "2025-09-25"),
        ("0000-01-01", -1, "-0001-12-31"),
        ("2026-01-15", 0, "2026-01-15"),
    ],
)
def test_days_run_over_the_ends_of_months_and_years(start: str, days: int, expected: str) -> None:
    assert str(parse_date(start).plus_days(days)) == expected


def test_a_date_is_a_tuple_of_numbers() -> None:
    assert parse_date(" +2024 - 2 - 9 ") == Date(2024, 2, 9)
