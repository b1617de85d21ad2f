"""What somebody should ask of a crate before they vouch for it: items of checklists, as data.

An item names what evidence bears on it; what is found, and what a person makes of it, is the business of
`review.checklist` and `review.answers`. Source: shared spec users C2.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum
from typing import NamedTuple

from vetflow.model.names import CriteriaName


class Scope(Enum):
    """Which places of a version are to be looked at; the value is the file's word."""

    DELTA = "delta"
    """Those on changed lines."""
    NEAR = "near"
    """Those in the same module or type as a changed line, and on none: what a change may break."""
    FINAL = "final"
    """All of the version that is vouched for, whatever changed."""


class Answer(Enum):
    """How an item is answered; the value is the file's word."""

    SITES = "sites"
    """Each place that is to be looked at, by itself or all at once."""
    YES_NO = "yes-no-na"
    TEXT = "text"


class Blocks(Enum):
    """When an item stands in the way of a criterion; the value is the file's word."""

    PLACES = "places"
    """As long as there is a place: the criterion says that there is none."""
    UNANSWERED = "unanswered"


class Condition(NamedTuple):
    """Of which crates an item is asked: those with code in one of the tiers, and with evidence of each of `has`.

    tiers: `build-script`, `proc-macro`, `host-library` or `runtime`; none is "of any". They also say which evidence
    counts.
    """

    tiers: tuple[str, ...] = ()
    has: tuple[str, ...] = ()


class ChecklistItem(NamedTuple):
    """One question.

    id: `group.name`, stable: answers and statements refer to it. subject: what it is about, a noun phrase for lists and
    notes. criteria: what it is asked for, names in which `*` stands for any letters. evidence: capabilities, or ids of
    rules. words: parts of identifiers, crates: names of dependencies, both with `*`. blocks: by criterion.
    """

    id: str
    subject: str
    text: str
    criteria: tuple[CriteriaName, ...]
    when: Condition = Condition()
    evidence: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    crates: tuple[str, ...] = ()
    scope: Scope = Scope.FINAL
    answer: Answer = Answer.SITES
    blocks: Mapping[CriteriaName, Blocks] = {}
