"""A text was first seen when it came to where the team merges, whatever its author's clock or branch said."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.unit.project.repository import Repository
from vetflow.project.first_seen import first_seen

ARMOUR = "-----BEGIN-----\nAAAA\nBBBB\n-----END-----\n"
OTHER = "-----BEGIN-----\nAAAA\nCCCC\n-----END-----\n"


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    return Repository(tmp_path / "repository")


def seen(repository: Repository, text: str, rev: str = "HEAD") -> int | None:
    return first_seen(str(repository.root), rev, str(repository.root / "store/signatures.toml"), text)


def commit_at(repository: Repository, monkeypatch: pytest.MonkeyPatch, moment: int, text: str) -> None:
    monkeypatch.setenv("GIT_COMMITTER_DATE", f"{moment} +0000")
    repository.commit({"store/signatures.toml": text})


def test_the_first_commit_that_has_it_counts(repository: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    commit_at(repository, monkeypatch, 1_700_000_000, OTHER)
    commit_at(repository, monkeypatch, 1_700_000_100, OTHER + ARMOUR)
    commit_at(repository, monkeypatch, 1_700_000_200, f"more\n{ARMOUR}{OTHER}")
    assert seen(repository, ARMOUR) == 1_700_000_100
    assert seen(repository, OTHER) == 1_700_000_000
    assert seen(repository, ARMOUR, rev="HEAD~2") is None


def test_a_branch_counts_from_its_merge(repository: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    commit_at(repository, monkeypatch, 1_700_000_000, "")
    repository.git("switch", "--quiet", "--create", "backdated")
    commit_at(repository, monkeypatch, 1_600_000_000, ARMOUR)
    repository.git("switch", "--quiet", "main")
    monkeypatch.setenv("GIT_COMMITTER_DATE", "1700000500 +0000")
    repository.git("merge", "--quiet", "--no-ff", "--message=merge", "backdated")
    assert seen(repository, ARMOUR) == 1_700_000_500


def test_what_is_not_committed_was_not_seen(repository: Repository) -> None:
    repository.commit({"store/signatures.toml": OTHER})
    (repository.root / "store/signatures.toml").write_text(ARMOUR)
    assert seen(repository, ARMOUR) is None


def test_where_there_is_no_history_nothing_was_seen(tmp_path: Path) -> None:
    assert first_seen(str(tmp_path), "HEAD", str(tmp_path / "signatures.toml"), ARMOUR) is None
