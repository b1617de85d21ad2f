"""The review of one version or delta: its files in reading order, the difference of one of them, what was found."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import ClassVar, Final

from textual import on, work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal

from vetflow.app.desk import Delta
from vetflow.review.session import LineNote, Pair, Position, Viewed
from vetflow.surface.tiers import Grade
from vetflow.tui import conversations
from vetflow.tui.dialogs import AskLine, Choice, Choose, TextPage
from vetflow.tui.file_reader import FileReader
from vetflow.tui.file_tree import FileTree
from vetflow.tui.place import Place
from vetflow.tui.review_keys import KEYS
from vetflow.tui.safe_text import lines, plain
from vetflow.tui.under_review import LETTERS, UnderReview, Which

_SUMMARY: Final = ""
"""The path that stands for what comes before all files."""


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
            yield FileReader(self.action_file)

    def on_mount(self) -> None:
        """Begin to read."""
        self._reader.pane.focus()
        self.reload()

    @property
    def _reader(self) -> FileReader:
        return self.query_one(FileReader)

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
        self.query_one(FileTree).show_delta(delta, Counter(finding.path for finding in delta.findings))
        if delta.diff.incomplete:
            names = ", ".join(missing.path for missing in delta.diff.incomplete)
            self.tell_problem(f"diff incomplete: {names} · this delta cannot be certified from a review")
        position = self.desk.session().position
        if position is not None and position.pair == self.pair and position.path in {_SUMMARY, *self._order}:
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

    def _mark(self) -> None:
        if self._under is not None:
            self.query_one(FileTree).mark(self._under.viewed(), self._path)
        self._retitle()

    def _retitle(self) -> None:
        pair, under = self.pair, self._under
        what = f"{pair.crate} {f'{pair.base}>{pair.version}' if pair.base else f'{pair.version} (whole)'}"
        is_narrow = self.has_class("-narrow")
        state = "" if self.desk.may_ask or is_narrow else "offline"
        if under is None:
            self.retitle(what, self._doing, state)
            return
        viewed, build = under.viewed(), set(under.delta.build_time)
        grades = Counter(finding.grade for finding in under.findings(self._which))
        self.retitle(
            what,
            f"build-time {len(viewed & build)}/{len(build)}{'' if is_narrow else ' viewed'}",
            f"rest {len(viewed - build)}/{len(self._order) - len(build)}",
            f"!{grades[Grade.ALERT]} ?{grades[Grade.REVIEW]}",
            "" if self._which is Which.ALL else f"findings: {self._which.value}",
            self._doing,
            state,
        )

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
        self._mark()

    def action_tree(self) -> None:
        """Show or hide the tree; in a narrow terminal it lies over the file."""
        tree = self.query_one(FileTree)
        tree.toggle_class("-toggled")
        (tree if self.has_class("-narrow") and tree.has_class("-toggled") else self._reader.pane).focus()

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

    @work
    async def action_all_findings(self) -> None:
        """List all findings and notes, and go to one of them."""
        if self._under is None:
            return
        places: list[tuple[str, int | None]] = []
        choices: list[Choice] = []
        for each in self._under.findings(self._which):
            where = f"{each.path}{f':{each.line}' if each.line is not None else ''}"
            places.append((each.path, each.line))
            choices.append(Choice(str(len(choices)), plain(f"{LETTERS[each.grade]} {where}  {each.sentence}")))
        for path in self._order:
            for line, text in self._under.notes(path).items():
                places.append((path, line))
                choices.append(Choice(str(len(choices)), plain(f"N {path}:{abs(line)}  {text}")))
        if not choices:
            self.notify("no evidence found, and no notes", markup=False)
            return
        chosen = await self.app.push_screen_wait(Choose("Findings and notes", choices))
        if chosen is not None and places[int(chosen)][0] in self._order:
            self.open_file(places[int(chosen)][0], line=places[int(chosen)][1])

    def action_filter_findings(self) -> None:
        """Show all findings, those on files that changed, or those of the build-time surface."""
        self._which = self._which.following()
        self._reader.look_again(self._which)
        self._retitle()

    @work
    async def action_note(self) -> None:
        """Write a note on the line under the cursor."""
        line, under = self._reader.pane.current_line(), self._under
        if line is None or under is None:
            return
        number = line.number
        before = under.notes(self._path).get(number, "")
        where = f"{self._path}:{abs(number)}"
        text = await self.app.push_screen_wait(AskLine(f"Note on {where}", text=before, needed=False))
        if text is not None:
            self.keep(LineNote(under.file(self._path), number, text))
            self._reader.look_again(self._which)

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

    def action_hold(self) -> None:
        """Hold the crate back."""
        self.review.converse(conversations.hold(self.review, self.pair))

    def action_violation(self) -> None:
        """Record a violation."""
        self.review.converse(conversations.violation(self.review, self.pair))

    # -- elsewhere ----------------------------------------------------------------------------------------------------

    def action_detail(self) -> None:
        """Show the crate's page."""
        self.review.open_detail(self.pair)

    def action_why(self) -> None:
        """Show how the crate comes in."""
        self.review.open_why(self.pair)

    def action_risk(self) -> None:
        """Show what the number under RISK is made of."""
        self.review.explain_risk(self.pair)

    def action_base(self) -> None:
        """Choose another version to start from."""
        pair = self.pair
        self.in_background(
            lambda _: self.desk.bases(pair), self._choose_base, group="bases", doing="looking for versions"
        )

    @work
    async def _choose_base(self, bases: Sequence[tuple[Pair, str]]) -> None:
        choices = [Choice(str(number), plain(about)) for number, (_, about) in enumerate(bases)]
        chosen = await self.app.push_screen_wait(Choose("Start from", choices))
        if chosen is not None:
            self.pair = bases[int(chosen)][0]
            self._under = None
            self.reload()

    def action_outside(self) -> None:
        """Open a copy of the file that no tool acts on."""
        files = self._under.delta.new if self._under is not None else {}
        if self._path in files:
            self.review.show_outside(self._path, files[self._path].content)

    def keep_position(self) -> None:
        """Remember where the reviewer is."""
        if self._under is not None:
            self.keep(Position(self.pair, self._path, self._reader.pane.cursor))

    def action_back(self) -> None:
        """Leave, remembering the place; a search is dropped first."""
        if self._reader.pane.sought:
            self._reader.pane.sought = ""
            return
        self.keep_position()
        super().action_back()
