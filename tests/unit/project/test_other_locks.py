from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.unit.project.repository import Repository
from vetflow.project.other_locks import other_lock_files


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    return Repository(tmp_path / "repository")


def others(repository: Repository, lock: str = "Cargo.lock") -> list[str]:
    root = str(repository.root)
    return [os.path.relpath(path, root) for path in other_lock_files(os.path.join(root, lock))]


def test_tracked_locks_anywhere_in_the_repository_are_told(repository: Repository) -> None:
    repository.commit(
        {"Cargo.lock": "", "fuzz/Cargo.lock": "", "a b/c\nd/Cargo.lock": "", "other.lock": "", "Cargo.lock.orig": ""}
    )
    assert others(repository) == ["a b/c\nd/Cargo.lock", "fuzz/Cargo.lock"]
    assert others(repository, "fuzz/Cargo.lock") == ["Cargo.lock", "a b/c\nd/Cargo.lock"]


def test_untracked_locks_and_those_in_the_target_folder_are_left_out(repository: Repository) -> None:
    repository.commit({"Cargo.lock": "", "target/package/x/Cargo.lock": ""})
    (repository.root / "new").mkdir()
    (repository.root / "new" / "Cargo.lock").touch()
    assert others(repository) == []


def test_tracked_locks_that_are_gone_are_left_out(repository: Repository) -> None:
    repository.commit({"Cargo.lock": "", "fuzz/Cargo.lock": ""})
    (repository.root / "fuzz" / "Cargo.lock").unlink()
    assert others(repository) == []


def test_outside_of_a_repository_there_are_none(tmp_path: Path) -> None:
    (tmp_path / "Cargo.lock").touch()
    assert other_lock_files(f"{tmp_path}/Cargo.lock") == []


def test_without_git_there_are_none(repository: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    repository.commit({"Cargo.lock": "", "fuzz/Cargo.lock": ""})
    monkeypatch.setenv("PATH", "/nowhere")
    assert others(repository) == []


def test_what_git_cannot_read_has_none(repository: Repository) -> None:
    repository.commit({"Cargo.lock": "", "fuzz/Cargo.lock": ""})
    (repository.root / ".git" / "index").write_bytes(b"damaged")
    assert others(repository) == []


def test_a_configured_monitor_is_not_run(repository: Repository, tmp_path: Path) -> None:
    repository.commit({"Cargo.lock": "", "fuzz/Cargo.lock": ""})
    program = tmp_path / "program"
    program.write_text(f"#!/bin/sh\ntouch {tmp_path}/witness\n")
    program.chmod(0o755)
    repository.git("config", "core.fsmonitor", str(program))
    assert others(repository) == ["fuzz/Cargo.lock"]
    assert not (tmp_path / "witness").exists()
