"""Keys and mouse: nothing typed is lost or misunderstood, a click selects, a second one opens, the cursor has a bar."""

from __future__ import annotations

import asyncio

from textual.events import Key, MouseScrollDown
from textual.pilot import Pilot

from tests.tui.driving import drive, outside, press, queue_of, review_of, settled
from tests.tui.memory_desk import ALPHA, NEW, OLD, RING, MemoryDesk, crate
from tests.tui.screen import lines, notices, text
from vetflow.errors import Place
from vetflow.review.session import CriteriaShown
from vetflow.tui.app import ReviewApp
from vetflow.tui.diff_pane import DiffPane
from vetflow.tui.file_tree import FileTree
from vetflow.tui.findings_list import FindingsList
from vetflow.tui.queue_place import QueuePlace
from vetflow.tui.table import Table

LONG = crate({"src/lib.rs": "".join(f"pub fn f{number}() {{}}\n" for number in range(200))})


async def type_fast(app: ReviewApp, pilot: Pilot[int], *keys: str) -> None:
    """Press keys without waiting for what any of them begins."""
    for key in keys:
        app.post_message(Key(key, key if len(key) == 1 else None))
    await settled(app, pilot)
    await asyncio.sleep(0)
    await settled(app, pilot)


def test_letters_typed_right_after_the_filter_key_are_the_filter() -> None:
    async def act(app: ReviewApp, pilot: Pilot[int]) -> None:
        await type_fast(app, pilot, "slash", *"ring", "enter")
        assert "filter: ring" in lines(app)[1]
        assert isinstance(app.screen, QueuePlace)

    drive(MemoryDesk(), act)


def test_what_is_typed_right_after_a_filter_is_for_the_rows_that_it_leaves() -> None:
    async def act(app: ReviewApp, pilot: Pilot[int]) -> None:
        await type_fast(app, pilot, "slash", *"ring", "enter", "s")
        assert lines(app)[1].split("    ") == ["filter: ring", "sort: name"]
        await type_fast(app, pilot, "escape", "slash", *"ring", "escape")
        assert "filter: (none)" in lines(app)[1]
        await type_fast(app, pilot, "slash", *"ring", "enter", "enter")
        assert review_of(app).pair == RING

    drive(MemoryDesk(), act)


def test_letters_typed_right_after_the_search_key_press_nothing_else() -> None:
    desk = MemoryDesk()

    async def act(app: ReviewApp, pilot: Pilot[int]) -> None:
        await type_fast(app, pilot, "slash", *"vnc", "enter")
        assert app.screen.query_one(DiffPane).sought == "vnc"
        assert desk.session().viewed == {}
        await type_fast(app, pilot, "N", *"cuv", "enter")
        assert list(desk.session().notes.values()) == ["cuv"]

    drive(desk, act, start=ALPHA)


def test_two_questions_in_a_row_take_what_is_typed_ahead() -> None:
    desk = MemoryDesk()

    async def act(app: ReviewApp, pilot: Pilot[int]) -> None:
        await type_fast(app, pilot, "H", *"nu", "enter", *"cv", "enter")
        assert [(pair.crate, *rest) for pair, *rest in desk.holds] == [("alpha", "nu", "cv")]
        await press(app, pilot, "j")
        entry = queue_of(app).entry()
        assert entry is not None
        assert entry.pair == RING

    drive(desk, act)


def test_a_click_selects_a_row_and_a_second_one_opens_it() -> None:
    async def act(app: ReviewApp, pilot: Pilot[int]) -> None:
        await pilot.click(Table, offset=(10, 2))
        await settled(app, pilot)
        entry = queue_of(app).entry()
        assert entry is not None
        assert entry.pair == RING
        await pilot.click(Table, offset=(10, 1), times=2)
        await settled(app, pilot)
        assert review_of(app).pair == ALPHA

    drive(MemoryDesk(), act)


def test_a_click_on_the_sign_of_a_file_marks_it_as_viewed_and_another_takes_it_back() -> None:
    desk = MemoryDesk()

    async def act(app: ReviewApp, pilot: Pilot[int]) -> None:
        await pilot.click(FileTree, offset=(3, 1))
        await settled(app, pilot)
        assert [file.path for file in desk.session().viewed] == ["build.rs"]
        assert "build-time 1/1" in lines(app)[0]
        await pilot.click(FileTree, offset=(3, 1))
        await settled(app, pilot)
        assert desk.session().viewed == {}

    drive(desk, act, start=ALPHA)


