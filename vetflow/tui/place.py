"""What all places of the review have in common: a title row, a body, the keys, work in threads, a way back and help."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, ClassVar, TypeVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.screen import Screen
from textual.widgets import Footer, Static
from textual.worker import get_current_worker

from vetflow.app.desk import Desk, Progress
from vetflow.errors import VetflowError
from vetflow.tui.dialogs import TextPage
from vetflow.tui.safe_text import joined, plain

if TYPE_CHECKING:
    from vetflow.tui.app import ReviewApp

_Result = TypeVar("_Result")


class TitleRow(Static):
    """The first row of a place."""

    DEFAULT_CSS = "TitleRow { height: 1; background: $panel; text-style: bold; text-wrap: nowrap; }"


class Problem(Static):
    """A banner that says what is wrong and what to do; not there while nothing is."""

    DEFAULT_CSS = "Problem { display: none; height: auto; background: $panel; color: $bad; text-style: bold; }"

    def tell(self, text: str | None) -> None:
        """Show a problem, or with None that there is none."""
        self.display = text is not None
        self.update(plain(f"! {text}") if text else Content())


class Place(Screen[None]):
    """A place of the review. Subclasses give a body and say with `retitle` where one is."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("q,escape", "back", "Back", id="place.back"),
        Binding("question_mark", "help", "Help", key_display="?", id="place.help"),
    ]
    NAME: ClassVar[str] = ""
    """What help calls the place."""

    def compose(self) -> ComposeResult:
        """Put title row, banner, body and keys under each other."""
        yield TitleRow(markup=False)
        yield Problem(markup=False)
        yield from self.body()
        yield Footer(compact=True, show_command_palette=False)

    def body(self) -> ComposeResult:
        """Return the widgets of the place."""
        raise NotImplementedError

    @property
    def review(self) -> ReviewApp:
        """The application."""
        return self.app  # type: ignore[return-value]  # places live in no other application

    @property
    def desk(self) -> Desk:
        """The use cases."""
        return self.review.desk

    def retitle(self, *parts: str) -> None:
        """Set the title row; parts stand apart."""
        self.query_one(TitleRow).update(joined([plain("   ".join(part for part in parts if part))]))

    def tell_problem(self, error: VetflowError | str | None) -> None:
        """Show or clear the banner."""
        text = error if isinstance(error, str) or error is None else in_words(error)
        self.query_one(Problem).tell(text)

    def in_background(
        self,
        work: Callable[[], _Result],
        then: Callable[[_Result], object],
        *,
        group: str,
        doing: str,
        failed: Callable[[VetflowError], object] | None = None,
    ) -> None:
        """Do `work` in a thread and then, if the place still wants it, `then` with its result on the UI's own.

        Work of the same group that still runs is no longer waited for. A VetflowError goes to `failed`, else becomes
        the banner.
        """
        self.tell_doing(doing)

        def run() -> None:
            try:
                result = work()
            except VetflowError as error:
                self._answer(partial(failed or self.tell_problem, error))
            else:
                self._answer(partial(self._done, then, result))

        self.run_worker(run, thread=True, exclusive=True, group=group, exit_on_error=True)

    def _done(self, then: Callable[[_Result], object], result: _Result) -> None:
        self.tell_problem(None)
        then(result)

    def _answer(self, show: Callable[[], object]) -> None:
        worker = get_current_worker()

        def on_screen() -> None:
            if not worker.is_cancelled and self.is_attached:
                self.tell_doing("")
                show()

        self.app.call_from_thread(on_screen)

    def tell_doing(self, what: str) -> None:
        """Say what is being done; places that have room for it override this."""

    def progress(self) -> Progress:
        """Return what tells how far work in a thread is."""
        worker_app = self.app

        def tell(what: str, done: int, total: int) -> None:
            worker_app.call_from_thread(self.tell_doing, f"{what}, {done} of {total}" if total else what)

        return tell

    def action_back(self) -> None:
        """Go one step back."""
        self.review.leave()

    def action_help(self) -> None:
        """Show every key that works here."""
        lines = [plain(f"{self.NAME or 'Here'}: what the keys do"), plain("")]
        seen = set()
        for key, (_, binding, enabled, _tooltip) in sorted(self.active_bindings.items()):
            if binding.description and binding.action not in seen and enabled:
                seen.add(binding.action)
                keys = binding.key_display or self.app.get_key_display(binding)
                lines.append(plain(f"  {keys:<12} {binding.description}"))
            del key
        self.app.push_screen(TextPage("Help", Content("\n").join(lines)))


def in_words(error: VetflowError) -> str:
    """Return an error on one line: where, what, why, and the way out."""
    words = [str(error.place) if error.place else "", error.message, *error.causes, error.help or ""]
    return " · ".join(word for word in words if word)
