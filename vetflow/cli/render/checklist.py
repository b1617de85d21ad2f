"""A checklist in a terminal, and for programs (docs/schemas/checklist.json)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from vetflow.app.checklist import Subject
from vetflow.cli.output import Line, Style, Styled
from vetflow.review.answers import Answers, Standing
from vetflow.review.checklist import Question, Site
from vetflow.review.checklist_words import SIGNS, found, place, said
from vetflow.review.nearness import Where
from vetflow.review.session import Verdict

SCHEMA: Final = "vetflow/checklist/1"
_MOST_PLACES: Final = 8
_STYLES: Final = {Verdict.OPEN: Style.TITLE, Verdict.CONSIDERED: Style.FAINT, Verdict.CONCERN: Style.WARN}
_WHERE: Final = {Where.DELTA: "delta", Where.NEAR: "near", Where.ELSEWHERE: "elsewhere"}


def checklist_lines(answers: Answers, subject: Subject, *, everything: bool) -> Iterator[Line]:
    """Yield a checklist for a person. everything: all places, asked about or not."""
    asked = answers.asked
    versions = asked.version if subject.base is None else f"{subject.base} -> {asked.version}"
    done, of = answers.count()
    yield (Styled(f"{asked.crate} {versions}", Style.TITLE), f"  checks {done}/{of}")
    for question in asked.questions:
        yield ()
        standing = answers.standing(question)
        sign = f"[{SIGNS[standing.verdict]}] "
        yield (sign, Styled(question.item.id, _STYLES[standing.verdict]), f"  {question.item.text}")
        yield from ((f"      {line}",) for line in found(question, asked))
        yield from ((f"      {line}",) for line in said(question, answers))
        sites = question.sites if everything else question.wanted[:_MOST_PLACES]
        yield from (_site_line(question, site, answers) for site in sites)
        if left := 0 if everything else len(question.wanted) - len(sites):
            yield (Styled(f"          and {left} more (--all)", Style.FAINT),)
    yield ()
    if asked.replaced:
        yield (f"Of vetflow's items the project words these itself, or never asks them: {', '.join(asked.replaced)}",)
    yield (
        "Only a person answers, in ",
        Styled("vetflow review", Style.COMMAND),
        " (e); what nobody answered is said so.",
    )


def _site_line(question: Question, site: Site, answers: Answers) -> Line:
    tick = answers.tick(question, site.key)
    sign = SIGNS[tick.verdict if tick else Verdict.OPEN]
    where = "" if not answers.asked.is_delta else f" ({site.where.value})"
    return (f"      {sign}   {place(site)}", Styled(where, Style.FAINT))


def checklist_json(answers: Answers, subject: Subject) -> str:
    """Return a checklist as a document."""
    from vetflow.cli.render.report_json import inert  # noqa: PLC0415  most people read the sentences

    done, of = answers.count()
    document = {
        "schema": SCHEMA,
        "crate": answers.asked.crate,
        "base": subject.base,
        "version": answers.asked.version,
        "digest": answers.asked.digest,
        "replaced": list(answers.asked.replaced),
        "weight": answers.weight.value,
        "answered": done,
        "items": of,
        "questions": [_question(each, answers) for each in answers.asked.questions],
    }
    return inert(document)


def _question(question: Question, answers: Answers) -> dict[str, Any]:
    item, standing = question.item, answers.standing(question)
    return {
        "id": item.id,
        "subject": item.subject,
        "text": item.text,
        "criteria": list(item.criteria),
        "scope": item.scope.value,
        "answer": item.answer.value,
        "rules": question.rules,
        "facts": list(question.facts),
        "counts": {_WHERE[where]: question.count(where) for where in Where},
        "standing": _standing(standing),
        "places": [_site(site, question, answers) for site in question.sites],
    }


def _standing(standing: Standing) -> dict[str, Any]:
    return {
        "verdict": standing.verdict.value,
        "done": standing.done,
        "of": standing.of,
        "words": list(standing.words),
    }


def _site(site: Site, question: Question, answers: Answers) -> dict[str, Any]:
    each, tick = site.evidence, answers.tick(question, site.key)
    return {
        "path": each.path,
        "line": each.line,
        "where": _WHERE[site.where],
        "asked": site in question.wanted,
        "rule": each.rule,
        "detail": each.detail,
        "sentence": each.sentence,
        "text": each.text,
        "key": site.key,
        "verdict": (tick.verdict if tick else Verdict.OPEN).value,
        "words": tick.words if tick else "",
    }
