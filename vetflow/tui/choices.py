"""Lines to choose from, with the keys that all places have: a click chooses nothing yet, a second one does."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import ClassVar, NamedTuple

from rich.segment import Segment
from textual import events
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.strip import Strip
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from vetflow.tui.bar import with_bar


class Choice(NamedTuple):
    """Something to choose. key: what it stands for; None for a line that is only read."""

    key: str | None
    label: Content


class Choices(OptionList):
    """Lines with a cursor that stays on those that can be chosen; `j` `k` `g` `G` besides the arrows and their like."""

    DEFAULT_CSS = """
    Choices { height: 1fr; border: none; padding: 0; background: $background; }
    Choices > .option-list--option { padding: 0 0 0 1; }
    Choices:focus { border: none; }
    Choices > .option-list--option-disabled { color: $foreground; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("j", "cursor_down", "Down", show=False, id="choices.down"),
        Binding("k", "cursor_up", "Up", show=False, id="choices.up"),
        Binding("g", "first", "First", show=False, id="choices.first"),
        Binding("G", "last", "Last", show=False, id="choices.last"),
        Binding("space", "page_down", "Page down", show=False, id="choices.page-down"),
    ]

    def __init__(self, choices: Iterable[Choice] = (), *, id: str | None = None) -> None:  # noqa: A002  Textual's name
        super().__init__(id=id, markup=False)
        self.choices: tuple[Choice, ...] = ()
        self.offer(tuple(choices))

    def offer(self, choices: Sequence[Choice]) -> None:
        """Show other lines; the cursor stays on the same number, or on the first that can be chosen."""
        before = self.highlighted
        self.choices = tuple(choices)
        self.clear_options()
        self.add_options([Option(choice.label, disabled=choice.key is None) for choice in self.choices])
        able = [number for number, choice in enumerate(self.choices) if choice.key is not None]
        self.highlighted = before if before in able else next(iter(able), None)

    def render_line(self, y: int) -> Strip:
        """Draw one line of the screen, those of the choice under the cursor with the bar."""
        strip = super().render_line(y)
        number = next((found for segment in strip if (found := _option(segment)) is not None), None)
        return with_bar(strip) if number is not None and number == self.highlighted else strip

    async def _on_click(self, event: events.Click) -> None:
        """Put the cursor on a line, and choose it with a second click."""
        event.prevent_default()
        number = event.style.meta.get("option")
        if number is not None and self.choices[number].key is not None:
            self.highlighted = number
            if event.chain > 1:
                self.action_select()


def _option(segment: Segment) -> int | None:
    """Return the number of the option a piece of a line belongs to."""
    return segment.style.meta.get("option") if segment.style else None
