"""A certification from its form to the write asks others once; trust is recorded and taken back like an audit."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.fakes import FIXED_DAY
from tests.small_project import write_small_project
from tests.stand_in import StandIn
from tests.tui.demo_desk import NOW, git_environ
from vetflow.app.project import open_project
from vetflow.app.recording import no_own_files
from vetflow.app.request import Request
from vetflow.app.review.project_desk import ReviewDesk, Surroundings
from vetflow.app.review.recording import Signed
from vetflow.app.review.values import Certification
from vetflow.cli.render.review_words import WORDS
from vetflow.errors import StoreError
from vetflow.project.session_file import SessionFile
from vetflow.review.session import Pair

ANVIL = Pair("anvil", None, "1.0.0")
PEER = "https://peer.example/audits.toml"
NETWORK = {
    "crates": {"anvil": {"versions": {"0.9.0": ["2024-01-02", 7, 10], "1.0.0": ["2024-03-04", 7, 12]}, "desc": "a"}},
    "users": {"7": ["ada-l", "Ada"]},
    "files": {PEER: "[audits]\n"},
}


@pytest.fixture(scope="module")
def stand_in(shared: Path) -> Iterator[StandIn]:
    with StandIn(shared, NETWORK, ()) as server:
        yield server


@contextmanager
def open_desk(folder: Path, environ: Mapping[str, str]) -> Iterator[ReviewDesk]:
    home = folder / "home"
    request = Request(
        str(folder),
        str(home / ".cargo"),
        FIXED_DAY,
        cache_dir=str(home / "cache"),
        environ={**git_environ(), **environ, "HOME": str(home)},
    )
    with SessionFile(str(home / "state")) as file:
        around = Surroundings(WORDS, file, lambda *_: Signed(no_own_files, "no"), lambda _: ("ada", None), lambda: NOW)
        yield ReviewDesk(open_project(request), around)


def audits(folder: Path) -> str:
    return (folder / "supply-chain" / "audits.toml").read_text(encoding="utf-8")


def test_form_preview_and_write_share_what_was_asked(tmp_path: Path, stand_in: StandIn) -> None:
    write_small_project(tmp_path)
    config = tmp_path / "supply-chain" / "config.toml"
    imported = config.read_text(encoding="utf-8").replace("[[ex", f'[imports.peer]\nurl = "{PEER}"\n\n[[ex')
    config.write_text(imported, encoding="utf-8")
    decided = Certification((ANVIL,), ("safe-to-deploy",), "read it")
    with open_desk(tmp_path, stand_in.environ) as desk:
        stand_in.requests()
        desk.certify_form([ANVIL])
        assert stand_in.requests() == [f"200 {PEER}"]
        previewed = desk.preview(decided)
        assert desk.certify(decided).difference == previewed.difference
        assert stand_in.requests() == []
        desk.undo()
        desk.certify_form([ANVIL])
        assert stand_in.requests() == [f"304 {PEER}"]
    assert "[[audits.anvil]]" not in audits(tmp_path)


def test_trust_is_recorded_for_a_year_and_taken_back(tmp_path: Path, stand_in: StandIn) -> None:
    write_small_project(tmp_path)
    before = audits(tmp_path)
    with open_desk(tmp_path, stand_in.environ) as desk:
        assert "ada-l" in desk.page(ANVIL, lambda *_: None).published_by
        desk.trust("anvil", "ada-l", ["safe-to-deploy"])
        year = FIXED_DAY.plus_months(12)
        assert '[[trusted.anvil]]\ncriteria = "safe-to-deploy"\nuser-id = 7' in audits(tmp_path)
        assert f'end = "{year}"' in audits(tmp_path)
        assert desk.undo() == "taken back: the trust in ada-l for anvil"
    assert audits(tmp_path) == before


def test_a_store_that_changed_since_it_was_read_is_not_written_to(tmp_path: Path, stand_in: StandIn) -> None:
    write_small_project(tmp_path)
    with open_desk(tmp_path, stand_in.environ) as desk:
        desk.queue(lambda *_: None, live=False)
        config = tmp_path / "supply-chain" / "config.toml"
        config.write_text(config.read_text(encoding="utf-8") + "\n", encoding="utf-8")
        os.utime(config, (0, 0))
        before = audits(tmp_path)
        with pytest.raises(StoreError, match="changed on disk, and nothing was written"):
            desk.certify(Certification((ANVIL,), ("safe-to-deploy",), ""))
        assert audits(tmp_path) == before
