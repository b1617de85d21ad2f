"""A review of a branch that is not checked out: the commit is on screen, and only `supply-chain/` changes."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual.pilot import Pilot

from tests.tui.demo_desk import git, lay_out, open_desk
from tests.tui.driving import drive, press, settled
from tests.tui.screen import lines, notices, text
from vetflow.review.session import Pair
from vetflow.tui.app import ReviewApp

INKWHARF = Pair("inkwharf", "0.5.0", "0.5.1")


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    """A work tree whose lock is older than the one of the branch `bot`."""
    folder = lay_out(tmp_path / "demo")
    git(folder, "init", "--quiet", "--initial-branch=main")
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--message=bump")
    git(folder, "branch", "bot")
    lock = folder / "Cargo.lock"
    lock.write_bytes(lock.read_bytes().replace(b'version = "0.5.1"', b'version = "0.5.0"'))
    git(folder, "commit", "--quiet", "--all", "--message=before")
    return folder


def test_a_branch_is_read_and_certified_where_it_lies(workspace: Path, tmp_path: Path) -> None:
    bot, head = git(workspace, "rev-parse", "bot"), git(workspace, "rev-parse", "HEAD")
    index = (workspace / ".git" / "index").read_bytes()
    lock = (workspace / "Cargo.lock").read_bytes()

    with open_desk(workspace, tmp_path, rev="bot") as desk:

        async def act(app: ReviewApp, pilot: Pilot[int]) -> None:
            assert f"at {bot[:12]}" in lines(app)[0]
            assert "8 to audit of 13" in lines(app)[0]
            app.open_review(INKWHARF)
            await settled(app, pilot)
            await press(app, pilot, "c", "end", "ctrl+s")
            assert any("recorded, 5 left" in notice for notice in notices(app))
            assert "7 to audit of 13" in lines(app)[0]
            assert "inkwharf" not in text(app)
            git(workspace, "update-ref", "refs/heads/bot", head)
            app._look_at_disk()
            await settled(app, pilot)
            assert "bot leads to another commit than the one under review" in text(app)

        drive(desk, act)
    assert git(workspace, "rev-parse", "HEAD") == head
    assert (workspace / ".git" / "index").read_bytes() == index
    assert (workspace / "Cargo.lock").read_bytes() == lock
    assert git(workspace, "status", "--porcelain") == "M supply-chain/audits.toml"
