"""What is beside queue and review: a crate's page, why it is here, imports, the session, and the way out."""

from __future__ import annotations

from textual.pilot import Pilot

from tests.tui.driving import drive, press, queue_of, review_of
from tests.tui.memory_desk import ALPHA, RING, MemoryDesk
from tests.tui.screen import lines, notices, text
from vetflow.review.session import LineNote, Position, SeenFile
from vetflow.tui.app import ReviewApp
from vetflow.tui.crate_place import CratePlace
from vetflow.tui.dialogs import Choose
from vetflow.tui.text_place import PolicyPlace


def test_a_crates_page_offers_audits_of_others_and_trust_in_its_publishers() -> None:
    desk = MemoryDesk()

    async def act(app: ReviewApp, pilot: Pilot[int]) -> None:
        await press(app, pilot, "i", "I")
        assert "osprey" in text(app)
        await press(app, pilot, "enter")
        assert desk.imported == ["osprey"]
        await press(app, pilot, "T", "j", "enter")
        assert "Trust bob-login with alpha for which criteria?" in text(app)
        await press(app, pilot, "enter")
        assert desk.trusted == [("alpha", "bob-login", ("safe-to-deploy",))]

    drive(desk, act)


def test_whoever_leaves_the_question_trusts_nobody() -> None:
    desk = MemoryDesk()

    async def act(app: ReviewApp, pilot: Pilot[int]) -> None:
        await press(app, pilot, "i", "T", "enter", "escape")
        await press(app, pilot, "I", "escape")
        assert (desk.trusted, desk.imported) == ([], [])
        assert isinstance(app.screen, CratePlace)

    drive(desk, act)


def test_every_crate_on_the_way_leads_to_its_page_and_back() -> None:
    async def act(app: ReviewApp, pilot: Pilot[int]) -> None:
        await press(app, pilot, "w", "enter")
        assert isinstance(app.screen, CratePlace)
        assert app.screen.pair == RING
        await press(app, pilot, "q")
        assert "└─ alpha (normal)" in text(app)
        await press(app, pilot, "q")
        assert queue_of(app).entry() is not None

    drive(MemoryDesk(), act)


def test_the_ways_to_a_crate_are_swapped_for_what_depends_on_it() -> None:
    async def act(app: ReviewApp, pilot: Pilot[int]) -> None:
        await press(app, pilot, "w", "s")
        assert "who depends on it" in lines(app)[0]
        assert "middle (build)" in text(app)
        await press(app, pilot, "P")
        assert isinstance(app.screen, PolicyPlace)
        await press(app, pilot, "q", "s")
        assert "the ways to it" in lines(app)[0]

    drive(MemoryDesk(), act)


def test_a_removed_import_is_named_first_with_what_becomes_unvetted() -> None:
    async def act(app: ReviewApp, pilot: Pilot[int]) -> None:
        await press(app, pilot, "2", "d")
        assert "Without heron" in text(app)
        await press(app, pilot, "escape")
        assert "Type heron to remove it" in text(app)

    drive(MemoryDesk(), act)


def test_publishers_are_listed_with_what_they_cover_and_how_fresh_that_is() -> None:
    async def act(app: ReviewApp, pilot: Pilot[int]) -> None:
        await press(app, pilot, "2")
        assert lines(app)[1].split("  ")[-1] == "CRITERIA MAP COVERS YOUR TREE NEWEST AUDIT FETCHED STATE"
        heron, osprey = (" ".join(line.split()) for line in lines(app)[2:4])
        assert heron == "| heron full-review… 1 of 14 2026-01-02 a copy imported"
        assert osprey == "osprey - 9 of 14 ? now -"

    drive(MemoryDesk(), act)


def test_before_a_crate_is_left_out_it_is_said_what_becomes_unvetted() -> None:
    desk = MemoryDesk()

    async def act(app: ReviewApp, pilot: Pilot[int]) -> None:
        await press(app, pilot, "2", "e", *"ring-of-keys", "enter")
        assert "Without the audits of ring-of-keys by heron becomes unvetted: ring-of-keys" in text(app)
        await press(app, pilot, "enter")
        assert desk.excluded == []
        await press(app, pilot, "e", *"anvil", "enter")
        assert "becomes unvetted: nothing" in text(app)
        await press(app, pilot, "escape")
        assert desk.excluded == []

    drive(desk, act)


