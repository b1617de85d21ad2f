"""Places that are a text: a crate's page, the policy, the session. They scroll, and lead back."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from vetflow.app.review.values import Progress
from vetflow.text import show
from vetflow.tui.place import Place


class TextPlace(Place):
    """A text that is read in the background. title: of the place."""

    DEFAULT_CSS = "TextPlace #text { width: 1fr; height: auto; }"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("down,j", "scroll(1)", "Down", show=False, id="text.down"),
        Binding("up,k", "scroll(-1)", "Up", show=False, id="text.up"),
        Binding("pagedown,space", "scroll(20)", "Page down", show=False, id="text.page-down"),
        Binding("pageup", "scroll(-20)", "Page up", show=False, id="text.page-up"),
        Binding("ctrl+d", "scroll(10)", "Half a page down", show=False, id="text.half-down"),
        Binding("ctrl+u", "scroll(-10)", "Half a page up", show=False, id="text.half-up"),
        Binding("home,g", "edge(False)", "First line", show=False, id="text.first"),
        Binding("end,G", "edge(True)", "Last line", show=False, id="text.last"),
    ]

    def __init__(self, title: str, read: Callable[[Progress], Sequence[str]]) -> None:
        super().__init__()
        self._title = title
        self._read = read

    def body(self) -> ComposeResult:
        """Return the text."""
        with VerticalScroll():
            yield Static(id="text", markup=False)

    def on_mount(self) -> None:
        """Begin to read."""
        self.query_one(VerticalScroll).focus()
        self.reload()

    def reload(self) -> None:
        """Read the text anew."""
        self.in_background(self._read, self._show, group="text", doing="reading")

    def tell_doing(self, what: str) -> None:
        """Say in the title row what is being done."""
        self.retitle(self._title, what)

    def _show(self, lines: Sequence[str]) -> None:
        self.query_one("#text", Static).update(Content("\n").join([Content(show(line).text) for line in lines]))

    def action_scroll(self, lines: int) -> None:
        """Scroll by lines."""
        self.query_one(VerticalScroll).scroll_relative(y=lines, animate=False)

    def action_edge(self, is_end: bool) -> None:
        """Scroll to the last line, or to the first."""
        scroll = self.query_one(VerticalScroll)
        (scroll.scroll_end if is_end else scroll.scroll_home)(animate=False)


class PolicyPlace(TextPlace):
    """The fourth place: the store's policy, to read."""

    NAME = "Policy"

    def __init__(self) -> None:
        super().__init__("Policy", lambda _: self.desk.policy().split("\n"))
