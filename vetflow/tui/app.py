"""The application: places and how to get from one to another; what a place asks of another goes through here."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import ClassVar

from textual import work
from textual.app import SystemCommand
from textual.binding import Binding, BindingType
from textual.screen import Screen

from vetflow.app.review.desk import Desk
from vetflow.review.session import Pair
from vetflow.tui import conversations
from vetflow.tui.crate_place import CratePlace
from vetflow.tui.host import Host, Outside
from vetflow.tui.imports_place import ImportsPlace
from vetflow.tui.key_ids import unknown_ids
from vetflow.tui.place import Place
from vetflow.tui.queue_place import QueuePlace
from vetflow.tui.review_place import ReviewPlace
from vetflow.tui.session_place import SessionPlace
from vetflow.tui.text_place import PolicyPlace, TextPlace
from vetflow.tui.themes import THEMES
from vetflow.tui.why_place import WhyPlace


class ReviewApp(Host):
    """The review. start: opens this review over the queue."""

    TITLE = "vetflow"
    ENABLE_COMMAND_PALETTE = True
    COMMAND_PALETTE_BINDING = "ctrl+p"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("1", "place('queue')", "Queue", show=False, id="app.queue"),
        Binding("2", "place('imports')", "Imports", show=False, id="app.imports"),
        Binding("3", "place('session')", "Session", show=False, id="app.session"),
        Binding("4", "place('policy')", "Policy", show=False, id="app.policy"),
        Binding("colon", "command_palette", "Commands", show=False, key_display=":", id="app.palette"),
        Binding("u", "undo", "Undo the last recording", show=False, id="app.undo"),
        Binding("ctrl+q", "quit", "Quit", show=False, priority=True, id="app.quit"),
    ]
    MODES: ClassVar[dict[str, str | Callable[[], Screen[None]]]] = {
        "queue": QueuePlace,
        "imports": ImportsPlace,
        "session": SessionPlace,
        "policy": PolicyPlace,
    }
    DEFAULT_MODE = "queue"

    def __init__(self, desk: Desk, outside: Outside, start: Pair | None = None) -> None:
        super().__init__(desk, outside)
        self._start = start
        if outside.theme in {theme.name for theme in THEMES}:
            self.theme = outside.theme or ""

    def on_mount(self) -> None:
        """Bind the user's keys, and open what was asked for."""
        if self.outside.keymap:
            self.set_keymap(dict(self.outside.keymap))
            self.call_after_refresh(self.refresh_bindings)  # the first place was composed with the usual keys
            for warning in unknown_ids(self.outside.keymap, self.outside.key_places):
                self.notify(warning, severity="warning", timeout=10)
        known = [theme.name for theme in THEMES]
        if self.outside.theme not in {None, *known}:
            self.notify(f"there is no theme {self.outside.theme}; there are {', '.join(known)}", severity="warning")
        self.set_interval(2, self._look_at_disk)
        if self._start is not None:
            self.call_after_refresh(self.open_review, self._start)

    def get_system_commands(self, screen: Screen[object]) -> Iterable[SystemCommand]:
        """Offer every action that has a key here, and Textual's own."""
        yield from super().get_system_commands(screen)
        seen = set()
        for node, binding, enabled, _ in screen.active_bindings.values():
            if enabled and binding.description and (node, binding.action) not in seen:
                seen.add((node, binding.action))
                yield SystemCommand(
                    binding.description,
                    f"key: {binding.key_display or self.get_key_display(binding)}",
                    lambda node=node, action=binding.action: self.run_action(action, node),
                )

    # -- places -------------------------------------------------------------------------------------------------------

    async def action_place(self, name: str) -> None:
        """Go to one of the four places."""
        if isinstance(self.screen, ReviewPlace):
            self.screen.keep_position()
        await self.switch_mode(name)

    def leave(self) -> None:
        """Go one step back; from the first place out of the application."""
        if len(self.screen_stack) > 1:
            self.pop_screen()
            if isinstance(self.screen, QueuePlace):
                self.screen.show_rows()
        elif self.current_mode != "queue":
            self.switch_mode("queue")
        else:
            self.converse(conversations.leave(self))

    async def action_quit(self) -> None:
        """Leave the application from wherever one is."""
        self.converse(conversations.leave(self))

    def open_review(self, pair: Pair) -> None:
        """Open the review of a crate."""
        self.push_screen(ReviewPlace(pair))

    def open_detail(self, pair: Pair) -> None:
        """Open a crate's page."""
        self.push_screen(CratePlace(pair))

    def open_why(self, pair: Pair) -> None:
        """Open the page on how a crate comes in."""
        self.push_screen(WhyPlace(pair))

    def go_on_after(self, pair: Pair) -> None:
        """Go back to the queue, to the crate after one that is done with."""
        while len(self.screen_stack) > 1:
            self.pop_screen()
        if isinstance(self.screen, QueuePlace):
            following = self.screen.after(pair)
            if following is not None:
                self.screen.go_to(following.pair)
            self.screen.reload()

    @work(thread=True, exclusive=True, group="disk", exit_on_error=False)
    def _look_at_disk(self) -> None:
        news = self.desk.disk_news()
        if news:
            self.call_from_thread(self._tell_news, news)

    def _tell_news(self, news: str) -> None:
        if isinstance(self.screen, Place) and not self.screen.has_problem:
            self.screen.tell_problem(f"{news} · U reads it anew")

    def action_reload(self) -> None:
        """Read everything anew."""
        for screen in self.screen_stack:
            if isinstance(screen, QueuePlace | ReviewPlace | TextPlace | WhyPlace | ImportsPlace):
                screen.tell_problem(None)
                screen.reload()

    def action_undo(self) -> None:
        """Take the last recording back."""
        self.converse(conversations.undo(self))
