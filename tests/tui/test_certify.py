"""Certifying: the texts are read first, nothing is written before the button, nothing typed is lost."""

from __future__ import annotations

from textual.pilot import Pilot
from textual.widgets import Button

from tests.tui.driving import drive, press
from tests.tui.memory_desk import ALPHA, RING, MemoryDesk, crate
from tests.tui.screen import notices, text
from vetflow.review.session import CriteriaShown
from vetflow.tui.app import ReviewApp
from vetflow.tui.certify_dialog import CertifyDialog

READ = CriteriaShown("Ada Example <ada@example.org>", "d2")


def button(app: ReviewApp) -> Button:
    return app.screen.query_one("#certify", Button)


def test_the_button_is_off_until_the_text_was_read_to_its_end() -> None:
    async def act(app: ReviewApp, pilot: Pilot[int]) -> None:
        await press(app, pilot, "v", "c")
        assert button(app).disabled
        assert "was not read to its end" in text(app)
        await press(app, pilot, "end")
        assert not button(app).disabled

    drive(MemoryDesk(), act, start=ALPHA, size=(80, 40))


def test_certifying_records_what_was_chosen_and_goes_to_the_next_crate() -> None:
    desk = MemoryDesk()
    desk.keep(READ)

    async def act(app: ReviewApp, pilot: Pilot[int]) -> None:
        await press(app, pilot, "v", "c", "ctrl+s")
        assert [(each.pairs, each.criteria, each.unviewed) for each in desk.certified] == [
            ((ALPHA,), ("safe-to-deploy",), ())
        ]
        assert "recorded, 1 left; u takes it back" in notices(app)
        assert "1 to audit of 312" in text(app)
        await press(app, pilot, "u")
        assert desk.certified == []
        assert "taken back: alpha" in notices(app)

    drive(desk, act, start=ALPHA, size=(100, 40))


def test_build_time_files_that_were_not_viewed_need_the_crates_name() -> None:
    desk = MemoryDesk()
    desk.keep(READ)

    async def act(app: ReviewApp, pilot: Pilot[int]) -> None:
        await press(app, pilot, "c")
        assert "1 build-time files were not viewed: build.rs" in text(app)
        await press(app, pilot, "ctrl+s")
        assert desk.certified == []
        app.screen.query_one("#override").focus()
        await press(app, pilot, *"alpha", "ctrl+s")
        assert desk.certified[0].unviewed == ("build.rs",)

    drive(desk, act, start=ALPHA, size=(80, 40))


def test_leaving_writes_nothing_and_keeps_the_draft() -> None:
    desk = MemoryDesk()
    desk.keep(READ)

    async def act(app: ReviewApp, pilot: Pilot[int]) -> None:
        await press(app, pilot, "v", "c")
        app.screen.query_one("#notes").focus()
        await press(app, pilot, *"half", "escape")
        assert desk.certified == []
        await press(app, pilot, "c")
        assert isinstance(app.screen, CertifyDialog)
        assert "half" in text(app)

    drive(desk, act, start=ALPHA, size=(80, 40))


def test_several_crates_are_certified_with_the_same_words() -> None:
    desk = MemoryDesk()
    desk.keep(READ)

    async def act(app: ReviewApp, pilot: Pilot[int]) -> None:
        await press(app, pilot, "x", "x", "c", "ctrl+s")
        assert desk.certified == []
        assert "2 build-time files were not viewed: alpha/build.rs, ring-of-keys/build.rs" in text(app)
        app.screen.query_one("#override").focus()
        await press(app, pilot, *"alpha", "ctrl+s")
        assert desk.certified == []
        await press(app, pilot, "space", *"ring-of-keys", "ctrl+s")
        assert [(each.pairs, each.unviewed) for each in desk.certified] == [
            ((ALPHA, RING), ("alpha/build.rs", "ring-of-keys/build.rs"))
        ]

    drive(desk, act, size=(100, 40))


def test_crates_of_different_repositories_are_not_certified_together() -> None:
    desk = MemoryDesk()
    desk.keep(READ)
    desk.others = {"ring-of-keys": crate({"Cargo.toml": '[package]\nname = "ring-of-keys"\n'})}

    async def act(app: ReviewApp, pilot: Pilot[int]) -> None:
        await press(app, pilot, "x", "x", "c")
        assert not isinstance(app.screen, CertifyDialog)
        assert any("only crates of one repository" in notice for notice in notices(app))

    drive(desk, act, size=(100, 40))


def test_an_incomplete_diff_stops_the_whole_batch() -> None:
    desk = MemoryDesk()
    desk.keep(READ)
    desk.left_out = "src/lib.rs"

    async def act(app: ReviewApp, pilot: Pilot[int]) -> None:
        await press(app, pilot, "x", "x", "c")
        assert not isinstance(app.screen, CertifyDialog)
        assert any("the diff of alpha is incomplete" in notice for notice in notices(app))

    drive(desk, act, size=(100, 40))


def test_notes_begin_with_what_was_looked_at() -> None:
    desk = MemoryDesk()
    desk.keep(READ)

    async def act(app: ReviewApp, pilot: Pilot[int]) -> None:
        await press(app, pilot, "f", "N", *"odd", "enter", "v", "c", "ctrl+s")
        assert desk.certified[0].notes.split("\n") == [
            "Considered: build.rs:2 starts a shell while it is built.",
            "build.rs:2: odd",
        ]

    drive(desk, act, start=ALPHA, size=(80, 40))


def test_the_preview_shows_exactly_what_is_written() -> None:
    desk = MemoryDesk()

    async def act(app: ReviewApp, pilot: Pilot[int]) -> None:
        await press(app, pilot, "c", "f2")
        assert "+[[audits.alpha]]" in text(app)
        await press(app, pilot, "q")
        assert isinstance(app.screen, CertifyDialog)

    drive(desk, act, start=ALPHA, size=(80, 40))
