"""Points in time as crates.io writes them, cut down to the day they fall on in UTC."""

from __future__ import annotations

from vetflow.model.dates import Date


def utc_day(timestamp: object) -> Date | None:
    """Return the UTC day of an RFC 3339 timestamp such as `2026-01-02T03:04:05.678Z`, if it is one."""
    import datetime as dt  # noqa: PLC0415  only where a server's answer is read

    if not isinstance(timestamp, str):
        return None
    try:
        time = dt.datetime.fromisoformat(timestamp)
        if time.tzinfo is None:
            return None
        time = time.astimezone(dt.UTC)
    except (ValueError, OverflowError):
        return None
    return Date(time.year, time.month, time.day)
