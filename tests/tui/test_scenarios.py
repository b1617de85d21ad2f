"""The scenarios of a review that need no real terminal, each on the bundled workspace with the real use cases.

`test_terminal.py` has the others. Every scenario has a number, by which the project speaks of it.
"""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from textual.pilot import Pilot
from textual.screen import Screen

from tests.tui.demo_desk import lay_out, open_desk
from tests.tui.driving import drive, press, queue_of, review_of, settled
from tests.tui.memory_desk import ALPHA, MemoryDesk
from tests.tui.screen import lines, notices, strips, text
from vetflow.app.review.project_desk import ReviewDesk
from vetflow.review.session import Pair
from vetflow.surface.tiers import Grade
from vetflow.tui.app import ReviewApp
from vetflow.tui.certify_dialog import CertifyDialog
from vetflow.tui.dialogs import TextPage
from vetflow.tui.diff_pane import DiffPane

PROC_MACRO = Pair("glyphderive", "1.2.0", "1.3.0")
HOSTILE = Pair("vexlantern", "0.2.0", "0.2.1")
LARGE = Pair("brinetables", "1.0.0", "1.1.0")


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return lay_out(tmp_path_factory.mktemp("scenarios") / "demo")


@pytest.fixture
def desk(workspace: Path, tmp_path: Path) -> Iterator[ReviewDesk]:
    with open_desk(workspace, tmp_path) as opened:
        yield opened


def store_texts(workspace: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in (workspace / "supply-chain").iterdir() if path.is_file()}


def test_scenario_2_triage_order(desk: ReviewDesk) -> None:
    async def act(app: ReviewApp, pilot: Pilot[int]) -> None:
        failing = [int(line.strip("| ").split()[0]) for line in lines(app)[3:9]]
        exempted = [int(line.split()[0]) for line in lines(app)[9:11]]
        assert failing == sorted(failing, reverse=True)
        assert exempted == sorted(exempted, reverse=True)
        await press(app, pilot, "r")
        parts = [int(found[1]) for line in lines(app) if (found := re.match(r"\W*(\d+)  (?!in all)", line))]
        assert sum(parts) == failing[0]
        assert f"{failing[0]}  in all" in text(app)
        await press(app, pilot, "escape", "s", "s")
        assert "sort: lines" in lines(app)[1]
        sizes = [int(re.findall(r" ([\d,]+) +-", line)[0].replace(",", "")) for line in lines(app)[3:11]]
        assert sizes == sorted(sizes)

    drive(desk, act)


def test_scenario_4_build_time_first(desk: ReviewDesk) -> None:
    async def act(app: ReviewApp, pilot: Pilot[int]) -> None:
        screen = text(app)
        assert screen.index("▼ proc macro") < screen.index("▶ everything else")
        assert "[1 of " in screen
        first = review_of(app).desk.delta(PROC_MACRO, lambda *_: None).build_time[0]
        assert f"{first}  +" in screen

    drive(desk, act, start=PROC_MACRO)


def test_scenario_5_viewed_marks_and_progress(desk: ReviewDesk) -> None:
    async def act(app: ReviewApp, pilot: Pilot[int]) -> None:
        delta = desk.delta(PROC_MACRO, lambda *_: None)
        build = len(delta.build_time)
        assert f"build-time 0/{build} viewed" in lines(app)[0]
        for done in range(1, build + 1):
            await press(app, pilot, "v")
            assert f"build-time {done}/{build} viewed" in lines(app)[0]
            assert f"[{done + 1} of {len(delta.order)}]" in text(app)
        await press(app, pilot, "n")
        assert "▼ everything else" in text(app)

    drive(desk, act, start=PROC_MACRO)


