"""The checklist in a review: places to go to, answers by key and by nothing else, and what becomes of them."""

from __future__ import annotations

from pathlib import Path

from textual.pilot import Pilot
from textual.widgets import Button

from tests.tui.demo_desk import lay_out, open_desk
from tests.tui.driving import drive, press, review_of
from tests.tui.memory_desk import ALPHA, NEW, MemoryDesk, crate
from tests.tui.screen import lines, notices, text
from vetflow.app.review.values import AskedChecklist
from vetflow.model.rules import ChecklistWeight
from vetflow.review.checklist import Question
from vetflow.review.session import CriteriaShown, Draft, Pair, Verdict
from vetflow.tui.app import ReviewApp
from vetflow.tui.checklist_pane import ChecklistPane
from vetflow.tui.choices import Choices
from vetflow.tui.diff_pane import DiffPane

READ = CriteriaShown("Ada Example <ada@example.org>", "d2")
LIB = "pub fn one() {\n    unsafe { two() }\n}\npub fn three() {\n    unsafe { four() }\n}\n"
WIDE = (160, 44)


def with_unsafe(lib: str = LIB) -> MemoryDesk:
    return MemoryDesk(new={**NEW, **crate({"src/lib.rs": lib})})


def go_to(app: ReviewApp, item: str) -> None:
    """Put the cursor on an item."""
    found = review_of(app).query_one(ChecklistPane).query_one(Choices)
    found.highlighted = [choice.key for choice in found.choices].index(item)


def line_of(app: ReviewApp) -> int | None:
    """The new line the cursor of the code is on."""
    line = app.screen.query_one(DiffPane).current_line()
    return line.new if line else None


def ticked(desk: MemoryDesk) -> list[tuple[str, str, str]]:
    return [(tick.item, tick.verdict.value, tick.words) for tick in desk.state.ticks.values()]


class OwnWords(MemoryDesk):
    """A project that replaces items of vetflow's."""

    def checklist(self, pair: Pair) -> AskedChecklist:
        asked = super().checklist(pair)
        return asked._replace(asked=asked.asked._replace(replaced=("build.network",)))


def test_items_that_the_project_replaces_are_counted() -> None:
    async def act(app: ReviewApp, pilot: Pilot[int]) -> None:
        await press(app, pilot, "e")
        assert "light  1 of vetflow's items replaced by the project" in text(app)

    drive(OwnWords(), act, start=ALPHA, size=(100, 40))


def test_it_is_not_there_until_somebody_wants_it_and_its_count_is() -> None:
    async def act(app: ReviewApp, pilot: Pilot[int]) -> None:
        assert "checks 0/24" in lines(app)[0]
        assert "build.programs" not in text(app)
        await press(app, pilot, "e")
        assert "|  build.programs  1 in delta, 1 in 1.1.0" in text(app)
        assert "Which programs or libraries does the build script" in text(app)
        await press(app, pilot, "e")
        assert "build.programs" not in text(app)
        assert app.focused is app.screen.query_one(DiffPane)

    drive(MemoryDesk(), act, start=ALPHA, size=(100, 40))


def test_enter_goes_through_the_places_of_an_item_and_x_answers_the_one_that_is_shown() -> None:
    desk = with_unsafe()

    async def act(app: ReviewApp, pilot: Pilot[int]) -> None:
        await press(app, pilot, "e")
        go_to(app, "unsafe.delta")
        seen = []
        for _ in range(3):
            await press(app, pilot, "enter")
            seen.append(line_of(app))
        assert seen == [2, 5, 2]
        assert "1 of 2: src/lib.rs:2  unsafe block" in text(app)
        await press(app, pilot, "x")
        assert ticked(desk) == [("unsafe.delta", "considered", "")]
        assert "unsafe.delta 1/2" in text(app)
        assert line_of(app) == 5
        await press(app, pilot, "x")
        assert "x unsafe.delta  2 in delta" in text(app)
        assert "checks 1/" in lines(app)[0]

    drive(desk, act, start=ALPHA, size=WIDE)


