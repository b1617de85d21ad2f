"""The application: places and how to get from one to another; what a place asks of another goes through here."""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Iterable, Mapping
from types import MappingProxyType
from typing import ClassVar, NamedTuple, TypeVar

from textual import events, work
from textual.app import SuspendNotSupported, SystemCommand
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.notifications import SeverityLevel
from textual.screen import Screen
from textual.worker import WorkerFailed

from vetflow.app.desk import Desk
from vetflow.errors import Place, VetflowError
from vetflow.review.session import Pair
from vetflow.text import shown
from vetflow.tui import conversations, place
from vetflow.tui.crate_place import CratePlace
from vetflow.tui.dialogs import TextPage
from vetflow.tui.imports_place import ImportsPlace
from vetflow.tui.place import in_words
from vetflow.tui.queue_place import QueuePlace
from vetflow.tui.review_place import ReviewPlace
from vetflow.tui.safe_text import plain
from vetflow.tui.session_place import SessionPlace
from vetflow.tui.text_place import PolicyPlace, TextPlace
from vetflow.tui.themes import THEMES, ThemedApp
from vetflow.tui.typed_ahead import TypedAhead
from vetflow.tui.why_place import WhyPlace

_Result = TypeVar("_Result")


class Outside(NamedTuple):
    """What the application needs of the world besides its use cases.

    now: the time as RFC 3339, UTC. edit: lets the user edit a text and returns it; None when nothing came of it.
    edit_file: lets them edit a file of their own. show: shows a file of a crate in a program of theirs. These three are
    called while the application is suspended. keymap: keys by the ids of bindings.
    """

    now: Callable[[], str]
    edit: Callable[[str], str | None]
    edit_file: Callable[[Place], None]
    show: Callable[[str, bytes], None]
    theme: str | None = None
    keymap: Mapping[str, str] = MappingProxyType({})


class ReviewApp(ThemedApp[int]):
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
        super().__init__()
        self.desk = desk
        self._outside = outside
        self._start = start
        self.started = outside.now()
        self._typed_ahead = TypedAhead()
        if outside.theme in {theme.name for theme in THEMES}:
            self.theme = outside.theme or ""

    def on_mount(self) -> None:
        """Bind the user's keys, and open what was asked for."""
        if self._outside.keymap:
            self.set_keymap(dict(self._outside.keymap))
            self.call_after_refresh(self.refresh_bindings)  # the first place was composed with the usual keys
        known = [theme.name for theme in THEMES]
        if self._outside.theme not in {None, *known}:
            self.notify(f"there is no theme {self._outside.theme}; there are {', '.join(known)}", severity="warning")
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

    def notify(
        self,
        message: str,
        *,
        title: str = "",
        severity: SeverityLevel = "information",
        timeout: float | None = None,
        markup: bool = False,
    ) -> None:
        """Tell something in passing; whoever wrote a part of it, it is text and no markup."""
        del markup
        told = "\n".join(map(shown, message.split("\n")))
        super().notify(told, title=shown(title), severity=severity, timeout=timeout, markup=False)

    def now(self) -> str:
        """Return the time."""
        return self._outside.now()

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

    def hold(self, pair: Pair) -> None:
        """Hold a crate back."""
        self.ask(conversations.hold(self, pair))

    def explain_risk(self, pair: Pair) -> None:
        """Show what the number under RISK is made of."""
        entry = self.desk.entry(pair)
        risk = entry.row.risk if entry else None
        lines = [plain(f"{part.points:>5}  {part.reason}") for part in (risk.parts if risk else ())]
        lines.append(plain(f"{risk.points if risk else '?':>5}  in all: it orders the queue, and vets nothing"))
        self.push_screen(TextPage(f"The risk of {pair.crate}", Content("\n").join(lines)))

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
        if isinstance(self.screen, place.Place) and not self.screen.has_problem:
            self.screen.tell_problem(f"{news} · U reads it anew")

    def action_reload(self) -> None:
        """Read everything anew."""
        for screen in self.screen_stack:
            if isinstance(screen, QueuePlace | ReviewPlace | TextPlace | WhyPlace | ImportsPlace):
                screen.tell_problem(None)
                screen.reload()

    # -- what takes more than one step --------------------------------------------------------------------------------

    def ask(self, conversation: Coroutine[None, None, None]) -> None:
        """Go through a conversation that begins with a question: what is typed from now on answers it."""
        self._typed_ahead.begin()
        self.converse(conversation)

    @work
    async def converse(self, conversation: Coroutine[None, None, None]) -> None:
        """Go through a conversation; what goes wrong in it is told."""
        try:
            await conversation
        except VetflowError as error:
            self.tell(error)
        finally:
            self.hear_keys()

    def hear_keys(self) -> None:
        """Let keys press again; those typed ahead are pressed where the focus is now."""
        self._typed_ahead.end(self)

    def hear_answer(self) -> None:
        """Give a question that has its field by now what was typed ahead for it."""
        self._typed_ahead.answer(self)

    def on_key(self, event: events.Key) -> None:
        """Keep what was typed ahead from pressing anything else."""
        if self._typed_ahead.keeps(event, self.focused):
            event.prevent_default()

    async def in_thread(self, act: Callable[[], _Result]) -> _Result:
        """Return what a use case gives, without stopping the screen for it; raises what it raises."""
        try:
            return await self.run_worker(act, thread=True, exit_on_error=False).wait()
        except WorkerFailed as failure:
            raise failure.error from None

    def action_undo(self) -> None:
        """Take the last recording back."""
        self.converse(conversations.undo(self))

    def tell(self, error: VetflowError) -> None:
        """Show an error that is about no place."""
        self.notify(in_words(error), severity="error", markup=False, timeout=10)

    def show_outside(self, path: str, content: bytes) -> None:
        """Show a file of a crate in a program of the user's."""
        self._suspended(lambda: self._outside.show(path, content))

    def edit_file(self, broken: Place) -> None:
        """Let the user edit a file of their own."""
        self._suspended(lambda: self._outside.edit_file(broken))

    def edit(self, text: str) -> str | None:
        """Let the user edit a text in their editor; None when nothing came of it."""
        return self._suspended(lambda: self._outside.edit(text))

    def _suspended(self, act: Callable[[], _Result]) -> _Result | None:
        """Leave the terminal to another program for a while; what goes wrong is told."""
        try:
            with self.suspend():
                return act()
        except SuspendNotSupported:
            self.notify("this terminal cannot be left to another program", severity="error")
        except VetflowError as error:
            self.tell(error)
        return None