def test_the_wheel_scrolls_and_leaves_the_cursor() -> None:
    async def act(app: ReviewApp, pilot: Pilot[int]) -> None:
        review_of(app).open_file("src/lib.rs")
        await settled(app, pilot)
        pane = app.screen.query_one(DiffPane)
        before = pane.cursor
        pane.post_message(MouseScrollDown(pane, 40, 8, 0, 1, 0, False, False, False))  # Pilot turns no wheel
        await settled(app, pilot)
        assert pane.scroll_y > 0
        assert pane.cursor == before

    drive(MemoryDesk(OLD, {**NEW, **LONG}), act, start=ALPHA)


def test_the_cursor_has_a_bar_in_the_first_column_wherever_it_is() -> None:
    async def act(app: ReviewApp, pilot: Pilot[int]) -> None:
        assert [line[0] for line in lines(app)[3:5]] == ["|", " "]
        await press(app, pilot, "down")
        assert [line[0] for line in lines(app)[3:5]] == [" ", "|"]
        await press(app, pilot, "up", "w")
        assert [line[:1] for line in lines(app) if "└─" in line] == ["|", " "]
        await press(app, pilot, "q", "enter", "tab")
        assert lines(app)[2].startswith("|")

    drive(MemoryDesk(), act)


def test_the_list_of_findings_stands_beside_the_file_where_there_is_room() -> None:
    async def act(app: ReviewApp, pilot: Pilot[int]) -> None:
        await press(app, pilot, "a")
        listed = app.screen.query_one(FindingsList)
        assert listed.region.width == 36
        assert "! build.rs:2  starts a shell" in text(app)
        await press(app, pilot, "enter")
        line = app.screen.query_one(DiffPane).current_line()
        assert line is not None
        assert line.new == 2
        await press(app, pilot, "N", *"odd", "enter")
        assert "N build.rs:2  odd" in text(app)
        await press(app, pilot, "a")
        assert not listed.region.width

    drive(MemoryDesk(), act, start=ALPHA, size=(130, 30))


def test_the_list_of_findings_is_a_page_where_there_is_none() -> None:
    async def act(app: ReviewApp, pilot: Pilot[int]) -> None:
        await press(app, pilot, "a")
        assert "Findings and notes" in text(app)
        await press(app, pilot, "enter")
        line = app.screen.query_one(DiffPane).current_line()
        assert line is not None
        assert line.new == 2

    drive(MemoryDesk(), act, start=ALPHA)


def test_a_key_pressed_twice_certifies_once_and_leaves_nothing_else() -> None:
    desk = MemoryDesk()
    desk.keep(CriteriaShown("Ada Example <ada@example.org>", "d2"))

    async def act(app: ReviewApp, pilot: Pilot[int]) -> None:
        await press(app, pilot, "v", "c")
        await type_fast(app, pilot, "ctrl+s", "ctrl+s")
        assert len(desk.certified) == 1
        assert isinstance(app.screen, QueuePlace)

    drive(desk, act, start=ALPHA, size=(80, 40))


def test_a_key_that_was_bound_anew_works_and_is_shown_and_the_usual_one_does_not() -> None:
    async def act(app: ReviewApp, pilot: Pilot[int]) -> None:
        assert "f5 Sort" in lines(app)[-1]
        await press(app, pilot, "s")
        assert "sort: risk" in lines(app)[1]
        await press(app, pilot, "f5")
        assert "sort: name" in lines(app)[1]

    drive(MemoryDesk(), act, world=outside()._replace(keymap={"queue.sort": "f5"}))


def test_a_misspelt_id_of_a_key_is_told_with_its_place_and_the_nearest_one() -> None:
    world = outside()._replace(
        keymap={"queue.srot": "f5", "queue.sort": "f6"}, key_places={"queue.srot": Place("/home/ada/config.toml", 4, 1)}
    )

    async def act(app: ReviewApp, pilot: Pilot[int]) -> None:
        assert notices(app) == [
            "/home/ada/config.toml:4:1: there is no key queue.srot to bind anew; the nearest is queue.sort"
        ]
        await press(app, pilot, "f6")
        assert "sort: name" in lines(app)[1]

    drive(MemoryDesk(), act, world=world)
