"""What a session leaves behind: notes nobody will see again, and what a commit of its audits is called."""

from __future__ import annotations

from vetflow.app.review.session import commit_message, homeless_notes
from vetflow.review.session import LineNote, Pair, Recorded, SeenFile, Session

QUAY = Pair("quay", "1.0.0", "1.1.0")
NOTE = LineNote(SeenFile("quay", "build.rs", None, "a" * 64), 3, "odd")
NOTED = Session().after(NOTE)


def test_a_note_on_a_crate_that_waits_has_a_home() -> None:
    assert homeless_notes(NOTED, [QUAY], {}) == ()


def test_a_note_on_a_crate_that_went_away_has_none() -> None:
    assert homeless_notes(NOTED, [QUAY._replace(crate="other")], {}) == (NOTE,)


def test_a_note_on_a_crate_that_was_recorded_went_into_its_audit() -> None:
    assert homeless_notes(NOTED.after(Recorded(QUAY, ("safe-to-run",), "now")), [], {}) == ()


def test_a_commit_names_the_crates_and_what_was_read_of_them() -> None:
    recorded = [Recorded(QUAY, (), ""), Recorded(Pair("anvil", None, "2.0.0"), (), "")]
    assert commit_message(recorded) == "Audit anvil, quay\n\n* quay 1.0.0 -> 1.1.0\n* anvil 2.0.0"
    many = [Recorded(Pair(name, None, "1.0.0"), (), "") for name in ("d", "c", "b", "a")]
    assert commit_message(many).startswith("Audit a, b, c and 1 more\n")
    assert commit_message(()) == "Update the store of audits"
