"""From untrusted text to what a widget may draw: made visible and inert, and never read as markup."""

from __future__ import annotations

from collections.abc import Iterable

from rich.text import Text
from textual.content import Content

from vetflow.text import show, shown


def plain(text: str, style: str = "") -> Content:
    """Return one line of text for a widget. style: a Textual style, such as `bold $bad`, of all of it."""
    return Content.styled(shown(text), style) if style else Content(shown(text))


def lines(text: str) -> Content:
    """Return somebody's text of several lines; only a line feed separates them."""
    return Content("\n").join([Content(show(line).text) for line in text.split("\n")])


def joined(parts: Iterable[Content]) -> Content:
    """Return contents one after the other."""
    return Content("").join(list(parts))


def cell(text: str, style: str = "") -> Text:
    """Return a cell of a table; tables measure rich's text only. style: one of rich's, such as `bold`."""
    return Text(shown(text), style=style, no_wrap=True)


def fitted(text: str, width: int) -> str:
    """Return a text that is cut, and says so with `…`, where it is longer than `width` characters."""
    return text if len(text) <= width else f"{text[: width - 1]}…"
