"""The review of one version or delta: its files in reading order, the difference of one of them, what was found."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import ClassVar, Final

from textual import on, work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal
from textual.content import Content
from textual.reactive import reactive
from textual.widgets import Static

from vetflow.app.desk import Delta
from vetflow.review.items import Item, enclosing, items
from vetflow.review.moved import MOST_LINES
from vetflow.review.rows import CONTEXT
from vetflow.review.session import LineNote, Pair, Position, Viewed
from vetflow.surface.tiers import Grade
from vetflow.tui import conversations
from vetflow.tui.conversations import Seen
from vetflow.tui.dialogs import AskLine, Choice, Choose, TextPage
from vetflow.tui.diff_pane import DiffPane, FileView, is_change
from vetflow.tui.file_tree import FileTree
from vetflow.tui.file_view import Manner, file_view
from vetflow.tui.place import Place
from vetflow.tui.review_keys import KEYS
from vetflow.tui.safe_text import lines, plain
from vetflow.tui.under_review import UnderReview, Which, number_of

_CONTEXTS: Final = (CONTEXT, 10, None)
_SUMMARY: Final = ""
"""The path that stands for what comes before all files."""


class ReviewPlace(Place):
    """One delta under review."""

    NAME = "Review"
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (60, "-normal"), (120, "-wide")]  # noqa: RUF012  Textual declares it for instances
    DEFAULT_CSS = """
    ReviewPlace Horizontal { height: 1fr; }
    ReviewPlace DiffPane { width: 1fr; height: 1fr; }
    ReviewPlace #item { height: 1; background: $panel; color: $dim; }
    ReviewPlace #finding { height: 2; color: $bad; }
    ReviewPlace.-narrow FileTree { display: none; }
    ReviewPlace.-wide FileTree { width: 34; }
    """
    BINDINGS: ClassVar[list[BindingType]] = KEYS

    manner: reactive[Manner] = reactive(Manner(), init=False)

    def __init__(self, pair: Pair) -> None:
        super().__init__()
        self.pair = pair
        self._delta: Delta | None = None
        self._order: tuple[str, ...] = ()
        self._path = _SUMMARY
        self._items: tuple[Item, ...] = ()
        self._finding = -1
        self._which = Which.ALL
        self._doing = ""

    def body(self) -> ComposeResult:
        """Return tree, pane and what was found."""
        with Horizontal():
            yield FileTree()
            yield DiffPane()
        yield Static(id="item", markup=False)
        yield Static(id="finding", markup=False)

    def on_mount(self) -> None:
        """Begin to read."""
        self._pane.focus()
        self.reload()

    @property
    def _pane(self) -> DiffPane:
        return self.query_one(DiffPane)

    def _now(self, delta: Delta) -> UnderReview:
        return UnderReview(delta, self.desk.session())

    def _is_viewed(self, path: str) -> bool:
        return self._delta is not None and self._now(self._delta).is_viewed(path)

    def reload(self) -> None:
        """Read and compare anew."""
        pair = self.pair
        self.in_background(
            lambda: self.desk.delta(pair, self.progress()), self._show, group="delta", doing=f"reading {pair.crate}"
        )

    def tell_doing(self, what: str) -> None:
        """Say in the title row what is being done."""
        self._doing = what
        self._retitle()

    # -- what is shown ------------------------------------------------------------------------------------------------

    def _show(self, delta: Delta) -> None:
        self._delta = delta
        self._order = delta.order
        self.query_one(FileTree).show_delta(delta, Counter(finding.path for finding in delta.findings))
        if delta.diff.incomplete:
            names = ", ".join(missing.path for missing in delta.diff.incomplete)
            self.tell_problem(f"diff incomplete: {names} · this delta cannot be certified from a review")
        position = self.desk.session().position
        start = position.path if position and position.pair == self.pair else None
        if start is None or (start != _SUMMARY and start not in self._order):
            start = next(iter(self._order), _SUMMARY)
        self.open_file(start)
        if position and position.pair == self.pair and position.path == start:
            self._pane.cursor = position.top
        if stale := self._now(delta).stale():
            words = ", ".join(stale)
            self.notify(f"changed since they were viewed: {words}", markup=False, title="not viewed any more")

    def open_file(self, path: str) -> None:
        """Show a file's difference, or with an empty path what comes before all files."""
        delta = self._delta
        if delta is None:
            return
        self._path = path
        self._items = ()
        self._pane.show_view(self._view(delta, path))
        if path in delta.new and path in delta.code:
            self._items = items(delta.new[path].content)
        self._mark()
        self._tell_place()

    def _view(self, delta: Delta, path: str) -> FileView:
        patch = delta.diff.file(path)
        if patch is None:
            return FileView("summary", (), tuple(delta.summary) or ("nothing but files changed",))
        now, is_code = self._now(delta), path in delta.code
        return file_view(patch, now.contents(patch), now.marks(path, self._which), self.manner, is_code=is_code)

    def watch_manner(self) -> None:
        """Show the file in another manner, the cursor staying on its line."""
        if self._delta is not None:
            self._pane.show_view(self._view(self._delta, self._path), keep_place=True)

    def _mark(self) -> None:
        if self._delta is not None:
            self.query_one(FileTree).mark(self._now(self._delta).viewed(), self._path)
        self._retitle()

    def _retitle(self) -> None:
        pair = self.pair
        what = f"{pair.base}>{pair.version}" if pair.base else f"{pair.version} (whole)"
        delta = self._delta
        if delta is None:
            self.retitle(f"{pair.crate} {what}", self._doing)
            return
        now = self._now(delta)
        viewed = now.viewed()
        build = set(delta.build_time)
        grades = Counter(finding.grade for finding in now.findings(self._which))
        self.retitle(
            f"{pair.crate} {what}",
            f"build-time {len(viewed & build)}/{len(build)} viewed",
            f"rest {len(viewed - build)}/{len(self._order) - len(build)}",
            f"!{grades[Grade.ALERT]} ?{grades[Grade.REVIEW]}",
            "" if self._which is Which.ALL else f"findings: {self._which.value}",
            self._doing,
        )

    @on(DiffPane.Moved)
    def _tell_place(self) -> None:
        line = self._pane.current_line()
        number = self._order.index(self._path) + 1 if self._path in self._order else 0
        item = " :: ".join(enclosing(self._items, line.new)) if line is not None and line.new else ""
        where = f"{self._pane.view.title}  [{number} of {len(self._order)}]"
        self.query_one("#item", Static).update(plain(f"{where}  {'in ' + item if item else ''}"))
        told = self._now(self._delta).told_at(self._path, line, self._which) if line and self._delta else []
        self.query_one("#finding", Static).update(Content("\n").join([plain(each) for each in told[:2]]))

    # -- files --------------------------------------------------------------------------------------------------------

    @on(FileTree.Chosen)
    def _chosen(self, message: FileTree.Chosen) -> None:
        self.open_file(message.path)
        self._pane.focus()

    def action_file(self, step: int) -> None:
        """Open the next or previous file."""
        if self._order:
            at = self._order.index(self._path) if self._path in self._order else -1 if step > 0 else 0
            self.open_file(self._order[(at + step) % len(self._order)])

    def action_unviewed(self, step: int) -> None:
        """Open the next or previous file that was not viewed."""
        at = self._order.index(self._path) if self._path in self._order else -1
        count = len(self._order)
        for distance in range(1, count + 1):
            path = self._order[(at + step * distance) % count]
            if not self._is_viewed(path):
                self.open_file(path)
                return
        self.notify("every file was viewed; c certifies", markup=False)

    def action_viewed(self) -> None:
        """Mark the file as viewed and go on, or take the mark back."""
        if self._path not in self._order:
            return
        is_viewed = self._is_viewed(self._path)
        self._keep_viewed([self._path], viewed=not is_viewed)
        if not is_viewed and not all(self._is_viewed(path) for path in self._order):
            self.action_unviewed(1)

    def action_viewed_folder(self) -> None:
        """Mark all files of the folder of this one."""
        folder = self._path.rpartition("/")[0]
        if folder:
            self._keep_viewed([path for path in self._order if path.startswith(f"{folder}/")], viewed=True)

    def _keep_viewed(self, paths: Sequence[str], *, viewed: bool) -> None:
        if self._delta is not None:
            for path in paths:
                self.desk.keep(Viewed(self._now(self._delta).file(path), viewed, self.review.now()))
        self._mark()

    # -- lines --------------------------------------------------------------------------------------------------------

    def action_hunk(self, step: int) -> None:
        """Go to the next change after unchanged lines."""
        pane = self._pane
        changed = [is_change(row) for row in pane.rows]
        starts = [at for at, is_change in enumerate(changed) if is_change and (at == 0 or not changed[at - 1])]
        here = pane.cursor - len(pane.view.notes)
        later = [at for at in starts if (at > here if step > 0 else at < here)]
        if later:
            pane.cursor = (later[0] if step > 0 else later[-1]) + len(pane.view.notes)
        else:
            self.action_file(step)

    def action_finding(self) -> None:
        """Go to the next finding, in whatever file it is."""
        findings = self._now(self._delta).findings(self._which) if self._delta else ()
        found = [finding for finding in findings if finding.path in self._order]
        if not found:
            self.notify("no evidence found in what differs", markup=False)
            return
        self._finding = (self._finding + 1) % len(found)
        finding = found[self._finding]
        if finding.path != self._path:
            self.open_file(finding.path)
        if finding.line is not None and not self._pane.go_to(finding.line):
            self.manner = self.manner._replace(context=None)
            self._pane.go_to(finding.line)
        self._tell_place()

    def action_filter_findings(self) -> None:
        """Show all findings, those on files that changed, or those of the build-time surface."""
        self._which = self._which.following()
        self.watch_manner()
        self._retitle()

    def action_context(self, step: int) -> None:
        """Show more or fewer unchanged lines."""
        at = _CONTEXTS.index(self.manner.context)
        self.manner = self.manner._replace(context=_CONTEXTS[max(0, min(at + step, len(_CONTEXTS) - 1))])

    @on(DiffPane.Opened)
    def _open_fold(self) -> None:
        self.manner = self.manner._replace(context=None, fold_white_space=False)

    def action_white_space(self) -> None:
        """Fold hunks that change white space alone, or show them again."""
        self.manner = self.manner._replace(fold_white_space=not self.manner.fold_white_space)

    def action_endings(self) -> None:
        """Show lines of which only the ending changed, or fold them again."""
        self.manner = self.manner._replace(fold_endings=not self.manner.fold_endings)

    def action_moved(self) -> None:
        """Mark lines that only moved, unless there are too many lines for that."""
        if self._delta is not None and self._delta.diff.lines > MOST_LINES:
            self.notify(f"off: more than {MOST_LINES:,} lines changed", markup=False)
            return
        self.manner = self.manner._replace(mark_moved=not self.manner.mark_moved)

    def action_split(self) -> None:
        """Show old and new side by side, or under each other."""
        self._pane.is_split = not self._pane.is_split

    def action_tree(self) -> None:
        """Show or hide the tree."""
        tree = self.query_one(FileTree)
        tree.display = not tree.display

    @work
    async def action_search(self) -> None:
        """Search in the lines of this file."""
        sought = await self.app.push_screen_wait(AskLine("Search in this file", text=self._pane.sought, needed=False))
        if sought is not None:
            self._pane.sought = sought
            if sought:
                self.action_match(1)

    def action_match(self, step: int) -> None:
        """Go to the next or previous match."""
        sought = self._pane.sought
        if sought and not self._pane.next_match(step):
            self.notify(f"no line of this file has '{sought}'", markup=False)

    @work
    async def action_note(self) -> None:
        """Write a note on the line under the cursor."""
        line, delta = self._pane.current_line(), self._delta
        if line is None or delta is None:
            return
        file, number = self._now(delta).file(self._path), number_of(line)
        before = self.desk.session().notes.get((file, number), "")
        where = f"{self._path}:{abs(number)}"
        text = await self.app.push_screen_wait(AskLine(f"Note on {where}", text=before, needed=False))
        if text is not None:
            self.desk.keep(LineNote(file, number, text))
            self.watch_manner()
            self._tell_place()

    def action_copy(self) -> None:
        """Copy the text of the line under the cursor."""
        line = self._pane.current_line()
        if line is not None:
            self.app.copy_to_clipboard(line.text)
            self.notify("copied", markup=False, timeout=1)

    # -- elsewhere ----------------------------------------------------------------------------------------------------

    def action_summary(self) -> None:
        """Show what comes before all files, and what no reading can tell."""
        delta = self._delta
        if delta is not None:
            self.app.push_screen(TextPage("Beside the code", lines("\n".join(delta.summary))))

    def action_certify(self) -> None:
        """Certify what is under review."""
        delta = self._delta
        if delta is None:
            return
        if delta.diff.incomplete:
            self.notify("the diff is incomplete: nobody can say that they read it", severity="error", markup=False)
            return
        now = self._now(delta)
        seen = Seen(len(now.viewed()), len(self._order), now.unviewed_build_time())
        self.review.converse(conversations.certify(self.review, self.pair, seen))

    def action_hold(self) -> None:
        """Hold the crate back."""
        self.review.converse(conversations.hold(self.review, self.pair))

    def action_violation(self) -> None:
        """Record a violation."""
        self.review.converse(conversations.violation(self.review, self.pair))

    def action_detail(self) -> None:
        """Show the crate's page."""
        self.review.open_detail(self.pair)

    def action_why(self) -> None:
        """Show how the crate comes in."""
        self.review.open_why(self.pair)

    @work
    async def action_base(self) -> None:
        """Choose another version to start from."""
        bases = self.desk.bases(self.pair)
        choices = [Choice(str(number), plain(about)) for number, (_, about) in enumerate(bases)]
        chosen = await self.app.push_screen_wait(Choose("Start from", choices))
        if chosen is not None:
            self.pair = bases[int(chosen)][0]
            self._delta = None
            self.reload()

    def action_outside(self) -> None:
        """Open a copy of the file that no tool acts on."""
        delta = self._delta
        if delta is not None and self._path in delta.new:
            self.review.show_outside(self._path, delta.new[self._path].content)

    def keep_position(self) -> None:
        """Remember where the reviewer is."""
        if self._delta is not None:
            self.desk.keep(Position(self.pair, self._path, self._pane.cursor))

    def action_back(self) -> None:
        """Leave, remembering the place; a search is dropped first."""
        if self._pane.sought:
            self._pane.sought = ""
            return
        self.keep_position()
        super().action_back()