def test_scenario_7_hidden_code_cannot_hide(desk: ReviewDesk, workspace: Path) -> None:
    subprocess.run(["git", "init", "--quiet", workspace], check=True)  # where git would obey the crate's attributes

    async def act(app: ReviewApp, pilot: Pilot[int]) -> None:
        assert "!5 ?2" in lines(app)[0]
        delta = desk.delta(HOSTILE, lambda *_: None)
        assert sum(each.capability == "hidden-text" and each.grade >= Grade.REVIEW for each in delta.findings) >= 5
        read = ""
        for file in delta.diff.files:
            review_of(app).open_file(file.path)
            await settled(app, pilot)
            shown = text(app)
            read += shown
            assert len(re.findall(r"│.[\d ]+ [+][ !?.]", shown)) == file.added
            assert len(re.findall(r"│.[\d ]+ - ", shown)) == file.removed
            assert_tame(app)
        for hidden in (
            "// ␀",
            "d yet ␍  ",
            '"-.<U+200B>-."',
            "// <U+202E>.detset",
            "␛[1A␛[2K",
            "codes.␛]0;all audited␇",
        ):
            assert hidden in read
        await press(app, pilot, "i")
        assert "[@click=app.quit]safe[/] ␛[2K<U+202E>[bold]reviewed[/]" in text(app)
        await pilot.click("#text", offset=(40, 0))
        assert app.is_running
        assert_tame(app)

    drive(desk, act, start=HOSTILE, size=(120, 40))


def assert_tame(app: ReviewApp) -> None:
    """No control byte reaches the terminal, and nothing can be clicked that a crate brought."""
    for strip in strips(app):
        assert all(character >= " " for character in strip.text)
        assert not any(segment.style and segment.style.meta.get("@click") for segment in strip)


def test_scenario_8_what_the_diff_leaves_out_stops_the_certification() -> None:
    desk = MemoryDesk()
    desk.left_out = "src/lib.rs"

    async def act(app: ReviewApp, pilot: Pilot[int]) -> None:
        assert "diff incomplete: src/lib.rs" in text(app)
        await press(app, pilot, "c")
        assert not isinstance(app.screen, CertifyDialog)
        assert any("the diff of alpha is incomplete: nobody can say" in notice for notice in notices(app))

    drive(desk, act, start=ALPHA)


def test_scenario_9_a_large_delta_is_read_to_its_end(desk: ReviewDesk) -> None:
    """Its times are measured by `python -m tests.perf`."""

    async def act(app: ReviewApp, pilot: Pilot[int]) -> None:
        files = desk.delta(LARGE, lambda *_: None).diff.files
        review_of(app).open_file(max(files, key=lambda file: file.lines).path)
        await settled(app, pilot)
        await press(app, pilot, "G")
        pane = app.screen.query_one(DiffPane)
        assert pane.cursor == len(pane.rows) + len(pane.view.notes) - 1 > 4_000
        last = pane.current_line()
        assert last is not None
        assert last.text.strip() in text(app)

    drive(desk, act, start=LARGE)


def test_scenario_11_cancel_writes_nothing(desk: ReviewDesk, workspace: Path) -> None:
    before = store_texts(workspace)

    async def act(app: ReviewApp, pilot: Pilot[int]) -> None:
        await press(app, pilot, "c")
        app.screen.query_one("#notes").focus()
        await press(app, pilot, *"half", "f2", "escape", "escape")
        assert store_texts(workspace) == before
        await press(app, pilot, "c")
        assert app.screen.query_one("#notes").text.endswith("half")  # type: ignore[attr-defined]  # a TextArea

    drive(desk, act, start=PROC_MACRO)


def test_scenario_13_why(desk: ReviewDesk) -> None:
    async def act(app: ReviewApp, pilot: Pilot[int]) -> None:
        await press(app, pilot, "j", "w")
        assert re.search(r"a root.*└─ .*glyphderive 1\.3\.0 \(normal\)", text(app), re.DOTALL)
        await press(app, pilot, "i")
        assert "Bases to start from" in text(app)
        await press(app, pilot, "q", "q")
        entry = queue_of(app).entry()
        assert entry is not None
        assert entry.pair == PROC_MACRO

    drive(desk, act)


PLACES: tuple[tuple[str, ...], ...] = ((), ("enter",), ("enter", "tab"), ("i",), ("2",), ("3",), ("4",))
"""The keys that lead to each place from the queue."""
LEAVING = {"quit", "back", "command_palette", "help_quit"}


