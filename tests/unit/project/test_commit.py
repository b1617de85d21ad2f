"""Committing the store leaves everything else alone."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.unit.project.repository import Repository
from vetflow.errors import WorkspaceError
from vetflow.project.commit import commit_store, store_diff

ENVIRON = {
    "PATH": os.environ["PATH"],
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_SYSTEM": os.devnull,
    **{f"GIT_{role}_{what}": "t@example" for role in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")},
}


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    made = Repository(tmp_path / "project")
    made.commit({"supply-chain/audits.toml": "old\n", "src/lib.rs": "old\n", "staged.txt": "old\n"})
    return made


def test_only_the_store_is_committed(repository: Repository) -> None:
    store = repository.root / "supply-chain"
    (store / "audits.toml").write_text("new\n", encoding="utf-8")
    (store / "signatures.toml").write_text("new file\n", encoding="utf-8")
    (repository.root / "src/lib.rs").write_text("edited\n", encoding="utf-8")
    (repository.root / "staged.txt").write_text("staged\n", encoding="utf-8")
    repository.git("add", "staged.txt")
    name = commit_store(str(store), "Audit alpha", ENVIRON)
    assert name == repository.git("rev-parse", "HEAD")
    assert repository.git("show", "--name-only", "--format=%s").split() == [
        "Audit",
        "alpha",
        "supply-chain/audits.toml",
        "supply-chain/signatures.toml",
    ]
    assert repository.git("status", "--porcelain").splitlines() == ["M src/lib.rs", "M  staged.txt"]


def test_without_changes_there_is_no_commit(repository: Repository) -> None:
    before = repository.git("rev-parse", "HEAD")
    with pytest.raises(WorkspaceError, match="nothing to commit"):
        commit_store(str(repository.root / "supply-chain"), "x", ENVIRON)
    assert repository.git("rev-parse", "HEAD") == before


def test_a_refusing_hook_is_told_with_its_words(repository: Repository) -> None:
    hook = repository.root / ".git/hooks/pre-commit"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text("#!/bin/sh\necho not today >&2\nexit 1\n", encoding="utf-8")
    hook.chmod(0o755)
    store = repository.root / "supply-chain"
    (store / "audits.toml").write_text("new\n", encoding="utf-8")
    with pytest.raises(WorkspaceError, match="git commit") as refused:
        commit_store(str(store), "x", ENVIRON)
    assert "not today" in refused.value.causes
    assert (store / "audits.toml").read_text(encoding="utf-8") == "new\n"


def test_the_difference_shows_new_files_and_runs_no_program_of_the_repository(repository: Repository) -> None:
    store = repository.root / "supply-chain"
    repository.git("config", "diff.external", "false")
    (store / "audits.toml").write_text("new\n", encoding="utf-8")
    (store / "signatures.toml").write_text("signed\n", encoding="utf-8")
    text = store_diff(str(store), ENVIRON)
    assert "+new" in text
    assert "+signed" in text
