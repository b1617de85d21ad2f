"""The lock that vetflow and cargo-vet share."""

from __future__ import annotations

import fcntl
import os
import threading
from pathlib import Path

import pytest

from tests.stores import on_disk
from vetflow.errors import StoreError
from vetflow.store.lock import hold_lock


def never() -> None:
    pytest.fail("nobody holds the lock, and yet vetflow waited")


def is_locked(config: Path) -> bool:
    """Whether another open file has the lock, as cargo-vet would find out."""
    with config.open("r+b") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
        return False


def test_config_is_locked_for_the_block_only(tmp_path: Path) -> None:
    store = on_disk(tmp_path)
    with hold_lock(str(store), never):
        assert is_locked(store / "config.toml")
    assert not is_locked(store / "config.toml")


def test_the_lock_is_released_when_the_block_fails(tmp_path: Path) -> None:
    store = on_disk(tmp_path)
    with pytest.raises(KeyError), hold_lock(str(store), never):
        raise KeyError
    assert not is_locked(store / "config.toml")


def test_locking_changes_no_file(tmp_path: Path) -> None:
    store = on_disk(tmp_path)
    before = (store / "config.toml").stat()
    with hold_lock(str(store), never):
        pass
    after = (store / "config.toml").stat()
    assert (before.st_mtime_ns, before.st_ino, before.st_size) == (
        after.st_mtime_ns,
        after.st_ino,
        after.st_size,
    )


def test_waiting_is_said_once_and_ends_when_the_holder_lets_go(tmp_path: Path) -> None:
    store = on_disk(tmp_path)
    holder = (store / "config.toml").open("r+b")
    fcntl.flock(holder, fcntl.LOCK_EX)
    said: list[str] = []

    def waiting() -> None:
        said.append("waiting")
        threading.Thread(target=holder.close).start()

    with hold_lock(str(store), waiting):
        assert said == ["waiting"]


def test_a_file_put_in_the_place_of_the_locked_one_is_locked_instead(tmp_path: Path) -> None:
    store = on_disk(tmp_path)
    config = store / "config.toml"
    holder = config.open("r+b")
    fcntl.flock(holder, fcntl.LOCK_EX)

    def waiting() -> None:
        (tmp_path / "new").write_bytes(b"")
        os.replace(tmp_path / "new", config)
        holder.close()

    with hold_lock(str(store), waiting):
        assert is_locked(config)


def test_a_symlinked_config_is_locked_at_its_target(tmp_path: Path) -> None:
    store = on_disk(tmp_path)
    target = tmp_path / "elsewhere.toml"
    os.replace(store / "config.toml", target)
    (store / "config.toml").symlink_to(target)
    with hold_lock(str(store), never):
        assert is_locked(target)


def test_a_missing_config_is_created_empty(tmp_path: Path) -> None:
    store = on_disk(tmp_path)
    (store / "config.toml").unlink()
    with hold_lock(str(store), never):
        assert (store / "config.toml").read_bytes() == b""


def test_no_store_is_created(tmp_path: Path) -> None:
    folder = tmp_path / "supply-chain"
    with pytest.raises(StoreError, match="store not found"), hold_lock(str(folder), never):
        pytest.fail("there is nothing to lock")
    assert not folder.exists()


def test_a_file_in_the_place_of_the_store_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "supply-chain").write_text("")
    with pytest.raises(StoreError, match="store not found"), hold_lock(str(tmp_path / "supply-chain"), never):
        pytest.fail("there is nothing to lock")


def test_a_config_that_cannot_be_opened_for_writing_is_an_error_with_its_cause(tmp_path: Path) -> None:
    store = on_disk(tmp_path)
    (store / "config.toml").unlink()
    (store / "config.toml").mkdir()
    with pytest.raises(StoreError, match="lock") as caught, hold_lock(str(store), never):
        pytest.fail("a folder cannot be locked")
    assert caught.value.causes == ("Is a directory",)
