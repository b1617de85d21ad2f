"""Calendar days as cargo-vet's files name them: proleptic Gregorian, UTC, years of any length.

Shared spec format 2.5. `datetime.date` ends at the years 1 and 9999, which the files do not.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Final, NamedTuple

from vetflow.model.version import WHITE_SPACE

MIN_YEAR: Final = -262144
MAX_YEAR: Final = 262143
_PLAIN = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})\Z")
_NUMBER = re.compile(r"[0-9]+")
_DAYS_IN_MONTH: Final = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


class DateSyntaxError(ValueError):
    """The text is no date; the message says why, in cargo-vet's words."""


class Date(NamedTuple):
    """A day. Dates compare in time order."""

    year: int
    month: int
    day: int

    def __str__(self) -> str:
        """Return it as cargo-vet writes it: `2026-01-02`, with a sign outside the years 0 to 9999."""
        year = f"{self.year:04}" if 0 <= self.year <= 9999 else f"{self.year:+05}"
        return f"{year}-{self.month:02}-{self.day:02}"

    def plus_months(self, months: int) -> Date:
        """Return the day `months` calendar months later, the last of the month where there is no such day."""
        years, month = divmod(self.month - 1 + months, 12)
        year = self.year + years
        return Date(year, month + 1, min(self.day, days_in_month(year, month + 1)))

    def plus_days(self, days: int) -> Date:
        """Return the day `days` later, or earlier when negative."""
        year, month, day = self.year, self.month, self.day + days
        while day > (length := days_in_month(year, month)):
            day -= length
            year, month = (year, month + 1) if month < 12 else (year + 1, 1)
        while day < 1:
            year, month = (year, month - 1) if month > 1 else (year - 1, 12)
            day += days_in_month(year, month)
        return Date(year, month, day)


def days_in_month(year: int, month: int) -> int:
    """Return the number of days of a month."""
    is_leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    return 29 if month == 2 and is_leap else _DAYS_IN_MONTH[month - 1]


@cache
def parse_date(text: str) -> Date:
    """Read `YYYY-MM-DD` as leniently as cargo-vet does; raises DateSyntaxError.

    Blanks may surround each number, leading zeros may be missing, a year with a sign may have more digits.
    """
    plain = _PLAIN.match(text)
    date = Date(int(plain[1]), int(plain[2]), int(plain[3])) if plain else _scan_date(text)
    if not (
        MIN_YEAR <= date.year <= MAX_YEAR
        and 1 <= date.month <= 12
        and 1 <= date.day <= days_in_month(date.year, date.month)
    ):
        raise DateSyntaxError("input is out of range")
    return date


def _scan_date(text: str) -> Date:
    rest = text.lstrip(WHITE_SPACE)
    sign = rest[:1] if rest[:1] in ("+", "-") else ""
    year, rest = _scan_number(rest[len(sign) :], None if sign else 4)
    month, rest = _scan_number(_scan_hyphen(rest).lstrip(WHITE_SPACE), 2)
    day, rest = _scan_number(_scan_hyphen(rest).lstrip(WHITE_SPACE), 2)
    if rest.lstrip(WHITE_SPACE):
        raise DateSyntaxError("trailing input")
    return Date(-year if sign == "-" else year, month, day)


def _scan_number(text: str, width: int | None) -> tuple[int, str]:
    """Read a number of at most `width` digits; return it and the rest."""
    match = _NUMBER.match(text[:width])
    if match is None:
        raise DateSyntaxError("input contains invalid characters" if text else "premature end of input")
    if len(match[0].lstrip("0")) > 18:
        raise DateSyntaxError("input is out of range")
    return int(match[0].lstrip("0") or "0"), text[len(match[0]) :]


def _scan_hyphen(text: str) -> str:
    text = text.lstrip(WHITE_SPACE)
    if not text:
        raise DateSyntaxError("premature end of input")
    if text[0] != "-":
        raise DateSyntaxError("input contains invalid characters")
    return text[1:]
