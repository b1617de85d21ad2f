"""The page on which somebody certifies: what is claimed, by whom, of what, and exactly what will be written.

Nothing is written before the button is pressed, and what was typed is kept as a draft whatever happens. The button
stays off until each chosen criterion's text was on screen to its end (once per person and text), and until somebody who
did not view all build-time files has typed the crate's name.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.widgets import Button, Checkbox, Input, Static, TextArea

from vetflow.app.review.values import Certification, Criterion
from vetflow.errors import VetflowError
from vetflow.review.note_lint import about_us
from vetflow.review.session import CriteriaShown, Draft, Pair, Record, Session
from vetflow.text import shown
from vetflow.tui.dialogs import Page, TextPage
from vetflow.tui.key_row import KeyRow
from vetflow.tui.safe_text import lines, plain
from vetflow.tui.to_certify import ToCertify


class Tick(Checkbox):
    """A check box that can be told from an empty one without colours."""

    BUTTON_LEFT = "["
    BUTTON_RIGHT = "]"

    @property
    def BUTTON_INNER(self) -> str:  # type: ignore[override]  # noqa: N802  Textual's name, a constant there
        """What stands in the box."""
        return "x" if self.value else " "


class CriterionText(VerticalScroll):
    """What has to be read before it is certified, with the keys that all places have."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("j", "scroll_down", "Down", show=False, id="criterion.down"),
        Binding("k", "scroll_up", "Up", show=False, id="criterion.up"),
        Binding("space", "page_down", "Page down", show=False, id="criterion.page-down"),
        Binding("g", "scroll_home", "First line", show=False, id="criterion.first"),
        Binding("G", "scroll_end", "Last line", show=False, id="criterion.last"),
    ]


