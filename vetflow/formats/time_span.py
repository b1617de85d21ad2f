"""Spans of time as cargo's configuration writes them: `3 days`, `12 hours`, `0`."""

from __future__ import annotations

import re
from typing import Final

_SPAN: Final = re.compile(r"([0-9]{1,9}) ?([a-z]+?)s?\Z")
_SECONDS: Final = {
    "second": 1,
    "minute": 60,
    "hour": 3_600,
    "day": 86_400,
    "week": 604_800,
    "month": 2_629_746,
}
"""A month is a twelfth of a mean year, as in cargo."""


class TimeSpanError(ValueError):
    """The text is no span of time; the message says what one is."""


def parse_time_span(text: str) -> int:
    """Return the seconds of a span: a whole number and `seconds`, `minutes`, … `months`, or a lone `0`."""
    if text == "0":
        return 0
    match = _SPAN.match(text)
    if match is None or match[2] not in _SECONDS:
        raise TimeSpanError(f"'{text}' is no span of time such as `3 days` or `12 hours`")
    return int(match[1]) * _SECONDS[match[2]]


def spell_time_span(seconds: int) -> str:
    """Return a span in words for a person, in the largest unit that fits at least twice; rounded down."""
    for unit in ("day", "hour", "minute"):
        if (count := seconds // _SECONDS[unit]) >= 2:
            return f"{count} {unit}s"
    return f"{seconds} seconds"