async def go_home(app: ReviewApp, pilot: Pilot[int]) -> None:
    while len(app.screen_stack) > 1:
        await app.pop_screen()
    await app.switch_mode("queue")
    while len(app.screen_stack) > 1:
        await app.pop_screen()
    await settled(app, pilot)
    if queue_of(app).query_one("#filter").display:
        await press(app, pilot, "escape")


async def back_to(place: Screen[object], app: ReviewApp) -> None:
    """Leave the pages that lie over a place."""
    while place in app.screen_stack and app.screen is not place:
        await app.pop_screen()


def test_scenario_14_keys_and_help() -> None:
    async def look(app: ReviewApp, pilot: Pilot[int]) -> list[str]:
        bound = [(key, node, binding) for key, (node, binding, _, _) in app.screen.active_bindings.items()]
        named = [(node, binding) for _, node, binding in bound if binding.description]
        offered = {command.title for command in app.get_system_commands(app.screen)}
        assert {binding.description for _, binding in named} <= offered
        assert len({key for key, *_ in bound}) == len(bound)
        await press(app, pilot, "question_mark")
        shown = lines_of_help(app)
        assert all(any(binding.description in line for line in shown) for _, binding in named)
        await press(app, pilot, "escape")
        return sorted({binding.action for _, binding in named if binding.action not in LEAVING})

    done: set[tuple[type, type, str]] = set()

    async def act(app: ReviewApp, pilot: Pilot[int]) -> None:
        for keys in PLACES:
            await press(app, pilot, *keys)
            mode, place, focused = app.current_mode, app.screen, app.screen.focused
            for action in await look(app, pilot):
                nodes = [node for node, binding, *_ in app.screen.active_bindings.values() if binding.action == action]
                assert nodes, f"{action} after {keys}"
                ways = (type(place), type(nodes[0]), action)
                if ways in done:  # with the focus elsewhere in the same place
                    continue
                done.add(ways)
                await app.run_action(action, nodes[0])
                await settled(app, pilot)
                assert app.is_running, action
                if app.current_mode != mode:
                    await app.switch_mode(mode)  # each keeps what was opened in it
                    await settled(app, pilot)
                await back_to(place, app)
                if app.screen is not place or place.focused is not focused:
                    await go_home(app, pilot)
                    await press(app, pilot, *keys)
                    place, focused = app.screen, app.screen.focused
            await go_home(app, pilot)

    drive(MemoryDesk(), act)


LETTERS = {"down": "j", "up": "k", "left": "h", "right": "l", "end": "G", "home": "g", "pagedown": "space"}


@pytest.mark.parametrize("letters", [{}, LETTERS], ids=["arrows", "letters"])
def test_scenario_14_a_crate_is_read_and_certified_with_the_keyboard_alone(letters: Mapping[str, str]) -> None:
    """The flows of scenarios 4 to 10: a whole audit, once with arrows and their like, once with letters."""
    desk = MemoryDesk()

    async def act(app: ReviewApp, pilot: Pilot[int]) -> None:
        async def by(*keys: str) -> None:
            await press(app, pilot, *(letters.get(key, key) for key in keys))

        await by("down", "up", "enter")
        assert review_of(app).pair == ALPHA
        await by("tab", "left", "right", "down", "down", "right", "down", "enter")
        assert "[2 of 3]" in text(app)
        await by("up", "v", "n", "v", "v")
        assert "build-time 1/1 viewed  rest 2/2" in lines(app)[0]
        await by("K", "home", "down", "right", "left", "end", "pagedown", "]")
        await by("q", "enter", "slash", *"two", "enter", ">", "escape", "f")
        assert "[1 of 3]" in text(app)
        await by("c")
        assert isinstance(app.screen, CertifyDialog)
        await by("down", "pagedown", "end", "ctrl+s")
        assert [each.pairs for each in desk.certified] == [(ALPHA,)]
        assert "1 to audit of 312" in text(app)

    drive(desk, act)


def lines_of_help(app: ReviewApp) -> list[str]:
    """All lines of the page on top, those below its edge too."""
    page = app.screen
    assert isinstance(page, TextPage)
    return page.text.plain.split("\n")
