"""The session: what was viewed, noted and recorded, what of it is committed, and where to go on."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual import work
from textual.binding import Binding, BindingType

from vetflow.app.review.values import Progress, Uncommitted
from vetflow.app.wording import count_of
from vetflow.review.session import Pair, Position, SeenFile, Session
from vetflow.tui import conversations
from vetflow.tui.choices import Choice
from vetflow.tui.dialogs import Choose, TextPage
from vetflow.tui.safe_text import lines, plain
from vetflow.tui.text_place import TextPlace


class SessionPlace(TextPlace):
    """The third place."""

    NAME = "Session"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("g", "changes", "Store changes", id="session.changes"),
        Binding("C", "commit", "Commit the store", id="session.commit"),
        Binding("R", "resume", "Go on where you were", id="session.resume"),
        Binding("u", "app.undo", "Undo the last recording", id="session.undo"),
    ]

    def __init__(self) -> None:
        super().__init__("Session", self._read_session)

    def _read_session(self, progress: Progress) -> Sequence[str]:
        del progress
        return session_lines(self.desk.session(), self.desk.uncommitted(), self.review.started)

    def on_screen_resume(self) -> None:
        """Show what was done meanwhile."""
        self.reload()

    def action_changes(self) -> None:
        """Show how the store differs from what is committed."""
        self.in_background(
            lambda _: self.desk.store_changes(),
            lambda text: self.app.push_screen(
                TextPage("supply-chain/ against HEAD", lines(text or "nothing is uncommitted"))
            ),
            group="changes",
            doing="asking git",
        )

    def action_commit(self) -> None:
        """Commit the store alone, with a message that can be edited."""
        self.review.converse(conversations.commit(self.review))

    @work
    async def action_resume(self) -> None:
        """Go on with a review where it was left: with the only one at once, else with one to choose."""
        positions = [*self.desk.session().positions.values()][::-1]
        chosen: str | None = "0"
        if not positions:
            self.notify("no review was left unfinished", markup=False)
            return
        if len(positions) > 1:
            choices = [Choice(str(number), plain(_resume_point(each))) for number, each in enumerate(positions)]
            chosen = await self.app.push_screen_wait(Choose("Go on with", choices))
        if chosen is not None:
            self.review.open_review(positions[int(chosen)].pair)


def session_lines(session: Session, left: Uncommitted, started: str) -> list[str]:
    """Return a session in words. started: when this run began, RFC 3339; what was done since is counted apart."""
    now = (
        sum(at >= started for at in session.viewed.values()),
        sum(each.at >= started for each in session.recorded),
    )
    in_all = len(session.recorded)
    viewed, notes = count_of(len(session.viewed), "file"), count_of(len(session.notes), "note")
    made = [
        f"this run, since {started}: {count_of(now[0], 'file')} viewed, {count_of(now[1], 'audit')} recorded",
        f"in all: {viewed} viewed, {notes}, {count_of(in_all, 'audit')} recorded",
    ]
    recorded = session.recorded if left.recorded is None else left.recorded
    unfinished = [*session.positions.values()][::-1]
    title = "Recorded (git cannot tell what is committed)" if left.recorded is None else "Recorded, not committed"
    for heading, entries in (
        (title, [f"{each.at}  {_subject(each.pair)} {', '.join(each.criteria)}" for each in recorded]),
        ("Left unfinished (R)", [_resume_point(each) for each in unfinished]),
        ("Drafts of certifications", [f"{_subject(each.pair)}: {each.notes}" for each in session.drafts.values()]),
        ("Notes without a home", [f"{_where(each.file, each.line)}  {each.text}" for each in left.homeless]),
        ("Notes", [f"{_where(file, line)}  {text}" for (file, line), text in session.notes.items()]),
    ):
        if entries:
            made += ["", heading, *(f"  {entry}" for entry in entries)]
    return made


def _subject(pair: Pair) -> str:
    return f"{pair.crate} {f'{pair.base} > ' if pair.base else ''}{pair.version}"


def _resume_point(position: Position) -> str:
    return f"{_subject(position.pair)}, {position.path or 'its summary'}"


def _where(file: SeenFile, line: int) -> str:
    return f"{file.crate} {file.path}:{abs(line)}"
