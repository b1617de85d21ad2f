"""The pane that shows the difference of one file: a line is drawn when it is on screen, and not before.

A `ScrollView` on the line API, so that 200,000 lines cost what the visible forty do. `tui.diff_rows` draws the rows;
`|` in the first column is the line the cursor is on, `>` while something else has the focus.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.binding import Binding, BindingType
from textual.geometry import Size
from textual.message import Message
from textual.reactive import reactive
from textual.scroll_view import ScrollView
from textual.selection import Selection
from textual.strip import Strip

from vetflow.review.patches import PatchLine
from vetflow.review.rows import Folded, Gap, Pair, Row, SplitRow, split
from vetflow.text import show
from vetflow.tui.diff_rows import (
    EMPTY,
    SIGNS,
    FileView,
    Painter,
    is_change,
    lines_of,
    numbers_of,
    places,
    strip_end,
)


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
    DiffPane > .diff--selected { text-style: reverse; }
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
        "diff--selected",
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
    whole_lines: reactive[bool] = reactive(default=False)

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
        self._first = 0
        self._digits = 1
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
        self._reveal(new)
        self.refresh_line(old)
        self.refresh_line(new)
        self.post_message(self.Moved())

    def _reveal(self, row: int) -> None:
        top, height = round(self.scroll_y), self.scrollable_content_region.height
        if row < top:
            self.scroll_to(y=row, animate=False, immediate=True)
        elif height and row >= top + height:
            self.scroll_to(y=row - height + 1, animate=False, immediate=True)

    def validate_cursor(self, cursor: int) -> int:
        """Keep the cursor on a row."""
        return max(0, min(cursor, self._height() - 1))

    def go_to(self, line: int) -> bool:
        """Put the cursor on a new line (negative: an old one) by its number; False when it is not shown."""
        for number, row in enumerate(self._rows):
            if line in numbers_of(row):
                self.cursor = number + len(self._view.notes)
                return True
        return False

    def next_match(self, step: int) -> bool:
        """Move the cursor to the next line that has what is sought; False when none has."""
        return self.next_row(lambda row: any(places(line.text, self.sought) for line in lines_of(row)), step)

    def next_change(self, step: int) -> bool:
        """Move the cursor to where the next stretch of changes begins; False when there is none that way."""
        rows, at = self._rows, self.cursor - len(self._view.notes) + step
        while 0 <= at < len(rows):
            if is_change(rows[at]) and (at == 0 or not is_change(rows[at - 1])):
                self.cursor = at + len(self._view.notes)
                return True
            at += step
        return False

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
        self._digits = _digits(self._view.rows)
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
        self._first = max(0, self._first + cells)
        self.refresh()

    def action_open_row(self) -> None:
        """Open the gap or fold under the cursor."""
        row = self._row(self.cursor)
        if isinstance(row, Gap | Folded):
            self.post_message(self.Opened(row))

    def on_resize(self) -> None:
        """Keep the line the cursor is on on screen."""
        self._reveal(self.cursor)

    async def _on_click(self, event: events.Click) -> None:
        """Put the cursor on a line; a second click opens what is folded there."""
        self.cursor = round(self.scroll_y) + event.y
        if event.chain > 1:
            self.action_open_row()

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
            return Strip.blank(width, self._plain)
        bar = " " if number != self.cursor else "|" if self.has_focus else ">"
        if number < len(self._view.notes):
            segments = [Segment(bar), Segment(show(self._view.notes[number]).text, self._style("note"))]
        else:
            row = self._rows[number - len(self._view.notes)]
            segments = [Segment(bar), *self._painter().segments(row, width - 1, number)]
        strip = Strip(segments).apply_style(self._plain)
        strip = strip.crop(0, width).extend_cell_length(width, strip_end(segments, self._plain))
        return strip.apply_offsets(0, number)

    def _painter(self) -> Painter:
        return Painter(
            self._view,
            self._style,
            self._plain,
            self._digits,
            self._first,
            self.sought,
            self.whole_lines,
            self._selected,
        )

    def _selected(self, number: int) -> tuple[int, int] | None:
        """Return the cells of a row's text that the mouse has selected."""
        selection = self.text_selection
        span = None if selection is None or number < 0 else selection.get_span(number)
        if span is None:
            return None
        start, end = (at if at < 0 else max(0, at - self._text_column()) for at in span)
        return start, end

    def _text_column(self) -> int:
        """Return the column of a row in which its text would begin, if nothing were moved out to the left."""
        return 1 + self._painter().gutter + SIGNS - self._first

    def get_selection(self, selection: Selection) -> tuple[str, str] | None:
        """Return what the mouse has selected, without numbers and signs."""
        if self.is_split:
            return None
        taken = []
        for number in range(self._height()):
            span = selection.get_span(number)
            line = self._row(number)
            if span is None or not isinstance(line, PatchLine):
                continue
            text = self._painter().text(line).text
            start, end = (at if at < 0 else max(0, at - self._text_column()) for at in span)
            taken.append(text[start:] if end < 0 else text[start:end])
        return ("\n".join(taken), "\n") if taken else None

    def selection_updated(self, selection: Selection | None) -> None:
        """Draw what is selected now."""
        del selection
        self.refresh()

    @property
    def _plain(self) -> Style:
        """The style of the pane itself, which Textual works out anew each time it is asked."""
        if "" not in self._styles:
            self._styles[""] = self.rich_style
        return self._styles[""]

    def _style(self, name: str) -> Style:
        if name not in self._styles:
            self._styles[name] = self.get_component_rich_style(f"diff--{name}", partial=True)
        return self._styles[name]


def _digits(rows: tuple[Row, ...]) -> int:
    """Return how many digits the largest number of a line has; numbers grow."""
    last = next((row for row in reversed(rows) if isinstance(row, PatchLine)), None)
    before = next((row.old for row in reversed(rows) if isinstance(row, PatchLine) and row.old), 0)
    return len(str(max(before or 0, (last.new or last.old or 0) if last else 0)))
