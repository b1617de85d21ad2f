"""What a reviewer does with a delta: marks, checklist, findings and notes, and what becomes of it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual import on, work
from textual.binding import BindingType

from vetflow.review.session import LineNote, Pair, Viewed
from vetflow.tui import conversations
from vetflow.tui.checklist_pane import ChecklistPane
from vetflow.tui.choices import Choice
from vetflow.tui.delta_place import DeltaPlace
from vetflow.tui.dialogs import AskLine, Choose, TextPage
from vetflow.tui.family_place import FamilyPlace
from vetflow.tui.file_tree import FileTree
from vetflow.tui.findings_list import FindingsList, Spot, as_choices, spots
from vetflow.tui.review_keys import KEYS
from vetflow.tui.safe_text import lines, plain
from vetflow.tui.under_review import UnderReview


class ReviewPlace(DeltaPlace):
    """One delta under review."""

    NAME = "Review"
    BINDINGS: ClassVar[list[BindingType]] = KEYS

    def __init__(self, pair: Pair) -> None:
        super().__init__(pair)
        self._finding = -1

    # -- files --------------------------------------------------------------------------------------------------------

    @on(FileTree.Ticked)
    def _ticked(self, message: FileTree.Ticked) -> None:
        self._keep_viewed([message.path], viewed=not self._is_viewed(message.path))

    def _is_viewed(self, path: str) -> bool:
        return self._under is not None and self._under.is_viewed(path)

    def action_unviewed(self, step: int) -> None:
        """Open the next or previous file that was not viewed."""
        if self._under is None:
            return
        if path := self._under.unviewed_beside(self._path, step):
            self.open_file(path)
        else:
            self.notify("every file was viewed; c certifies", markup=False)

    def action_viewed(self) -> None:
        """Mark the file as viewed and go on, or take the mark back."""
        if self._under is None or self._path not in self._under.delta.order:
            return
        is_viewed = self._is_viewed(self._path)
        self._keep_viewed([self._path], viewed=not is_viewed)
        if not is_viewed and self._under.unviewed_beside(self._path, 1):
            self.action_unviewed(1)

    def action_viewed_folder(self) -> None:
        """Mark all files of the folder of this one."""
        if self._under is not None:
            self._keep_viewed(self._under.folder_of(self._path), viewed=True)

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

    # -- the checklist ------------------------------------------------------------------------------------------------

    def action_checklist(self) -> None:
        """Show the checklist, go to it, or put it away; while a file is broken, which the banner says, edit that."""
        if self.broken is not None:
            self.review.edit_file(self.broken)
            self.reload()
            return
        self.query_one(ChecklistPane).toggle()

    # -- findings and notes -------------------------------------------------------------------------------------------

    def action_finding(self) -> None:
        """Go to the next finding, in whatever file it is."""
        found = self._under.changed_findings(self._which) if self._under else ()
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
        if self._under is not None and spot.path in self._under.delta.order:
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
