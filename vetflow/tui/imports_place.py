"""The publishers of audits: what each would settle here, and adding, changing and removing them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar, Final

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widgets import DataTable, Static

from vetflow.app.review.values import Publisher
from vetflow.tui import conversations
from vetflow.tui.place import Place
from vetflow.tui.safe_text import cell, fitted, plain
from vetflow.tui.table import Table

_COLUMNS: Final = (
    ("NAME", 20),
    ("CRITERIA MAP", 13),
    ("COVERS YOUR TREE", 17),
    ("NEWEST AUDIT", 13),
    ("FETCHED", 8),
    ("STATE", 9),
)
"""The widths hold a blank at the end, and fit a terminal of 80 columns; the first cell is the bar's."""


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
        for label, width in _COLUMNS:
            table.add_column(f"  {label}" if label == "NAME" else label, width=width)
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
        count = len(self._publishers)
        self.retitle("Imports", f"{count} publisher{'' if count == 1 else 's'}" if count else "", what)

    def publisher(self) -> Publisher | None:
        """Return the publisher the cursor is on."""
        row = self._table.cursor_row
        return self._publishers[row] if 0 <= row < len(self._publishers) else None

    def _show(self, publishers: Sequence[Publisher]) -> None:
        before = self.publisher()
        self._publishers = tuple(publishers)
        self._table.clear()
        for each in self._publishers:
            self._table.add_row(
                *(cell(fitted(text, width - 1)) for text, (_, width) in zip(_texts(each), _COLUMNS, strict=True))
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


def _texts(each: Publisher) -> tuple[str, ...]:
    """Return what the columns say of a publisher."""
    return (
        f"  {each.name}",
        " ".join(_short(line) for line in each.maps) or "-",
        "?" if each.settles is None else f"{each.settles} of {each.to_settle}",
        str(each.newest or "?"),
        each.fetched,
        "imported" if each.imported else "-",
    )


def _short(line: str) -> str:
    return "=".join(name.removeprefix("safe-to-") for name in line.split("="))
