"""A first draft of the notes of a certification, made of what somebody looked at; edited, it is theirs.

Only what was viewed is mentioned, and only what they would have to type again: what was found there, and their own
notes on lines. Nothing is claimed about either.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from vetflow.surface.evidence import Evidence
from vetflow.surface.tiers import Grade
from vetflow.text import shown


def draft_notes(findings: Iterable[Evidence], viewed: frozenset[str], notes: Mapping[tuple[str, int], str]) -> str:
    """Return the draft, a line for each thing; empty when nothing was looked at.

    findings: of the crate. viewed: the paths of the files that were. notes: by path and line (negative: a line that is
    gone).
    """
    return "\n".join([*_found(findings, viewed), *_noted(notes)])


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
