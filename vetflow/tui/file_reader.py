"""One file of a review: its difference, above it the item the cursor is in, below it what was found on the line.

What is large is parsed in a thread behind a line that says so; what is small is there at once.
"""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Mapping
from functools import partial
from operator import itemgetter
from types import MappingProxyType
from typing import ClassVar, Final, NamedTuple

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.reactive import reactive
from textual.widgets import Static
from textual.worker import get_current_worker

from vetflow.review.items import Item, enclosing, items
from vetflow.review.moved import MOST_LINES
from vetflow.review.patches import FilePatch
from vetflow.review.rows import CONTEXT, Folded, Gap
from vetflow.tui.dialogs import AskLine
from vetflow.tui.diff_pane import DiffPane
from vetflow.tui.diff_rows import FileView
from vetflow.tui.file_view import SMALL, Manner, file_view, is_coloured, size
from vetflow.tui.safe_text import plain
from vetflow.tui.under_review import READ, UnderReview, Which

_CONTEXTS: Final = (CONTEXT, 10, None)
_TOLD: Final = 2


class _Prepared(NamedTuple):
    view: FileView
    items: tuple[Item, ...]
    read: Mapping[int, str] = MappingProxyType({})


class FileReader(Vertical):
    """Shows a file of what is under review; an empty path stands for what comes before all files."""

    DEFAULT_CSS = """
    FileReader { width: 1fr; height: 1fr; }
    FileReader DiffPane { height: 1fr; }
    FileReader #item { height: 1; background: $panel; color: $dim; text-wrap: nowrap; text-overflow: ellipsis; }
    FileReader #finding { height: 2; color: $bad; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("right_square_bracket", "hunk(1)", "Hunk", key_display="]", id="reader.next-hunk"),
        Binding("left_square_bracket", "hunk(-1)", "Previous hunk", show=False, key_display="[", id="reader.prev-hunk"),
        Binding("slash", "search", "Search", show=False, key_display="/", id="reader.search"),
        Binding("greater_than_sign", "match(1)", "Next match", show=False, key_display=">", id="reader.next-match"),
        Binding("less_than_sign", "match(-1)", "Previous match", show=False, key_display="<", id="reader.prev-match"),
        Binding("plus", "context(1)", "More context", show=False, key_display="+", id="reader.more"),
        Binding("minus", "context(-1)", "Less context", show=False, key_display="-", id="reader.less"),
        Binding("z", "fold", "Open or fold unchanged lines here", show=False, id="reader.fold"),
        Binding("Z", "fold_all", "Open or fold all unchanged lines", show=False, id="reader.fold-all"),
        Binding("W", "white_space", "Fold what differs in white space alone", show=False, id="reader.white-space"),
        Binding("E", "endings", "Show changed line endings", show=False, id="reader.endings"),
        Binding("m", "moved", "Mark moved lines", show=False, id="reader.moved"),
        Binding("s", "split", "Side by side", show=False, id="reader.split"),
        Binding("L", "long_lines", "Show long lines whole", show=False, id="reader.long-lines"),
        Binding("y", "copy", "Copy the line without its sign", show=False, id="reader.copy"),
    ]

    manner: reactive[Manner] = reactive(Manner(), init=False)

    def __init__(
        self, past_the_end: Callable[[int], None], ask: Callable[[Coroutine[None, None, None]], object]
    ) -> None:
        """Take what to do when a reader goes on after the last hunk (1) or before the first (-1), and what asks."""
        super().__init__()
        self._past_the_end, self._ask = past_the_end, ask
        self._under: UnderReview | None = None
        self._path = ""
        self._which = Which.ALL
        self._items: tuple[Item, ...] = ()
        self._read: Mapping[int, str] = {}

    def compose(self) -> ComposeResult:
        """Put item, pane and finding under each other."""
        yield Static(id="item", markup=False)
        yield DiffPane()
        yield Static(id="finding", markup=False)

    @property
    def pane(self) -> DiffPane:
        """The lines."""
        return self.query_one(DiffPane)

    # -- what is shown ------------------------------------------------------------------------------------------------

    def open(self, under: UnderReview, path: str, which: Which, *, line: int | None = None, row: int = -1) -> None:
        """Show a file, with the cursor on a line, or on a row, or on the first change."""
        self._under, self._path, self._which, self._items, self._read = under, path, which, (), {}
        self.set_reactive(FileReader.manner, self.manner._replace(opened=frozenset()))
        self._draw(partial(self._arrive, line, row))

    def look_again(self, which: Which) -> None:
        """Show the file with the marks it has by now."""
        self._which = which
        self._draw(None)

    def watch_manner(self) -> None:
        """Show the file in another manner, the cursor staying on its line."""
        self._draw(None)

    def _draw(self, arrive: Callable[[], None] | None) -> None:
        """Show the file as it is to be shown now. arrive: finds the place in it; None to stay on the line."""
        under = self._under
        if under is None:
            return
        patch = under.patch(self._path)
        if patch is None:
            lines = under.delta.summary or ("nothing but files changed",)
            self._show(_Prepared(FileView("what comes before the files", (), tuple(lines)), ()), arrive)
            return
        prepare = self._preparation(under, patch)
        if size(under.contents(patch)) + len(patch.text) <= SMALL:
            self._show(prepare(), arrive)
            return
        if arrive is not None:
            self.pane.show_view(FileView(patch.path, (), (f"reading {patch.lines:,} changed lines …",)))
        self._prepare_in_thread(prepare, arrive)

    def _preparation(self, under: UnderReview, patch: FilePatch) -> Callable[[], _Prepared]:
        contents, marks, manner = under.contents(patch), under.marks(self._path, self._which), self.manner
        is_code = self._path in under.delta.code

        def prepare() -> _Prepared:
            read = under.read_elsewhere(patch.path)
            view = file_view(patch, contents, {**dict.fromkeys(read, READ), **marks}, manner, is_code=is_code)
            if not is_code or contents.new is None or not is_coloured(contents):
                return _Prepared(view, (), read)
            return _Prepared(view, items(contents.new), read)

        return prepare

    @work(thread=True, exclusive=True, group="file")
    def _prepare_in_thread(self, prepare: Callable[[], _Prepared], arrive: Callable[[], None] | None) -> None:
        worker, prepared = get_current_worker(), prepare()
        if not worker.is_cancelled:
            self.app.call_from_thread(self._show, prepared, arrive)

    def _show(self, prepared: _Prepared, arrive: Callable[[], None] | None) -> None:
        self._items, self._read = prepared.items, prepared.read
        self.pane.show_view(prepared.view, keep_place=arrive is None)
        if arrive is not None:
            arrive()
        self.tell_line()

    def _arrive(self, line: int | None, row: int) -> None:
        if line is not None and not self.pane.go_to(line):
            self.set_reactive(FileReader.manner, self.manner._replace(opened=self.manner.opened | {line}))
            self._draw(partial(self._go_to, line))
        elif line is None and row >= 0:
            self.pane.cursor = row

    def _go_to(self, line: int) -> None:
        self.pane.go_to(line)

    @on(DiffPane.Moved)
    def tell_line(self) -> None:
        """Say in which item the line is, and what there is to say of it.

        Both texts have their fixed number of lines: to lay the place out anew would be most of what a key costs.
        """
        under = self._under
        if under is None:
            return
        line, order = self.pane.current_line(), under.delta.order
        number = order.index(self._path) + 1 if self._path in order else 0
        item = " :: ".join(enclosing(self._items, line.new)) if line is not None and line.new else ""
        where = f"{self.pane.view.title}  [{number} of {len(order)}]"
        self.query_one("#item", Static).update(plain(f"{where}  {'in ' + item if item else ''}"), layout=False)
        told = under.told_at(self._path, line, self._which) if line else []
        told += [f"{READ} {self._read[line.number]}"] if line and line.number in self._read else []
        more = f" (+{len(told) - _TOLD} more: a)" if len(told) > _TOLD else ""
        shown = [*told[: _TOLD - 1], told[_TOLD - 1] + more] if len(told) >= _TOLD else told
        told_now = Content("\n").join([plain(each) for each in shown])
        self.query_one("#finding", Static).update(told_now, layout=False)

    # -- keys ---------------------------------------------------------------------------------------------------------

    def action_hunk(self, step: int) -> None:
        """Go to the next change after unchanged lines, past the last one to the next file."""
        if not self.pane.next_change(step):
            self._past_the_end(step)

    def action_context(self, step: int) -> None:
        """Show more or fewer unchanged lines."""
        at = _CONTEXTS.index(self.manner.context)
        self.manner = self.manner._replace(context=_CONTEXTS[max(0, min(at + step, len(_CONTEXTS) - 1))])

    def action_fold(self) -> None:
        """Open the unchanged lines under the cursor or nearest to it, or fold again those the cursor is in."""
        line, opened = self.pane.current_line(), self.manner.opened
        if line is not None and opened:
            nearest = min(opened, key=lambda number: abs(number - (line.new or line.old or 0)))
            self.manner = self.manner._replace(opened=opened - {nearest})
            return
        here = self.pane.cursor - len(self.pane.view.notes)
        gaps = [(abs(at - here), row) for at, row in enumerate(self.pane.rows) if isinstance(row, Gap | Folded)]
        if gaps:
            self._open(min(gaps, key=itemgetter(0))[1])

    def action_fold_all(self) -> None:
        """Show the whole file, or fold it again."""
        context = CONTEXT if self.manner.context is None else None
        self.manner = self.manner._replace(context=context, opened=frozenset())

    @on(DiffPane.Opened)
    def _open_row(self, message: DiffPane.Opened) -> None:
        self._open(message.row)

    def _open(self, row: Gap | Folded) -> None:
        if isinstance(row, Gap):
            self.manner = self.manner._replace(opened=self.manner.opened | {row.new})
        else:
            self.manner = self.manner._replace(fold_white_space=False)

    def action_white_space(self) -> None:
        """Fold hunks that change white space alone, or show them again."""
        self.manner = self.manner._replace(fold_white_space=not self.manner.fold_white_space)

    def action_endings(self) -> None:
        """Show lines of which only the ending changed, or fold them again."""
        self.manner = self.manner._replace(fold_endings=not self.manner.fold_endings)

    def action_moved(self) -> None:
        """Mark lines that only moved, unless there are too many lines for that."""
        if self._under is not None and self._under.delta.diff.lines > MOST_LINES:
            self.notify(f"off: more than {MOST_LINES:,} lines changed", markup=False)
            return
        self.manner = self.manner._replace(mark_moved=not self.manner.mark_moved)

    def action_split(self) -> None:
        """Show old and new side by side, or under each other."""
        self.pane.is_split = not self.pane.is_split

    def action_long_lines(self) -> None:
        """Show long lines to their end, or cut them again."""
        self.pane.whole_lines = not self.pane.whole_lines

    def action_search(self) -> None:
        """Search in the lines of this file."""
        self._ask(self._search())

    async def _search(self) -> None:
        sought = await self.app.push_screen_wait(AskLine("Search in this file", text=self.pane.sought, needed=False))
        if sought is not None:
            self.pane.sought = sought
            if sought:
                self.action_match(1)

    def action_match(self, step: int) -> None:
        """Go to the next or previous match."""
        sought = self.pane.sought
        if sought and not self.pane.next_match(step):
            self.notify(f"no line of this file has '{sought}'", markup=False)

    def action_copy(self) -> None:
        """Copy the text of the line under the cursor."""
        line = self.pane.current_line()
        if line is not None:
            self.app.copy_to_clipboard(line.text)
            self.notify("copied", markup=False, timeout=1)
