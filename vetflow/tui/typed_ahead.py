"""Keys that were typed faster than the page they are meant for could open: they are its, and press nothing else.

Somebody who types `N` and then a note without looking must not certify with its `c`. Keys are kept from the moment a
question is on its way until its field has the focus, and then typed into it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from textual import events
from textual.app import App
from textual.widget import Widget
from textual.widgets import Input, TextArea

_ENTER: Final = "enter"


class TypedAhead:
    """What was typed while a question was on its way."""

    def __init__(self) -> None:
        self._keys: list[events.Key] | None = None
        self._pressed: tuple[events.Key, ...] = ()

    def begin(self) -> None:
        """Keep keys from now on."""
        self._keys = self._keys or []

    def keeps(self, key: events.Key, field: Widget | None) -> bool:
        """Whether a key that nothing took is dealt with: kept, or typed into the field that has the focus by now."""
        if any(key is pressed for pressed in self._pressed):
            return False
        if self._keys is not None:
            self._keys.append(key)
            return True
        return key.is_printable and key.character is not None and _typed(key.character, field)

    def answer(self, app: App[int]) -> None:
        """Press what was kept where the focus is now, up to an ENTER; what follows is for the next question."""
        keys = self._keys or []
        end = next((number for number, key in enumerate(keys, 1) if key.key == _ENTER), len(keys))
        self._press(keys[:end], app)
        self._keys = keys[end:] or None

    def end(self, app: App[int]) -> None:
        """Press all that was kept: there is no question any more."""
        keys, self._keys = self._keys or [], None
        self._press(keys, app)

    def _press(self, keys: Sequence[events.Key], app: App[int]) -> None:
        """Press keys as if they came from the terminal only now."""
        self._pressed = tuple(events.Key(key.key, key.character).set_sender(app) for key in keys)
        for key in self._pressed:
            app.post_message(key)


def _typed(character: str, field: Widget | None) -> bool:
    if isinstance(field, Input):
        field.insert_text_at_cursor(character)
    elif isinstance(field, TextArea):
        field.insert(character)
    else:
        return False
    return True
