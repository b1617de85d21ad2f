"""Small pages over a place: something to read, a line or a text to type, a choice. `escape` leaves each of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar, Protocol, TypeVar, runtime_checkable

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Input, Static, TextArea

from vetflow.text import shown
from vetflow.tui.choices import Choice, Choices
from vetflow.tui.key_row import KeyRow
from vetflow.tui.safe_text import plain

_Result = TypeVar("_Result")

_CSS = """
Dialog { align: center middle; }
Dialog > Vertical {
    width: 78; max-width: 100%; height: auto; max-height: 100%;
    border: round $accent; background: $background; padding: 0 1;
}
Dialog .dialog--title { text-style: bold; }
Dialog VerticalScroll { height: auto; max-height: 18; }
Dialog TextArea { height: 12; }
Dialog Choices { height: auto; max-height: 16; }
"""


@runtime_checkable
class Listening(Protocol):
    """An application that keeps what is typed while a question is on its way."""

    def hear_answer(self) -> None:
        """Type what was kept."""
        ...


class Page(ModalScreen[_Result]):
    """A page over a place, that is left once: what was pressed twice leaves nothing else."""

    _is_closed = False

    def close(self, result: _Result) -> None:
        """Go back with a result; the first one counts."""
        if not self._is_closed:
            self._is_closed = True
            self.dismiss(result)


class Dialog(Page[str | None]):
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
            yield KeyRow()

    def body(self) -> ComposeResult:
        """Return the widgets under the title."""
        raise NotImplementedError

    def action_leave(self) -> None:
        """Go back without an answer."""
        self.close(None)


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


class Asking(Dialog):
    """A page on which something is typed."""

    @property
    def field(self) -> Input | TextArea:
        """Where."""
        raise NotImplementedError

    def on_mount(self) -> None:
        """Take what was typed ahead."""
        self.set_focus(self.field)
        if isinstance(self.app, Listening):
            self.app.hear_answer()

    @property
    def has_typed(self) -> bool:
        """Whether something was typed that nobody has kept."""
        raise NotImplementedError


class AskLine(Asking):
    """A line to type; the answer has no blanks at its ends. needed: an empty answer is not taken."""

    def __init__(self, title: str, *, text: str = "", hint: str = "", needed: bool = True) -> None:
        super().__init__(title)
        self._text, self._hint, self._needed = text, hint, needed

    def body(self) -> ComposeResult:
        """Return the field."""
        yield Input(shown(self._text), placeholder=self._hint, select_on_focus=False)

    @property
    def field(self) -> Input:
        """The line."""
        return self.query_one(Input)

    @property
    def has_typed(self) -> bool:
        """Whether the line is another one than what was proposed."""
        return self.field.value != shown(self._text)

    @on(Input.Submitted)
    def _answer(self, message: Input.Submitted) -> None:
        answer = message.value.strip()
        if answer or not self._needed:
            self.close(answer)


class AskText(Asking):
    """A text of several lines to type."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("ctrl+s", "keep", "Keep", priority=True, id="text.keep")]

    def __init__(self, title: str, text: str) -> None:
        super().__init__(title)
        self._text = text

    def body(self) -> ComposeResult:
        """Return the field."""
        yield TextArea(self._proposed(), show_line_numbers=False)

    def _proposed(self) -> str:
        return "\n".join(map(shown, self._text.split("\n")))

    @property
    def field(self) -> TextArea:
        """The text."""
        return self.query_one(TextArea)

    @property
    def has_typed(self) -> bool:
        """Whether the text is another one than what was proposed."""
        return self.field.text != self._proposed()

    def action_keep(self) -> None:
        """Return what was typed."""
        self.close(self.field.text)


class Choose(Dialog):
    """A choice of one; the first is proposed."""

    def __init__(self, title: str, choices: Sequence[Choice]) -> None:
        super().__init__(title)
        self._choices = tuple(choices)

    def body(self) -> ComposeResult:
        """Return the list."""
        yield Choices(self._choices)

    @on(Choices.OptionSelected)
    def _answer(self, message: Choices.OptionSelected) -> None:
        self.close(self._choices[message.option_index].key)
