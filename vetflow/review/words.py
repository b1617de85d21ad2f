"""What changed within a line: which removed line became which added one, and the words that differ.

For lines somebody looks at, not for whole deltas. Marks that cover most of a line tell less than none, so there are
none then. Source of the rules: shared spec ux 3.3.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from difflib import SequenceMatcher
from typing import Final, TypeAlias

from vetflow.review.patches import PatchLine

Span: TypeAlias = tuple[int, int]
"""Where something starts and ends in a line, in characters."""

_TOKEN: Final = re.compile(r"\w+|\s+|.", re.DOTALL)
_LONGEST: Final = 2000
_SIMILAR: Final = 0.5
_MOST: Final = 0.6
_AHEAD: Final = 20
"""Among so many added lines the one is looked for that a removed line became."""


def line_pairs(removed: Sequence[PatchLine], added: Sequence[PatchLine]) -> Iterator[tuple[PatchLine, PatchLine]]:
    """Yield which line became which, in a stretch of removed and added lines.

    As many lines before as after are taken in their order; else a line became the next one that is similar.
    """
    if len(removed) == len(added):
        yield from zip(removed, added, strict=True)
        return
    first = 0
    for line in removed:
        for position in range(first, min(first + _AHEAD, len(added))):
            if _are_similar(line.text, added[position].text):
                yield line, added[position]
                first = position + 1
                break


def changed_words(old: str, new: str) -> tuple[tuple[Span, ...], tuple[Span, ...]] | None:
    """Return where two lines differ, in the old and in the new one; None where marks would not help to see it.

    That is for lines over 2,000 characters, and where more than 60 % of a line would be marked.
    """
    if max(len(old), len(new)) > _LONGEST:
        return None
    before, after = _TOKEN.findall(old), _TOKEN.findall(new)
    matcher: SequenceMatcher[str] = SequenceMatcher(None, before, after, autojunk=False)
    changes = [change for change in matcher.get_opcodes() if change[0] != "equal"]
    spans_old = _spans(before, ((first, last) for _, first, last, _, _ in changes))
    spans_new = _spans(after, ((first, last) for _, _, _, first, last in changes))
    if _marked(spans_old) > _MOST * len(old) or _marked(spans_new) > _MOST * len(new):
        return None
    return spans_old, spans_new


def _are_similar(old: str, new: str) -> bool:
    if max(len(old), len(new)) > _LONGEST:
        return False
    matcher: SequenceMatcher[str] = SequenceMatcher(None, _TOKEN.findall(old), _TOKEN.findall(new), autojunk=False)
    return matcher.real_quick_ratio() >= _SIMILAR and matcher.quick_ratio() >= _SIMILAR and matcher.ratio() >= _SIMILAR


def _spans(tokens: Sequence[str], ranges: Iterable[Span]) -> tuple[Span, ...]:
    """Turn ranges of tokens into ranges of characters."""
    starts = [0]
    for token in tokens:
        starts.append(starts[-1] + len(token))
    return tuple((starts[first], starts[last]) for first, last in ranges if last > first)


def _marked(spans: Iterable[Span]) -> int:
    return sum(end - start for start, end in spans)
