"""What a row of the queue says of a crate."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from vetflow.app.review.values import QueueEntry
from vetflow.review.queue import QueueRow
from vetflow.review.session import Session
from vetflow.surface.evidence import Evidence
from vetflow.surface.tiers import Grade

COLUMNS: Final = (
    ("RISK", 6),
    ("CRATE", 19),
    ("DELTA", 19),
    ("NEEDS", 7),
    ("BUILD", 6),
    ("LINES", 10),
    ("SEEN", 6),
    ("FLAGS", 6),
)
"""The widths hold a blank at the end, and fit a terminal of 80 columns; the first cell is the bar's."""


def row_texts(entry: QueueEntry, session: Session, *, is_marked: bool) -> tuple[str, ...]:
    """Return what stands in the columns."""
    pair, row = entry.pair, entry.row
    mark = "*" if is_marked else ""
    return (
        f"{'?' if row.risk is None else row.risk.points:>5}",
        f"{mark}{pair.crate}",
        f"{pair.base or '(none)'} > {pair.version}",
        ", ".join(_short(name) for name in row.needs),
        f"{row.build.letters}{'d' if row.dev_only else ''}",
        f"{_size(row):>9}",
        seen(entry, session),
        "hold" if row.hold else flags(row.evidence),
    )


def seen(entry: QueueEntry, session: Session) -> str:
    """Return how many files were viewed: of the build-time set as long as that is open, then of all."""
    if not entry.files:
        return "-"
    viewed = [file in session.viewed for file in entry.files]
    build = viewed[: entry.build_files]
    if entry.build_files and not all(build):
        return f"{sum(build)}/{len(build)}"
    return "done" if all(viewed) else f"{sum(viewed)}/{len(viewed)}"


def flags(evidence: Iterable[Evidence]) -> str:
    """Return the first letters of what a crate newly can do and deserves a look, each once, the gravest first."""
    letters = dict.fromkeys(
        each.capability[:1].upper() for each in evidence if each.grade_when_new >= Grade.REVIEW and each.capability
    )
    return "".join(letters)


def _size(row: QueueRow) -> str:
    """Return how many lines there are to read, or why nobody knows."""
    if row.is_refused:
        return "refused"
    return format(row.lines, ",") if row.lines is not None else "not here" if row.lacking else "?"


def _short(criterion: str) -> str:
    return criterion.removeprefix("safe-to-")
