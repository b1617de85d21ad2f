"""The review of one version or delta: its files in reading order, the difference of one of them, what was found."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import ClassVar, Final

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.content import Content
from textual.reactive import reactive
from textual.widgets import Static

from vetflow.app.desk import Delta
from vetflow.review.items import Item, enclosing, items
from vetflow.review.moved import MOST_LINES
from vetflow.review.patches import FilePatch, PatchLine, Side
from vetflow.review.rows import CONTEXT
from vetflow.review.session import LineNote, Pair, Position, SeenFile, Viewed
from vetflow.surface.evidence import Evidence
from vetflow.surface.tiers import Grade
from vetflow.tui import conversations
from vetflow.tui.conversations import Seen
from vetflow.tui.dialogs import AskLine, Choice, Choose, TextPage
from vetflow.tui.diff_pane import DiffPane, FileView, is_change
from vetflow.tui.file_tree import FileTree
from vetflow.tui.file_view import Contents, Manner, file_view
from vetflow.tui.place import Place
from vetflow.tui.safe_text import plain

_CONTEXTS: Final = (CONTEXT, 10, None)
_LETTERS: Final = {Grade.ALERT: "!", Grade.REVIEW: "?", Grade.NOTE: "."}
_FILTERS: Final = ("all", "on changed lines", "build-time only")
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
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("v", "viewed", "Viewed", id="review.viewed"),
        Binding("n", "unviewed(1)", "Next", id="review.next"),
        Binding("p", "unviewed(-1)", "Previous file that was not viewed", show=False, id="review.previous"),
        Binding("J", "file(1)", "Next file", show=False, id="review.next-file"),
        Binding("K", "file(-1)", "Previous file", show=False, id="review.previous-file"),
        Binding("right_square_bracket", "hunk(1)", "Hunk", key_display="]", id="review.next-hunk"),
        Binding("left_square_bracket", "hunk(-1)", "Previous hunk", show=False, key_display="[", id="review.prev-hunk"),
        Binding("f", "finding", "Finding", id="review.finding"),
        Binding("F", "filter_findings", "Which findings are shown", show=False, id="review.filter"),
        Binding("c", "certify", "Certify", id="review.certify"),
        Binding("N", "note", "Note on this line", show=False, id="review.note"),
        Binding("slash", "search", "Search", show=False, key_display="/", id="review.search"),
        Binding("greater_than_sign", "match(1)", "Next match", show=False, key_display=">", id="review.next-match"),
        Binding("less_than_sign", "match(-1)", "Previous match", show=False, key_display="<", id="review.prev-match"),
        Binding("plus", "context(1)", "More context", show=False, key_display="+", id="review.more"),
        Binding("minus", "context(-1)", "Less context", show=False, key_display="-", id="review.less"),
        Binding("W", "white_space", "Fold white space", show=False, id="review.white-space"),
        Binding("E", "endings", "Show changed line endings", show=False, id="review.endings"),
        Binding("m", "moved", "Mark moved lines", show=False, id="review.moved"),
        Binding("s", "split", "Side by side", show=False, id="review.split"),
        Binding("t", "tree", "File tree", show=False, id="review.tree"),
        Binding("V", "viewed_folder", "Viewed: the folder of this file", show=False, id="review.viewed-folder"),
        Binding("d", "base", "Another base", show=False, id="review.base"),
        Binding("y", "copy", "Copy the line without its sign", show=False, id="review.copy"),
        Binding("o", "outside", "Open a defused copy in a tool", show=False, id="review.outside"),
        Binding("i", "detail", "Detail", show=False, id="review.detail"),
        Binding("w", "why", "Why", show=False, id="review.why"),
        Binding("H", "hold", "Hold, with a reason", show=False, id="review.hold"),
        Binding("X", "violation", "Record a violation", show=False, id="review.violation"),
        Binding("S", "summary", "What changed beside the code", show=False, id="review.summary"),
        Binding("tab", "app.focus_next", "Other pane", show=False, id="review.pane"),
    ]

    manner: reactive[Manner] = reactive(Manner(), init=False)

    def __init__(self, pair: Pair) -> None:
        super().__init__()
        self.pair = pair
        self._delta: Delta | None = None
        self._order: tuple[str, ...] = ()
        self._path = _SUMMARY
        self._items: tuple[Item, ...] = ()
        self._finding = -1
        self._finding_filter = 0
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

    @property
    def delta(self) -> Delta | None:
        """What is under review, once it was read."""
        return self._delta

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
        self._order = tuple(path for group in delta.groups for path in group.paths)
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
        self._tell_stale_marks(delta)

    def _tell_stale_marks(self, delta: Delta) -> None:
        """Say which files were viewed once and have other contents now."""
        known = {(file.crate, file.path) for file in self.desk.session().viewed}
        stale = [
            path
            for path in self._order
            if (self.pair.crate, path) in known and not self._is_viewed(path) and self._was_viewed_in_this_pair(path)
        ]
        if stale:
            self.notify(
                "changed since they were viewed: " + ", ".join(stale), markup=False, title="not viewed any more"
            )
        del delta

    def _was_viewed_in_this_pair(self, path: str) -> bool:
        """Whether one side of a viewed file is a side of this one: the same file, with a byte changed."""
        now = self._file(path)
        return any(
            file.crate == now.crate and file.path == path and (file.old == now.old or file.new == now.new)
            for file in self.desk.session().viewed
        )

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
        return file_view(patch, _contents(delta, patch), self._marks(path), self.manner, is_code=path in delta.code)

    def _marks(self, path: str) -> dict[int, str]:
        marks = {
            finding.line: _LETTERS[finding.grade]
            for finding in reversed(self._findings())
            if finding.path == path and finding.line is not None and finding.grade in _LETTERS
        }
        notes = {line: "N" for (file, line) in self.desk.session().notes if file == self._file(path)}
        return {**marks, **notes}

    def watch_manner(self) -> None:
        """Show the file in another manner, the cursor staying on its line."""
        if self._delta is not None:
            self._pane.show_view(self._view(self._delta, self._path), keep_place=True)

    def _mark(self) -> None:
        viewed = frozenset(path for path in self._order if self._is_viewed(path))
        self.query_one(FileTree).mark(viewed, self._path)
        self._retitle()

    def _retitle(self) -> None:
        pair = self.pair
        what = f"{pair.base}>{pair.version}" if pair.base else f"{pair.version} (whole)"
        delta = self._delta
        if delta is None:
            self.retitle(f"{pair.crate} {what}", self._doing)
            return
        build = [path for group in delta.groups if group.is_build_time for path in group.paths]
        rest = [path for group in delta.groups if not group.is_build_time for path in group.paths]
        grades = Counter(finding.grade for finding in self._findings())
        self.retitle(
            f"{pair.crate} {what}",
            f"build-time {sum(map(self._is_viewed, build))}/{len(build)} viewed",
            f"rest {sum(map(self._is_viewed, rest))}/{len(rest)}",
            f"!{grades[Grade.ALERT]} ?{grades[Grade.REVIEW]}",
            f"findings: {_FILTERS[self._finding_filter]}" if self._finding_filter else "",
            self._doing,
        )

    @on(DiffPane.Moved)
    def _tell_place(self) -> None:
        line = self._pane.current_line()
        number = self._order.index(self._path) + 1 if self._path in self._order else 0
        item = " :: ".join(enclosing(self._items, line.new)) if line is not None and line.new else ""
        where = f"{self._pane.view.title}  [{number} of {len(self._order)}]"
        self.query_one("#item", Static).update(plain(f"{where}  {'in ' + item if item else ''}"))
        self._tell_finding(line)

    def _tell_finding(self, line: PatchLine | None) -> None:
        here = [
            finding
            for finding in self._findings()
            if finding.path == self._path and line is not None and finding.line == line.new
        ]
        lines = [f"{_LETTERS.get(each.grade, ' ')} {each.sentence} ({each.detail}; {each.rule})" for each in here[:2]]
        note = None if line is None else self.desk.session().notes.get((self._file(self._path), _number(line)))
        if note:
            lines.insert(0, f"N {note}")
        self.query_one("#finding", Static).update(Content("\n").join([plain(each) for each in lines[:2]]))

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
        for path in paths:
            self.desk.keep(Viewed(self._file(path), viewed, self.review.now()))
        self._mark()

    def _file(self, path: str) -> SeenFile:
        patch = self._delta.diff.file(path) if self._delta else None
        return SeenFile(self.pair.crate, path, _hash(patch and patch.old), _hash(patch and patch.new))

    def _is_viewed(self, path: str) -> bool:
        return self._file(path) in self.desk.session().viewed

    def unviewed_build_files(self) -> tuple[str, ...]:
        """Return the files of the build-time surface that nobody viewed."""
        groups = self._delta.groups if self._delta else ()
        return tuple(
            path for group in groups if group.is_build_time for path in group.paths if not self._is_viewed(path)
        )

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

    def _findings(self) -> tuple[Evidence, ...]:
        delta = self._delta
        if delta is None:
            return ()
        found = [finding for finding in delta.findings if finding.grade in _LETTERS]
        if self._finding_filter == 2:
            build = {path for group in delta.groups if group.is_build_time for path in group.paths}
            return tuple(finding for finding in found if finding.path in build)
        if self._finding_filter == 1:
            return tuple(finding for finding in found if delta.diff.file(finding.path) is not None)
        return tuple(found)

    def action_finding(self) -> None:
        """Go to the next finding, in whatever file it is."""
        found = [finding for finding in self._findings() if finding.path in self._order]
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
        self._finding_filter = (self._finding_filter + 1) % len(_FILTERS)
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
        line = self._pane.current_line()
        if line is None:
            return
        file, number = self._file(self._path), _number(line)
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
            lines = [*delta.summary, "", *delta.undecidable]
            self.app.push_screen(TextPage("Beside the code", Content("\n").join([plain(each) for each in lines])))

    def action_certify(self) -> None:
        """Certify what is under review."""
        delta = self._delta
        if delta is None:
            return
        if delta.diff.incomplete:
            self.notify("the diff is incomplete: nobody can say that they read it", severity="error", markup=False)
            return
        seen = Seen(sum(map(self._is_viewed, self._order)), len(self._order), self.unviewed_build_files())
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


def _contents(delta: Delta, patch: FilePatch) -> Contents:
    old = delta.old[patch.old.path].content if patch.old and patch.old.path in delta.old else None
    new = delta.new[patch.new.path].content if patch.new and patch.new.path in delta.new else None
    return Contents(old, new)


def _hash(side: Side | None) -> str | None:
    return None if side is None else side.sha256


def _number(line: PatchLine) -> int:
    return line.new if line.new is not None else -(line.old or 0)
