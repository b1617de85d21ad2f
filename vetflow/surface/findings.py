"""Evidence about files, made in one way: with the line of text that a person would open."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from vetflow.model.contents import CrateFile
from vetflow.surface.evidence import Evidence
from vetflow.surface.tiers import Grade, Tier

LONGEST_TEXT: Final = 500
"""Characters of a line that go into evidence; the file has the rest."""
_LONGEST_CHARACTER: Final = 4
"""Bytes of a character in UTF-8."""


def finding(
    rule: str,
    detail: str,
    grade: Grade,
    file: CrateFile,
    *,
    line: int | None,
    sentence: str,
    tier: Tier | None,
    chain: tuple[str, ...] = (),
    when_new: Grade = Grade.EXPECTED,
) -> Evidence:
    """Return evidence in a file; what stands before the slash of the rule's id is its capability."""
    text = "" if line is None else line_text(file.content, line)
    return Evidence(rule, rule.partition("/")[0], detail, grade, tier, file.path, line, text, sentence, chain, when_new)


def line_text(content: bytes, line: int) -> str:
    """Return one line of a file, counted from 1, without its end; empty where there is none.

    Linear in the file for the first line that is asked for, then in the line.
    """
    ends = _line_ends(content)
    if not 0 < line <= len(ends):
        return ""
    start = ends[line - 2] + 1 if line > 1 else 0
    row = content[start : min(ends[line - 1], start + LONGEST_TEXT * _LONGEST_CHARACTER)]
    return row.decode("utf-8", "replace")[:LONGEST_TEXT]


@lru_cache(maxsize=4)
def _line_ends(content: bytes) -> tuple[int, ...]:
    """Return where each line ends. Kept for the files in hand: a hostile one gives rise to thousands of findings."""
    return (*[found.start() for found in re.finditer(b"\n", content)], len(content))