def test_x_on_an_item_answers_all_its_places_and_again_takes_that_back() -> None:
    desk = with_unsafe()

    async def act(app: ReviewApp, pilot: Pilot[int]) -> None:
        await press(app, pilot, "e")
        go_to(app, "unsafe.delta")
        await pilot.pause()
        assert "x: all 2" in text(app)
        await press(app, pilot, "x")
        assert ticked(desk) == [("unsafe.delta", "considered", "")] * 2
        go_to(app, "unsafe.delta")
        await press(app, pilot, "x")
        assert ticked(desk) == []
        go_to(app, "build.writes")
        await press(app, pilot, "enter")
        assert "no evidence found (4 rules, not a proof)" in text(app)
        assert ticked(desk) == [], "what was not found wants a key, too"
        await press(app, pilot, "x")
        assert ticked(desk) == [("build.writes", "considered", "")]

    drive(desk, act, start=ALPHA, size=WIDE)


def test_a_concern_needs_a_line_and_an_empty_one_takes_it_back() -> None:
    desk = MemoryDesk()

    async def act(app: ReviewApp, pilot: Pilot[int]) -> None:
        await press(app, pilot, "e", "enter", "X", *"why a shell", "enter")
        assert ticked(desk) == [("build.programs", "concern", "why a shell")]
        assert "! build.programs" in text(app)
        go_to(app, "build.programs")
        await press(app, pilot, "enter", "X", *["backspace"] * 11, "enter")
        assert ticked(desk) == []

    drive(desk, act, start=ALPHA, size=WIDE)


def test_yes_no_and_words_are_asked_for() -> None:
    desk = MemoryDesk()

    async def act(app: ReviewApp, pilot: Pilot[int]) -> None:
        await press(app, pilot, "e")
        go_to(app, "purpose.matches")
        await press(app, pilot, "x", "down", "enter")
        go_to(app, "rest.out-of-place")
        await press(app, pilot, "x", "enter")
        assert ticked(desk) == [("purpose.matches", "considered", "no"), ("rest.out-of-place", "considered", "nothing")]
        go_to(app, "purpose.matches")
        await press(app, pilot, "x", "end", "enter")
        assert ticked(desk) == [("rest.out-of-place", "considered", "nothing")]

    drive(desk, act, start=ALPHA, size=WIDE)


def test_the_next_open_item_is_one_key_away() -> None:
    async def act(app: ReviewApp, pilot: Pilot[int]) -> None:
        await press(app, pilot, "e", "x")
        found = review_of(app).query_one(ChecklistPane).query_one(Choices)
        assert found.highlighted == 1, "an answer leads on by itself"
        await press(app, pilot, "E", "E", "up", "E")
        assert found.highlighted == 3

    drive(MemoryDesk(), act, start=ALPHA, size=WIDE)


def test_the_whole_version_shows_places_that_did_not_change_in_files_that_did_not() -> None:
    old = {**NEW, **crate({"src/lib.rs": LIB, "src/b.rs": "\npub unsafe fn five() {}\n"})}
    desk = MemoryDesk(old=old, new={**old, **crate({"src/lib.rs": LIB.replace("four", "six")})})

    async def act(app: ReviewApp, pilot: Pilot[int]) -> None:
        await press(app, pilot, "e")
        go_to(app, "unsafe.delta")
        await press(app, pilot, "b", "enter", "enter", "enter")
        assert "this file did not change: all of it is shown" in text(app)
        assert line_of(app) == 2
        assert "pub unsafe fn five() {}" in text(app)
        await press(app, pilot, "x")
        assert "this place is not asked about" in notices(app)[-1]
        assert ticked(desk) == []

    drive(desk, act, start=ALPHA, size=WIDE)


def test_an_answer_ends_when_a_byte_of_its_place_changes_and_only_that_one() -> None:
    desk = with_unsafe()

    async def answer(app: ReviewApp, pilot: Pilot[int]) -> None:
        await press(app, pilot, "e")
        go_to(app, "unsafe.delta")
        await press(app, pilot, "x", "escape", "q")

    async def look(app: ReviewApp, pilot: Pilot[int]) -> None:
        await press(app, pilot, "e")
        assert "unsafe.delta 1/2" in text(app)

    async def look_again(app: ReviewApp, pilot: Pilot[int]) -> None:
        await press(app, pilot, "e")
        assert "x unsafe.delta" in text(app)

    drive(desk, answer, start=ALPHA, size=WIDE)
    desk.new = {**desk.new, **crate({"src/lib.rs": LIB.replace("four()", "five()")})}
    drive(desk, look, start=ALPHA, size=WIDE)
    desk.new = {**desk.new, **crate({"src/lib.rs": f"use a::b;\n{LIB}"})}
    drive(desk, look_again, start=ALPHA, size=WIDE)


