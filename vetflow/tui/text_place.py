"""Places that are a text: a crate's page, how it comes in, the policy. They scroll, and lead back."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from vetflow.review.session import Pair
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
    ]

    def __init__(self, title: str, read: Callable[[], Sequence[str]]) -> None:
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
        self.in_background(lambda _: self._read(), self._show, group="text", doing="reading")

    def tell_doing(self, what: str) -> None:
        """Say in the title row what is being done."""
        self.retitle(self._title, what)

    def _show(self, lines: Sequence[str]) -> None:
        self.query_one("#text", Static).update(Content("\n").join([Content(show(line).text) for line in lines]))

    def action_scroll(self, lines: int) -> None:
        """Scroll by lines."""
        self.query_one(VerticalScroll).scroll_relative(y=lines, animate=False)


class PolicyPlace(TextPlace):
    """The fourth place: the store's policy, to read."""

    NAME = "Policy"

    def __init__(self) -> None:
        super().__init__("Policy", lambda: self.desk.policy().split("\n"))


class CratePlace(TextPlace):
    """A page about a crate, from which its review can be opened."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "open", "Review", id="crate.open"),
        Binding("i", "detail", "Detail", id="crate.detail"),
        Binding("w", "why", "Why", id="crate.why"),
    ]

    def __init__(self, title: str, pair: Pair, read: Callable[[], Sequence[str]]) -> None:
        super().__init__(title, read)
        self._pair = pair

    def action_open(self) -> None:
        """Review the crate."""
        self.review.open_review(self._pair)

    def action_detail(self) -> None:
        """Show the crate's page."""
        self.review.open_detail(self._pair)

    def action_why(self) -> None:
        """Show how the crate comes in."""
        self.review.open_why(self._pair)
