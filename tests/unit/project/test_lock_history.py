"""Which commits changed a lock: first parents, moves, removals, and what no setting of the user may change."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.unit.project.repository import Repository
from vetflow.errors import NotFoundError, WorkspaceError
from vetflow.project.lock_history import LockHistory, lock_contents, lock_history

ALWAYS = 0
MARCH = 1_740_787_200
LOCK = "Cargo.lock"


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    return Repository(tmp_path / "project")


def history(repository: Repository, since: int = ALWAYS, folder: str = "") -> LockHistory:
    root = str(repository.root)
    return lock_history(root, "HEAD", os.path.join(root, folder) if folder else root, since, os.environ)


def texts(repository: Repository, found: LockHistory) -> list[str | None]:
    contents = lock_contents(str(repository.root), found.commits)
    return [None if content is None else content.decode() for _, content in contents]


def test_the_commits_that_change_the_lock_come_in_their_order_with_their_moments(repository: Repository) -> None:
    first = repository.commit({LOCK: "one"}, at="2025-01-01T00:00:00Z")
    repository.commit({"src/lib.rs": ""})
    second = repository.commit({LOCK: "two"}, at="2025-03-01T00:00:00Z")
    found = history(repository)
    assert [(each.name, each.at) for each in found.commits] == [(first, 1_735_689_600), (second, MARCH)]
    assert texts(repository, found) == ["one", "two"]
    assert (found.before, found.cut) == (None, False)


def test_what_was_in_force_before_a_moment_is_where_it_begins(repository: Repository) -> None:
    repository.commit({LOCK: "one"}, at="2025-01-01T00:00:00Z")
    unrelated = repository.commit({"src/lib.rs": ""}, at="2025-02-01T00:00:00Z")
    repository.commit({LOCK: "two"}, at="2025-03-01T00:00:00Z")
    found = history(repository, MARCH)
    assert found.before is not None
    assert found.before.name == unrelated
    assert texts(repository, found) == ["two"]
    assert [content for _, content in lock_contents(str(repository.root), [found.before])] == [b"one"]


def test_a_time_in_which_nothing_changed_has_only_what_was_in_force(repository: Repository) -> None:
    commit = repository.commit({LOCK: "one"}, at="2025-01-01T00:00:00Z")
    found = history(repository, MARCH)
    assert (found.before is not None and found.before.name, found.commits) == (commit, ())


def test_a_merge_is_one_change_and_what_the_branch_held_before_is_none(repository: Repository) -> None:
    repository.commit({LOCK: "one"})
    repository.git("checkout", "--quiet", "-b", "branch")
    repository.commit({LOCK: "draft"})
    repository.commit({LOCK: "two"})
    repository.git("checkout", "--quiet", "main")
    repository.commit({"src/lib.rs": ""})
    repository.git("merge", "--quiet", "--no-ff", "--message=x", "branch")
    found = history(repository)
    assert texts(repository, found) == ["one", "two"]
    assert found.commits[-1].name == repository.git("rev-parse", "HEAD")


def test_a_lock_that_was_moved_is_followed_to_where_it_lay(repository: Repository) -> None:
    text = "".join(f"line {number}\n" for number in range(20))
    repository.commit({f"rust/{LOCK}": text, f"other/{LOCK}": "another\n"})
    repository.git("mv", f"rust/{LOCK}", LOCK)
    repository.commit({})
    found = history(repository)
    assert [(os.path.basename(each.folder), each.moved) for each in found.commits] == [
        ("rust", False),
        ("project", True),
    ]
    assert texts(repository, found) == [text, text]


def test_a_lock_in_a_folder_below_is_told_from_the_others(repository: Repository) -> None:
    repository.commit({f"rust/{LOCK}": "one", LOCK: "another"})
    repository.commit({LOCK: "yet another"})
    found = history(repository, folder="rust")
    assert texts(repository, found) == ["one"]
    assert found.commits[0].folder == str(repository.root / "rust")


def test_a_removed_lock_and_its_return_are_both_told(repository: Repository) -> None:
    repository.commit({LOCK: "one"})
    (repository.root / LOCK).unlink()
    repository.commit({})
    repository.commit({LOCK: "two"})
    assert texts(repository, history(repository)) == ["one", None, "two"]


def test_a_link_in_the_place_of_the_lock_is_not_followed(repository: Repository) -> None:
    repository.commit({LOCK: "one", "elsewhere": "two"})
    (repository.root / LOCK).unlink()
    (repository.root / LOCK).symlink_to("elsewhere")
    repository.commit({})
    assert texts(repository, history(repository)) == ["one", None]


def test_settings_of_the_user_change_nothing(repository: Repository) -> None:
    repository.commit({LOCK: "one"})
    repository.commit({LOCK: "two"})
    for setting in (
        "log.showSignature=true",
        "log.showRoot=false",
        "log.follow=true",
        "log.decorate=full",
        "diff.relative=true",
        "diff.renames=false",
        "diff.external=false",
        "color.ui=always",
        "core.abbrev=4",
        "format.notes=true",
    ):
        repository.git("config", *setting.split("="))
    assert texts(repository, history(repository)) == ["one", "two"]


def test_a_shallow_clone_is_named_as_one_only_where_its_history_ends_too_early(
    repository: Repository, tmp_path: Path
) -> None:
    repository.commit({LOCK: "one"}, at="2025-01-01T00:00:00Z")
    repository.commit({LOCK: "two"}, at="2025-03-02T00:00:00Z")
    repository.commit({LOCK: "three"}, at="2025-03-03T00:00:00Z")
    repository.git("clone", "--quiet", "--depth=2", f"file://{repository.root}", str(tmp_path / "clone"))
    clone = Repository(tmp_path / "clone")
    assert (texts(clone, history(clone)), history(clone).cut) == (["two", "three"], True)
    later = history(clone, MARCH + 2 * 86_400)
    assert (texts(clone, later), later.cut) == (["three"], False)


def test_a_lock_that_no_commit_has_is_told(repository: Repository) -> None:
    repository.commit({"src/lib.rs": ""})
    (repository.root / LOCK).write_text("one")
    with pytest.raises(WorkspaceError, match=f"has {LOCK}"):
        history(repository)


def test_a_repository_without_commits_is_told(repository: Repository) -> None:
    with pytest.raises(NotFoundError):
        history(repository)
