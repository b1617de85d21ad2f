"""The title row of a review: what is under review, and how far its reader is."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from vetflow.review.answers import Answers
from vetflow.review.session import Pair
from vetflow.surface.tiers import Grade
from vetflow.tui.under_review import UnderReview, Which


def subject(pair: Pair) -> str:
    """Return the crate and its versions."""
    return f"{pair.crate} {f'{pair.base}>{pair.version}' if pair.base else f'{pair.version} (whole)'}"


def progress(under: UnderReview, which: Which, *, is_narrow: bool) -> tuple[str, ...]:
    """Return how much was viewed, and how many findings there are."""
    delta, viewed, build = under.delta, under.viewed(), set(under.delta.build_time)
    grades = Counter(finding.grade for finding in under.findings(which))
    return (
        f"build-time {len(viewed & build)}/{len(build)}{'' if is_narrow else ' viewed'}",
        f"rest {len(viewed - build)}/{len(delta.order) - len(build)}",
        f"!{grades[Grade.ALERT]} ?{grades[Grade.REVIEW]}",
        "" if which is Which.ALL else f"findings: {which.value}",
    )


def checks(answers: Answers | None, room: int, others: Sequence[str]) -> str:
    """Return how much of the checklist was answered; nothing where there is no room, as the versions come first."""
    if answers is None:
        return ""
    done, of = answers.count()
    text = f"checks {done}/{of}"
    return text if len("  ".join(filter(None, (*others, text)))) <= room else ""
