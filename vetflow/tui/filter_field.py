"""The field in which a part of a name is typed to filter the rows over it.

What was typed holds at once, and so does its end: somebody who types on without looking means the rows that are left.
Messages, as `Input` sends them, would arrive after the keys that follow.
"""

from __future__ import annotations

from collections.abc import Callable

from textual import events
from textual.widgets import Input


class FilterField(Input):
    """Not there while nobody types. changed: called whenever the text is another one; ended: after ENTER."""

    DEFAULT_CSS = "FilterField { display: none; }"

    def __init__(self, changed: Callable[[], None], ended: Callable[[], None]) -> None:
        super().__init__(placeholder="part of a name", id="filter", select_on_focus=False)
        self._changed = changed
        self._ended = ended

    @property
    def sought(self) -> str:
        """What names have to contain, in small letters."""
        return self.value.strip().lower()

    def watch_value(self) -> None:
        """Tell of every change."""
        self._changed()

    async def action_submit(self) -> None:
        """Leave; the text stands."""
        self.display = False
        self._ended()

    async def _on_key(self, event: events.Key) -> None:
        """Leave keys that were on their way when the field was left to what has the focus now."""
        if not self.display:
            event.prevent_default()
