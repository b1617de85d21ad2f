"""What places need of the application they live in: use cases, conversations, the world outside, the ways elsewhere.

It knows no place; `tui.app` does, and says how each is opened.
"""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Mapping
from types import MappingProxyType
from typing import NamedTuple, TypeVar

from textual import events, work
from textual.app import SuspendNotSupported
from textual.notifications import SeverityLevel
from textual.worker import WorkerFailed

from vetflow.app.review.desk import Desk
from vetflow.errors import Place, VetflowError
from vetflow.review.session import Pair
from vetflow.text import shown
from vetflow.tui.themes import ThemedApp
from vetflow.tui.typed_ahead import TypedAhead

_Result = TypeVar("_Result")


class Outside(NamedTuple):
    """What the application needs of the world besides its use cases.

    now: the time as RFC 3339, UTC. edit: lets the user edit a text and returns it; None when nothing came of it.
    edit_file: lets them edit a file of their own. show: shows a file of a crate in a program of theirs. These three are
    called while the application is suspended. keymap: keys by the ids of bindings; key_places: where the user wrote
    each of them.
    """

    now: Callable[[], str]
    edit: Callable[[str], str | None]
    edit_file: Callable[[Place], None]
    show: Callable[[str, bytes], None]
    theme: str | None = None
    keymap: Mapping[str, str] = MappingProxyType({})
    key_places: Mapping[str, Place] = MappingProxyType({})


class Host(ThemedApp[int]):
    """An application for places. desk: its use cases. started: when this run began, RFC 3339."""

    def __init__(self, desk: Desk, outside: Outside) -> None:
        super().__init__()
        self.desk = desk
        self.outside = outside
        self.started = outside.now()
        self._typed_ahead = TypedAhead()

    def now(self) -> str:
        """Return the time."""
        return self.outside.now()

    # -- the ways elsewhere -------------------------------------------------------------------------------------------

    def open_review(self, pair: Pair) -> None:
        """Open the review of a crate."""
        raise NotImplementedError

    def open_detail(self, pair: Pair) -> None:
        """Open a crate's page."""
        raise NotImplementedError

    def open_why(self, pair: Pair) -> None:
        """Open the page on how a crate comes in."""
        raise NotImplementedError

    def leave(self) -> None:
        """Go one step back; from the first place out of the application."""
        raise NotImplementedError

    def go_on_after(self, pair: Pair) -> None:
        """Go back to the queue, to the crate after one that is done with."""
        raise NotImplementedError

    def action_reload(self) -> None:
        """Read everything anew."""
        raise NotImplementedError

    # -- what is told -------------------------------------------------------------------------------------------------

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

    def tell(self, error: VetflowError) -> None:
        """Show an error that is about no place."""
        self.notify(in_words(error), severity="error", markup=False, timeout=10)

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

    # -- other programs -----------------------------------------------------------------------------------------------

    def show_outside(self, path: str, content: bytes) -> None:
        """Show a file of a crate in a program of the user's."""
        self._suspended(lambda: self.outside.show(path, content))

    def edit_file(self, broken: Place) -> None:
        """Let the user edit a file of their own."""
        self._suspended(lambda: self.outside.edit_file(broken))

    def edit(self, text: str) -> str | None:
        """Let the user edit a text in their editor; None when nothing came of it."""
        return self._suspended(lambda: self.outside.edit(text))

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


def in_words(error: VetflowError) -> str:
    """Return an error on one line: where, what, why, and the way out."""
    first = [each.message for each in error.related[:1]]
    more = [f"and {len(error.related) - 1} more"] if len(error.related) > 1 else []
    words = [str(error.place) if error.place else "", error.message, *first, *more, *error.causes, error.help or ""]
    return " · ".join(word for word in words if word)
