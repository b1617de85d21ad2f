"""Reading while somebody else writes."""

from __future__ import annotations

import fcntl
from pathlib import Path

import pytest

from tests.stores import AUDITS, on_disk, texts
from vetflow.project.disk import DiskTree
from vetflow.store import turns
from vetflow.store.folder import read_texts
from vetflow.store.lock import hold_lock


class Slow:
    """A reader of one file whose owner does something each time it was read."""

    def __init__(self, file: Path, *then: str) -> None:
        self._file = file
        self._then = list(then)
        self.reads = 0

    def __call__(self) -> str:
        self.reads += 1
        found = self._file.read_text()
        if self._then:
            self._file.write_text(self._then.pop(0))
        return found


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(turns, "PAUSE", 0.0)
    return on_disk(tmp_path)


def test_what_nobody_writes_to_is_read_once(store: Path) -> None:
    reader = Slow(store / "audits.toml")
    assert turns.read_between_writes(str(store), "config.toml", reader) == AUDITS
    assert reader.reads == 1


def test_a_reader_has_a_share_in_the_lock_while_it_reads(store: Path) -> None:
    def read() -> None:
        with (store / "config.toml").open("r+b") as file, pytest.raises(BlockingIOError):
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)

    turns.read_between_writes(str(store), "config.toml", read)
    with (store / "config.toml").open("r+b") as file:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)


def test_while_somebody_has_the_lock_files_are_read_until_they_stay_the_same(store: Path) -> None:
    with (store / "config.toml").open("r+b") as writer:
        fcntl.flock(writer, fcntl.LOCK_EX)
        reader = Slow(store / "audits.toml", "", "half", "whole")
        assert turns.read_between_writes(str(store), "config.toml", reader) == "whole"
    assert reader.reads == 5


def test_once_the_lock_is_free_one_read_is_enough(store: Path) -> None:
    writer = (store / "config.toml").open("r+b")
    fcntl.flock(writer, fcntl.LOCK_EX)
    seen = []

    def read() -> str:
        seen.append((store / "audits.toml").read_text())
        writer.close()
        (store / "audits.toml").write_text(f"after {len(seen)}")
        return seen[-1]

    assert turns.read_between_writes(str(store), "config.toml", read) == "after 1"


def test_a_writer_that_never_ends_does_not_stop_readers(store: Path) -> None:
    with (store / "config.toml").open("r+b") as writer:
        fcntl.flock(writer, fcntl.LOCK_EX)
        reader = Slow(store / "audits.toml", *map(str, range(1000)))
        assert turns.read_between_writes(str(store), "config.toml", reader).isdecimal()


def test_who_holds_the_lock_reads_without_ado(store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(turns, "PAUSE", 60.0)
    with hold_lock(str(store), pytest.fail):
        assert dict(read_texts(DiskTree(), str(store))) == texts()


def test_a_store_without_config_has_nothing_to_lock(store: Path) -> None:
    (store / "config.toml").unlink()
    assert read_texts(DiskTree(), str(store))["audits.toml"] == AUDITS
    assert not (store / "config.toml").exists()