def test_what_is_not_imported_can_only_be_added() -> None:
    desk = MemoryDesk()

    async def act(app: ReviewApp, pilot: Pilot[int]) -> None:
        await press(app, pilot, "2", "j", "e", "m", "d")
        assert set(notices(app)) == {"osprey is not imported; a adds it"}
        await press(app, pilot, "a", "enter")
        assert desk.imported == ["osprey"]

    drive(desk, act)


def test_the_cursor_stays_on_its_publisher_when_the_order_changes() -> None:
    desk = MemoryDesk()

    async def act(app: ReviewApp, pilot: Pilot[int]) -> None:
        await press(app, pilot, "2", "e", *"anvil", "enter", "down", "enter")
        assert desk.excluded == ["heron anvil"]
        assert next(line for line in lines(app) if line.startswith("|")).split()[:2] == ["|", "heron"]

    drive(desk, act)


def test_the_session_says_what_is_not_committed_and_where_reviews_were_left() -> None:
    desk = MemoryDesk()
    desk.keep(Position(ALPHA, "build.rs", 1))
    desk.keep(Position(RING, "build.rs", 2))
    desk.keep(LineNote(SeenFile("alpha", "build.rs", None, None), 2, "odd"))

    async def act(app: ReviewApp, pilot: Pilot[int]) -> None:
        await press(app, pilot, "3")
        screen = text(app)
        assert "this run, since 2026-01-02T03:04:05Z: 0 files viewed" in screen
        assert "alpha build.rs:2  odd" in screen
        await press(app, pilot, "R")
        assert isinstance(app.screen, Choose)
        await press(app, pilot, "down", "enter")
        assert review_of(app).pair == ALPHA

    drive(desk, act)


def test_a_review_goes_on_where_it_was_left_also_when_it_was_not_the_last_one() -> None:
    desk = MemoryDesk()

    async def act(app: ReviewApp, pilot: Pilot[int]) -> None:
        await press(app, pilot, "enter", "J", "q", "j", "enter", "q", "k", "enter")
        assert "[2 of 3]" in text(app)

    drive(desk, act)


def test_nothing_unsaved_is_left_without_a_question() -> None:
    async def act(app: ReviewApp, pilot: Pilot[int]) -> None:
        await press(app, pilot, "q")
        assert not app.is_running

    drive(MemoryDesk(), act)


def test_marks_that_no_disk_has_are_asked_about_once() -> None:
    desk = MemoryDesk()
    desk.unsaved = 2

    async def act(app: ReviewApp, pilot: Pilot[int]) -> None:
        await press(app, pilot, "q")
        assert "What you did is not all on disk (2:" in text(app)
        await press(app, pilot, "enter")
        assert app.is_running
        await press(app, pilot, "ctrl+q", "down", "enter")
        assert not app.is_running

    drive(desk, act)


def test_a_half_typed_note_is_not_lost_by_a_slip_of_the_finger() -> None:
    async def act(app: ReviewApp, pilot: Pilot[int]) -> None:
        await press(app, pilot, "N", *"half", "ctrl+q")
        assert "What you did is not all on disk" in text(app)
        await press(app, pilot, "escape")
        assert "half" in text(app)

    drive(MemoryDesk(), act, start=ALPHA)


def test_what_was_typed_to_certify_is_kept_as_a_draft_when_one_leaves() -> None:
    desk = MemoryDesk()

    async def act(app: ReviewApp, pilot: Pilot[int]) -> None:
        await press(app, pilot, "c")
        app.screen.query_one("#notes").focus()
        await press(app, pilot, *"half", "ctrl+q")
        assert not app.is_running
        assert desk.session().drafts[ALPHA].notes.endswith("half")

    drive(desk, act, start=ALPHA, size=(80, 40))


def test_a_store_that_changed_on_disk_is_said_and_the_row_stays() -> None:
    desk = MemoryDesk()

    async def act(app: ReviewApp, pilot: Pilot[int]) -> None:
        await press(app, pilot, "j")
        desk.news = "the store or Cargo.lock changed on disk"
        app._look_at_disk()
        await press(app, pilot, "1")
        assert "the store or Cargo.lock changed on disk · U reads it anew" in text(app)
        desk.news = None
        await press(app, pilot, "U")
        assert "U reads it anew" not in text(app)
        entry = queue_of(app).entry()
        assert entry is not None
        assert entry.pair == RING
        assert notices(app) == []

    drive(desk, act)
