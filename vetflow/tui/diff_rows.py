"""How a row of a difference is drawn: numbers, sign, mark, and the text with its layers of style.

Every text of the crate passes through `vetflow.text.show`. Each colour has a sign beside it: `+`, `-`, `!` for a
finding, `~` for a moved line.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise
from types import MappingProxyType
from typing import Final, NamedTuple, TypeAlias

from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from vetflow.review.patches import LineKind, PatchLine
from vetflow.review.rows import Folded, Gap, Pair, Row, SplitRow
from vetflow.text import MOST_CELLS, Shown, show

Marks: TypeAlias = Mapping[int, str]
"""By number of a new line (negative: of an old one): the letter of what was found there."""
WordSpans: TypeAlias = Callable[[PatchLine], Sequence[tuple[int, int]]]
"""Which parts of a changed line differ from the line it stands against: start and end in its raw text."""
Highlights: TypeAlias = Callable[[PatchLine], Sequence[tuple[int, int, str]]]
"""Start, end and kind (`keyword`, `string`, `comment`…) of the pieces of a line's raw text."""

CODE_KINDS: Final = frozenset({"keyword", "comment", "string"})
SIGNS: Final = 2
"""The cells between the numbers and the text: sign, and mark."""
_ALL_CELLS: Final = 10_000_000
_TEXT_OF_GAP: Final = "······ {} unchanged line{} · z to open ······"
_TEXT_OF_FOLD: Final = "······ {} line{} differ in white space alone · W to show ······"


class FileView(NamedTuple):
    """What the pane is to show. title: what it is, for the border. notes: rows before the first, in our words."""

    title: str
    rows: tuple[Row, ...]
    notes: tuple[str, ...] = ()
    marks: Marks = MappingProxyType({})
    words: WordSpans = lambda _: ()
    highlights: Highlights = lambda _: ()


EMPTY: Final = FileView("", ())


class Painter(NamedTuple):
    """Draws the rows of one view. style: by the name of a component. digits: of the largest number.

    first: the column of the text that is leftmost on screen. sought: what is searched for. whole: long lines, too.
    selected: the cells of a row's text that are selected.
    """

    view: FileView
    style: Callable[[str], Style]
    plain: Style
    digits: int
    first: int = 0
    sought: str = ""
    whole: bool = False
    selected: Callable[[int], tuple[int, int] | None] = lambda _: None

    @property
    def gutter(self) -> int:
        """The cells before the signs of a row that is not split."""
        return 2 * self.digits + 2

    def text(self, line: PatchLine) -> Shown:
        """Return the text of a line as it is shown."""
        return show(line.text, most_cells=_ALL_CELLS if self.whole else MOST_CELLS)

    def segments(self, row: Row | SplitRow, width: int, number: int) -> list[Segment]:
        """Draw a row, `number` among all."""
        if isinstance(row, Gap):
            return [Segment(_TEXT_OF_GAP.format(row.lines, "" if row.lines == 1 else "s"), self.style("gap"))]
        if isinstance(row, Folded):
            return [Segment(_TEXT_OF_FOLD.format(row.lines, "" if row.lines == 1 else "s"), self.style("gap"))]
        if isinstance(row, Pair):
            half = width // 2
            left = self._side(row.left, half, old=True)
            return [*left, *self._side(row.right, width - half, old=False)]
        numbers = f"{row.old or '':>{self.digits}} {row.new or '':>{self.digits}} "
        segments = [Segment(numbers, self.style("number")), *self._line(row, width - self.gutter - SIGNS, number)]
        return fitted(segments, width, self._ground(row))

    def _side(self, line: PatchLine | None, width: int, *, old: bool) -> list[Segment]:
        if line is None:
            return [Segment(" " * width, self.style("gap"))]
        number = line.old if old else line.new
        segments = [Segment(f"{number or '':>{self.digits}} ", self.style("number"))]
        segments += self._line(line, width - self.digits - 1 - SIGNS, -1)
        return fitted(segments, width, self._ground(line))

    def _ground(self, line: PatchLine) -> Style:
        if line.kind is LineKind.CONTEXT:
            return self.plain
        return self.style("added" if line.kind is LineKind.ADDED else "removed")

    def _line(self, line: PatchLine, width: int, number: int) -> list[Segment]:
        """Return sign, mark and text of a line, from the column the pane is moved to."""
        ground = self._ground(line)
        mark = self.view.marks.get(line.number, "")
        shown = self.text(line)
        layers = [*self._layers(line, shown)]
        if (selected := self.selected(number)) is not None:
            start, end = selected
            layers.append((start, end if end >= 0 else len(shown.text), self.style("selected")))
        text = Strip(_layered(shown.text, ground, layers)).crop(self.first, self.first + width)
        sign = Segment(line.kind.value, ground + Style(bold=True))
        return [sign, Segment(f"{mark or ' ':1.1}", ground + self.style("finding")), *text]

    def _layers(self, line: PatchLine, shown: Shown) -> list[tuple[int, int, Style]]:
        layers = [
            (shown.position(start), shown.position(end), self.style(kind))
            for start, end, kind in self.view.highlights(line)
            if kind in CODE_KINDS
        ]
        if line.kind is not LineKind.CONTEXT:
            word = self.style("added-word" if line.kind is LineKind.ADDED else "removed-word")
            layers += [(shown.position(start), shown.position(end), word) for start, end in self.view.words(line)]
        layers += [(span.start, span.end, self.style("hidden")) for span in shown.suspicious()]
        if self.sought:
            layers += [(at, at + len(self.sought), self.style("match")) for at in places(shown.text, self.sought)]
        return layers


def strip_end(segments: Sequence[Segment], default: Style) -> Style:
    """Return the style with which a line goes on to the edge of the pane."""
    return segments[-1].style or default if segments else default


def fitted(segments: Sequence[Segment], width: int, ground: Style) -> list[Segment]:
    """Return segments that fill exactly so many cells."""
    return list(Strip(segments).crop(0, width).extend_cell_length(width, ground))


def _layered(text: str, ground: Style, layers: Sequence[tuple[int, int, Style]]) -> list[Segment]:
    """Return a text cut where its styles change; later layers lie on top of earlier ones."""
    if not layers:
        return [Segment(text, ground)]
    cuts = sorted({0, len(text), *(min(end, len(text)) for layer in layers for end in layer[:2])})
    pieces = []
    for start, end in pairwise(cuts):
        style = ground
        for first, last, layer in layers:
            if first <= start and end <= last:
                style += layer
        pieces.append(Segment(text[start:end], style))
    return pieces


def places(text: str, sought: str) -> list[int]:
    """Return where a text holds another; upper and lower case count as the same when `sought` has no upper case."""
    within = text if sought != sought.lower() else text.lower()
    found = []
    at = within.find(sought)
    while at >= 0:
        found.append(at)
        at = within.find(sought, at + len(sought))
    return found


def lines_of(row: Row | SplitRow) -> tuple[PatchLine, ...]:
    """Return the lines a row shows."""
    if isinstance(row, Pair):
        return tuple(line for line in row if line is not None)
    return (row,) if isinstance(row, PatchLine) else ()


def numbers_of(row: Row | SplitRow) -> tuple[int, ...]:
    """Return the numbers under which a row can be asked for: new lines positive, removed lines negative."""
    return tuple(line.number for line in lines_of(row))


def is_change(row: Row | SplitRow) -> bool:
    """Whether something differs in a row."""
    if isinstance(row, Pair):
        return row.left is not row.right
    return isinstance(row, PatchLine) and row.kind is not LineKind.CONTEXT
