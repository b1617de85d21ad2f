"""A table of rows to choose from, with the keys that all places have."""

from __future__ import annotations

from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.strip import Strip
from textual.widgets import DataTable

from vetflow.tui.bar import with_bar


class Table(DataTable[object]):
    """Rows with a cursor; `j` `k` `g` `G` besides the arrows and their like."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("j", "cursor_down", "Cursor down", show=False, id="table.down"),
        Binding("k", "cursor_up", "Cursor up", show=False, id="table.up"),
        Binding("g,home", "row(0)", "First", show=False, id="table.first"),
        Binding("G,end", "row(-1)", "Last", show=False, id="table.last"),
        Binding("space", "page_down", "Page down", show=False, id="table.page-down"),
    ]

    def __init__(self) -> None:
        super().__init__(cursor_type="row", cell_padding=0)

    async def _on_click(self, event: events.Click) -> None:
        """Put the cursor on a row, and choose it with a second click."""
        event.prevent_default()
        row = event.style.meta.get("row", -1)
        if row >= 0:
            self.move_cursor(row=row, animate=False)
            if event.chain > 1:
                self.action_select_cursor()

    def render_line(self, y: int) -> Strip:
        """Draw one line of the screen, the row under the cursor with the bar."""
        strip = super().render_line(y)
        is_cursor = y >= self.header_height and y - self.header_height + round(self.scroll_y) == self.cursor_row
        return with_bar(strip) if is_cursor and self.row_count else strip

    def action_row(self, row: int) -> None:
        """Put the cursor on a row; -1 is the last."""
        self.move_cursor(row=row if row >= 0 else self.row_count - 1, animate=False)
