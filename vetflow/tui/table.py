"""A table of rows to choose from, with the keys that all places have."""

from __future__ import annotations

from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.widgets import DataTable


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

    def action_row(self, row: int) -> None:
        """Put the cursor on a row; -1 is the last."""
        self.move_cursor(row=row if row >= 0 else self.row_count - 1, animate=False)
