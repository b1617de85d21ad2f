"""The queue: riskiest first, filters said aloud, numbers explained."""

from __future__ import annotations

from textual.pilot import Pilot

from tests.tui.driving import drive, press, queue_of, review_of
from tests.tui.memory_desk import MemoryDesk
from tests.tui.screen import lines, text
from vetflow.app.review.values import Queue
from vetflow.tui.app import ReviewApp


def test_the_first_screen_says_how_much_there_is_and_puts_the_riskiest_first() -> None:
    async def act(app: ReviewApp, pilot: Pilot[int]) -> None:
        screen = lines(app)
        assert screen[0].split("  ") == ["vetflow", "acme", "2 to audit of 312", "~16 lines", "offline", "1/2"]
        assert screen[1].split("    ") == ["filter: (none)", "sort: risk, then lines"]
        assert screen[2].split() == ["RISK", "CRATE", "DELTA", "NEEDS", "BUILD", "LINES", "SEEN", "FLAGS"]
        assert screen[3].split() == ["|", "94", "alpha", "1.0.0", ">", "1.1.0", "deploy", "B", "12", "0/1", "P"]
        assert "? Help" in screen[-1]
        assert "proc macro, runs in 41 builds" in text(app)

    drive(MemoryDesk(), act)


class RefusedDesk(MemoryDesk):
    """The first crate must not be read."""

    def _queue(self) -> Queue:
        queue = super()._queue()
        first = queue.entries[0]
        row = first.row._replace(risk=None, lines=None, lacking="the crate is refused: it is cut off", is_refused=True)
        about = "nobody can read it, so do not build it: the crate is refused: it is cut off"
        return queue._replace(entries=(first._replace(row=row, about=(about,)), *queue.entries[1:]))


def test_what_is_refused_has_a_row_and_its_reason() -> None:
    async def act(app: ReviewApp, pilot: Pilot[int]) -> None:
        assert lines(app)[3].split()[:2] == ["|", "?"]
        assert "refused" in lines(app)[3].split()
        assert text(app).count("the crate is refused: it is cut off") == 1
        assert "not downloaded" not in text(app)

    drive(RefusedDesk(), act, size=(100, 24))


def test_the_parts_of_a_risk_add_up() -> None:
    async def act(app: ReviewApp, pilot: Pilot[int]) -> None:
        await press(app, pilot, "r")
        screen = text(app)
        assert "60  build-time code changed" in screen
        assert "94  in all" in screen
        await press(app, pilot, "escape", "s", "s")
        assert "sort: lines" in lines(app)[1]
        assert [line.strip("| ").split()[1] for line in lines(app)[3:5]] == ["ring-of-keys", "alpha"]

    drive(MemoryDesk(), act)


def test_a_filter_is_said_aloud_and_escape_brings_all_back() -> None:
    async def act(app: ReviewApp, pilot: Pilot[int]) -> None:
        await press(app, pilot, "slash", *"ring", "enter")
        assert "filter: ring" in lines(app)[1]
        assert lines(app)[3].strip("| ").split()[1] == "ring-of-keys"
        assert lines(app)[4].strip() == ""
        await press(app, pilot, "escape")
        assert "filter: (none)" in lines(app)[1]
        assert lines(app)[3].strip("| ").split()[1] == "alpha"
        assert lines(app)[4].split()[1] == "ring-of-keys"
        assert lines(app)[3].startswith("|")

    drive(MemoryDesk(), act, size=(100, 24))


def test_where_there_is_room_the_crate_is_told_of_beside_the_rows() -> None:
    async def act(app: ReviewApp, pilot: Pilot[int]) -> None:
        beside = [line.partition("│")[2] for line in lines(app)[2:5]]
        assert beside == ["alpha 1.0.0 > 1.1.0", "proc macro, runs in 41 builds", ""]
        await press(app, pilot, "j")
        assert lines(app)[2].endswith("│ring-of-keys 2.0.0 > 2.0.1")

    drive(MemoryDesk(), act, size=(120, 30))


def test_enter_opens_the_review_and_q_comes_back_to_the_row() -> None:
    async def act(app: ReviewApp, pilot: Pilot[int]) -> None:
        await press(app, pilot, "j", "enter")
        assert review_of(app).pair.crate == "ring-of-keys"
        await press(app, pilot, "q")
        entry = queue_of(app).entry()
        assert entry is not None
        assert entry.pair.crate == "ring-of-keys"

    drive(MemoryDesk(), act)


def test_why_and_detail_are_one_key_away() -> None:
    async def act(app: ReviewApp, pilot: Pilot[int]) -> None:
        await press(app, pilot, "w")
        assert "└─ alpha (normal)" in text(app)
        await press(app, pilot, "q", "i")
        assert "alpha: proc macro" in text(app)

    drive(MemoryDesk(), act)


def test_a_hold_asks_for_a_reason_and_for_what_would_clear_it() -> None:
    desk = MemoryDesk()

    async def act(app: ReviewApp, pilot: Pilot[int]) -> None:
        await press(app, pilot, "H", *"odd", "enter", *"fix", "enter")
        assert [(pair.crate, *rest) for pair, *rest in desk.holds] == [("alpha", "odd", "fix")]

    drive(desk, act)
