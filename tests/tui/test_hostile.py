"""What others wrote passes through every screen as visible, inert text."""

from __future__ import annotations

import unicodedata

from textual.pilot import Pilot

from tests.tui.driving import drive, press
from tests.tui.hostile_desk import HostileDesk
from tests.tui.screen import strips, text
from vetflow.tui.app import ReviewApp

WALK = (
    ("queue", ()),
    ("risk", ("r",)),
    ("why", ("escape", "w")),
    ("dependents", ("s",)),
    ("detail", ("q", "i")),
    ("whose audits", ("I",)),
    ("whom to trust", ("escape", "T")),
    ("for what", ("enter",)),
    ("hold that fails", ("escape", "q", "H", "a", "enter", "b", "enter")),
    ("review", ("enter",)),
    ("finding", ("f",)),
    ("file with a hostile name", ("J", "J", "J")),
    ("read elsewhere", ("j",)),
    ("side by side", ("s",)),
    ("note", ("s", "N", "x", "enter")),
    ("all findings", ("a",)),
    ("summary", ("escape", "S")),
    ("bases", ("escape", "d")),
    ("marks", ("escape", "v", "v", "v", "v", "v")),
    ("checklist", ("e",)),
    ("a place", ("enter",)),
    ("a concern", ("X", "x", "enter")),
    ("whole version", ("b",)),
    ("checklist closed", ("escape",)),
    ("family", ("M",)),
    ("family to certify", ("c",)),
    ("certify", ("escape", "escape", "c")),
    ("preview", ("f2",)),
    ("help", ("escape", "escape", "question_mark")),
    ("imports", ("escape", "2")),
    ("map", ("m", "a", "=", "b", "enter")),
    ("exclude", ("escape", "e", "a", "enter")),
    ("remove", ("escape", "d")),
    ("update", ("escape", "escape", "U")),
    ("session", ("escape", "escape", "3")),
    ("changes", ("g",)),
    ("commit", ("escape", "C")),
    ("resume", ("escape", "R")),
    ("policy", ("escape", "4")),
)
"""The screens, and the keys that lead from one to the next."""
SHOWS = {
    "file with a hostile name": "A to check: ",
    "read elsewhere": "read in ",
    "all findings": "to check:",
    "checklist": "a.",
    "family": "The family of ",
    "certify": "assisted",
    "exclude": "becomes unvetted: ",
}
"""Words of our own beside which something hostile must have been drawn, or the walk passes it by."""


def assert_inert(app: ReviewApp, where: str) -> None:
    for strip in strips(app):
        for segment in strip:
            raw = [c for c in segment.text if unicodedata.category(c) in {"Cc", "Cf", "Zl", "Zp"}]
            assert raw == [], f"{where}: {segment.text!r}"
            assert "@click" not in (segment.style.meta if segment.style else {}), where


def test_nothing_hostile_acts_or_hides_on_any_screen() -> None:
    async def act(app: ReviewApp, pilot: Pilot[int]) -> None:
        for where, keys in WALK:
            await press(app, pilot, *keys)
            assert_inert(app, where)
            assert SHOWS.get(where, "") in text(app), where
            assert app.is_running, where
        assert app.current_mode == "policy"
        assert "[@click=app.quit]quit[/]" in text(app)

    drive(HostileDesk(), act, size=(120, 30))


def test_a_click_on_hostile_markup_does_nothing() -> None:
    async def act(app: ReviewApp, pilot: Pilot[int]) -> None:
        await press(app, pilot, "i")
        for column in range(0, 70, 7):
            await pilot.click("#text", offset=(column, 0))
        assert app.is_running

    drive(HostileDesk(), act)
