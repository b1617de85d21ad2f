"""A first draft of the notes of a certification, made of what somebody looked at; edited, it is theirs.

Only what was viewed or answered is mentioned, and only what they would have to type again: what was found there, what
they said of items of the checklist, and their own notes on lines. Nothing is claimed about any of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from vetflow.review.answers import Answers
from vetflow.review.checklist import Question
from vetflow.review.session import Verdict
from vetflow.surface.evidence import Evidence
from vetflow.surface.tiers import Grade
from vetflow.text import shown

_NAMED: Final = 4


def draft_notes(findings: Iterable[Evidence], viewed: frozenset[str], notes: Mapping[tuple[str, int], str]) -> str:
    """Return the draft, a line for each thing; empty when nothing was looked at.

    findings: of the crate. viewed: the paths of the files that were. notes: by path and line (negative: a line that is
    gone).
    """
    return "\n".join([*_found(findings, viewed), *_noted(notes)])


def checked_notes(answers: Answers) -> str:
    """Return a draft of what was made of a checklist: concerns first, what was considered, what was not found.

    What nobody answered is not mentioned: the statement lists it.
    """
    standing = [(each, answers.standing(each)) for each in answers.asked.questions]
    concerns = [(each, how.words) for each, how in standing if how.verdict is Verdict.CONCERN]
    answered = [(each, how.words) for each, how in standing if how.verdict is Verdict.CONSIDERED]
    absent = [shown(each.item.subject) for each, words in answered if not each.wanted and not words]
    return "\n".join(
        [
            *(f"Concern, {shown(each.item.subject)}: {'; '.join(words)}." for each, words in concerns),
            *(_considered(each, words) for each, words in answered if each.wanted or words),
            *([f"No evidence found of: {'; '.join(absent)}."] if absent else []),
        ]
    )


def _considered(question: Question, words: Iterable[str]) -> str:
    said = "; ".join(words)
    if not question.is_by_site:
        return f"{shown(question.item.subject[:1].upper())}{shown(question.item.subject[1:])}: {said}."
    lines: dict[str, list[str]] = {}
    for site in question.wanted:
        each = site.evidence
        lines.setdefault(each.path, []).extend([str(each.line)] if each.line is not None else [])
    where = [
        f"{shown(path)}:{','.join(dict.fromkeys(found))}" if found else shown(path) for path, found in lines.items()
    ]
    more = f" and {len(where) - _NAMED} more files" if len(where) > _NAMED else ""
    return (
        f"Considered: {shown(question.item.subject)} ({'; '.join(where[:_NAMED])}{more}).{f' {said}' if said else ''}"
    )


def _found(findings: Iterable[Evidence], viewed: frozenset[str]) -> Iterator[str]:
    told: dict[tuple[str, str], list[int]] = {}
    for each in findings:
        if each.grade >= Grade.REVIEW and each.path in viewed:
            told.setdefault((each.path, each.sentence), []).extend([each.line] if each.line is not None else [])
    for (path, sentence), lines in told.items():
        where = f":{','.join(str(line) for line in sorted(set(lines)))}" if lines else ""
        yield f"Considered: {shown(path)}{where} {shown(sentence)}."


def _noted(notes: Mapping[tuple[str, int], str]) -> Iterator[str]:
    for (path, line), text in sorted(notes.items()):
        yield f"{shown(path)}:{abs(line)}{' (removed)' if line < 0 else ''}: {text}"
