"""The words of the plain commands for the screens of the review: lines without styles."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from vetflow.app.imports.coverage import ImportCoverage
from vetflow.app.review.words import Lines, Words
from vetflow.cli.output import Line
from vetflow.cli.render import import_coverage, who, why
from vetflow.cli.render.delta import head_lines
from vetflow.cli.render.delta_base import base_lines
from vetflow.cli.render.family import family_lines
from vetflow.cli.render.import_review import review_lines
from vetflow.cli.render.inspected import inspected_head
from vetflow.cli.render.queue import reasons
from vetflow.cli.render.why import NodeLine
from vetflow.cli.render.write_plan import diff_lines
from vetflow.cli.statements import criterion_text
from vetflow.model.names import CriteriaName
from vetflow.model.packages import Node
from vetflow.model.store import CriteriaEntry
from vetflow.review.queue import QueueRow

_REASONS: Final = 8


def plain(lines: Iterable[Line]) -> list[str]:
    """Return lines without their styles."""
    return ["".join(piece if isinstance(piece, str) else piece.text for piece in line) for line in lines]


def _with_nodes(lines: Iterable[NodeLine]) -> list[tuple[str, Node | None]]:
    return [(text, node) for line, node in lines for text in plain([line])]


def _row(row: QueueRow) -> list[str]:
    return list(reasons(row, _REASONS))


def _coverage(coverage: ImportCoverage) -> dict[str, Lines]:
    return {each.known.name: plain(import_coverage.set_lines(each, coverage.graph)) for each in coverage.sets}


def _criterion(name: CriteriaName, entry: CriteriaEntry | None) -> str:
    return criterion_text(name, {} if entry is None else {name: entry})


WORDS: Final = Words(
    row=_row,
    delta=lambda delta: plain(head_lines(delta)),
    inspected=lambda crate: plain(inspected_head(crate)),
    base=lambda proposed, criteria: plain(base_lines(proposed, criteria)),
    ways=lambda answers: _with_nodes(why.ways(answers)),
    dependents=lambda answers: _with_nodes(why.dependents(answers)),
    who=lambda answer: plain(who.as_lines(answer)),
    coverage=_coverage,
    import_review=lambda review: plain(review_lines(review)),
    family=lambda family, unread: plain(family_lines(family, unread)),
    difference=lambda plan: plain(diff_lines(plan)),
    criterion=_criterion,
)
