"""The commits of a proposal, with their signatures as git's objects have them."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.signers import ADDRESS, judge_of, line_of
from tests.ssh_programs import SshKeygen
from tests.unit.project.repository import Repository
from vetflow.project.signed_commits import commits_touching, fork_point, is_shallow
from vetflow.trust.commit_signatures import why_not_signed


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    return Repository(tmp_path / "repository")


def touching(repository: Repository, base: str, path: str = "rules") -> list[str]:
    head = repository.git("rev-parse", "HEAD")
    return [each.name for each in commits_touching(str(repository.root), base, head, (str(repository.root / path),))]


def test_only_commits_of_the_proposal_that_change_the_file_are_told(repository: Repository) -> None:
    repository.commit({"rules": "0"})
    base = repository.commit({"rules": "1"})
    first = repository.commit({"rules": "2"})
    repository.commit({"other": "1"})
    second = repository.commit({"rules": "3"})
    assert touching(repository, base) == [second, first]


def test_a_change_that_is_taken_back_was_made_all_the_same(repository: Repository) -> None:
    base = repository.commit({"rules": "1"})
    there = repository.commit({"rules": "2"})
    back = repository.commit({"rules": "1"})
    assert touching(repository, base) == [back, there]


def test_a_change_on_a_branch_that_was_merged_is_told(repository: Repository) -> None:
    base = repository.commit({"rules": "1"})
    repository.git("checkout", "--quiet", "-b", "side")
    side = repository.commit({"rules": "2"})
    repository.git("checkout", "--quiet", "main")
    repository.commit({"other": "1"})
    repository.git("merge", "--quiet", "--no-edit", "side")
    assert side in touching(repository, base)


def test_a_merge_that_makes_something_of_its_own_is_told(repository: Repository) -> None:
    base = repository.commit({"rules": "1"})
    repository.git("checkout", "--quiet", "-b", "side")
    repository.commit({"one": "1"})
    repository.git("checkout", "--quiet", "main")
    repository.commit({"other": "1"})
    repository.git("merge", "--quiet", "--no-commit", "--no-ff", "side")
    (repository.root / "rules").write_text("2")
    merge = repository.commit({})
    assert touching(repository, base) == [merge]


def test_the_fork_is_where_a_proposal_left_its_base(repository: Repository) -> None:
    fork = repository.commit({"rules": "1"})
    repository.git("checkout", "--quiet", "-b", "proposal")
    head = repository.commit({"rules": "2"})
    repository.git("checkout", "--quiet", "main")
    tip = repository.commit({"other": "1"})
    assert fork_point(str(repository.root), tip, head) == fork
    repository.git("checkout", "--quiet", "--orphan", "stranger")
    assert fork_point(str(repository.root), tip, repository.commit({"rules": "3"})) is None


def test_a_clone_without_all_of_its_history_is_shallow(repository: Repository, tmp_path: Path) -> None:
    repository.commit({"rules": "1"})
    repository.commit({"rules": "2"})
    assert not is_shallow(str(repository.root))
    repository.git("clone", "--quiet", "--depth=1", f"file://{repository.root}", str(tmp_path / "clone"))
    assert is_shallow(str(tmp_path / "clone"))


def test_what_git_signs_is_what_counts(repository: Repository, ssh_keygen: SshKeygen) -> None:
    base = repository.commit({"rules": "1"})
    key = ssh_keygen.make()
    (repository.root / "rules").write_text("2")
    repository.git("add", "--all")
    who = ("-c", "user.name=Ada", "-c", f"user.email={ADDRESS}", "-c", "gpg.format=ssh", "-c", f"user.signingKey={key}")
    repository.git(*who, "commit", "--quiet", "--gpg-sign", "--message=x\n\nwith a body\n")
    head = repository.git("rev-parse", "HEAD")
    (commit,) = commits_touching(str(repository.root), base, head, (str(repository.root / "rules"),))
    public = " ".join(key.with_suffix(".pub").read_text().split()[:2])
    by_ada = judge_of(f'{commit.email} namespaces="git" {public}\n', now=commit.at)
    assert why_not_signed(commit, by_ada) is None
    assert "has no key" in (why_not_signed(commit, judge_of(line_of(commit.email), now=commit.at)) or "")
    for_audits = judge_of(f'{commit.email} namespaces="audit-v1@vetflow" {public}\n', now=commit.at)
    assert why_not_signed(commit, for_audits) is not None
    forged = commit._replace(payload=commit.payload.replace(b"with a body", b"with another"))
    assert "the signature of commit" in (why_not_signed(forged, by_ada) or "")
    assert why_not_signed(commit._replace(armour=None), by_ada) == f"commit {head[:12]} is not signed"
