"""Small pages over a place: something to read, a line or a text to type, a choice. `escape` leaves each of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar, NamedTuple

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Footer, Input, OptionList, Static, TextArea
from textual.widgets.option_list import Option

from vetflow.text import shown
from vetflow.tui.safe_text import plain

_CSS = """
Dialog { align: center middle; }
Dialog > Vertical {
    width: 78; max-width: 100%; height: auto; max-height: 100%;
    border: round $accent; background: $background; padding: 0 1;
}
Dialog .dialog--title { text-style: bold; }
Dialog VerticalScroll { height: auto; max-height: 18; }
Dialog TextArea { height: 12; }
Dialog OptionList { height: auto; max-height: 16; border: none; }
"""


class Dialog(ModalScreen[str | None]):
    """A page over a place, with a title. What it returns is None when it was left with `escape`."""

    DEFAULT_CSS = _CSS
    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "leave", "Back", id="dialog.leave")]

    def __init__(self, title: str) -> None:
        super().__init__()
        self._title = title

    def compose(self) -> ComposeResult:
        """Put the body under the title."""
        with Vertical():
            yield Static(plain(self._title), classes="dialog--title")
            yield from self.body()
            yield Footer(compact=True)

    def body(self) -> ComposeResult:
        """Return the widgets under the title."""
        raise NotImplementedError

    def action_leave(self) -> None:
        """Go back without an answer."""
        self.dismiss(None)


class TextPage(Dialog):
    """Something to read."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("q,enter,question_mark,r", "leave", "Back", show=False, id="page.leave"),
        Binding("down,j", "scroll(1)", "Down", show=False, id="page.down"),
        Binding("up,k", "scroll(-1)", "Up", show=False, id="page.up"),
        Binding("pagedown,space", "scroll(15)", "Page down", show=False, id="page.page-down"),
        Binding("pageup", "scroll(-15)", "Page up", show=False, id="page.page-up"),
    ]

    def __init__(self, title: str, text: Content) -> None:
        super().__init__(title)
        self.text = text

    def body(self) -> ComposeResult:
        """Return the text, which scrolls."""
        with VerticalScroll(can_focus=True):
            yield Static(self.text)

    def action_scroll(self, lines: int) -> None:
        """Scroll by lines."""
        self.query_one(VerticalScroll).scroll_relative(y=lines, animate=False)


class AskLine(Dialog):
    """A line to type; the answer has no blanks at its ends. needed: an empty answer is not taken."""

    def __init__(self, title: str, *, text: str = "", hint: str = "", needed: bool = True) -> None:
        super().__init__(title)
        self._text, self._hint, self._needed = text, hint, needed

    def body(self) -> ComposeResult:
        """Return the field."""
        yield Input(shown(self._text), placeholder=self._hint, select_on_focus=False)

    @on(Input.Submitted)
    def _answer(self, message: Input.Submitted) -> None:
        answer = message.value.strip()
        if answer or not self._needed:
            self.dismiss(answer)


class AskText(Dialog):
    """A text of several lines to type."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("ctrl+s", "keep", "Keep", priority=True, id="text.keep")]

    def __init__(self, title: str, text: str) -> None:
        super().__init__(title)
        self._text = text

    def body(self) -> ComposeResult:
        """Return the field."""
        yield TextArea("\n".join(map(shown, self._text.split("\n"))), show_line_numbers=False)

    def action_keep(self) -> None:
        """Return what was typed."""
        self.dismiss(self.query_one(TextArea).text)


class Choice(NamedTuple):
    """Something to choose. key: what the dialog returns."""

    key: str
    label: Content


class Choose(Dialog):
    """A choice of one; the first is proposed."""

    def __init__(self, title: str, choices: Sequence[Choice]) -> None:
        super().__init__(title)
        self._choices = tuple(choices)

    def body(self) -> ComposeResult:
        """Return the list."""
        yield OptionList(*(Option(choice.label, id=str(n)) for n, choice in enumerate(self._choices)), markup=False)

    @on(OptionList.OptionSelected)
    def _answer(self, message: OptionList.OptionSelected) -> None:
        self.dismiss(self._choices[message.option_index].key)
