"""The lines of a patch: parsing them, applying them, and telling which change nothing but white space.

A line ends with a line feed and with nothing else. What Unicode or Python call line breaks (a lone CR, form feed, NEL,
U+2028) stays inside the line, as it does for the compiler.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from io import StringIO
from itertools import groupby
from typing import TYPE_CHECKING, Final

from vetflow.review.patches import Hunk, LineKind, PatchLine

if TYPE_CHECKING:
    from unidiff.patch import Line

_FILE_HEADER: Final = "--- a\n+++ b\n"
_KINDS: Final = {kind.value: kind for kind in LineKind}
_END_OF_FILE: Final = "\\"
_BLANKS: Final = re.compile(r"[ \t]+")


def parse_hunks(text: bytes) -> tuple[Hunk, ...]:
    """Return the hunks of one file. text: from the first `@@` on. Linear; raises ValueError for what is no patch."""
    from unidiff.errors import UnidiffParseError  # noqa: PLC0415  who asks for no lines does not pay for it
    from unidiff.patch import PatchSet  # noqa: PLC0415

    if not text:
        return ()
    source = StringIO(_FILE_HEADER + text.decode("utf-8", "surrogateescape"), newline="\n")
    try:
        (file,) = PatchSet(source)
    except UnidiffParseError as error:
        raise ValueError(str(error)) from None
    if text.count(b"\n") != sum(1 + len(hunk) for hunk in file):
        raise ValueError("there is more than hunks")  # what unidiff does not understand between hunks it skips
    return tuple(
        Hunk(hunk.source_start, hunk.target_start, tuple(_lines(hunk, hunk.source_start, hunk.target_start)))
        for hunk in file
    )


def _lines(parsed: Iterable[Line], old: int, new: int) -> Iterator[PatchLine]:
    """Yield the lines of a hunk, counted from two numbers on.

    None of unidiff's own numbers is kept: in a large patch they would hold on to the memory of all its objects.
    """
    last: PatchLine | None = None
    for line in parsed:
        if line.line_type == _END_OF_FILE:
            last = last and last._replace(has_newline=False)
            continue
        if last is not None:
            yield last
        kind = _KINDS[line.line_type]
        is_old, is_new = kind is not LineKind.ADDED, kind is not LineKind.REMOVED
        last = PatchLine(kind, old if is_old else None, new if is_new else None, line.value[:-1])
        old, new = old + is_old, new + is_new
    if last is not None:
        yield last


def apply_hunks(old: bytes, hunks: Sequence[Hunk]) -> bytes | None:
    """Return the old text with the hunks applied to it; None when they do not fit, in a number or in a byte."""
    lines = split_lines(old)
    applied: list[bytes] = []
    position = 0
    for hunk in hunks:
        taken = [_bytes(line) for line in hunk.lines if line.kind is not LineKind.ADDED]
        start = hunk.old_start - 1 if taken else hunk.old_start  # a hunk that takes nothing names the line before it
        if start < position or lines[start : start + len(taken)] != taken:
            return None
        applied += lines[position:start]
        applied += [_bytes(line) for line in hunk.lines if line.kind is not LineKind.REMOVED]
        position = start + len(taken)
    return b"".join([*applied, *lines[position:]])


def split_lines(content: bytes) -> list[bytes]:
    """Return the lines of a file, each with the line feed that ends it."""
    *lines, last = content.split(b"\n")
    return [line + b"\n" for line in lines] + ([last] if last else [])


def _bytes(line: PatchLine) -> bytes:
    return line.text.encode("utf-8", "surrogateescape") + (b"\n" if line.has_newline else b"")


def runs(hunk: Hunk) -> Iterator[tuple[list[PatchLine], list[PatchLine]]]:
    """Yield the removed and the added lines of each stretch of changed lines."""
    for changed, lines in groupby(hunk.lines, key=lambda line: line.kind is not LineKind.CONTEXT):
        if changed:
            both = list(lines)
            yield (
                [line for line in both if line.kind is LineKind.REMOVED],
                [line for line in both if line.kind is LineKind.ADDED],
            )


def changes_only_white_space(hunk: Hunk) -> bool:
    """Whether all that changed is the amount of blanks between or around words, or empty lines.

    Blanks where there were none, or none where there were some, are a change: `a b` is not `ab`. What it says is true
    of the text, not of its meaning: in a string or in TOML white space can matter.
    """
    return all(_words(removed) == _words(added) for removed, added in runs(hunk))


def _words(lines: Iterable[PatchLine]) -> list[str]:
    texts = (_BLANKS.sub(" ", line.text.removesuffix("\r")).strip(" ") for line in lines)
    return [text for text in texts if text]
