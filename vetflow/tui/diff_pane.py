"""The pane that shows the difference of one file: a line is drawn when it is on screen, and not before.

A `ScrollView` on the line API, so that 200,000 lines cost what the visible forty do. Every text of the crate passes
through `vetflow.text.show`; colours come from the theme, and each has a sign beside it: `+`, `-`, `!` for a finding,
`~` for a moved line, `|` in the first column for the line the cursor is on.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise
from types import MappingProxyType
from typing import ClassVar, Final, NamedTuple, TypeAlias

from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.binding import Binding, BindingType
from textual.geometry import Size
from textual.message import Message
from textual.reactive import reactive
from textual.scroll_view import ScrollView
from textual.strip import Strip

from vetflow.review.patches import LineKind, PatchLine
from vetflow.review.rows import Folded, Gap, Pair, Row, SplitRow, split
from vetflow.text import show

Marks: TypeAlias = Mapping[int, str]
"""By number of a new line (negative: of an old one): the letter of what was found there."""
WordSpans: TypeAlias = Callable[[PatchLine], Sequence[tuple[int, int]]]
"""Which parts of a changed line differ from the line it stands against: start and end in its raw text."""
Highlights: TypeAlias = Callable[[PatchLine], Sequence[tuple[int, int, str]]]
"""Start, end and kind (`keyword`, `string`, `comment`…) of the pieces of a line's raw text."""

_NUMBER: Final = 6
_GUTTER: Final = 2 * _NUMBER + 3
_TEXT_OF_GAP: Final = "······ {} unchanged line{} · enter or + to open ······"
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


