"""Moments as statements and key files write them; elsewhere they are seconds since 1970, UTC.

A key file's time must end in `Z`: without it OpenSSH means the time zone of whichever machine reads the file, and a
verdict would depend on that.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Final

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_STATEMENT: Final = re.compile(r"(\d{4})-(\d{2})-(\d{2})T(\d{2}):(\d{2}):(\d{2})Z\Z", re.ASCII)
_KEY_FILE: Final = re.compile(r"(\d{4})(\d{2})(\d{2})(?:(\d{2})(\d{2})(\d{2})?)?Z\Z", re.ASCII)


class MomentError(ValueError):
    """The text is no moment; the message says what one looks like."""


def parse_moment(text: str) -> int:
    """Read `2026-01-31T12:00:00Z`; raises MomentError."""
    match = _STATEMENT.match(text)
    if match is None:
        raise MomentError(f"'{text}' is no time as 2026-01-31T12:00:00Z")
    return _seconds(text, match)


def write_moment(moment: int) -> str:
    """Return a moment as `parse_moment` reads it."""
    return (_EPOCH + timedelta(seconds=moment)).strftime("%Y-%m-%dT%H:%M:%SZ")


def parse_key_time(text: str) -> int:
    """Read `20260131Z`, `202601311200Z` or `20260131120000Z`, as OpenSSH does; raises MomentError."""
    match = _KEY_FILE.match(text)
    if match is None:
        raise MomentError(f"'{text}' is no UTC time as 20260131Z or 20260131120000Z (the Z is needed)")
    return _seconds(text, match)


def write_key_time(moment: int) -> str:
    """Return a moment as `parse_key_time` reads it."""
    return (_EPOCH + timedelta(seconds=moment)).strftime("%Y%m%d%H%M%SZ")


def _seconds(text: str, match: re.Match[str]) -> int:
    try:
        year, month, day, hour, minute, second = (int(part or 0) for part in match.groups())
        moment = datetime(year, month, day, hour, minute, second, tzinfo=UTC)
    except ValueError:
        raise MomentError(f"'{text}' names no day or time that exists") from None
    return int((moment - _EPOCH).total_seconds())
