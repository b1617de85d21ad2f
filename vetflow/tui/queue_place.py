"""The queue: what there is to audit, riskiest first, with a few lines on the crate the cursor is on."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar, Final

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widgets import DataTable, Input, Static

from vetflow.app.desk import Queue, QueueEntry
from vetflow.errors import VetflowError
from vetflow.review.queue import QueueRow
from vetflow.review.session import Pair, Session
from vetflow.surface.evidence import Evidence
from vetflow.surface.tiers import Grade
from vetflow.tui import conversations
from vetflow.tui.place import Place, in_words
from vetflow.tui.safe_text import cell, fitted, plain
from vetflow.tui.table import Table

_SORTS: Final = ("risk, then lines", "name", "lines")
_COLUMNS: Final = (
    ("RISK", 6),
    ("CRATE", 19),
    ("DELTA", 19),
    ("NEEDS", 7),
    ("BUILD", 6),
    ("LINES", 10),
    ("SEEN", 6),
    ("FLAGS", 6),
)
"""The widths hold a blank at the end, and fit a terminal of 80 columns; the first cell is the bar's."""
_ABOUT: Final = 4


class QueuePlace(Place):
    """The first place."""

    NAME = "Queue"
    EDITS = True
    DEFAULT_CSS = """
    QueuePlace DataTable { height: 1fr; }
    QueuePlace #view { height: 1; color: $dim; text-wrap: nowrap; text-overflow: ellipsis; }
    QueuePlace #about { height: 4; border-top: solid $dim; text-wrap: nowrap; text-overflow: ellipsis; }
    QueuePlace #filter { display: none; }
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
        self._filter = ""
        self._before_filter: Pair | None = None
        self._sort = 0
        self._doing = ""

    def body(self) -> ComposeResult:
        """Return the table, what is said of the crate under the cursor, and the filter's field."""
        yield Static(id="view", markup=False)
        yield Table()
        yield Static(id="state", markup=False)
        yield Static(id="about", markup=False)
        yield Input(placeholder="part of a name", id="filter", select_on_focus=False)

    def on_mount(self) -> None:
        """Begin to read."""
        table = self._table
        for label, width in _COLUMNS:
            table.add_column(label, width=width, key=label)
        table.focus()
        self.reload()

    @property
    def _table(self) -> Table:
        return self.query_one(Table)

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
        found = [entry for entry in entries if self._filter in entry.pair.crate.lower()]
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
        pair, row = entry.pair, entry.row
        mark = "*" if pair in self._marked else ""
        texts = (
            f"{'?' if row.risk is None else row.risk.points:>5}",
            f"{mark}{pair.crate}",
            f"{pair.base or '(none)'} > {pair.version}",
            ", ".join(_short(name) for name in row.needs),
            f"{row.build.letters}{'d' if row.dev_only else ''}",
            f"{_size(row):>9}",
            seen(entry, session),
            "hold" if row.hold else flags(row.evidence),
        )
        style = "bold" if row.is_build_time else ""
        return [cell(fitted(text, width - 1), style) for text, (_, width) in zip(texts, _COLUMNS, strict=True)]

    def _tell_state(self, queue: Queue) -> None:
        state = self.query_one("#state", Static)
        state.display = not self._shown
        if not self._shown and not queue.entries:
            state.update(plain(f"Everything is vetted: {queue.total} of {queue.total}. {_next_act(queue)}"))
        elif not self._shown:
            state.update(plain(f"no crate to audit is called like '{self._filter}'; escape shows all of them again"))

    def _tell_about(self) -> None:
        entry = self.entry()
        lines: list[str] = []
        if entry is not None:
            pair = entry.pair
            what = f"{pair.base} > {pair.version}" if pair.base else f"{pair.version}, all of it"
            why = f": {entry.row.lacking}" if entry.row.lacking else ""
            missing = [f"not downloaded, so it stands last{why}"] if entry.row.risk is None else []
            lines = [f"{pair.crate} {what}", *missing, *entry.about]
        self.query_one("#about", Static).update(Content("\n").join([plain(line) for line in lines[:_ABOUT]]))

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
        parts = [f"filter: {self._filter or '(none)'}", f"sort: {_SORTS[self._sort]}"]
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
        field = self.query_one("#filter", Input)
        if not self._filter and (entry := self.entry()):
            self._before_filter = entry.pair
        field.display = True
        field.value = self._filter
        self.set_focus(field)  # at once: what is typed ahead belongs to the field

    @on(Input.Changed, "#filter")
    def _filtered(self, message: Input.Changed) -> None:
        self._filter = message.value.strip().lower()
        self.show_rows()

    @on(Input.Submitted, "#filter")
    def _filter_stands(self) -> None:
        self.query_one("#filter", Input).display = False
        self._table.focus()

    def action_back(self) -> None:
        """Drop the filter and go back to where it was typed, else leave."""
        field = self.query_one("#filter", Input)
        if field.display or self._filter:
            self._filter = ""
            field.display = False
            self._table.focus()
            self.show_rows()
            if self._before_filter is not None:
                self.go_to(self._before_filter)
            return
        super().action_back()


def _next_act(queue: Queue) -> str:
    """Say what is worth doing when there is nothing to audit."""
    if queue.needless:
        return f"`vetflow prune` drops {queue.needless} exemptions that are not needed any more."
    return "2 shows whose audits that rests on."


def seen(entry: QueueEntry, session: Session) -> str:
    """Return how many files were viewed: of the build-time set as long as that is open, then of all."""
    if not entry.files:
        return "-"
    viewed = [file in session.viewed for file in entry.files]
    build = viewed[: entry.build_files]
    if entry.build_files and not all(build):
        return f"{sum(build)}/{len(build)}"
    return "done" if all(viewed) else f"{sum(viewed)}/{len(viewed)}"


def flags(evidence: Iterable[Evidence]) -> str:
    """Return the first letters of what a crate newly can do and deserves a look, each once, the gravest first."""
    letters = dict.fromkeys(
        each.capability[:1].upper() for each in evidence if each.grade_when_new >= Grade.REVIEW and each.capability
    )
    return "".join(letters)


def _size(row: QueueRow) -> str:
    """Return how many lines there are to read, or why nobody knows."""
    return format(row.lines, ",") if row.lines is not None else "not here" if row.lacking else "?"


def _short(criterion: str) -> str:
    return criterion.removeprefix("safe-to-")
