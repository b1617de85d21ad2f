"""Why a crate is here: the ways from your packages down to it, or who depends on it; each crate leads to its page."""

from __future__ import annotations

from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType

from vetflow.app.review.values import WhyPage
from vetflow.review.session import Pair
from vetflow.tui.choices import Choice, Choices
from vetflow.tui.place import Place
from vetflow.tui.safe_text import plain
from vetflow.tui.text_place import PolicyPlace


class WhyPlace(Place):
    """The graph around one crate."""

    NAME = "Why"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("s", "swap", "Ways or dependents", id="why.swap"),
        Binding("P", "policy", "Policy", id="why.policy"),
        Binding("i", "detail", "Detail", id="why.detail"),
        Binding("U", "app.reload", "Read everything anew", show=False, id="why.reload"),
    ]

    def __init__(self, pair: Pair) -> None:
        super().__init__()
        self.pair = pair
        self._page = WhyPage((), ())
        self._is_swapped = False

    def body(self) -> ComposeResult:
        """Return the tree."""
        yield Choices()

    def on_mount(self) -> None:
        """Begin to read."""
        self.query_one(Choices).focus()
        self.reload()

    def crate_in_hand(self) -> Pair:
        """Return the crate that all this is about."""
        return self.pair

    def reload(self) -> None:
        """Read the graph anew."""
        crate = self.pair.crate
        self.in_background(lambda _: self.desk.why(crate), self._show, group="why", doing="reading")

    def tell_doing(self, what: str) -> None:
        """Say in the title row what is shown, and what is being done."""
        shown = "who depends on it" if self._is_swapped else "the ways to it"
        self.retitle(f"Why {self.pair.crate}", shown, what)

    def _show(self, page: WhyPage) -> None:
        self._page = page
        lines = page.dependents if self._is_swapped else page.ways
        choices = [Choice(None if line.about is None else str(n), plain(line.text)) for n, line in enumerate(lines)]
        self.query_one(Choices).offer(choices)
        self.tell_doing("")

    def action_swap(self) -> None:
        """Show who depends on the crate instead of the ways to it, or the other way round."""
        self._is_swapped = not self._is_swapped
        self._show(self._page)

    def action_policy(self) -> None:
        """Show the policies that set what is required."""
        self.app.push_screen(PolicyPlace())

    @on(Choices.OptionSelected)
    def _chosen(self, message: Choices.OptionSelected) -> None:
        lines = self._page.dependents if self._is_swapped else self._page.ways
        about = lines[message.option_index].about
        if about is not None:
            self.review.open_detail(about)
