"""What a policy would have said of a lock's past, and the sums of that.

Every third-party package that a commit brings into the lock is one change. It passes, or somebody reads, or it stops;
or nobody can tell, which is counted by itself and never taken for passing. What is said of a package that was locked
before (an advisory, code that began to run) is an event, and no change.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import Enum
from typing import NamedTuple

from vetflow.formats.risk_toml import Pace
from vetflow.model.findings import Finding
from vetflow.model.names import CrateName
from vetflow.model.version import VetVersion
from vetflow.review.queue import reading_minutes
from vetflow.trust.decision import Decision
from vetflow.trust.moments import write_moment

_ONLY_WAITS = "cool-down/"
_IS_READ = "gate/"


class Reads(Enum):
    """What of a crate an event asks somebody to read; ALL is what is linked into a build script or proc macro."""

    NOTHING = "nothing"
    BUILD_TIME = "build-time"
    ALL = "all"


class Event(NamedTuple):
    """Something the policy would have said of a crate.

    at: seconds since 1970. commit: the one that brought it, or that was in force. old: the version before; None where
    there was none, the same where the lock did not change. is_change: the commit brought this version. minutes: None
    where nobody knows how much there is to read.
    """

    at: int
    commit: str
    crate: CrateName
    old: VetVersion | None
    new: VetVersion
    decision: Decision
    findings: tuple[Finding, ...]
    reads: Reads
    is_change: bool
    minutes: float | None = None

    @property
    def base(self) -> VetVersion | None:
        """The version since which there is something to read; None where all of the new one is."""
        return None if self.old == self.new else self.old

    def timed(self, lines: int | None, build_lines: int | None, pace: Pace) -> Event:
        """Return it with its minutes, by the queue's model. lines: of the whole change, None where nobody knows.

        Waiting costs nobody minutes. The gate asks for reading; of everything else somebody must make up their mind.
        """
        if all(each.id.startswith(_ONLY_WAITS) for each in self.findings):
            return self._replace(minutes=0.0)
        if (self.reads is not Reads.NOTHING and build_lines is None) or (self.reads is Reads.ALL and lines is None):
            return self
        build = build_lines if self.reads is not Reads.NOTHING and build_lines else 0
        whole = lines if self.reads is Reads.ALL and lines else build
        looks = sum(not each.id.startswith((_ONLY_WAITS, _IS_READ)) for each in self.findings)
        return self._replace(minutes=reading_minutes(pace, whole, build, looks))


class Unknown(NamedTuple):
    """A change of which nobody can tell whether it would have passed. why: half a sentence."""

    crate: CrateName
    version: VetVersion
    why: str


class Step(NamedTuple):
    """One commit that changed the lock. bumps: the changes that take the place of another version of the crate.

    is_first: it brings nothing, and is told for what became known while its lock was in force.
    """

    at: int
    commit: str
    changes: int
    bumps: int
    events: tuple[Event, ...]
    unknown: tuple[Unknown, ...]
    is_first: bool = False


class Sums(NamedTuple):
    """What steps come to. passed, unknown: changes; reviews, stops: events. unmeasured: events of unknown minutes."""

    commits: int = 0
    changes: int = 0
    bumps: int = 0
    passed: int = 0
    unknown: int = 0
    reviews: int = 0
    stops: int = 0
    minutes: float = 0.0
    unmeasured: int = 0

    def plus(self, other: Sums) -> Sums:
        """Return both together."""
        return Sums(
            self.commits + other.commits,
            self.changes + other.changes,
            self.bumps + other.bumps,
            self.passed + other.passed,
            self.unknown + other.unknown,
            self.reviews + other.reviews,
            self.stops + other.stops,
            self.minutes + other.minutes,
            self.unmeasured + other.unmeasured,
        )


def month_of(at: int) -> str:
    """Return the month (UTC) of a moment, such as `2026-01`."""
    return write_moment(at)[:7]


def by_month(steps: Iterable[Step]) -> Mapping[str, Sums]:
    """Return the sums of each month, the first one first; an event counts when it happened. Linear in the steps."""
    months: dict[str, Sums] = {}

    def add(at: int, sums: Sums) -> None:
        months[month_of(at)] = months.get(month_of(at), Sums()).plus(sums)

    for step in steps:
        told = {(each.crate, each.new) for each in step.events if each.is_change}
        unknown = {(each.crate, each.version) for each in step.unknown} - told
        passed = step.changes - len(told) - len(unknown)
        add(step.at, Sums(not step.is_first, step.changes, step.bumps, passed, len(unknown)))
        for event in step.events:
            stops = event.decision is Decision.STOP
            lacks = event.minutes is None
            add(event.at, Sums(reviews=not stops, stops=stops, minutes=event.minutes or 0.0, unmeasured=lacks))
    return dict(sorted(months.items()))


def in_all(steps: Iterable[Step]) -> Sums:
    """Return the sums of all steps."""
    total = Sums()
    for sums in by_month(steps).values():
        total = total.plus(sums)
    return total
