"""When a folder of a repository was last changed."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.unit.project.repository import Repository
from vetflow.project.last_change import last_change


def test_the_last_commit_that_touches_the_folder_counts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    repository = Repository(tmp_path)
    for moment, name in (("1700000000", "db/a.md"), ("1700000100", "elsewhere")):
        monkeypatch.setenv("GIT_COMMITTER_DATE", f"{moment} +0000")
        repository.commit({name: "x"})
    assert last_change(str(tmp_path / "db")) == 1_700_000_000
    assert last_change(str(tmp_path)) == 1_700_000_100


def test_what_no_commit_holds_was_never_changed(tmp_path: Path) -> None:
    (tmp_path / "loose").mkdir()
    assert last_change(str(tmp_path / "loose"), {"GIT_CEILING_DIRECTORIES": str(tmp_path.parent)}) is None
    Repository(tmp_path).commit({"a": "x"})
    assert last_change(str(tmp_path / "loose")) is None
    assert last_change(str(tmp_path / "missing")) is None


def test_without_git_nobody_knows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert last_change(str(tmp_path)) is None
