"""The page on which somebody certifies: what is claimed, by whom, of what, and exactly what will be written.

Nothing is written before the button is pressed, and what was typed is kept as a draft whatever happens. The button
stays off until each chosen criterion's text was on screen to its end (once per person and text), and until somebody who
did not view all build-time files has typed the crate's name.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, VerticalScroll
from textual.screen import ModalScreen
from textual.widgets import Button, Checkbox, Footer, Input, Static, TextArea

from vetflow.app.desk import Certification, CertifyForm, Criterion
from vetflow.review.session import CriteriaShown, Draft, Pair, Record, Session
from vetflow.tui.dialogs import TextPage
from vetflow.tui.safe_text import lines, plain


class Tick(Checkbox):
    """A check box that can be told from an empty one without colours."""

    BUTTON_LEFT = "["
    BUTTON_RIGHT = "]"

    @property
    def BUTTON_INNER(self) -> str:  # type: ignore[override]  # noqa: N802  Textual's name, a constant there
        """What stands in the box."""
        return "x" if self.value else " "


class CertifyDialog(ModalScreen[Certification | None]):
    """Asks for everything a certification needs; returns None when somebody left without certifying.

    pairs: several for a batch. unviewed: build-time files that were not viewed. reviewed: lines on what was. keep: adds
    to the session. preview: what certifying would write.
    """

    DEFAULT_CSS = """
    CertifyDialog { align: center middle; }
    CertifyDialog > VerticalScroll {
        width: 79; max-width: 100%; height: 100%; border: round $accent; background: $background; padding: 0 1;
    }
    CertifyDialog .certify--title { text-style: bold; }
    CertifyDialog Checkbox { height: 1; border: none; padding: 0; background: $background; }
    CertifyDialog #text { height: 6; border-left: solid $dim; padding: 0 1; }
    CertifyDialog #text > Static { height: auto; }
    CertifyDialog TextArea { height: 5; border: solid $dim; }
    CertifyDialog #override { display: none; height: 3; }
    CertifyDialog #buttons { height: auto; }
    CertifyDialog #why { color: $bad; height: auto; }
    CertifyDialog Button { margin: 0 1; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", "Keep as draft", id="certify.leave"),
        Binding("f2", "preview", "Preview", id="certify.preview"),
        Binding("ctrl+e", "edit", "$EDITOR", priority=True, id="certify.edit"),
        Binding("ctrl+s", "certify", "Certify", priority=True, id="certify.certify"),
    ]

    def __init__(
        self,
        form: CertifyForm,
        pairs: tuple[Pair, ...],
        unviewed: tuple[str, ...],
        reviewed: tuple[str, ...],
        *,
        session: Callable[[], Session],
        keep: Callable[[Record], object],
        preview: Callable[[Certification], str],
        edit: Callable[[str], str | None],
    ) -> None:
        super().__init__()
        self._form, self._pairs, self._unviewed, self._reviewed = form, pairs, unviewed, reviewed
        self._session, self._keep, self._preview, self._edit = session, keep, preview, edit
        draft = session().drafts.get(form.pair)
        self._notes = draft.notes if draft else ""
        self._chosen = set(draft.criteria if draft else form.proposed)
        self._reading: Criterion | None = None

    def compose(self) -> ComposeResult:
        """Put what is claimed under each other, in the order in which it should be thought about."""
        form = self._form
        with VerticalScroll():
            yield Static(plain(f"Certify {_subject(self._pairs)}"), classes="certify--title")
            yield Static(id="why", markup=False)
            for line in form.baseline:
                yield Static(plain(line))
            for number, criterion in enumerate(form.criteria):
                label = f"{criterion.name}{'  (needed here)' if criterion.needed else ''}"
                yield Tick(plain(label), criterion.name in self._chosen, id=f"criterion-{number}")
            with VerticalScroll(id="text", can_focus=True):
                yield Static(id="criterion-text", markup=False)
            yield Static(plain(f"who      {form.who or form.who_problem or ''}"))
            yield Static(plain(f"signed   {form.signs}"))
            for line in self._reviewed:
                yield Static(plain(line))
            yield Input(placeholder=f"type {form.pair.crate} to certify it all the same", id="override")
            yield TextArea(self._notes, id="notes", show_line_numbers=False)
            yield Static(lines(self._statement()), id="statement")
            with Horizontal(id="buttons"):
                yield Button("Certify", id="certify", variant="primary", compact=True)
                yield Button("Save for later", id="later", compact=True)
                yield Button("Preview", id="preview", compact=True)
        yield Footer(compact=True, show_command_palette=False)

    def on_mount(self) -> None:
        """Show the first text that has to be read."""
        self.query_one("#override").display = bool(self._unviewed)
        self._read_next()
        text = self.query_one("#text")
        self.watch(text, "scroll_y", self._note_reading, init=False)
        text.focus()

    # -- criteria -----------------------------------------------------------------------------------------------------

    def _unread(self) -> list[Criterion]:
        shown = self._session().criteria_shown
        who = self._form.who or ""
        chosen = [criterion for criterion in self._form.criteria if criterion.name in self._chosen]
        return [each for each in chosen if CriteriaShown(who, each.digest) not in shown]

    def _read_next(self) -> None:
        unread = self._unread()
        chosen = [criterion for criterion in self._form.criteria if criterion.name in self._chosen]
        self._reading = next(iter(unread or chosen), None)
        text = f"{self._reading.name}: {self._reading.text}" if self._reading else "no criteria chosen"
        self.query_one("#criterion-text", Static).update(lines(text))
        self.query_one("#text", VerticalScroll).scroll_home(animate=False)
        self.call_after_refresh(self._note_reading)

    def _note_reading(self) -> None:
        """Note that the end of the criterion's text was on screen."""
        scroll = self.query_one("#text", VerticalScroll)
        at_end = scroll.scroll_offset.y >= scroll.max_scroll_y
        if at_end and self._reading is not None and self._reading in self._unread():
            self._keep(CriteriaShown(self._form.who or "", self._reading.digest))
            if self._unread():
                self._read_next()
        self._tell_state()

    @on(Checkbox.Changed)
    def _chose(self, message: Checkbox.Changed) -> None:
        number = int((message.checkbox.id or "criterion-0").removeprefix("criterion-"))
        name = self._form.criteria[number].name
        (self._chosen.add if message.value else self._chosen.discard)(name)
        self.query_one("#statement", Static).update(lines(self._statement()))
        self._read_next()

    # -- state --------------------------------------------------------------------------------------------------------

    def _certification(self) -> Certification:
        names = tuple(each.name for each in self._form.criteria if each.name in self._chosen)
        return Certification(self._pairs, names, self.query_one("#notes", TextArea).text, self._unviewed)

    def _missing(self) -> str | None:
        """Say what stands between now and a certification."""
        if not self._form.who:
            return self._form.who_problem or "nobody is known who certifies"
        if not self._chosen:
            return "choose at least one criterion"
        if unread := self._unread():
            return f"the text of {unread[0].name} was not read to its end (tab into it and scroll)"
        if self._unviewed and self.query_one("#override", Input).value.strip() != self._form.pair.crate:
            return f"{len(self._unviewed)} build-time files were not viewed: {', '.join(self._unviewed[:3])}"
        return None

    @on(Input.Changed, "#override")
    def _tell_state(self) -> None:
        missing = self._missing()
        self.query_one("#why", Static).update(plain(f"! {missing}" if missing else "ready: ctrl+s certifies"))
        self.query_one("#certify", Button).disabled = missing is not None

    def _statement(self) -> str:
        who = self._form.who or "…"
        sentences = [_sentence(who, pair) for pair in self._pairs]
        return "\n".join(sentences)

    # -- keys ---------------------------------------------------------------------------------------------------------

    @on(Button.Pressed, "#certify")
    def action_certify(self) -> None:
        """Certify, when nothing is missing."""
        missing = self._missing()
        if missing is None:
            self._keep_draft()
            self.dismiss(self._certification())
        else:
            self.notify(missing, severity="warning", markup=False)

    @on(Button.Pressed, "#later")
    def action_leave(self) -> None:
        """Leave; what was typed is kept."""
        self._keep_draft()
        self.dismiss(None)

    def _keep_draft(self) -> None:
        decided = self._certification()
        if decided.notes.strip() or set(decided.criteria) != set(self._form.proposed):
            self._keep(Draft(self._form.pair, decided.criteria, decided.notes))

    @on(Button.Pressed, "#preview")
    def action_preview(self) -> None:
        """Show exactly what would be written."""
        self.app.push_screen(TextPage("What is written", lines(self._preview(self._certification()))))

    def action_edit(self) -> None:
        """Write the notes in the user's own editor."""
        field = self.query_one("#notes", TextArea)
        edited = self._edit(field.text)
        if edited is not None:
            field.text = edited


def _subject(pairs: tuple[Pair, ...]) -> str:
    first = pairs[0]
    what = f"{first.crate} {first.base} > {first.version}" if first.base else f"{first.crate} {first.version}"
    return what if len(pairs) == 1 else f"{what} and {len(pairs) - 1} more"


def _sentence(who: str, pair: Pair) -> str:
    name = who.partition(" <")[0]
    what = f"the changes from version {pair.base} to {pair.version}" if pair.base else f"version {pair.version}"
    return f"I, {name}, certify that I have audited {what} of {pair.crate} in accordance with the above criteria."
