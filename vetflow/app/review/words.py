"""How the results of use cases are told to people in a review: given from above, in the words of the plain commands."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple, TypeAlias

from vetflow.app.certify import Proposal
from vetflow.app.imports.coverage import ImportCoverage
from vetflow.app.imports.review import ImportReview
from vetflow.app.recording import WritePlan
from vetflow.app.review_crates import InspectedCrate, ReviewedDelta
from vetflow.app.who import Who
from vetflow.app.why import Why
from vetflow.model.criteria import Criteria
from vetflow.model.names import CriteriaName
from vetflow.model.packages import Node
from vetflow.model.store import CriteriaEntry
from vetflow.review.families import Family
from vetflow.review.queue import QueueRow

Lines: TypeAlias = Sequence[str]
NodeLines: TypeAlias = Sequence[tuple[str, Node | None]]
"""Lines, each with the package it names."""


class Words(NamedTuple):
    """One function for each kind of result; all give lines without styles."""

    row: Callable[[QueueRow], Lines]
    delta: Callable[[ReviewedDelta], Lines]
    inspected: Callable[[InspectedCrate], Lines]
    base: Callable[[Proposal, Criteria], Lines]
    ways: Callable[[Sequence[Why]], NodeLines]
    dependents: Callable[[Sequence[Why]], NodeLines]
    who: Callable[[Who], Lines]
    coverage: Callable[[ImportCoverage], dict[str, Lines]]
    import_review: Callable[[ImportReview], Lines]
    family: Callable[[Family, Sequence[str]], Lines]
    difference: Callable[[WritePlan], Lines]
    criterion: Callable[[CriteriaName, CriteriaEntry | None], str]