class CertifyDialog(Page[Certification | None]):
    """Asks for everything a certification needs; returns None when somebody left without certifying.

    keep: adds to the session. preview: what certifying would write; takes its time. edit: lets somebody write the notes
    in a program of their own.
    """

    DEFAULT_CSS = """
    CertifyDialog { align: center middle; }
    CertifyDialog > Vertical {
        width: 80; max-width: 100%; height: 100%; max-height: 44;
        border: round $accent; background: $background; padding: 0 0 0 1;
    }
    CertifyDialog #form { height: 1fr; scrollbar-size-vertical: 1; }
    CertifyDialog .certify--title { text-style: bold; }
    CertifyDialog Checkbox { height: 1; border: none; padding: 0; background: $background; }
    CertifyDialog #text { height: 6; border-left: solid $dim; padding: 0; scrollbar-size-vertical: 1; }
    CertifyDialog #text:focus { border-left: thick $accent; }
    CertifyDialog #text > Static { height: auto; }
    CertifyDialog TextArea { height: 5; border: solid $dim; }
    CertifyDialog #override { display: none; height: 3; }
    CertifyDialog #buttons { height: 1; }
    CertifyDialog #statement { height: auto; max-height: 4; text-style: italic; }
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
        what: ToCertify,
        *,
        session: Callable[[], Session],
        keep: Callable[[Record], object],
        preview: Callable[[Certification], str],
        edit: Callable[[str], str | None],
    ) -> None:
        super().__init__()
        self._what, self._form = what, what.form
        self._session, self._keep, self._preview, self._edit = session, keep, preview, edit
        draft = session().drafts.get(what.form.pair)
        self._notes = draft.notes if draft else what.notes
        self._chosen = set(draft.criteria if draft else what.form.proposed)
        self._reading: Criterion | None = None

    def compose(self) -> ComposeResult:
        """Put what is claimed under each other, in the order in which it should be thought about."""
        with Vertical():
            yield Static(plain(f"Certify {_subject(self._what.pairs)}"), classes="certify--title")
            yield Static(id="why", markup=False)
            with VerticalScroll(id="form", can_focus=False):
                yield from self._fields()
            yield Static(lines(self._statement()), id="statement")
            with Horizontal(id="buttons"):
                yield Button("Certify", id="certify", variant="primary", compact=True)
                yield Button("Save for later", id="later", compact=True)
                yield Button("Preview", id="preview", compact=True)
        yield KeyRow()

    def _fields(self) -> ComposeResult:
        form, what = self._form, self._what
        for number, criterion in enumerate(form.criteria):
            label = f"{criterion.name}{'  (needed here)' if criterion.needed else ''}"
            yield Tick(plain(label), criterion.name in self._chosen, id=f"criterion-{number}")
        with CriterionText(id="text", can_focus=True):
            yield Static(id="criterion-text", markup=False)
        for line in form.baseline:
            yield Static(plain(line))
        yield Static(plain(f"who      {form.who or form.who_problem or ''}"))
        yield Static(plain(f"signed   {form.signs}"))
        for line in what.reviewed:
            yield Static(plain(line))
        yield Static(id="checks", markup=False)
        yield Input(placeholder=shown(f"type {what.confirm} to certify it all the same"), id="override")
        yield Static("notes    read by everybody who imports your audits; ctrl+e opens your editor")
        yield TextArea("\n".join(map(shown, self._notes.split("\n"))), id="notes", show_line_numbers=False)

    def on_mount(self) -> None:
        """Show the first text that has to be read."""
        self.query_one("#override").display = bool(self._what.unviewed)
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
        text = f"{self._reading.name}: {_reflowed(self._reading.text)}" if self._reading else "no criteria chosen"
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
        return self._what.certification(names, self.query_one("#notes", TextArea).text)

    def _missing(self) -> str | None:
        """Say what stands between now and a certification."""
        if not self._form.who:
            return self._form.who_problem or "nobody is known who certifies"
        if not self._chosen:
            return "choose at least one criterion"
        if unread := self._unread():
            return f"the text of {unread[0].name} was not read to its end (tab into it and scroll)"
        unviewed = self._what.unviewed
        if unviewed and self.query_one("#override", Input).value.split() != self._what.confirm.split():
            return f"{len(unviewed)} build-time files were not viewed: {', '.join(unviewed[:3])}"
        objection, stops = self._what.against(self._session(), self._chosen)
        return f"the checklist stops it: {objection}" if stops else None

    @on(Input.Changed, "#override")
    @on(TextArea.Changed, "#notes")
    def _tell_state(self) -> None:
        missing = self._missing()
        told = f"! {missing}" if missing else f"ready: ctrl+s certifies{self._warning()}"
        self.query_one("#why", Static).update(plain(told))
        checks = self._what.checks(self._session(), self._chosen)
        self.query_one("#checks", Static).update(Content("\n").join([plain(line) for line in checks]))
        self.query_one("#certify", Button).disabled = missing is not None

    def _warning(self) -> str:
        """Say what speaks against it and stops nobody: what the base lacks, the checklist, words in the notes."""
        lost = [each.name for each in self._form.criteria if each.name in self._chosen and not each.on_base]
        objection, _ = self._what.against(self._session(), self._chosen)
        own = about_us(self.query_one("#notes", TextArea).text)
        warnings = [
            *([f"the base does not hold {', '.join(lost)}, and a delta cannot raise it"] if lost else []),
            *([objection] if objection else []),
            *([f"importers will read the notes, and '{own}' says nothing to them"] if own else []),
        ]
        return "".join(f"; but {warning}" for warning in warnings)

    def _statement(self) -> str:
        who = self._form.who or "…"
        sentences = [_sentence(who, pair) for pair in self._what.pairs]
        return "\n".join(sentences)

    # -- keys ---------------------------------------------------------------------------------------------------------

    @on(Button.Pressed, "#certify")
    def action_certify(self) -> None:
        """Certify, when nothing is missing."""
        missing = self._missing()
        if missing is None:
            self.keep_draft()
            self.close(self._certification())
        else:
            self.notify(missing, severity="warning", markup=False)

    @on(Button.Pressed, "#later")
    def action_leave(self) -> None:
        """Leave; what was typed is kept."""
        self.keep_draft()
        self.close(None)

    def keep_draft(self) -> None:
        """Keep what was decided and typed, where it is not what was proposed."""
        decided = self._certification()
        if decided.notes != self._what.notes or set(decided.criteria) != set(self._form.proposed):
            self._keep(Draft(self._form.pair, decided.criteria, decided.notes))

    @on(Button.Pressed, "#preview")
    def action_preview(self) -> None:
        """Show exactly what would be written."""
        self._show_preview(self._certification())

    @work(thread=True, exclusive=True, group="preview", exit_on_error=False)
    def _show_preview(self, certification: Certification) -> None:
        try:
            text = self._preview(certification)
        except VetflowError as error:
            text = f"! {error.message}"
        self.app.call_from_thread(self.app.push_screen, TextPage("What is written", lines(text)))

    def action_edit(self) -> None:
        """Write the notes in the user's own editor."""
        field = self.query_one("#notes", TextArea)
        edited = self._edit(field.text)
        if edited is not None:
            field.text = edited


def _reflowed(text: str) -> str:
    """Return a text whose lines were broken for a terminal with its paragraphs in one line each."""
    made: list[str] = []
    for line in text.split("\n"):
        goes_on = made and made[-1] and line and (line[0].isalnum() or line[0] in "`'\"(")
        if goes_on:
            made[-1] += f" {line}"
        else:
            made.append(line)
    return "\n".join(made)


def _subject(pairs: tuple[Pair, ...]) -> str:
    first = pairs[0]
    what = f"{first.crate} {first.base} > {first.version}" if first.base else f"{first.crate} {first.version}"
    return what if len(pairs) == 1 else f"{what} and {len(pairs) - 1} more"


def _sentence(who: str, pair: Pair) -> str:
    name = who.partition(" <")[0]
    what = f"the changes from version {pair.base} to {pair.version}" if pair.base else f"version {pair.version}"
    return f"I, {name}, certify that I have audited {what} of {pair.crate} in accordance with the above criteria."
