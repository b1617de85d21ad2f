"""The session: what was viewed, noted and recorded, what of it is committed, and where to go on."""

from __future__ import annotations

from typing import ClassVar

from textual import work
from textual.binding import Binding, BindingType

from vetflow.review.session import Session
from vetflow.tui.dialogs import AskText, TextPage
from vetflow.tui.safe_text import lines
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
        super().__init__("Session", lambda: session_lines(self.desk.session()))

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

    @work
    async def action_commit(self) -> None:
        """Commit the store alone, with a message that can be edited."""
        message = await self.app.push_screen_wait(AskText("Commit supply-chain/ with", self.desk.commit_message()))
        if message is not None and message.strip():
            self.in_background(
                lambda _: self.desk.commit(message),
                lambda name: self.notify(f"committed as {name[:12]}", markup=False),
                group="commit",
                doing="committing",
            )

    def action_resume(self) -> None:
        """Open the review that was left last."""
        position = self.desk.session().position
        if position is not None:
            self.review.open_review(position.pair)


def session_lines(session: Session) -> list[str]:
    """Return a session in words."""
    made = [f"{len(session.viewed)} files viewed, {len(session.notes)} notes, {len(session.recorded)} audits recorded"]
    if session.position is not None:
        pair = session.position.pair
        made.append(f"last: {pair.crate} {pair.base or ''} {pair.version}, {session.position.path or 'its summary'}")
    for title, entries in (
        (
            "Recorded",
            [
                f"{each.at}  {each.pair.crate} {each.pair.version} {', '.join(each.criteria)}"
                for each in session.recorded
            ],
        ),
        ("Drafts", [f"{each.pair.crate} {each.pair.version}: {each.notes}" for each in session.drafts.values()]),
        ("Notes", [f"{file.crate} {file.path}:{abs(line)}  {text}" for (file, line), text in session.notes.items()]),
    ):
        if entries:
            made += ["", title, *(f"  {entry}" for entry in entries)]
    return made
