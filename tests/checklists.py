"""Crates under review made up in memory, and vetflow's checklist asked of them."""

from __future__ import annotations

from collections.abc import Mapping

from tests.deltas import diff_of
from tests.surfaces import published
from vetflow.app.checklist import Subject, checklist_of
from vetflow.model.contents import CrateFiles
from vetflow.model.rules import ChecklistWeight
from vetflow.review.answers import Answers
from vetflow.review.checklist import Checklist, Question
from vetflow.review.session import Record, Tick, Verdict, session_of

Files = Mapping[str, str | bytes]

OLD = "1.0.0"
NEW = "1.1.0"
NOW = "2026-01-02T03:04:05Z"


def subject(new: CrateFiles, old: CrateFiles | None = None, *, host: bool = False) -> Subject:
    """Return what is asked about: a delta where there is an old crate."""
    diff = None if old is None else diff_of(old, new)
    return Subject("wrenfold", NEW, None if old is None else OLD, old or {}, new, diff, host)


def asked(new: Files, old: Files | None = None, *, tables: str = "", host: bool = False) -> Checklist:
    """Ask a made-up package everything that vetflow asks. tables: what follows its `[package]`."""
    before = None if old is None else published(old, tables=tables)
    return checklist_of(subject(published(new, tables=tables), before, host=host), None)


def question(checklist: Checklist, item: str) -> Question:
    """Return an item that was asked."""
    return next(each for each in checklist.questions if each.item.id == item)


def places(checklist: Checklist, item: str) -> list[str]:
    """Return the places of an item that are to be looked at, as `path:line`."""
    return [f"{site.evidence.path}:{site.evidence.line}" for site in question(checklist, item).wanted]


def ticks(item: Question, verdict: Verdict = Verdict.CONSIDERED, words: str = "") -> list[Record]:
    """Return the answer of a person to all of an item."""
    return [Tick("wrenfold", item.item.id, key, verdict, words, NOW) for key in item.keys]


def answers(
    checklist: Checklist,
    *records: Record,
    weight: ChecklistWeight = ChecklistWeight.LIGHT,
    criterion: str | None = None,
) -> Answers:
    """Return a checklist with what a person answered."""
    narrowed = checklist if criterion is None else checklist.for_criteria([criterion])
    return Answers(narrowed, session_of(records).ticks, weight)
