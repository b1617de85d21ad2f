"""Make text safe to show: what is not plainly printable becomes visible and inert, and is told by spans.

`show` takes one line of somebody's text; `show_lines` a whole file of it, `shown` names and sentences that stand in a
line of ours. Whatever is replaced, wherever, is replaced here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final, NamedTuple

from vetflow.text.characters import Kind, is_plain, kind_of, picture

MOST_CELLS: Final = 4_000
"""How much of a line is shown. Longer ones are generated, or meant not to be read to their end."""
TAB_STOP: Final = 4
_MARK: Final = 16
"""Room for the mark at the end of a line that was cut."""
_RUN: Final = re.compile(r"[ -~]+|[^ -~]")
"""Printable ASCII as far as it goes, or one character of any other kind."""


class Span(NamedTuple):
    """A piece of shown text that stands for something else.

    start, end: the piece. source: where what it stands for begins in the text that was given; length: how many
    characters that is.
    """

    start: int
    end: int
    kind: Kind
    source: int
    length: int = 1


class Shown(NamedTuple):
    """A line as it may be shown. What is outside the spans, which are in order, stands there as it was given."""

    text: str
    spans: tuple[Span, ...] = ()

    def suspicious(self) -> tuple[Span, ...]:
        """Return the spans a reviewer should look at."""
        return tuple(span for span in self.spans if span.kind.is_suspicious)

    def position(self, source: int) -> int:
        """Return where the character at `source` of the given text is shown; inside a span, where that begins.

        Linear in the number of spans. For the end of the given text it is the end of the line.
        """
        shift = 0
        for span in self.spans:
            if source < span.source:
                break
            if source < span.source + span.length:
                return span.start
            shift = span.end - span.source - span.length
        return source + shift


def show(line: bytes | str, *, most_cells: int = MOST_CELLS) -> Shown:
    """Return one line, without its line feed, as it may be shown: tabs are expanded, what is too long is cut.

    line: bytes of a file, or a text in which `surrogateescape` stands for what was no UTF-8; places in spans are
    counted in its characters. most_cells: at least 32. The result has no character that a terminal obeys or hides,
    and is shown as itself if it is shown again. Linear in what is shown, not in the length of the line.
    """
    text = line.decode(errors="surrogateescape") if isinstance(line, bytes) else line
    if len(text) <= (most_cells if text.isascii() else most_cells // 2) and is_plain(text):
        return Shown(text)
    if len(text) <= most_cells:
        whole, cells = _replaced(text, len(text))
        if cells <= most_cells:
            return whole
    kept = _fitting(text, most_cells - _MARK)
    beginning, _ = _replaced(text, kept)
    left = len(text) - kept
    mark = f"…+{left}"
    start = len(beginning.text)
    return Shown(beginning.text + mark, (*beginning.spans, Span(start, start + len(mark), Kind.CUT, kept, left)))


def show_lines(content: bytes | str) -> Iterator[Shown]:
    """Yield the lines of a file. Only a line feed ends a line, as for rustc and git; the last one may lack it."""
    lines = content.split(b"\n") if isinstance(content, bytes) else content.split("\n")
    if not lines[-1]:
        lines.pop()
    return map(show, lines)


def shown(raw: str) -> str:
    """Return a name or sentence as it may stand in a line of ours: every unprintable character as its picture.

    Line feeds and tabs are pictures, too (`␊`), and nothing is cut. Linear; plain text is returned as it is.
    """
    if is_plain(raw):
        return raw
    return "".join(character if kind_of(character) is None else picture(character) for character in raw)


def _replaced(text: str, end: int) -> tuple[Shown, int]:
    """Return a line up to `end` as it may be shown, and how many cells that takes."""
    pieces: list[str] = []
    spans: list[Span] = []
    length = cells = 0
    for match in _RUN.finditer(text, 0, end):
        piece, position = match[0], match.start()
        kind = None if piece.isprintable() and piece.isascii() else kind_of(piece)
        if kind is None:
            cells += len(piece) if piece.isascii() else _width(piece)
        else:
            if piece == "\t":
                kind, piece = Kind.TAB, " " * _cells("\t", cells)
            elif piece == "\r" and match.end() == len(text):
                kind, piece = Kind.LINE_END, picture(piece)
            else:
                piece = picture(piece)
            spans.append(Span(length, length + len(piece), kind, position))
            cells += len(piece)
        pieces.append(piece)
        length += len(piece)
    return Shown("".join(pieces), tuple(spans)), cells


def _fitting(text: str, most: int) -> int:
    """Return how many of the first characters of a line fit into `most` cells; at most so many."""
    cells = 0
    for position, character in enumerate(text[:most]):
        cells += _cells(character, cells)
        if cells > most:
            return position
    return min(most, len(text))


def _cells(character: str, column: int) -> int:
    """Return how many cells a character takes as it is shown, beginning at a column."""
    if character == "\t":
        return TAB_STOP - column % TAB_STOP
    return _width(character) if kind_of(character) is None else len(picture(character))


def _width(character: str) -> int:
    """Return how many cells a terminal takes for a plain character: two for wide ones, none for marks on others."""
    if character < "\u0300":
        return 1
    from unicodedata import combining, east_asian_width  # noqa: PLC0415  most lines are ASCII

    if combining(character):
        return 0
    return 2 if east_asian_width(character) in "WF" else 1
