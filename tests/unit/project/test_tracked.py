"""What git makes of a file."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.unit.project.repository import Repository
from vetflow.project.tracked import Tracked, is_tracked


def test_a_file_is_tracked_untracked_or_ignored(tmp_path: Path) -> None:
    lock = tmp_path / "Cargo.lock"
    lock.write_text("")
    assert is_tracked(str(lock)) is Tracked.UNKNOWN
    repository = Repository(tmp_path)
    assert is_tracked(str(lock)) is Tracked.UNTRACKED
    (tmp_path / ".gitignore").write_text("Cargo.lock\n")
    assert is_tracked(str(lock)) is Tracked.IGNORED
    repository.git("add", "--force", "Cargo.lock")
    assert is_tracked(str(lock)) is Tracked.TRACKED


def test_without_git_nobody_knows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert is_tracked(str(tmp_path / "Cargo.lock")) is Tracked.UNKNOWN
