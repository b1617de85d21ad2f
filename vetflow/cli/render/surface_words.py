"""Words that all views of a build-time surface share: of grades, tiers, and of what a tool cannot know."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from vetflow.app.surface import SurfaceFinding
from vetflow.cli.output import Style, Styled
from vetflow.surface.evidence import Evidence
from vetflow.surface.tiers import Grade, Tier

GRADES: Final = {Grade.EXPECTED: "expected", Grade.NOTE: "note", Grade.REVIEW: "review", Grade.ALERT: "alert"}
TIERS: Final = {
    Tier.BUILD_SCRIPT: "build script",
    Tier.PROC_MACRO: "proc macro",
    Tier.HOST_LIBRARY: "library used during the build",
    Tier.INPUT: "named or compiled by the above",
    Tier.MANIFEST: "manifest",
}
NO_PROOF: Final = "no evidence found is no proof that there is none"

_STYLES: Final = {Grade.ALERT: Style.BAD, Grade.REVIEW: Style.WARN}
_MOST_DETAILS: Final = 2
_LONGEST_DETAIL: Final = 32


def graded(grade: Grade, text: str | None = None) -> Styled:
    """Return a grade's word, or another text in its colour."""
    return Styled(text or GRADES[grade], _STYLES.get(grade, Style.FAINT))


def tier_words(tiers: Iterable[Tier]) -> str:
    """Say how code comes to run during the build."""
    return " and ".join(TIERS[tier] for tier in tiers)


def abilities(findings: Iterable[SurfaceFinding]) -> str:
    """Sum up what deserves a look: capabilities with some of their details, the highest grades first."""
    return "; ".join(f"{capability}: {_some(details)}" for capability, details in _abilities(findings).items())


def capabilities(findings: Iterable[SurfaceFinding]) -> str:
    """Sum it up in less space: the capabilities alone."""
    return ", ".join(_abilities(findings))


def _abilities(findings: Iterable[SurfaceFinding]) -> dict[str, list[str]]:
    """Return the details of each capability that deserves a look, each once."""
    details: dict[str, dict[str, None]] = {}
    for each in findings:
        if each.acceptance is None and each.evidence.grade >= Grade.REVIEW:
            details.setdefault(each.evidence.capability, {})[each.evidence.detail] = None
    return {capability: list(found) for capability, found in details.items()}


def place_of(evidence: Evidence) -> str:
    """Return where evidence stands, as `path:line`."""
    return evidence.path if evidence.line is None else f"{evidence.path}:{evidence.line}"


def _some(details: list[str]) -> str:
    more = len(details) - _MOST_DETAILS
    return ", ".join(map(_clipped, details[:_MOST_DETAILS])) + (f" and {more} more" if more > 0 else "")


def _clipped(detail: str) -> str:
    return detail if len(detail) <= _LONGEST_DETAIL else f"{detail[: _LONGEST_DETAIL - 1]}…"
