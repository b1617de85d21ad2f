"""A checklist in words, the same on a screen and in a terminal: how much was found, where, what people said."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from vetflow.review.answers import Answers
from vetflow.review.checklist import Checklist, Question, Site
from vetflow.review.nearness import Where
from vetflow.review.session import Verdict

SIGNS: Final[Mapping[Verdict, str]] = {Verdict.OPEN: " ", Verdict.CONSIDERED: "x", Verdict.CONCERN: "!"}
"""The sign of an item, by how it stands."""


def counts(question: Question, asked: Checklist) -> str:
    """Return how many places there are, in few words: `3 in delta, 5 near, 37 in 1.0.80`."""
    if not question.sites:
        nothing = "no evidence found" if question.rules else "not known"
        return f"{len(question.facts)} known" if question.facts else nothing
    whole = f"{len(question.sites)} in {asked.version}"
    if not asked.is_delta:
        return whole
    near = question.count(Where.NEAR)
    return ", ".join([f"{question.count(Where.DELTA)} in delta", *([f"{near} near"] if near else []), whole])


def found(question: Question, asked: Checklist | None) -> list[str]:
    """Return what is known for an item, line by line. asked: to count places in; None to leave counts out."""
    lines = list(question.facts)
    if not question.rules:  # what it asks about stands in no file
        return lines or ["nothing of it is known here"]
    if not question.sites:
        return [*lines, f"no evidence found ({_rules(question.rules)}, not a proof)"]
    if asked is not None:
        lines.append(counts(question, asked))
    if not question.wanted:
        lines.append(f"no evidence found where it is asked about ({_rules(question.rules)}, not a proof)")
    return lines


def place(site: Site) -> str:
    """Return where a place is, and what was seen there."""
    each = site.evidence
    where = each.path if each.line is None else f"{each.path}:{each.line}"
    return f"{where}  {each.detail}"


def said(question: Question, answers: Answers) -> list[str]:
    """Return what a person made of an item, line by line; empty while nobody did."""
    standing = answers.standing(question)
    lines = [f"{standing.done} of {standing.of} places considered"] if standing.done and standing.of > 1 else []
    if standing.verdict is Verdict.CONSIDERED and standing.of == 1:
        lines.append("considered")
    if standing.verdict is Verdict.CONCERN:
        lines.append("a concern:")
    return [*lines, *standing.words]


def _rules(count: int) -> str:
    return f"{count} rule{'' if count == 1 else 's'}"
