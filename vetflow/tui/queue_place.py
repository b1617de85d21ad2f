"""The queue: what there is to audit, riskiest first, with a few lines on the crate the cursor is on."""

from __future__ import annotations

from typing import ClassVar, Final

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Container
from textual.content import Content
from textual.widgets import DataTable, Static

from vetflow.app.review.values import Queue, QueueEntry
from vetflow.app.wording import count_of
from vetflow.errors import VetflowError
from vetflow.review.session import Pair, Session
from vetflow.tui import conversations
from vetflow.tui.filter_field import FilterField
from vetflow.tui.host import in_words
from vetflow.tui.place import Place
from vetflow.tui.queue_rows import COLUMNS, row_texts
from vetflow.tui.safe_text import cell, fitted, plain
from vetflow.tui.table import Table

_SORTS: Final = ("risk, then lines", "name", "lines")


class QueuePlace(Place):
    """The first place."""

    NAME = "Queue"
    EDITS = True
    DEFAULT_CSS = """
    QueuePlace #rows { height: 1fr; }
    QueuePlace DataTable { height: 1fr; }
    QueuePlace #view { height: 1; color: $dim; text-wrap: nowrap; text-overflow: ellipsis; }
    QueuePlace #about { height: 4; border-top: solid $dim; text-wrap: nowrap; text-overflow: ellipsis; }
    QueuePlace.-wide #rows { layout: horizontal; }
    QueuePlace.-wide DataTable { width: 80; }
    QueuePlace.-wide #about {
        width: 1fr; height: 100%; border-top: none; border-left: solid $dim; text-wrap: wrap; text-overflow: fold;
    }
    QueuePlace #state { height: auto; padding: 1 2; display: none; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "open", "Review", priority=False, id="queue.open"),
        Binding("i", "detail", "Detail", id="queue.detail"),
        Binding("w", "why", "Why", id="queue.why"),
        Binding("slash", "filter", "Filter", key_display="/", id="queue.filter"),
        Binding("s", "sort", "Sort", id="queue.sort"),
        Binding("r", "risk", "Explain the risk", show=False, id="queue.risk"),
        Binding("c", "certify", "Certify", show=False, id="queue.certify"),
        Binding("x", "mark", "Mark for one certification of several", show=False, id="queue.mark"),
        Binding("H", "hold", "Hold, with a reason", show=False, id="queue.hold"),
        Binding("U", "app.reload", "Read everything anew", show=False, id="queue.reload"),
        Binding("e", "edit", "Edit the file that is broken", show=False, id="queue.edit"),
    ]

    def __init__(self) -> None:
        super().__init__()
        self._queue: Queue | None = None
        self._shown: list[QueueEntry] = []
        self._marked: set[Pair] = set()
        self._before_filter: Pair | None = None
        self._sort = 0
        self._doing = ""

    def body(self) -> ComposeResult:
        """Return the table, what is said of the crate under the cursor, and the filter's field."""
        yield Static(id="view", markup=False)
        yield Static(id="state", markup=False)
        with Container(id="rows"):
            yield Table()
            yield Static(id="about", markup=False)
        yield FilterField(self.show_rows, lambda: self.set_focus(self._table))

    def on_mount(self) -> None:
        """Begin to read."""
        table = self._table
        for label, width in COLUMNS:
            table.add_column(label, width=width, key=label)
        table.focus()
        self.reload()

    @property
    def _table(self) -> Table:
        return self.query_one(Table)

    @property
    def _filter(self) -> FilterField:
        return self.query_one(FilterField)

    def reload(self) -> None:
        """Read the queue anew, first from what is at hand; the cursor stays on its crate."""
        self.in_background(
            lambda progress: self.desk.queue(progress, live=False), self._show_first, group="queue", doing="reading"
        )

    def _show_first(self, queue: Queue) -> None:
        self._show(queue)
        if self.desk.may_ask:
            self.in_background(
                lambda progress: self.desk.queue(progress, live=True),
                self._show,
                group="queue",
                doing="asking for what others published",
                failed=self._go_offline,
            )

    def _go_offline(self, error: VetflowError) -> None:
        self.notify(in_words(error), title="offline: what is at hand is shown", markup=False, timeout=8)
        if self._queue is not None:
            self._queue = self._queue._replace(offline=True)
        self._retitle()

    def tell_doing(self, what: str) -> None:
        """Say in the title row what is being done."""
        self._doing = what
        self._retitle()

    def entry(self) -> QueueEntry | None:
        """Return the entry the cursor is on."""
        row = self._table.cursor_row
        return self._shown[row] if 0 <= row < len(self._shown) else None

    def crate_in_hand(self) -> Pair | None:
        """Return the crate under the cursor."""
        entry = self.entry()
        return entry and entry.pair

    def go_to(self, pair: Pair) -> None:
        """Put the cursor on a crate."""
        pairs = [entry.pair for entry in self._shown]
        if pair in pairs:
            self._table.move_cursor(row=pairs.index(pair), animate=False)

    def after(self, pair: Pair) -> QueueEntry | None:
        """Return the entry to go on with after one is done with."""
        pairs = [entry.pair for entry in self._shown]
        at = pairs.index(pair) if pair in pairs else -1
        rest = self._shown[at + 1 :] + self._shown[: max(at, 0)]
        return next((entry for entry in rest if entry.pair != pair), None)

    def _show(self, queue: Queue) -> None:
        self._queue = queue
        if queue.notes:
            more = f" (and {len(queue.notes) - 1} more notes: `vetflow queue`)" if len(queue.notes) > 1 else ""
            self.notify(f"{queue.notes[0]}{more}", markup=False, timeout=4)
        self.show_rows()

    def show_rows(self) -> None:
        """Draw the rows again: the filter, the order, or what was seen has changed."""
        queue = self._queue
        if queue is None:
            return
        before = self.entry()
        entries = [self.desk.entry(entry.pair) or entry for entry in queue.entries]
        found = [entry for entry in entries if self._filter.sought in entry.pair.crate.lower()]
        self._shown = sorted(found, key=self._order)
        session = self.desk.session()
        table = self._table
        table.clear()
        for entry in self._shown:
            table.add_row(*self._cells(entry, session))
        if before is not None:
            self.go_to(before.pair)
        elif session.position is not None:
            self.go_to(session.position.pair)  # where an earlier run ended
        self._tell_state(queue)
        self._tell_about()
        self._retitle()

    def _order(self, entry: QueueEntry) -> tuple[object, ...]:
        row = entry.row
        if self._sort == 1:
            return (entry.pair.crate, entry.pair.version)
        if self._sort == 2:
            return (row.lines is None, row.lines or 0, entry.pair.crate)
        return ()  # as it came: the most urgent first

    def _cells(self, entry: QueueEntry, session: Session) -> list[object]:
        style = "bold" if entry.row.is_build_time else ""
        texts = row_texts(entry, session, is_marked=entry.pair in self._marked)
        return [cell(fitted(text, width - 1), style) for text, (_, width) in zip(texts, COLUMNS, strict=True)]

    def _tell_state(self, queue: Queue) -> None:
        state = self.query_one("#state", Static)
        state.display = not self._shown
        if not self._shown and not queue.entries:
            state.update(plain(f"Everything is vetted: {queue.total} of {queue.total}. {_next_act(queue)}"))
        elif not self._shown:
            state.update(
                plain(f"no crate to audit is called like '{self._filter.sought}'; escape shows all of them again")
            )

    def _tell_about(self) -> None:
        entry = self.entry()
        lines: list[str] = []
        if entry is not None:
            pair = entry.pair
            what = f"{pair.base} > {pair.version}" if pair.base else f"{pair.version}, all of it"
            why = f": {entry.row.lacking}" if entry.row.lacking else ""
            absent = entry.row.risk is None and not entry.row.is_refused
            missing = [f"not downloaded, so it stands last{why}"] if absent else []
            lines = [f"{pair.crate} {what}", *missing, *entry.about]
        self.query_one("#about", Static).update(Content("\n").join([plain(line) for line in lines]))

    def _retitle(self) -> None:
        queue = self._queue
        if queue is None:
            self.retitle("vetflow", self._doing or "reading the workspace")
            return
        row = min(self._table.cursor_row + 1, len(self._shown))
        self.retitle(
            f"vetflow  {queue.project}",
            f"at {queue.commit[:12]}" if queue.commit else "",
            f"{len(queue.entries)} to audit of {queue.total}",
            f"~{queue.lines:,} lines",
            "READ ONLY" if self.desk.read_only else "",
            "offline" if queue.offline else "online",
            f"{row}/{len(self._shown)}",
        )
        parts = [f"filter: {self._filter.sought or '(none)'}", f"sort: {_SORTS[self._sort]}"]
        parts += [f"{len(self._marked)} marked: c certifies them together"] if self._marked else []
        self.query_one("#view", Static).update(plain("    ".join([*parts, *filter(None, [self._doing])])))

    # -- keys ---------------------------------------------------------------------------------------------------------

    @on(DataTable.RowHighlighted)
    def _moved(self) -> None:
        self._tell_about()
        self._retitle()

    @on(DataTable.RowSelected)
    def _selected(self) -> None:
        self.action_open()

    def action_open(self) -> None:
        """Review the crate under the cursor."""
        if entry := self.entry():
            self.review.open_review(entry.pair)

    def action_certify(self) -> None:
        """Certify the marked crates, or the one under the cursor after a look at it."""
        marked = [entry.pair for entry in self._shown if entry.pair in self._marked]
        entry = self.entry()
        if marked:
            self.review.converse(conversations.certify(self.review, tuple(marked)))
        elif entry:
            self.review.open_review(entry.pair)

    def action_mark(self) -> None:
        """Mark the crate under the cursor, or take the mark back."""
        if entry := self.entry():
            self._marked ^= {entry.pair}
            self.show_rows()
            self._table.action_cursor_down()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer to edit a file only while one is broken."""
        del parameters
        return action != "edit" or self.broken is not None

    def action_edit(self) -> None:
        """Open the file that cannot be read in the user's editor, and read everything anew."""
        if self.broken is not None:
            self.review.edit_file(self.broken)
            self.reload()

    def action_sort(self) -> None:
        """Sort by the next of risk, lines and name."""
        self._sort = (self._sort + 1) % len(_SORTS)
        self.show_rows()

    def action_filter(self) -> None:
        """Type a part of a name."""
        if not self._filter.sought and (entry := self.entry()):
            self._before_filter = entry.pair
        self._filter.display = True
        self.set_focus(self._filter)  # at once: what is typed ahead belongs to the field

    def action_back(self) -> None:
        """Drop the filter and go back to where it was typed, else leave."""
        field = self._filter
        if field.display or field.sought:
            field.display, field.value = False, ""
            self.set_focus(self._table)
            if self._before_filter is not None:
                self.go_to(self._before_filter)
            return
        super().action_back()


def _next_act(queue: Queue) -> str:
    """Say what is worth doing when there is nothing to audit."""
    if queue.needless:
        return f"`vetflow prune` drops {count_of(queue.needless, 'exemption')} that nobody needs any more."
    return "2 shows whose audits that rests on."
