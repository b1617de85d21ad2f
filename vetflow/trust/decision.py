"""One word for a proposal: nothing to do, somebody must read, or stop.

What reading settles (a crate that is not vetted, code that nobody attests) is never a stop, however much it weighs:
the work is known, and commands for it are in the report. What fails and no reading settles, is.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import Enum
from typing import Final, NamedTuple

from vetflow.model.findings import Finding, Level

_READING_SETTLES: Final = (
    "vet/unvetted",
    "gate/",
    "growth/",
    "audits/",
    "drift/new-edge",
    "drift/became-privileged",
    "policy/unvouched",
)


class Decision(Enum):
    """What a proposal needs; the value is the word in reports."""

    NONE = "none"
    REVIEW = "review"
    STOP = "stop"


class Judged(NamedTuple):
    """A finding at the level the rules give it.

    decides: it is about what the proposal brings, not older. breach: it breaks a rule, whatever that weighs.
    """

    finding: Finding
    decides: bool
    breach: bool = False


def urgency(row: Judged) -> tuple[bool, bool, int]:
    """Return what rows are sorted by: what stops first, then what the proposal brings, by weight."""
    return not _stops(row.finding), not row.decides, -list(Level).index(row.finding.level)


def _stops(finding: Finding) -> bool:
    return finding.level is Level.FAIL and not finding.id.startswith(_READING_SETTLES)


def decide(rows: Iterable[Judged], *, undecided: bool) -> Decision:
    """Return the word. undecided: something could not be found out, of which somebody must know."""
    decision = Decision.REVIEW if undecided else Decision.NONE
    for row in rows:
        level = row.finding.level
        if _stops(row.finding):
            return Decision.STOP
        if level is Level.FAIL or (level is Level.WARN and row.decides):
            decision = Decision.REVIEW
    return decision
