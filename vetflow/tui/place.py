"""What all places of the review have in common: a title row, a body, the keys, work in threads, a way back and help."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from time import monotonic
from typing import ClassVar, Final, TypeVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.screen import Screen
from textual.widgets import Static
from textual.worker import Worker, get_current_worker

from vetflow.app.review.desk import Desk
from vetflow.app.review.values import Progress
from vetflow.errors import Place as ErrorPlace
from vetflow.errors import VetflowError
from vetflow.review.session import Pair, Record
from vetflow.tui import conversations
from vetflow.tui.dialogs import TextPage
from vetflow.tui.host import Host, in_words
from vetflow.tui.key_row import KeyRow
from vetflow.tui.safe_text import fitted, plain

_Result = TypeVar("_Result")
_SHORTEST: Final = 12
_TELL_EVERY: Final = 0.1
"""Seconds between two words on how far work is."""


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


class TooSmall(Static):
    """What is shown instead of a place in a terminal that is too small for any."""

    DEFAULT_CSS = "TooSmall { display: none; }"


class AbandonedError(VetflowError):
    """Nobody waits for this work any more."""


class Place(Screen[None]):
    """A place of the review. Subclasses give a body and say with `retitle` where one is."""

    HORIZONTAL_BREAKPOINTS = [(0, "-tiny"), (60, "-narrow"), (80, "-normal"), (120, "-wide")]  # noqa: RUF012  Textual declares it for instances
    VERTICAL_BREAKPOINTS = [(0, "-flat"), (16, "-high")]  # noqa: RUF012  see above
    DEFAULT_CSS = """
    Place.-tiny > *, Place.-flat > * { display: none; }
    Place.-tiny > TooSmall, Place.-flat > TooSmall { display: block; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("q,escape", "back", "Back", id="place.back"),
        Binding("question_mark", "help", "Help", key_display="?", id="place.help"),
    ]
    NAME: ClassVar[str] = ""
    """What help calls the place."""
    EDITS: ClassVar[bool] = False
    """Whether `e` opens a file that is broken here."""
    broken: ErrorPlace | None = None
    """Where the file is that cannot be read, while that is so."""
    _busy = False

    def __init__(self) -> None:
        super().__init__()
        self._failed: set[str] = set()

    def compose(self) -> ComposeResult:
        """Put title row, banner, body and keys under each other."""
        yield TitleRow(markup=False)
        yield Problem(markup=False)
        yield from self.body()
        yield KeyRow()
        yield TooSmall("the review needs 60 columns and 16 lines; make the terminal larger", markup=False)

    def body(self) -> ComposeResult:
        """Return the widgets of the place."""
        raise NotImplementedError

    @property
    def review(self) -> Host:
        """The application."""
        return self.app  # type: ignore[return-value]  # places live in no other

    @property
    def desk(self) -> Desk:
        """The use cases."""
        return self.review.desk

    def retitle(self, first: str, *parts: str) -> None:
        """Set the title row; parts stand apart. Where there is no room, the first one is cut."""
        rest = "".join(f"  {part}" for part in parts if part)
        self.query_one(TitleRow).update(
            plain(f"{fitted(first, max(self.app.size.width - len(rest), _SHORTEST))}{rest}")
        )

    def keep(self, record: Record) -> None:
        """Add to the session; that it cannot be kept on disk is told, and does not stop anybody."""
        try:
            self.desk.keep(record)
        except VetflowError as error:
            self.tell_problem(error)

    @property
    def has_problem(self) -> bool:
        """Whether the banner is there."""
        return self.query_one(Problem).display

    def tell_problem(self, error: VetflowError | str | None) -> None:
        """Show or clear the banner."""
        self.broken = error.place if isinstance(error, VetflowError) else None
        text = error if isinstance(error, str) or error is None else in_words(error)
        if self.broken is not None:
            text = f"{text} · {'e edits it, ' if self.EDITS else ''}U reads it anew; nothing can be written meanwhile"
        self.query_one(Problem).tell(text)
        self.refresh_bindings()

    def in_background(
        self,
        work: Callable[[Progress], _Result],
        then: Callable[[_Result], object],
        *,
        group: str,
        doing: str,
        failed: Callable[[VetflowError], object] | None = None,
    ) -> None:
        """Do `work` in a thread and then, if the place still wants it, `then` with its result on the UI's own.

        Work of the same group that still runs is no longer waited for, and stops where it next tells how far it is. A
        VetflowError goes to `failed`, else becomes the banner.
        """
        self._busy = True
        self.tell_doing(doing)

        def run() -> None:
            try:
                result = work(self._progress(get_current_worker()))
            except AbandonedError:
                return
            except VetflowError as error:
                self._answer(partial(self._fail, group, failed or self.tell_problem, error))
            else:
                self._answer(partial(self._done, group, then, result))

        self.run_worker(run, thread=True, exclusive=True, group=group, exit_on_error=True)

    def _fail(self, group: str, failed: Callable[[VetflowError], object], error: VetflowError) -> None:
        self._failed.add(group)
        failed(error)

    def _done(self, group: str, then: Callable[[_Result], object], result: _Result) -> None:
        """Show a result; what failed before is no problem any more, other problems stay."""
        if group in self._failed:
            self._failed.discard(group)
            self.tell_problem(None)
        then(result)

    def _answer(self, show: Callable[[], object]) -> None:
        worker = get_current_worker()

        def on_screen() -> None:
            if not worker.is_cancelled and self.is_attached:
                self._busy = False
                self.tell_doing("")
                show()

        self.app.call_from_thread(on_screen)

    def tell_doing(self, what: str) -> None:
        """Say what is being done; places that have room for it override this."""

    def _progress(self, worker: Worker[None]) -> Progress:
        """Return what tells how far work in a thread is, a few times a second, and stops work nobody waits for."""
        app, told_at = self.app, 0.0

        def tell(what: str, done: int, total: int) -> None:
            nonlocal told_at
            if worker.is_cancelled:
                raise AbandonedError(what)
            if monotonic() - told_at > _TELL_EVERY:
                told_at = monotonic()
                app.call_later(self._tell_progress, f"{what}, {done} of {total}" if total else what)

        return tell

    def _tell_progress(self, what: str) -> None:
        if self.is_attached and self._busy:
            self.tell_doing(what)

    # -- the crate a place is about, or the cursor is on --------------------------------------------------------------

    def crate_in_hand(self) -> Pair | None:
        """Return the crate that `detail`, `why`, `risk` and `hold` are about; None where there is none."""
        return None

    def action_detail(self) -> None:
        """Show the crate's page."""
        if pair := self.crate_in_hand():
            self.review.open_detail(pair)

    def action_why(self) -> None:
        """Show how the crate comes in."""
        if pair := self.crate_in_hand():
            self.review.open_why(pair)

    def action_risk(self) -> None:
        """Show what the number under RISK is made of."""
        if pair := self.crate_in_hand():
            entry = self.desk.entry(pair)
            risk = entry.row.risk if entry else None
            parts = [plain(f"{part.points:>5}  {part.reason}") for part in (risk.parts if risk else ())]
            parts.append(plain(f"{risk.points if risk else '?':>5}  in all: it orders the queue, and vets nothing"))
            self.app.push_screen(TextPage(f"The risk of {pair.crate}", Content("\n").join(parts)))

    def action_hold(self) -> None:
        """Hold the crate back, with a reason."""
        if pair := self.crate_in_hand():
            self.review.ask(conversations.hold(self.review, pair))

    # -- the way back, and help ---------------------------------------------------------------------------------------

    def action_back(self) -> None:
        """Go one step back."""
        self.review.leave()

    def action_help(self) -> None:
        """Show every key that works here."""
        keys: dict[tuple[object, str], tuple[Binding, list[str]]] = {}
        for node, binding, enabled, _ in self.active_bindings.values():
            if binding.description and enabled:
                shown = binding.key_display or self.app.get_key_display(binding)
                keys.setdefault((node, binding.action), (binding, []))[1].append(shown)
        own_first = sorted(keys.items(), key=lambda item: item[0][0] is not self)
        lines = [plain(f"  {' '.join(shown):<16} {binding.description}") for _, (binding, shown) in own_first]
        self.app.push_screen(TextPage(f"{self.NAME}: what the keys do here", Content("\n").join(lines)))
