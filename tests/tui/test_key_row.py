"""The last row: which keys work where one is, and a click on one of them."""

from __future__ import annotations

from textual.pilot import Pilot

from tests.tui.driving import drive, press, settled
from tests.tui.memory_desk import ALPHA, MemoryDesk
from tests.tui.screen import lines
from vetflow.tui.app import ReviewApp
from vetflow.tui.dialogs import TextPage
from vetflow.tui.key_row import KeyRow


def test_it_names_the_keys_of_what_has_the_focus() -> None:
    async def act(app: ReviewApp, pilot: Pilot[int]) -> None:
        assert "v Viewed n Next f Finding" in lines(app)[-1]
        assert "] Hunk" in lines(app)[-1]
        await press(app, pilot, "tab")
        assert "] Hunk" not in lines(app)[-1]
        assert "v Viewed n Next f Finding" in lines(app)[-1]

    drive(MemoryDesk(), act, start=ALPHA, size=(120, 24))


def test_a_click_presses_the_key_it_is_on() -> None:
    async def act(app: ReviewApp, pilot: Pilot[int]) -> None:
        help_at = lines(app)[-1].index("? Help")
        for beside in (help_at - 1, help_at + len("? Help")):
            await pilot.click(KeyRow, offset=(beside, 0))
            await settled(app, pilot)
            assert not isinstance(app.screen, TextPage)
        await pilot.click(KeyRow, offset=(help_at + 2, 0))
        await settled(app, pilot)
        assert isinstance(app.screen, TextPage)

    drive(MemoryDesk(), act, size=(120, 24))
