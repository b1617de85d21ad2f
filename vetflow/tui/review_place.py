"""The review of one version or delta: its files in reading order, the difference of one of them, what was found."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import ClassVar, Final

from textual import on, work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal

from vetflow.app.desk import AskedChecklist, Delta
from vetflow.review.session import LineNote, Pair, Position, Viewed
from vetflow.tui import conversations, review_title
from vetflow.tui.checklist_pane import ChecklistPane
from vetflow.tui.choices import Choice
from vetflow.tui.dialogs import AskLine, Choose, TextPage
from vetflow.tui.family_place import FamilyPlace
from vetflow.tui.file_reader import FileReader
from vetflow.tui.file_tree import FileTree
from vetflow.tui.findings_list import FindingsList, Spot, as_choices, spots
from vetflow.tui.place import Place
from vetflow.tui.review_keys import KEYS
from vetflow.tui.safe_text import lines, plain
from vetflow.tui.under_review import UnderReview, Which

_SUMMARY: Final = ""
"""The path that stands for what comes before all files."""
_KEEP_EVERY: Final = 2
"""Seconds after which the line is remembered; a file is as soon as it is opened."""


class ReviewPlace(Place):
    """One delta under review."""

    NAME = "Review"
    DEFAULT_CSS = """
    ReviewPlace { layers: base above; }
    ReviewPlace Horizontal { height: 1fr; }
    ReviewPlace FileTree.-toggled { display: none; }
    ReviewPlace.-narrow FileTree { display: none; }
    ReviewPlace.-narrow FileTree.-toggled { display: block; layer: above; }
    ReviewPlace.-wide FileTree { width: 34; }
    ReviewPlace.-wide FindingsList.-open { display: block; }
    ReviewPlace.-wide ChecklistPane.-open {
        dock: right; width: 48; height: 100%; border-top: none; border-left: solid $dim;
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = KEYS

    def __init__(self, pair: Pair) -> None:
        super().__init__()
        self.pair = pair
        self._under: UnderReview | None = None
        self._order: tuple[str, ...] = ()
        self._path = _SUMMARY
        self._finding = -1
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
        self._order = delta.order
        self._ask_checklist()
        self.query_one(FileTree).show_delta(delta, Counter(finding.path for finding in delta.findings))
        if delta.diff.incomplete:
            names = ", ".join(missing.path for missing in delta.diff.incomplete)
            self.tell_problem(f"diff incomplete: {names} · this delta cannot be certified from a review")
        position = self.desk.session().positions.get(self.pair)
        if position is not None and position.path in {_SUMMARY, *self._order}:
            self.open_file(position.path or _SUMMARY, row=position.top)
        else:
            self.open_file(next(iter(self._order), _SUMMARY))
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

    # -- files --------------------------------------------------------------------------------------------------------

    @on(FileTree.Chosen)
    def _chosen(self, message: FileTree.Chosen) -> None:
        self.open_file(message.path)
        self._reader.pane.focus()
        if self.has_class("-narrow"):
            self.query_one(FileTree).remove_class("-toggled")

    @on(FileTree.Ticked)
    def _ticked(self, message: FileTree.Ticked) -> None:
        self._keep_viewed([message.path], viewed=not self._is_viewed(message.path))

    def _is_viewed(self, path: str) -> bool:
        return self._under is not None and self._under.is_viewed(path)

    def action_file(self, step: int) -> None:
        """Open the next or previous file."""
        if self._order:
            at = self._order.index(self._path) if self._path in self._order else -1 if step > 0 else 0
            self.open_file(self._order[(at + step) % len(self._order)])

    def action_unviewed(self, step: int) -> None:
        """Open the next or previous file that was not viewed."""
        if self._under is None:
            return
        at = self._order.index(self._path) if self._path in self._order else -1
        viewed, count = self._under.viewed(), len(self._order)
        for distance in range(1, count + 1):
            path = self._order[(at + step * distance) % count]
            if path not in viewed:
                self.open_file(path)
                return
        self.notify("every file was viewed; c certifies", markup=False)

    def action_viewed(self) -> None:
        """Mark the file as viewed and go on, or take the mark back."""
        if self._path not in self._order:
            return
        is_viewed = self._is_viewed(self._path)
        self._keep_viewed([self._path], viewed=not is_viewed)
        if not is_viewed and self._under is not None and len(self._under.viewed()) < len(self._order):
            self.action_unviewed(1)

    def action_viewed_folder(self) -> None:
        """Mark all files of the folder of this one."""
        folder = self._path.rpartition("/")[0]
        if folder:
            self._keep_viewed([path for path in self._order if path.startswith(f"{folder}/")], viewed=True)

    def _keep_viewed(self, paths: Sequence[str], *, viewed: bool) -> None:
        if self._under is not None:
            for path in paths:
                self.keep(Viewed(self._under.file(path), viewed, self.review.now()))
                if viewed:
                    self._remember(self.pair, path)
        self._mark()

    @work(thread=True, group="hunks")
    def _remember(self, pair: Pair, path: str) -> None:
        """Remember the hunks of a file that was viewed; another crate may have the same."""
        record = self.desk.hunks_read(pair, path)
        if record is not None and self.app.is_running:
            self.app.call_from_thread(self.keep, record)

    def action_tree(self) -> None:
        """Show or hide the tree; in a narrow terminal it lies over the file."""
        tree = self.query_one(FileTree)
        tree.toggle_class("-toggled")
        (tree if self.has_class("-narrow") and tree.has_class("-toggled") else self._reader.pane).focus()

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

    def action_checklist(self) -> None:
        """Show the checklist, go to it, or put it away; while a file is broken, which the banner says, edit that."""
        if self.broken is not None:
            self.review.edit_file(self.broken)
            self.reload()
            return
        self.query_one(ChecklistPane).toggle()

    @on(ChecklistPane.Closed)
    def _checklist_closed(self) -> None:
        self._reader.pane.focus()

    @on(ChecklistPane.Wanted)
    def _show_place(self, message: ChecklistPane.Wanted) -> None:
        self.open_file(message.path, line=message.line)

    @on(ChecklistPane.Answered)
    def _answered(self) -> None:
        self._retitle()

    # -- findings and notes -------------------------------------------------------------------------------------------

    def action_finding(self) -> None:
        """Go to the next finding, in whatever file it is."""
        findings = self._under.findings(self._which) if self._under else ()
        found = [finding for finding in findings if finding.path in self._order]
        if not found:
            self.notify("no evidence found in what differs", markup=False)
            return
        self._finding = (self._finding + 1) % len(found)
        self.open_file(found[self._finding].path, line=found[self._finding].line)

    def action_all_findings(self) -> None:
        """List all findings, claims and notes: beside the file where there is room, else on a page over it."""
        if self._under is not None and self.has_class("-wide"):
            listed = self.query_one(FindingsList)
            listed.toggle_class("-open")
            self._mark()
            (listed if listed.has_class("-open") else self._reader.pane).focus()
        elif self._under is not None:
            self._choose_finding(spots(self._under, self._which))

    @work
    async def _choose_finding(self, found: Sequence[Spot]) -> None:
        if not found:
            self.notify("no evidence found, and no notes", markup=False)
            return
        chosen = await self.app.push_screen_wait(Choose("Findings and notes", as_choices(found)))
        if chosen is not None:
            self._go_to_spot(found[int(chosen)])

    @on(FindingsList.Chosen)
    def _finding_chosen(self, message: FindingsList.Chosen) -> None:
        self._go_to_spot(message.spot)

    def _go_to_spot(self, spot: Spot) -> None:
        """Open a file where something is to be seen; what did not change is not shown."""
        if spot.path in self._order:
            self.open_file(spot.path, line=spot.line)
            self._reader.pane.focus()
        else:
            self.notify(f"{spot.path} did not change; `vetflow inspect` shows all of a version", markup=False)

    def action_filter_findings(self) -> None:
        """Show all findings, those on files that changed, or those of the build-time surface."""
        self._which = self._which.following()
        self._reader.look_again(self._which)
        self._mark()

    def action_note(self) -> None:
        """Write a note on the line under the cursor."""
        line = self._reader.pane.current_line()
        if line is not None and self._under is not None:
            self.review.ask(self._note(self._under, line.number))

    async def _note(self, under: UnderReview, number: int) -> None:
        before = under.notes(self._path).get(number, "")
        where = f"{self._path}:{abs(number)}"
        text = await self.app.push_screen_wait(AskLine(f"Note on {where}", text=before, needed=False))
        if text is not None:
            self.keep(LineNote(under.file(self._path), number, text))
            self._reader.look_again(self._which)
            self._mark()

    def action_summary(self) -> None:
        """Show what comes before all files, and what no reading can tell."""
        if self._under is not None:
            self.app.push_screen(TextPage("Beside the code", lines("\n".join(self._under.delta.summary))))

    # -- what becomes of it -------------------------------------------------------------------------------------------

    def action_certify(self) -> None:
        """Certify what is under review."""
        if self._under is not None:
            self.keep_position()
            self.review.converse(conversations.certify(self.review, (self.pair,)))

    def action_violation(self) -> None:
        """Record a violation."""
        self.review.ask(conversations.violation(self.review, self.pair))

    # -- elsewhere ----------------------------------------------------------------------------------------------------

    def action_family(self) -> None:
        """Show what of its repository changed in the same way, and what did not."""
        self.app.push_screen(FamilyPlace(self.pair))

    def action_base(self) -> None:
        """Choose another version to start from."""
        self.review.converse(self._rebase())

    async def _rebase(self) -> None:
        bases = await self.review.in_thread(lambda: self.desk.bases(self.pair))
        choices = [Choice(str(number), plain(about)) for number, (_, about) in enumerate(bases)]
        chosen = await self.app.push_screen_wait(Choose("Start from", choices))
        if chosen is not None:
            self.pair, self._under = bases[int(chosen)][0], None
            self.reload()

    def action_outside(self) -> None:
        """Open a copy of the file that no tool acts on."""
        files = self._under.delta.new if self._under is not None else {}
        if self._path in files:
            self.review.show_outside(self._path, files[self._path].content)

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

    def action_back(self) -> None:
        """Leave, remembering the place; a search is dropped first, and the list of findings closed."""
        if self._reader.pane.sought:
            self._reader.pane.sought = ""
            return
        if self.query_one(FindingsList).has_focus:
            self.action_all_findings()
            return
        self.keep_position()
        super().action_back()
