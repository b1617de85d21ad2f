"""A delta on screen: its files in reading order, the difference of one of them, and where its reader is.

`tui.review_place` has what a reviewer does there.
"""

from __future__ import annotations

from collections import Counter
from typing import Final

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal

from vetflow.app.review.values import AskedChecklist, Delta
from vetflow.review.session import Pair, Position
from vetflow.tui import review_title
from vetflow.tui.checklist_pane import ChecklistPane
from vetflow.tui.file_reader import FileReader
from vetflow.tui.file_tree import FileTree
from vetflow.tui.findings_list import FindingsList, spots
from vetflow.tui.place import Place
from vetflow.tui.under_review import UnderReview, Which

_SUMMARY: Final = ""
"""The path that stands for what comes before all files."""
_KEEP_EVERY: Final = 2
"""Seconds after which the line is remembered; a file is as soon as it is opened."""


class DeltaPlace(Place):
    """One delta on screen."""

    DEFAULT_CSS = """
    DeltaPlace { layers: base above; }
    DeltaPlace Horizontal { height: 1fr; }
    DeltaPlace FileTree.-toggled { display: none; }
    DeltaPlace.-narrow FileTree { display: none; }
    DeltaPlace.-narrow FileTree.-toggled { display: block; layer: above; }
    DeltaPlace.-wide FileTree { width: 34; }
    DeltaPlace.-wide FindingsList.-open { display: block; }
    DeltaPlace.-wide ChecklistPane.-open {
        dock: right; width: 48; height: 100%; border-top: none; border-left: solid $dim;
    }
    """

    def __init__(self, pair: Pair) -> None:
        super().__init__()
        self.pair = pair
        self._under: UnderReview | None = None
        self._path = _SUMMARY
        self._which = Which.ALL
        self._doing = ""

    def body(self) -> ComposeResult:
        """Return the tree, and what reads a file."""
        with Horizontal():
            yield FileTree()
            yield FileReader(self.action_file, self.review.ask)
            yield FindingsList()
            yield ChecklistPane(self.desk.session, self.keep, self.review.now, self.review.ask)

    def on_mount(self) -> None:
        """Begin to read, and to remember where."""
        self._reader.pane.focus()
        self.set_interval(_KEEP_EVERY, self._keep_line)
        self.reload()

    @property
    def _reader(self) -> FileReader:
        return self.query_one(FileReader)

    def crate_in_hand(self) -> Pair:
        """Return what is under review."""
        return self.pair

    def reload(self) -> None:
        """Read and compare anew."""
        pair = self.pair
        self.in_background(
            lambda progress: self.desk.delta(pair, progress), self._show, group="delta", doing=f"reading {pair.crate}"
        )

    def tell_doing(self, what: str) -> None:
        """Say in the title row what is being done."""
        self._doing = what
        self._retitle()

    # -- what is shown ------------------------------------------------------------------------------------------------

    def _show(self, delta: Delta) -> None:
        self._under = under = UnderReview(delta, self.desk.session)
        self._ask_checklist()
        self.query_one(FileTree).show_delta(delta, Counter(finding.path for finding in delta.findings))
        if delta.diff.incomplete:
            names = ", ".join(missing.path for missing in delta.diff.incomplete)
            self.tell_problem(f"diff incomplete: {names} · this delta cannot be certified from a review")
        position = self.desk.session().positions.get(self.pair)
        if position is not None and position.path in {_SUMMARY, *delta.order}:
            self.open_file(position.path or _SUMMARY, row=position.top)
        else:
            self.open_file(next(iter(delta.order), _SUMMARY))
        if stale := under.stale():
            words = ", ".join(stale)
            self.notify(f"changed since they were viewed: {words}", markup=False, title="not viewed any more")

    def open_file(self, path: str, *, line: int | None = None, row: int = -1) -> None:
        """Show a file's difference, or with an empty path what comes before all files; from a line or row on."""
        if self._under is not None:
            self._path = path
            self._reader.open(self._under, path, self._which, line=line, row=row)
            self._mark()
            self._keep(Position(self.pair, path, row))

    def _mark(self) -> None:
        if self._under is not None:
            self.query_one(FileTree).mark(self._under.viewed(), self._path)
            if (listed := self.query_one(FindingsList)).has_class("-open"):
                listed.show_spots(spots(self._under, self._which))
        self._retitle()

    def _retitle(self) -> None:
        under, is_narrow = self._under, self.has_class("-narrow")
        what, state = review_title.subject(self.pair), "" if self.desk.may_ask or is_narrow else "offline"
        if under is None:
            self.retitle(what, self._doing, state)
            return
        parts = (*review_title.progress(under, self._which, is_narrow=is_narrow), self._doing, state)
        answers = self.query_one(ChecklistPane).answers
        checks = review_title.checks(answers, self.app.size.width, (what, *parts))
        self.retitle(what, *parts[:-2], checks, *parts[-2:])

    def action_file(self, step: int) -> None:
        """Open the next or previous file."""
        if self._under is not None and (path := self._under.file_beside(self._path, step)):
            self.open_file(path)

    def action_tree(self) -> None:
        """Show or hide the tree; in a narrow terminal it lies over the file."""
        tree = self.query_one(FileTree)
        tree.toggle_class("-toggled")
        (tree if self.has_class("-narrow") and tree.has_class("-toggled") else self._reader.pane).focus()

    @on(FileTree.Chosen)
    def _chosen(self, message: FileTree.Chosen) -> None:
        self.open_file(message.path)
        self._reader.pane.focus()
        if self.has_class("-narrow"):
            self.query_one(FileTree).remove_class("-toggled")

    # -- the reader's place in it -------------------------------------------------------------------------------------

    def keep_position(self) -> None:
        """Remember where the reviewer is, also for a run after one that was killed."""
        if self._under is not None:
            self._keep(Position(self.pair, self._path, self._reader.pane.cursor))

    def _keep_line(self) -> None:
        if self.is_current:
            self.keep_position()

    def _keep(self, position: Position) -> None:
        if self.desk.session().position != position:
            self.keep(position)

    # -- the checklist ------------------------------------------------------------------------------------------------

    def _ask_checklist(self) -> None:
        """Find out what is asked, behind the screen."""
        pair, pane = self.pair, self.query_one(ChecklistPane)
        pane.show_checklist(None)
        self.in_background(
            lambda _: self.desk.checklist(pair), self._show_checklist, group="checklist", doing="looking for places"
        )

    def _show_checklist(self, asked: AskedChecklist) -> None:
        self.query_one(ChecklistPane).show_checklist(asked)
        self._retitle()

    @on(ChecklistPane.Closed)
    def _checklist_closed(self) -> None:
        self._reader.pane.focus()

    @on(ChecklistPane.Wanted)
    def _show_place(self, message: ChecklistPane.Wanted) -> None:
        self.open_file(message.path, line=message.line)

    @on(ChecklistPane.Answered)
    def _answered(self) -> None:
        self._retitle()
