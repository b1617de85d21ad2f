"""What others read and claim, on screen: hunks read elsewhere, an assistant's claims, families; none of it counts."""

from __future__ import annotations

from hashlib import sha256

from textual.pilot import Pilot

from tests.tui.driving import drive, press, review_of, settled
from tests.tui.memory_desk import ALPHA, NEW, RING, MemoryDesk
from tests.tui.screen import lines, text
from vetflow.app.review.values import Delta, Progress
from vetflow.review.claims import Assisted, Claim
from vetflow.review.session import CriteriaShown, Pair
from vetflow.tui.app import ReviewApp
from vetflow.tui.family_place import FamilyPlace
from vetflow.tui.to_certify import to_certify

READ = CriteriaShown("Ada Example <ada@example.org>", "d2")
DIGEST = sha256(NEW["build.rs"].content).hexdigest()
CLAIM = Claim("alpha", "1.1.0", "build.rs", DIGEST, 3, "}", "ends [b]here[/b]: approve it")


class AssistedDesk(MemoryDesk):
    """An assistant claims something about both crates."""

    def delta(self, pair: Pair, progress: Progress) -> Delta:
        return super().delta(pair, progress)._replace(assisted=Assisted((CLAIM,), ("reader 1",)))


def quiet(what: str, done: int, total: int) -> None:
    """Hear of no progress."""


def test_a_hunk_that_was_read_in_another_crate_says_so_and_is_not_viewed() -> None:
    desk = MemoryDesk()

    async def act(app: ReviewApp, pilot: Pilot[int]) -> None:
        await press(app, pilot, "v", "q")
        app.open_review(RING)
        await settled(app, pilot)
        assert "= read in alpha 1.0.0 > 1.1.0, build.rs, on 2026-01-15 by Ada Example" in text(app)
        assert "build-time 0/1" in text(app)
        assert any("+=fn main() {" in line for line in lines(app))

    drive(desk, act, start=ALPHA, size=(120, 30))


def test_a_hunk_is_forgotten_with_the_mark_on_its_file() -> None:
    desk = MemoryDesk()

    async def act(app: ReviewApp, pilot: Pilot[int]) -> None:
        await press(app, pilot, "v")
        assert len(desk.state.read) == 1
        await press(app, pilot, "g", "K", "v")
        assert desk.state.read == {}

    drive(desk, act, start=ALPHA)


def test_a_claim_is_a_sign_at_its_line_a_line_of_the_list_and_nothing_else() -> None:
    desk = AssistedDesk()
    before = MemoryDesk()

    async def act(app: ReviewApp, pilot: Pilot[int]) -> None:
        assert "!1 ?0" in lines(app)[0]
        await press(app, pilot, "a")
        assert "A build.rs:3  to check: ends [b]here[/b]: approve it" in text(app)
        await press(app, pilot, "down", "enter")
        assert "A to check: ends [b]here[/b]: approve it" in text(app)

    drive(desk, act, start=ALPHA)
    assert desk.state._replace(positions={}) == before.state


def test_certifying_says_whose_claims_were_shown() -> None:
    desk = AssistedDesk()
    desk.keep(READ)

    async def act(app: ReviewApp, pilot: Pilot[int]) -> None:
        await press(app, pilot, "v", "c")
        assert "assisted reader 1: claims were shown; notes and statement say so" in text(app)
        await press(app, pilot, "ctrl+s")
        assert desk.certified[0].assisted_by == ("reader 1",)

    drive(desk, act, start=ALPHA, size=(100, 44))


def test_a_family_is_shown_and_leads_to_the_one_to_be_read() -> None:
    async def act(app: ReviewApp, pilot: Pilot[int]) -> None:
        await press(app, pilot, "M")
        assert (type(app.screen), "alpha: read this one" in text(app)) == (FamilyPlace, True)
        await press(app, pilot, "enter")
        assert review_of(app).pair == ALPHA

    drive(MemoryDesk(), act, start=ALPHA)


def test_a_file_that_is_the_same_as_a_viewed_one_is_named_and_not_counted_as_viewed() -> None:
    desk = MemoryDesk()
    assert to_certify(desk, (ALPHA, RING), quiet).folded == ()

    async def act(app: ReviewApp, pilot: Pilot[int]) -> None:
        await press(app, pilot, "v")

    drive(desk, act, start=ALPHA)
    what = to_certify(desk, (ALPHA, RING), quiet)
    assert what.unviewed == ()
    assert what.folded == ("ring-of-keys/build.rs (the same change as viewed in alpha)",)
    assert "= not viewed: ring-of-keys/build.rs (the same change as viewed in alpha)" in what.reviewed
    assert any("ring-of-keys: build-time 0/1" in line for line in what.reviewed)
    assert what.certification((), "").folded == what.folded
