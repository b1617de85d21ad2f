"""Points in time become the UTC day cargo-vet writes down."""

from __future__ import annotations

import pytest

from vetflow.model.dates import Date
from vetflow.sources.timestamps import utc_day, utc_seconds


@pytest.mark.parametrize(
    ("timestamp", "day"),
    [
        ("2024-11-25T23:59:59.500Z", Date(2024, 11, 25)),
        ("2024-11-25T12:00:00.000000+00:00", Date(2024, 11, 25)),
        ("2024-11-25T23:30:00-01:00", Date(2024, 11, 26)),
        ("2024-11-25T00:30:00+01:00", Date(2024, 11, 24)),
        ("2025-11-12T19:30:12Z", Date(2025, 11, 12)),
    ],
)
def test_the_day_is_the_one_in_utc(timestamp: str, day: Date) -> None:
    assert utc_day(timestamp) == day


@pytest.mark.parametrize(
    "value", [None, 7, "", "yesterday", "2024-11-25", "2024-11-25T12:00:00", "0001-01-01T00:00:00+23:00"]
)
def test_what_is_no_point_in_time_has_no_day(value: object) -> None:
    assert utc_day(value) is None


def test_the_second_is_known_as_well() -> None:
    assert utc_seconds("1970-01-02T01:00:00.900+01:00") == 86_400
    assert utc_seconds("1970-01-01") is None
