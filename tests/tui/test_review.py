"""The review: build-time code first, marks by content, findings on their lines, nothing hidden."""

from __future__ import annotations

from textual.pilot import Pilot

from tests.tui.driving import drive, press, review_of
from tests.tui.memory_desk import ALPHA, NEW, MemoryDesk, crate
from tests.tui.screen import lines, notices, text
from vetflow.tui.app import ReviewApp
from vetflow.tui.diff_pane import DiffPane


def test_build_time_code_comes_first_and_the_rest_is_folded() -> None:
    async def act(app: ReviewApp, pilot: Pilot[int]) -> None:
        screen = text(app)
        assert lines(app)[0].startswith("alpha 1.0.0>1.1.0  build-time 0/1 viewed  rest 0/2  !1 ?0  checks 0/")
        assert lines(app)[0].endswith("  offline")
        assert screen.index("build script (1)") < screen.index(">  build.rs") < screen.index("▶ everything else (2)")
        assert "README.md" not in screen
        assert "build.rs  +3 -1  [1 of 3]" in screen
        assert '+!    std::process::Command::new("sh");' in screen

    drive(MemoryDesk(), act, start=ALPHA)


def test_viewed_moves_on_and_is_counted() -> None:
    async def act(app: ReviewApp, pilot: Pilot[int]) -> None:
        await press(app, pilot, "v")
        assert "build-time 1/1 viewed" in lines(app)[0]
        assert "[2 of 3]" in text(app)
        await press(app, pilot, "v", "v")
        assert "rest 2/2" in lines(app)[0]

    drive(MemoryDesk(), act, start=ALPHA)


def test_a_mark_ends_when_a_byte_of_the_file_changes_and_only_that_one() -> None:
    desk = MemoryDesk()

    async def view_all(app: ReviewApp, pilot: Pilot[int]) -> None:
        await press(app, pilot, "v", "v", "v", "q")

    async def look(app: ReviewApp, pilot: Pilot[int]) -> None:
        assert "build-time 0/1 viewed  rest 2/2" in lines(app)[0]
        assert "changed since they were viewed: build.rs" in notices(app)

    drive(desk, view_all, start=ALPHA)
    desk.new = {**NEW, **crate({"build.rs": "fn main() { other() }\n"})}
    drive(desk, look, start=ALPHA)


def test_the_place_is_kept_for_the_next_run() -> None:
    desk = MemoryDesk()

    async def leave(app: ReviewApp, pilot: Pilot[int]) -> None:
        await press(app, pilot, "J", "q")

    async def come_back(app: ReviewApp, pilot: Pilot[int]) -> None:
        assert "[2 of 3]" in text(app)

    drive(desk, leave, start=ALPHA)
    drive(desk, come_back, start=ALPHA)


def test_a_finding_is_reached_by_a_key_and_told_in_a_sentence() -> None:
    async def act(app: ReviewApp, pilot: Pilot[int]) -> None:
        await press(app, pilot, "J", "f")
        assert "starts a shell while it is built (sh; process/shell)" in text(app)
        line = app.screen.query_one(DiffPane).current_line()
        assert line is not None
        assert (line.new, "Command" in line.text) == (2, True)

    drive(MemoryDesk(), act, start=ALPHA)


def test_a_note_stands_at_its_line() -> None:
    async def act(app: ReviewApp, pilot: Pilot[int]) -> None:
        await press(app, pilot, "f", "N", *"why", "enter")
        assert "N why" in text(app)
        assert "+N    std::process" in text(app)

    drive(MemoryDesk(), act, start=ALPHA)


def test_another_base_can_be_chosen() -> None:
    async def act(app: ReviewApp, pilot: Pilot[int]) -> None:
        await press(app, pilot, "d", "down", "enter")
        assert review_of(app).pair.base is None
        assert lines(app)[0].startswith("alpha 1.1.0 (whole)")

    drive(MemoryDesk(), act, start=ALPHA)


def test_search_goes_to_the_line() -> None:
    async def act(app: ReviewApp, pilot: Pilot[int]) -> None:
        await press(app, pilot, "slash", *"command", "enter")
        line = app.screen.query_one(DiffPane).current_line()
        assert line is not None
        assert "Command" in line.text

    drive(MemoryDesk(), act, start=ALPHA)


def test_every_size_shows_what_must_be_seen() -> None:
    for size in ((80, 24), (60, 16), (200, 60)):

        async def act(app: ReviewApp, pilot: Pilot[int]) -> None:
            screen = text(app)
            assert "alpha 1.0.0>1.1.0" in screen
            assert "build-time 0/1" in screen
            assert "build.rs  +3 -1  [1 of 3]" in screen
            assert "? Help" in screen or app.size.width == 60

        drive(MemoryDesk(), act, size=size, start=ALPHA)
