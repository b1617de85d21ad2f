"""The last row of a page: the keys that work there, with what they do, in one widget.

Textual's `Footer` has a widget for every key and makes all of them anew whenever the focus moves, which is most of what
opening a page costs.
"""

from __future__ import annotations

from typing import ClassVar, NamedTuple

from textual import events
from textual.content import Content
from textual.screen import Screen
from textual.widget import Widget

from vetflow.text import shown


class _Key(NamedTuple):
    """A key that works. name: what to press; text: how it is written."""

    name: str
    text: str
    does: str

    @property
    def width(self) -> int:
        return len(self.text) + 1 + len(self.does)


class KeyRow(Widget):
    """The keys of the page it is on, and of what has the focus there; a click presses one."""

    ALLOW_SELECT = False
    DEFAULT_CSS: ClassVar[str] = """
    KeyRow {
        dock: bottom; width: 100%; height: 1; text-wrap: nowrap; text-overflow: clip;
        background: $footer-background; color: $footer-description-foreground;
    }
    """

    def __init__(self) -> None:
        super().__init__()
        self._keys: tuple[_Key, ...] = ()

    def on_mount(self) -> None:
        """Begin to follow what the page offers."""
        self.screen.bindings_updated_signal.subscribe(self, self._look_again)
        self._look_again(self.screen)

    def _look_again(self, page: Screen[object]) -> None:
        by_action: dict[str, _Key] = {}
        for _, binding, enabled, _ in page.active_bindings.values():
            if binding.show and enabled:
                text = shown(self.app.get_key_display(binding))
                by_action.setdefault(binding.action, _Key(binding.key, text, binding.description))
        keys = tuple(by_action.values())
        if keys != self._keys:
            self._keys = keys
            self.refresh()

    def render(self) -> Content:
        """Draw the keys from the left on."""
        style = "bold $footer-key-foreground"
        return Content(" ").join([Content.assemble((key.text, style), " ", key.does) for key in self._keys])

    def on_mouse_down(self, event: events.MouseDown) -> None:
        """Press the key that is clicked."""
        start = 0
        for key in self._keys:
            if start <= event.x < start + key.width:
                self.app.simulate_key(key.name)
            start += key.width + 1
