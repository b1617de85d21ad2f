"""The publishers of audits: what each would settle here, and adding, changing and removing them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widgets import DataTable, Static

from vetflow.app.desk import Publisher
from vetflow.tui import conversations
from vetflow.tui.place import Place
from vetflow.tui.safe_text import cell, fitted, plain
from vetflow.tui.table import Table


class ImportsPlace(Place):
    """The second place."""

    NAME = "Imports"
    DEFAULT_CSS = """
    ImportsPlace DataTable { height: 1fr; }
    ImportsPlace #about { height: 8; border-top: solid $dim; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("a", "add", "Add", id="imports.add"),
        Binding("m", "map", "Map criteria", id="imports.map"),
        Binding("e", "exclude", "Exclude a crate", id="imports.exclude"),
        Binding("d", "remove", "Remove", id="imports.remove"),
        Binding("U", "update", "Update, after a review", id="imports.update"),
    ]

    def __init__(self) -> None:
        super().__init__()
        self._publishers: tuple[Publisher, ...] = ()

    def body(self) -> ComposeResult:
        """Return the table and the lines on the publisher under the cursor."""
        yield Table()
        yield Static(id="about", markup=False)

    def on_mount(self) -> None:
        """Begin to read."""
        table = self._table
        for label, width in (("", 3), ("NAME", 24), ("SETTLES", 9), ("STATE", 43)):
            table.add_column(label, width=width)
        table.focus()
        self.reload()

    @property
    def _table(self) -> Table:
        return self.query_one(Table)

    def reload(self) -> None:
        """Read anew what the publishers say."""
        self.in_background(self.desk.publishers, self._show, group="imports", doing="asking the publishers")

    def tell_doing(self, what: str) -> None:
        """Say in the title row what is being done."""
        self.retitle("Imports", f"{len(self._publishers)} publishers" if self._publishers else "", what)

    def publisher(self) -> Publisher | None:
        """Return the publisher the cursor is on."""
        row = self._table.cursor_row
        return self._publishers[row] if 0 <= row < len(self._publishers) else None

    def _show(self, publishers: Sequence[Publisher]) -> None:
        before = self.publisher()
        self._publishers = tuple(publishers)
        self._table.clear()
        for each in self._publishers:
            first = each.lines[0] if each.lines else ""
            self._table.add_row(
                cell(" *" if each.imported else ""),
                cell(fitted(each.name, 23)),
                cell(f"{'?' if each.settles is None else each.settles:>7}"),
                cell(fitted(first, 43)),
            )
        names = [each.name for each in self._publishers]
        if before is not None and before.name in names:
            self._table.move_cursor(row=names.index(before.name), animate=False)
        self.tell_doing("")

    def _imported(self) -> Publisher | None:
        """Return the publisher the cursor is on, if it is imported; say so if it is not."""
        each = self.publisher()
        if each is not None and not each.imported:
            self.notify(f"{each.name} is not imported; a adds it", markup=False)
            return None
        return each

    @on(DataTable.RowHighlighted)
    def _moved(self) -> None:
        each = self.publisher()
        self.query_one("#about", Static).update(
            Content("\n").join([plain(line) for line in each.lines[:7]]) if each else Content()
        )

    def action_add(self) -> None:
        """Import the publisher under the cursor, or another by its URL."""
        self.review.ask(conversations.add_import(self.review, self.publisher()))

    def action_map(self) -> None:
        """Let one of their criteria count as one of ours."""
        if each := self._imported():
            self.review.ask(conversations.map_criteria(self.review, each))

    def action_exclude(self) -> None:
        """Leave a crate of theirs out."""
        if each := self._imported():
            self.review.ask(conversations.exclude(self.review, each))

    def action_remove(self) -> None:
        """Stop importing, after a look at what becomes unvetted."""
        if each := self._imported():
            self.review.converse(conversations.remove_import(self.review, each))

    def action_update(self) -> None:
        """Review what publishers say now, and take it over."""
        self.review.converse(conversations.update_imports(self.review))
