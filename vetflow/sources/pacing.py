"""When a request may be sent: pauses between requests to one server, and before a failed one is repeated."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable
from typing import Final, NamedTuple

BURST: Final = 5
"""How many requests may be sent at once, after a quiet while, to a server that wants few of them."""
FIRST_DELAY: Final = 0.5
LONGEST_DELAY: Final = 10.0
LONGEST_RETRY_AFTER: Final = 30.0
"""A server that asks for a longer pause than this is not asked again in this run."""


class Clock(NamedTuple):
    """Time and chance, so that a test needs neither. now: seconds since 1970."""

    now: Callable[[], float] = time.time
    monotonic: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep
    random: Callable[[], float] = random.random


class Pace:
    """One request every `interval` seconds on average, up to `BURST` of them at once. Shared by threads."""

    def __init__(self, interval: float, clock: Clock) -> None:
        self._interval = interval
        self._clock = clock
        self._booked = clock.monotonic()
        self._lock = threading.Lock()

    def wait(self) -> None:
        """Return when the next request may be sent."""
        with self._lock:
            now = self._clock.monotonic()
            self._booked = max(self._booked, now) + self._interval
            pause = self._booked - BURST * self._interval - now
        if pause > 0:
            self._clock.sleep(pause)


def backoff(failures: int, chance: float) -> float:
    """Return how long to wait after the given number of failures, at least one.

    Doubling from one pause to the next, spread by half to either side, so that clients that failed together
    do not come back together. chance: from 0 to 1.
    """
    return min(LONGEST_DELAY, FIRST_DELAY * 2.0 ** (failures - 1)) * (0.5 + chance)


def retry_after(header: str | None, now: float) -> float | None:
    """Return the seconds a `Retry-After` header, a number or a date, asks to wait; None for no such thing."""
    if header is None:
        return None
    if header.strip().isascii() and header.strip().isdigit():
        return float(header)
    from email.utils import parsedate_to_datetime  # noqa: PLC0415  rare

    try:
        return max(0.0, parsedate_to_datetime(header).timestamp() - now)
    except (ValueError, OverflowError):
        return None