class DiffPane(ScrollView, can_focus=True):
    """Shows a `FileView`, unified or split, with a cursor."""

    DEFAULT_CSS = """
    DiffPane { background: $background; }
    DiffPane > .diff--added { background: $added; }
    DiffPane > .diff--added-word { background: $added-word; text-style: bold; }
    DiffPane > .diff--removed { background: $removed; }
    DiffPane > .diff--removed-word { background: $removed-word; text-style: bold; }
    DiffPane > .diff--number { color: $dim; }
    DiffPane > .diff--gap { color: $dim; text-style: italic; }
    DiffPane > .diff--note { color: $accent; }
    DiffPane > .diff--finding { color: $bad; text-style: bold; }
    DiffPane > .diff--hidden { color: $bad; text-style: reverse bold; }
    DiffPane > .diff--match { text-style: reverse; }
    DiffPane > .diff--keyword { text-style: bold; }
    DiffPane > .diff--comment { color: $dim; }
    DiffPane > .diff--string { color: $good; }
    """
    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "diff--added",
        "diff--added-word",
        "diff--removed",
        "diff--removed-word",
        "diff--number",
        "diff--gap",
        "diff--note",
        "diff--finding",
        "diff--hidden",
        "diff--match",
        "diff--keyword",
        "diff--comment",
        "diff--string",
    }
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("down,j", "move(1)", "Line down", show=False, id="diff.down"),
        Binding("up,k", "move(-1)", "Line up", show=False, id="diff.up"),
        Binding("pagedown,space", "page(1)", "Page down", show=False, id="diff.page-down"),
        Binding("pageup", "page(-1)", "Page up", show=False, id="diff.page-up"),
        Binding("ctrl+d", "half(1)", "Half a page down", show=False, id="diff.half-down"),
        Binding("ctrl+u", "half(-1)", "Half a page up", show=False, id="diff.half-up"),
        Binding("home,g", "jump(0)", "First line", show=False, id="diff.first"),
        Binding("end,G", "jump(-1)", "Last line", show=False, id="diff.last"),
        Binding("right,l", "sideways(8)", "Right", show=False, id="diff.right"),
        Binding("left,h", "sideways(-8)", "Left", show=False, id="diff.left"),
        Binding("enter", "open_row", "Open what is folded", show=False, id="diff.open"),
    ]

    cursor: reactive[int] = reactive(0, repaint=False)
    is_split: reactive[bool] = reactive(default=False, repaint=False)
    sought: reactive[str] = reactive("")

    class Moved(Message):
        """The cursor is on another row."""

    class Opened(Message):
        """A gap or a folded hunk is to be opened."""

        def __init__(self, row: Gap | Folded) -> None:
            super().__init__()
            self.row = row

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002  Textual's name
        super().__init__(id=id)
        self._view = EMPTY
        self._rows: tuple[Row | SplitRow, ...] = ()
        self._top = 0
        self._styles: dict[str, Style] = {}

    # -- what is shown ------------------------------------------------------------------------------------------------

    @property
    def view(self) -> FileView:
        """What is shown."""
        return self._view

    @property
    def rows(self) -> tuple[Row | SplitRow, ...]:
        """The rows after the notes."""
        return self._rows

    def show_view(self, view: FileView, *, keep_place: bool = False) -> None:
        """Show another file, or the same one with other rows (keep_place: the cursor stays on its line)."""
        line = self.current_line() if keep_place else None
        self._view = view
        self._lay_out()
        if line is not None:
            self.cursor = self._row_of(line)
        elif keep_place:
            self.cursor = min(self.cursor, max(0, self._height() - 1))
        else:
            self.cursor = self._first_change()
            self.scroll_to(0, max(0, self.cursor - 3), animate=False)
        self.refresh()

    def current_line(self) -> PatchLine | None:
        """Return the line the cursor is on; None on a gap or a note."""
        row = self._row(self.cursor)
        if isinstance(row, Pair):
            return row.right or row.left
        return row if isinstance(row, PatchLine) else None

    def watch_is_split(self) -> None:
        """Lay the rows out anew, the cursor staying on its line."""
        self.show_view(self._view, keep_place=True)

    def watch_cursor(self, old: int, new: int) -> None:
        """Keep the cursor on screen."""
        top, height = round(self.scroll_y), self.scrollable_content_region.height
        if new < top:
            self.scroll_to(y=new, animate=False)
        elif height and new >= top + height:
            self.scroll_to(y=new - height + 1, animate=False)
        self.refresh_line(old)
        self.refresh_line(new)
        self.post_message(self.Moved())

    def validate_cursor(self, cursor: int) -> int:
        """Keep the cursor on a row."""
        return max(0, min(cursor, self._height() - 1))

    def go_to(self, line: int) -> bool:
        """Put the cursor on a new line (negative: an old one) by its number; False when it is not shown."""
        for number, row in enumerate(self._rows):
            if line in _numbers(row):
                self.cursor = number + len(self._view.notes)
                return True
        return False

    def next_match(self, step: int) -> bool:
        """Move the cursor to the next line that has what is sought; False when none has."""
        return self.next_row(lambda row: any(_places(line.text, self.sought) for line in _lines(row)), step)

    def next_row(self, wanted: Callable[[Row | SplitRow], bool], step: int) -> bool:
        """Move the cursor to the next row that is wanted, wrapping around; False when there is none."""
        count = len(self._rows)
        start = self.cursor - len(self._view.notes)
        for distance in range(1, count + 1):
            number = (start + step * distance) % count
            if wanted(self._rows[number]):
                self.cursor = number + len(self._view.notes)
                return True
        return False

    def _lay_out(self) -> None:
        self._rows = split(self._view.rows) if self.is_split else self._view.rows
        self.virtual_size = Size(0, self._height())

    def _height(self) -> int:
        return len(self._view.notes) + len(self._rows)

    def _row(self, number: int) -> Row | SplitRow | None:
        index = number - len(self._view.notes)
        return self._rows[index] if 0 <= index < len(self._rows) else None

    def _row_of(self, line: PatchLine) -> int:
        for number, row in enumerate(self._rows):
            if row == line or (isinstance(row, Pair) and line in row):
                return number + len(self._view.notes)
        return self.cursor

    def _first_change(self) -> int:
        for number, row in enumerate(self._rows):
            if is_change(row):
                return number + len(self._view.notes)
        return 0

    # -- keys ---------------------------------------------------------------------------------------------------------

    def action_move(self, lines: int) -> None:
        """Move the cursor."""
        self.cursor += lines

    def action_page(self, pages: int) -> None:
        """Move the cursor by screens."""
        self.cursor += pages * max(1, self.scrollable_content_region.height - 1)

    def action_half(self, halves: int) -> None:
        """Move the cursor by half a screen."""
        self.cursor += halves * max(1, self.scrollable_content_region.height // 2)

    def action_jump(self, row: int) -> None:
        """Move the cursor to the first or the last row."""
        self.cursor = row if row >= 0 else self._height() - 1

    def action_sideways(self, cells: int) -> None:
        """Show what is further right or left."""
        self._top = max(0, self._top + cells)
        self.refresh()

    def action_open_row(self) -> None:
        """Open the gap or fold under the cursor."""
        row = self._row(self.cursor)
        if isinstance(row, Gap | Folded):
            self.post_message(self.Opened(row))

    async def _on_click(self, event: events.Click) -> None:
        self.cursor = round(self.scroll_y) + event.y

    # -- drawing ------------------------------------------------------------------------------------------------------

    def notify_style_update(self) -> None:
        """Forget the styles of the old theme."""
        self._styles.clear()
        super().notify_style_update()

    def render_line(self, y: int) -> Strip:
        """Draw one line of the screen."""
        number = round(self.scroll_y) + y
        width = self.scrollable_content_region.width
        if number >= self._height():
            return Strip.blank(width, self.rich_style)
        bar = "|" if number == self.cursor and self.has_focus else " "
        if number < len(self._view.notes):
            segments = [Segment(bar), Segment(show(self._view.notes[number]).text, self._style("note"))]
        else:
            segments = [Segment(bar), *self._row_segments(self._rows[number - len(self._view.notes)], width - 1)]
        strip = Strip(segments).apply_style(self.rich_style)
        return strip.crop(0, width).extend_cell_length(width, strip_end(segments, self.rich_style))

    def _style(self, name: str) -> Style:
        if name not in self._styles:
            self._styles[name] = self.get_component_rich_style(f"diff--{name}", partial=True)
        return self._styles[name]

    def _row_segments(self, row: Row | SplitRow, width: int) -> list[Segment]:
        if isinstance(row, Gap):
            return [Segment(_TEXT_OF_GAP.format(row.lines, "" if row.lines == 1 else "s"), self._style("gap"))]
        if isinstance(row, Folded):
            return [Segment(_TEXT_OF_FOLD.format(row.lines, "" if row.lines == 1 else "s"), self._style("gap"))]
        if isinstance(row, Pair):
            half = width // 2
            left = self._side(row.left, half, old=True)
            return [*left, *self._side(row.right, width - half, old=False)]
        return self._line(row, width)

    def _side(self, line: PatchLine | None, width: int, *, old: bool) -> list[Segment]:
        if line is None:
            return [Segment(" " * width, self._style("gap"))]
        number = line.old if old else line.new
        segments = [Segment(f"{number or '':>{_NUMBER}} ", self._style("number"))]
        segments += self._text(line, width - _NUMBER - 1)
        return _fitted(segments, width, self._ground(line))

    def _line(self, line: PatchLine, width: int) -> list[Segment]:
        numbers = f"{line.old or '':>{_NUMBER}} {line.new or '':>{_NUMBER}} "
        segments = [Segment(numbers, self._style("number")), *self._text(line, width - _GUTTER + 1)]
        return _fitted(segments, width, self._ground(line))

    def _ground(self, line: PatchLine) -> Style:
        if line.kind is LineKind.CONTEXT:
            return self.rich_style
        return self._style("added" if line.kind is LineKind.ADDED else "removed")

    def _text(self, line: PatchLine, width: int) -> list[Segment]:
        """Return sign, finding and text of a line, from the column the pane is moved to."""
        ground = self._ground(line)
        mark = self._view.marks.get(line.new if line.new is not None else -(line.old or 0), "")
        pieces = [Segment(line.kind.value, ground + Style(bold=True))]
        pieces.append(Segment(f"{mark or ' ':1.1}", ground + self._style("finding")))
        shown = show(line.text)
        layers: list[tuple[int, int, Style]] = []
        for start, end, kind in self._view.highlights(line):
            if f"diff--{kind}" in self.COMPONENT_CLASSES:
                layers.append((shown.position(start), shown.position(end), self._style(kind)))
        if line.kind is not LineKind.CONTEXT:
            word = self._style("added-word" if line.kind is LineKind.ADDED else "removed-word")
            layers += [(shown.position(start), shown.position(end), word) for start, end in self._view.words(line)]
        layers += [(span.start, span.end, self._style("hidden")) for span in shown.suspicious()]
        if self.sought:
            layers += [(at, at + len(self.sought), self._style("match")) for at in _places(shown.text, self.sought)]
        text = Strip(_layered(shown.text, ground, layers)).crop(self._top, self._top + width)
        return [*pieces, *text]


def strip_end(segments: Sequence[Segment], default: Style) -> Style:
    """Return the style with which a line goes on to the edge of the pane."""
    return segments[-1].style or default if segments else default


def _fitted(segments: Sequence[Segment], width: int, ground: Style) -> list[Segment]:
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


def _places(text: str, sought: str) -> list[int]:
    """Return where a text holds another; upper and lower case count as the same when `sought` has no upper case."""
    within = text if sought != sought.lower() else text.lower()
    found = []
    at = within.find(sought)
    while at >= 0:
        found.append(at)
        at = within.find(sought, at + len(sought))
    return found


def _lines(row: Row | SplitRow) -> tuple[PatchLine, ...]:
    if isinstance(row, Pair):
        return tuple(line for line in row if line is not None)
    return (row,) if isinstance(row, PatchLine) else ()


def _numbers(row: Row | SplitRow) -> tuple[int, ...]:
    """Return the numbers under which a row can be asked for: new lines positive, removed lines negative."""
    return tuple(line.new if line.new is not None else -(line.old or 0) for line in _lines(row))


def is_change(row: Row | SplitRow) -> bool:
    """Whether something differs in a row."""
    if isinstance(row, Pair):
        return row.left is not row.right
    return isinstance(row, PatchLine) and row.kind is not LineKind.CONTEXT
