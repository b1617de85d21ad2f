"""A crate's page: what is known of it, and what can be done about it other than reading it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual.binding import Binding, BindingType

from vetflow.app.review.values import CratePage, Progress
from vetflow.review.session import Pair
from vetflow.tui import conversations
from vetflow.tui.text_place import TextPlace


class CratePlace(TextPlace):
    """The page of one crate."""

    NAME = "Crate"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "open", "Review", id="crate.open"),
        Binding("w", "why", "Why", id="crate.why"),
        Binding("I", "import", "Import audits", id="crate.import"),
        Binding("T", "trust", "Trust publisher", id="crate.trust"),
        Binding("r", "risk", "Explain the risk", show=False, id="crate.risk"),
        Binding("U", "app.reload", "Read everything anew", show=False, id="crate.reload"),
    ]

    def __init__(self, pair: Pair) -> None:
        super().__init__(f"{pair.crate} {pair.version}", self._read_page)
        self.pair = pair
        self._page = CratePage(())

    def _read_page(self, progress: Progress) -> Sequence[str]:
        self._page = self.desk.page(self.pair, progress)
        return self._page.lines

    def crate_in_hand(self) -> Pair:
        """Return the crate of the page."""
        return self.pair

    def action_open(self) -> None:
        """Review the crate."""
        self.review.open_review(self.pair)

    def action_import(self) -> None:
        """Import somebody whose audits speak of the crate."""
        self.review.converse(conversations.import_for(self.review, self.pair, self._page.importable))

    def action_trust(self) -> None:
        """Trust who published the crate."""
        self.review.converse(conversations.trust(self.review, self.pair, self._page.published_by))
