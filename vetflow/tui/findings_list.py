"""All findings and notes of a review in one list, from which each leads to its line."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from textual import on
from textual.message import Message

from vetflow.tui.choices import Choice, Choices
from vetflow.tui.safe_text import plain
from vetflow.tui.under_review import CLAIM, LETTERS, UnderReview, Which


class Spot(NamedTuple):
    """Where something is to be seen. line: None for all of the file. about: the line of the list."""

    path: str
    line: int | None
    about: str


def spots(under: UnderReview, which: Which) -> list[Spot]:
    """Return where there is something to be seen: findings, gravest first, claims to check, then notes."""
    found = [
        Spot(each.path, each.line, f"{LETTERS[each.grade]} {_place(each.path, each.line)}  {each.sentence}")
        for each in under.findings(which)
    ]
    claimed = [
        Spot(path, line, f"{CLAIM} {_place(path, abs(line))}  to check: {claim.text}")
        for path in under.delta.order
        for line, claim in under.claims(path)
    ]
    noted = [
        Spot(path, line, f"N {_place(path, abs(line))}  {text}")
        for path in under.delta.order
        for line, text in under.notes(path).items()
    ]
    return [*found, *claimed, *noted]


def as_choices(found: Sequence[Spot]) -> list[Choice]:
    """Return the lines of the list, each with the number of its spot."""
    return [Choice(str(number), plain(spot.about)) for number, spot in enumerate(found)]


def _place(path: str, line: int | None) -> str:
    return path if line is None else f"{path}:{line}"


class FindingsList(Choices):
    """The list beside the file; not there until somebody wants it."""

    DEFAULT_CSS = "FindingsList, FindingsList:focus { display: none; width: 36; border-left: solid $dim; }"

    class Chosen(Message):
        """Something was chosen, to be looked at."""

        def __init__(self, spot: Spot) -> None:
            super().__init__()
            self.spot = spot

    def __init__(self) -> None:
        super().__init__()
        self._spots: tuple[Spot, ...] = ()

    def show_spots(self, found: Sequence[Spot]) -> None:
        """Show these."""
        self._spots = tuple(found)
        self.offer(as_choices(found) or [Choice(None, plain("no evidence found, and no notes"))])

    @on(Choices.OptionSelected)
    def _tell(self, message: Choices.OptionSelected) -> None:
        message.stop()
        self.post_message(self.Chosen(self._spots[message.option_index]))
