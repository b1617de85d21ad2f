"""The diff pane: every changed line with its sign, nothing raw, nothing drawn that is not on screen."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import pytest
from textual.app import ComposeResult
from textual.pilot import Pilot

from tests.tui.screen import lines, strips, text
from vetflow.review.hunks import parse_hunks
from vetflow.review.patches import LineKind, PatchLine
from vetflow.review.rows import CONTEXT, Gap, Row, rows
from vetflow.tui.diff_pane import DiffPane
from vetflow.tui.diff_rows import FileView
from vetflow.tui.themes import THEMES, ThemedApp

PATCH = b"""@@ -10,5 +10,6 @@ fn main
 before
-let s = lit.value();
+let s = lit.value().trim();
+unsafe { go() }
 after one
 after two
 after three
"""


class PaneApp(ThemedApp[None]):
    """A pane and nothing else."""

    def __init__(self, view: FileView) -> None:
        super().__init__()
        self.view = view
        self.opened: list[object] = []

    def on_diff_pane_opened(self, message: DiffPane.Opened) -> None:
        self.opened.append(message.row)

    def on_mount(self) -> None:
        pane = self.query_one(DiffPane)
        pane.show_view(self.view)
        pane.focus()

    def compose(self) -> ComposeResult:
        yield DiffPane()


def drive(
    view: FileView, act: Callable[[PaneApp, Pilot[None]], Awaitable[None]], size: tuple[int, int] = (80, 24)
) -> None:
    """Run an app with a pane for the time of `act`."""

    async def run() -> None:
        app = PaneApp(view)
        async with app.run_test(size=size) as pilot:
            await pilot.pause()
            await act(app, pilot)

    asyncio.run(run())


def view_of(patch: bytes, **more: object) -> FileView:
    return FileView("x", rows(parse_hunks(patch), [], CONTEXT, fold_white_space=False), **more)  # type: ignore[arg-type]  # fields of FileView


def test_every_line_has_its_numbers_and_its_sign() -> None:
    async def act(app: PaneApp, pilot: Pilot[None]) -> None:
        screen = lines(app)
        assert screen[0].strip() == "······ 9 unchanged lines · z to open ······"
        assert [line[1:].split(maxsplit=2) for line in screen[1:4]] == [
            ["10", "10", "before"],
            ["11", "-", "let s = lit.value();"],
            ["11", "+", "let s = lit.value().trim();"],
        ]

    drive(view_of(PATCH), act)


def test_the_cursor_starts_on_the_first_change_and_follows_the_keys() -> None:
    async def act(app: PaneApp, pilot: Pilot[None]) -> None:
        pane = app.query_one(DiffPane)
        assert pane.current_line() == PatchLine(LineKind.REMOVED, 11, None, "let s = lit.value();")
        await pilot.press("j", "down")
        assert pane.current_line() == PatchLine(LineKind.ADDED, None, 12, "unsafe { go() }")
        assert lines(app)[4].startswith("|")
        await pilot.press("G")
        assert pane.cursor == 7
        await pilot.press("g")
        assert pane.cursor == 0

    drive(view_of(PATCH), act)


def test_a_gap_asks_to_be_opened() -> None:
    async def act(app: PaneApp, pilot: Pilot[None]) -> None:
        await pilot.press("g", "enter")
        await pilot.pause()
        assert app.opened == [Gap(1, 1, 9)]

    drive(view_of(PATCH), act)


def test_no_control_character_and_no_markup_of_a_crate_reaches_the_screen() -> None:
    hostile = "+\x1b[2Kfn ok() {} \r evil \u202e\x00 [@click=app.bang]x[/] \x07\x9b31m\n".encode()

    async def act(app: PaneApp, pilot: Pilot[None]) -> None:
        screen = text(app)
        assert "␛[2Kfn ok() {} ␍ evil <U+202E>␀ [@click=app.bang]x[/]" in screen
        assert all(character >= " " or character == "\n" for character in screen)
        assert not any("\x9b" in strip.text for strip in strips(app))

    drive(view_of(b"@@ -1,1 +1,2 @@\n a\n" + hostile), act, size=(160, 10))


def test_words_findings_and_hidden_characters_are_marked_with_more_than_a_colour() -> None:
    view = view_of(PATCH, marks={12: "!"}, words=lambda line: [(19, 26)] if line.new == 11 else [])

    async def act(app: PaneApp, pilot: Pilot[None]) -> None:
        finding = next(line for line in lines(app) if "unsafe" in line)
        assert "+!unsafe" in finding
        bold = [
            segment.text
            for segment in strips(app)[3]
            if segment.style and segment.style.bold and segment.text.strip(" +")
        ]
        assert bold == [".trim()"]

    drive(view, act)


def test_split_view_shows_both_sides_in_one_row() -> None:
    async def act(app: PaneApp, pilot: Pilot[None]) -> None:
        app.query_one(DiffPane).is_split = True
        await pilot.pause()
        row = next(line for line in lines(app) if ".trim()" in line)
        assert row.index("lit.value();") < 80 <= row.index(".trim()")

    drive(view_of(PATCH), act, size=(160, 20))


def test_a_search_finds_without_regard_to_case_and_wraps_around() -> None:
    async def act(app: PaneApp, pilot: Pilot[None]) -> None:
        pane = app.query_one(DiffPane)
        pane.sought = "AFTER".lower()
        wanted = lambda row: isinstance(row, PatchLine) and "after" in row.text.lower()  # noqa: E731  one use
        assert pane.next_row(wanted, 1)
        assert pane.current_line() == PatchLine(LineKind.CONTEXT, 12, 13, "after one")
        assert pane.next_row(wanted, -1)
        assert pane.current_line() == PatchLine(LineKind.CONTEXT, 14, 15, "after three")

    drive(view_of(PATCH), act)


@pytest.mark.parametrize("theme", [theme.name for theme in THEMES])
def test_added_and_removed_lines_differ_in_sign_in_every_theme(theme: str) -> None:
    async def act(app: PaneApp, pilot: Pilot[None]) -> None:
        app.theme = theme
        await pilot.pause()
        signs = [line[7:8] for line in lines(app)[1:5]]
        assert signs == [" ", "-", "+", "+"]

    drive(view_of(PATCH), act)


def test_only_what_is_on_screen_is_drawn() -> None:
    drawn: list[PatchLine] = []

    def highlights(line: PatchLine) -> list[tuple[int, int, str]]:
        drawn.append(line)
        return []

    many: tuple[Row, ...] = tuple(PatchLine(LineKind.ADDED, None, n + 1, f"line {n}") for n in range(200_000))

    async def act(app: PaneApp, pilot: Pilot[None]) -> None:
        await pilot.press("G")
        await pilot.pause()
        assert "line 199999" in text(app)

    drive(FileView("x", many, highlights=highlights), act)
    assert len({line.new for line in drawn}) < 200
