"""Months end with the last commit that touched the store or the lock, on the way of first parents."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.unit.project.repository import Repository
from vetflow.errors import NotFoundError, WorkspaceError
from vetflow.model.dates import Date
from vetflow.project.history import Month, month_ends

TODAY = Date(2026, 1, 15)


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    return Repository(tmp_path / "repository")


def ends(repository: Repository, months: int = 12, rev: str = "HEAD") -> tuple[Month, ...]:
    root = str(repository.root)
    return month_ends(root, rev, (f"{root}/store", f"{root}/lock"), TODAY, months)


class Clock:
    """Makes commits at given times."""

    def __init__(self, repository: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
        self._repository = repository
        self._monkeypatch = monkeypatch

    def commit(self, moment: str, path: str, text: str = "") -> str:
        self._monkeypatch.setenv("GIT_COMMITTER_DATE", moment)
        return self._repository.commit({path: text or moment})


@pytest.fixture
def clock(repository: Repository, monkeypatch: pytest.MonkeyPatch) -> Clock:
    return Clock(repository, monkeypatch)


def test_the_last_commit_of_a_month_stands_for_it(repository: Repository, clock: Clock) -> None:
    clock.commit("2025-11-03T12:00:00Z", "store/a")
    november = clock.commit("2025-11-30T23:59:59Z", "lock")
    january = clock.commit("2026-01-01T00:00:00Z", "store/b")
    assert ends(repository) == (
        Month(Date(2025, 11, 1), november, touched=True),
        Month(Date(2025, 12, 1), november, touched=False),
        Month(Date(2026, 1, 1), january, touched=True),
    )


def test_months_are_those_of_utc(repository: Repository, clock: Clock) -> None:
    clock.commit("2025-12-31T23:30:00-0200", "store/a")
    assert [month.first_day for month in ends(repository)] == [Date(2026, 1, 1)]


def test_commits_that_touch_neither_do_not_count(repository: Repository, clock: Clock) -> None:
    touched = clock.commit("2025-12-01T12:00:00Z", "store/a")
    clock.commit("2026-01-02T12:00:00Z", "src/lib.rs")
    assert {month.commit for month in ends(repository)} == {touched}


def test_what_a_merge_brings_counts_when_it_is_merged(repository: Repository, clock: Clock) -> None:
    clock.commit("2025-11-01T12:00:00Z", "store/a")
    repository.git("switch", "--quiet", "--create", "side")
    clock.commit("2025-12-01T12:00:00Z", "store/b")
    repository.git("switch", "--quiet", "main")
    clock.commit("2025-12-02T12:00:00Z", "src/lib.rs")
    clock.commit("2026-01-02T12:00:00Z", "src/main.rs")
    repository.git("merge", "--quiet", "--no-edit", "--no-ff", "side")
    merge = repository.git("rev-parse", "HEAD")
    found = ends(repository)
    assert [month.touched for month in found] == [True, False, True]
    assert found[-1].commit == merge


def test_as_many_months_as_are_asked_for(repository: Repository, clock: Clock) -> None:
    clock.commit("2020-01-01T12:00:00Z", "store/a")
    assert [month.first_day for month in ends(repository, months=2)] == [Date(2025, 12, 1), Date(2026, 1, 1)]


def test_a_revision_is_followed_from_where_it_is(repository: Repository, clock: Clock) -> None:
    first = clock.commit("2025-11-03T12:00:00Z", "store/a")
    clock.commit("2026-01-02T12:00:00Z", "store/b")
    assert {month.commit for month in ends(repository, rev=first)} == {first}


def test_a_repository_that_never_had_a_store(repository: Repository, clock: Clock) -> None:
    clock.commit("2025-11-03T12:00:00Z", "src/lib.rs")
    assert ends(repository) == ()


def test_settings_of_the_user_change_nothing(repository: Repository, clock: Clock) -> None:
    commit = clock.commit("2026-01-03T12:00:00Z", "store/a")
    repository.git("config", "log.showSignature", "true")
    repository.git("config", "color.ui", "always")
    assert [month.commit for month in ends(repository)] == [commit]


def test_a_store_outside_of_the_repository(repository: Repository, clock: Clock, tmp_path: Path) -> None:
    clock.commit("2026-01-03T12:00:00Z", "store/a")
    with pytest.raises(WorkspaceError, match="cannot tell the history"):
        month_ends(str(repository.root), "HEAD", (str(tmp_path / "elsewhere"),), TODAY, 12)


def test_no_commit_at_all(repository: Repository) -> None:
    with pytest.raises(NotFoundError):
        ends(repository)
