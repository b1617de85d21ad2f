"""Drafts: found again by what they are about, and never in the way of others."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.fakes import FIXED_DAY
from vetflow.app.request import Request
from vetflow.cli.drafts import DraftFile
from vetflow.errors import UndecidedError


def draft(folder: Path, what: str) -> DraftFile:
    return DraftFile(Request("/ws", "/cargo", FIXED_DAY, cache_dir=str(folder)), what)


def test_what_was_written_is_there_for_the_next_run_and_gone_once_removed(tmp_path: Path) -> None:
    assert draft(tmp_path, "anvil@1.0.0").read() is None
    draft(tmp_path, "anvil@1.0.0").write("typed")
    assert draft(tmp_path, "anvil@1.0.0").read() == "typed"
    draft(tmp_path, "anvil@1.0.0").remove()
    draft(tmp_path, "anvil@1.0.0").remove()
    assert draft(tmp_path, "anvil@1.0.0").read() is None


def test_other_drafts_of_the_same_crate_are_known(tmp_path: Path) -> None:
    for what in ("anvil@1.0.0", "anvil@1.0.0..1.1.0", "anvil-core@1.0.0"):
        draft(tmp_path, what).write("typed")
    mine = draft(tmp_path, "anvil@1.0.0")
    assert [Path(path).name for path in mine.others()] == ["anvil@1.0.0..1.1.0.txt"]
    assert draft(tmp_path / "empty", "anvil@1.0.0").others() == ()


@pytest.mark.parametrize("what", ["../../escape@1.0.0", "a/b@1.0.0", "long@" + "1" * 500])
def test_no_name_leaves_the_folder_of_drafts(tmp_path: Path, what: str) -> None:
    file = draft(tmp_path, what)
    file.write("typed")
    assert Path(file.path).resolve().parent == (tmp_path / "drafts").resolve()


def test_a_draft_that_cannot_be_written_is_an_error_with_a_way_out(tmp_path: Path) -> None:
    (tmp_path / "drafts").write_text("a file where the folder should be")
    with pytest.raises(UndecidedError) as caught:
        draft(tmp_path, "anvil@1.0.0").write("typed")
    assert "--cache-dir" in (caught.value.help or "")