def test_thorough_wants_a_line_for_each_place() -> None:
    desk = with_unsafe()
    desk.weight = ChecklistWeight.THOROUGH

    async def act(app: ReviewApp, pilot: Pilot[int]) -> None:
        await press(app, pilot, "e")
        go_to(app, "unsafe.delta")
        await press(app, pilot, "x")
        assert ticked(desk) == []
        assert "each place is answered by itself" in notices(app)[-1]
        await press(app, pilot, "enter", "x", *"checked", "enter")
        assert ticked(desk) == [("unsafe.delta", "considered", "checked")]

    drive(desk, act, start=ALPHA, size=WIDE)


# -- certifying --------------------------------------------------------------------------------------------------------


def test_certify_names_what_nobody_answered_and_drafts_what_somebody_did() -> None:
    desk = MemoryDesk()
    desk.keep(READ)

    async def act(app: ReviewApp, pilot: Pilot[int]) -> None:
        await press(app, pilot, "v", "e", "x", "c")
        screen = text(app)
        assert "checks   1 of 24 answered" in screen
        assert "! not considered: build.env, " in screen
        assert "Considered: programs that the build script starts (build.rs:2)." in screen
        assert not app.screen.query_one("#certify", Button).disabled, "light stops nobody"
        app.screen.query_one("#notes").focus()
        await press(app, pilot, *"our ")
        assert "importers will read the notes" in text(app)

    drive(desk, act, start=ALPHA, size=(100, 60))


def test_a_criterion_that_was_chosen_in_a_draft_brings_its_items() -> None:
    desk = MemoryDesk()
    assert "unsafe.none" not in {each.item.id for each in asked_of(desk)}
    desk.keep(Draft(ALPHA, ("safe-to-deploy", "ub-risk-0"), "begun"))
    assert "unsafe.none" in {each.item.id for each in asked_of(desk)}


def asked_of(desk: MemoryDesk) -> tuple[Question, ...]:
    return desk.checklist(ALPHA).answers(desk.session()).asked.questions


def test_thorough_stops_whoever_left_something_unanswered() -> None:
    desk = MemoryDesk()
    desk.weight = ChecklistWeight.THOROUGH
    desk.keep(READ)

    async def act(app: ReviewApp, pilot: Pilot[int]) -> None:
        await press(app, pilot, "v", "c")
        assert app.screen.query_one("#certify", Button).disabled
        assert "the checklist stops it: build.programs was not answered" in text(app)

    drive(desk, act, start=ALPHA, size=(100, 60))


def test_at_every_size_the_code_stays_in_sight() -> None:
    for size in ((60, 16), (120, 30)):

        async def act(app: ReviewApp, pilot: Pilot[int]) -> None:
            await press(app, pilot, "e", "enter")
            pane = app.screen.query_one(ChecklistPane)
            code = app.screen.query_one(DiffPane)
            assert pane.size.height >= 5
            assert code.size.height >= 2
            assert (pane.region.x > code.region.x) is (app.size.width >= 120)

        drive(MemoryDesk(), act, size=size, start=ALPHA)


# -- over the real use cases -------------------------------------------------------------------------------------------


def test_what_was_answered_is_there_in_the_next_run(tmp_path: Path) -> None:
    folder, pair = lay_out(tmp_path / "demo"), Pair("copperwren-sys", "0.6.1", "0.6.2")

    async def answer(app: ReviewApp, pilot: Pilot[int]) -> None:
        await press(app, pilot, "e", "enter")
        assert '"curl"' in text(app)
        await press(app, pilot, "x", "X", *"odd host", "enter")

    async def look(app: ReviewApp, pilot: Pilot[int]) -> None:
        assert "checks 2/" in lines(app)[0]

    for act in (answer, look):
        with open_desk(folder, tmp_path) as desk:
            drive(desk, act, start=pair, size=WIDE)
            kept = list(desk.session().ticks.values())
    assert [tick.verdict for tick in kept] == [Verdict.CONSIDERED, Verdict.CONCERN]
