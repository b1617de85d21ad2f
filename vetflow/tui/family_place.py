"""A family of crates: the one to be read, those that changed in the same way, and the others by what differs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual.binding import Binding, BindingType

from vetflow.app.review.values import FamilyPage, Progress
from vetflow.review.session import Pair
from vetflow.tui import conversations
from vetflow.tui.text_place import TextPlace


class FamilyPlace(TextPlace):
    """What waits of one repository, beside one of its crates."""

    NAME = "Family"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "open", "Read the one", id="family.open"),
        Binding("c", "certify", "Certify it and those like it", id="family.certify"),
    ]

    def __init__(self, pair: Pair) -> None:
        super().__init__(f"The family of {pair.crate}", self._read_page)
        self._pair = pair
        self._page = FamilyPage((), (pair,))

    def _read_page(self, progress: Progress) -> Sequence[str]:
        self._page = self.desk.family(self._pair, progress)
        return self._page.lines

    def action_open(self) -> None:
        """Review the crate that stands for the others."""
        self.review.open_review(self._page.pairs[0])

    def action_certify(self) -> None:
        """Certify the one and those like it, each by an entry of its own."""
        self.review.converse(conversations.certify(self.review, self._page.pairs))
