"""Spans of time as cargo's configuration writes them."""

from __future__ import annotations

import pytest

from vetflow.formats.time_span import TimeSpanError, parse_time_span, spell_time_span


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("0", 0),
        ("1 second", 1),
        ("90 seconds", 90),
        ("2 minutes", 120),
        ("12 hours", 43_200),
        ("3 days", 259_200),
        ("3days", 259_200),
        ("1 week", 604_800),
        ("1 month", 2_629_746),
    ],
)
def test_a_number_and_a_unit_are_a_span(text: str, seconds: int) -> None:
    assert parse_time_span(text) == seconds


@pytest.mark.parametrize("text", ["", "3", "days", "-1 day", "1.5 days", "3 fortnights", "3 days ", "٣ days", "9" * 99])
def test_anything_else_is_none(text: str) -> None:
    with pytest.raises(TimeSpanError, match="is no span of time"):
        parse_time_span(text)


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0, "0 seconds"), (119, "119 seconds"), (120, "2 minutes"), (86_400, "24 hours"), (259_199, "2 days")],
)
def test_a_span_is_told_in_the_largest_unit_that_fits_twice(seconds: int, text: str) -> None:
    assert spell_time_span(seconds) == text
