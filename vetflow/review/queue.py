"""The queue: every crate nobody has vetted, in the order in which somebody should read, and a session that fits.

What nobody could measure is in the queue, too, at its end: it has to be read all the same. What must not be read at all
comes first: nobody can vouch for it, and it is in use.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from vetflow.formats.risk_toml import Pace
from vetflow.model.dates import Date
from vetflow.model.decisions import Hold
from vetflow.model.names import CrateName, CriteriaName, ImportName
from vetflow.model.suggestions import CrateDelta
from vetflow.review.risk import Risk
from vetflow.surface.evidence import Evidence
from vetflow.surface.tiers import Grade, Tier


class BuildTime(NamedTuple):
    """How a crate takes part in builds. tiers: how its own code runs; host: linked into what runs; links: natively."""

    tiers: frozenset[Tier] = frozenset()
    host: bool = False
    links: bool = False

    @property
    def letters(self) -> str:
        """`B` build script, `P` proc macro, `L` links a native library, `p` linked into something of these."""
        flags = (
            ("B", Tier.BUILD_SCRIPT in self.tiers),
            ("P", Tier.PROC_MACRO in self.tiers),
            ("L", self.links),
            ("p", self.host and Tier.PROC_MACRO not in self.tiers),
        )
        return "".join(letter for letter, holds in flags if holds)


class QueueRow(NamedTuple):
    """One thing to read: a version, or what changed since a vetted one.

    needs: the criteria that are missing. is_failing: the check fails for it; otherwise it is exempted. lines,
    build_lines: to read, None where nobody knows. risk: None where a crate could not be read. lacking: why that is, or
    why nobody knows the lines. is_refused: it is here and must not be read, or what it is compared with; no lines then.
    evidence: what is new in it and worth a note, the gravest first. accepted: how many findings somebody accepts.
    others: sets of audits that certify this version, imported or not. publisher: who published it, where known.
    """

    delta: CrateDelta
    needs: tuple[CriteriaName, ...]
    is_failing: bool
    used_by: tuple[CrateName, ...]
    dev_only: bool = False
    lines: int | None = None
    build_lines: int | None = None
    build: BuildTime = BuildTime()
    risk: Risk | None = None
    evidence: tuple[Evidence, ...] = ()
    accepted: int = 0
    others: tuple[ImportName, ...] = ()
    published: Date | None = None
    hold: Hold | None = None
    lacking: str | None = None
    is_refused: bool = False

    @property
    def is_build_time(self) -> bool:
        """Whether reading it means reading code that runs while somebody builds."""
        return bool(self.build_lines) or any(
            each.tier in {Tier.BUILD_SCRIPT, Tier.PROC_MACRO} and each.grade >= Grade.REVIEW for each in self.evidence
        )


class Planned(NamedTuple):
    """A row of a session. minutes: what reading it is expected to take."""

    row: QueueRow
    minutes: float


class SessionPlan(NamedTuple):
    """What fits into the time somebody has. rest: rows that do not, held ones not counted; `rest_minutes` for them.

    unmeasured: rows nobody can say anything of.
    """

    planned: tuple[Planned, ...]
    rest: int
    rest_minutes: float
    unmeasured: int

    @property
    def minutes(self) -> float:
        """What the session is expected to take."""
        return sum(each.minutes for each in self.planned)


def in_order(rows: Iterable[QueueRow]) -> tuple[QueueRow, ...]:
    """Sort rows: what fails the check before what is exempted, the riskiest first.

    Before all that comes what is refused, behind it what could not be had.
    """
    return tuple(sorted(rows, key=_urgency))


def _urgency(row: QueueRow) -> tuple[bool, bool, bool, int, int, CrateName, object]:
    points = 0 if row.risk is None else row.risk.points
    name, version = row.delta.name, row.delta.version
    return not row.is_refused, row.risk is None, not row.is_failing, -points, row.lines or 0, name, version


def expected_minutes(row: QueueRow, pace: Pace) -> float | None:
    """Return how long reading takes at a pace; None where nobody knows how much there is to read."""
    if row.lines is None:
        return None
    findings = sum(each.grade >= Grade.REVIEW for each in row.evidence)
    return reading_minutes(pace, row.lines, row.build_lines or 0, findings)


def reading_minutes(pace: Pace, lines: int, build_lines: int, findings: int = 0) -> float:
    """Return how long reading so many lines takes at a pace. build_lines: those of them that run during a build."""
    return (
        pace.crate + pace.finding * findings + build_lines / pace.build_lines + max(0, lines - build_lines) / pace.lines
    )


def plan_session(rows: Sequence[QueueRow], minutes: float, pace: Pace) -> SessionPlan:
    """Choose what to read in so many minutes: build-time code first, the riskiest of it; then what takes least.

    rows: in any order. What does not fit is passed over for what does. Nothing that is held is chosen.
    """
    timed = [(row, expected_minutes(row, pace)) for row in rows if row.hold is None]
    known = [Planned(row, needed) for row, needed in timed if needed is not None]
    known.sort(key=lambda each: (not each.row.is_build_time, *_preference(each)))
    planned: list[Planned] = []
    rest: list[Planned] = []
    left = minutes
    for each in known:
        fits = each.minutes <= left
        (planned if fits else rest).append(each)
        left -= each.minutes if fits else 0
    return SessionPlan(tuple(planned), len(rest), sum(each.minutes for each in rest), len(timed) - len(known))


def _preference(planned: Planned) -> tuple[object, ...]:
    if planned.row.is_build_time:
        return _urgency(planned.row)
    return not planned.row.is_failing, planned.minutes, planned.row.delta.name, planned.row.delta.version
