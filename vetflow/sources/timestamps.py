"""Points in time as crates.io writes them: the day they fall on in UTC, or the second."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vetflow.model.dates import Date

if TYPE_CHECKING:
    from datetime import datetime


def utc_day(timestamp: object) -> Date | None:
    """Return the UTC day of an RFC 3339 timestamp such as `2026-01-02T03:04:05.678Z`, if it is one."""
    time = _utc(timestamp)
    return None if time is None else Date(time.year, time.month, time.day)


def utc_seconds(timestamp: object) -> int | None:
    """Return the seconds from 1970 until an RFC 3339 timestamp, rounded down, if it is one."""
    time = _utc(timestamp)
    return None if time is None else int(time.timestamp() // 1)


def _utc(timestamp: object) -> datetime | None:
    import datetime as dt  # noqa: PLC0415  only where a server's answer is read

    if not isinstance(timestamp, str):
        return None
    try:
        time = dt.datetime.fromisoformat(timestamp)
        return None if time.tzinfo is None else time.astimezone(dt.UTC)
    except (ValueError, OverflowError):
        return None
