"""What a write leaves behind when the system refuses something in the middle of it: a full disk, missing rights."""

from __future__ import annotations

import errno
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final

import pytest

from tests.stores import AUDITS, CONFIG, IMPORTS, contents, on_disk, texts
from vetflow.errors import StoreError
from vetflow.model.store import JOURNAL
from vetflow.project.disk import DiskTree
from vetflow.store.folder import read_texts
from vetflow.store.lock import hold_lock
from vetflow.store.write import write_files

NEW: Final = texts(
    config=CONFIG.replace("1.2.0", "1.2.0-somewhat.longer"),
    audits=AUDITS.replace("[audits]", '[[audits.quill]]\ncriteria = "safe-to-run"\nversion = "1.0.0"'),
    imports=IMPORTS + "\n[audits.peer.audits]\n",
)
NEEDS_ROOM: Final = ("open", "pwrite", "fsync", "replace", "ftruncate")
"""The calls that a full disk may refuse; opening what is there already is never refused."""
NOBODY: Final = 65534


class FullDisk:
    """Refuses one call that needs room, or that one and all after it. met: whether there was such a call."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, step: int, *, stays_full: bool) -> None:
        self.met = False
        self._calls = 0
        self._step = step
        self._stays_full = stays_full
        for name in NEEDS_ROOM:
            monkeypatch.setattr(os, name, self._limited(name, getattr(os, name)))

    def _limited(self, name: str, real: Callable[..., Any]) -> Callable[..., Any]:
        def call(*words: Any, **named: Any) -> Any:
            if name != "open" or words[1] & os.O_CREAT:
                self._calls += 1
                refused = self._calls >= self._step if self._stays_full else self._calls == self._step
                if refused:
                    self.met = True
                    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
            return real(*words, **named)

        return call


def write_on_full_disk(store: Path, step: int, *, stays_full: bool) -> tuple[bool, StoreError | None]:
    """Write with the disk full from the `step`-th call that needs room.

    Returns whether there was such a call, and what the write said of it: a folder that cannot be synced is no failure.
    """
    with pytest.MonkeyPatch.context() as monkeypatch:
        disk = FullDisk(monkeypatch, step, stays_full=stays_full)
        try:
            write_files(str(store), NEW)
        except StoreError as error:
            return disk.met, error
        return disk.met, None


@pytest.mark.parametrize("stays_full", [False, True], ids=["for a moment", "for good"])
def test_a_disk_that_is_full_at_any_step_leaves_the_old_store_or_says_otherwise(
    tmp_path: Path, stays_full: bool
) -> None:
    said = set()
    for step in range(1, 100):
        (tmp_path / str(step)).mkdir()
        store = on_disk(tmp_path / str(step))
        was_full, error = write_on_full_disk(store, step, stays_full=stays_full)
        read = dict(read_texts(DiskTree(), str(store)))
        if error is not None:
            assert "No space left on device" in error.causes[0]
            said.add(error.message)
        assert read == (texts() if error is not None and error.message == "Failed to commit store" else NEW), step
        with hold_lock(str(store), pytest.fail):  # there is room again, and somebody else writes
            pass
        assert {name: (store / name).read_text() for name in read} == read, step
        assert sorted(contents(store)) == sorted(texts()), step
        if not was_full:
            break
    else:
        pytest.fail("the write never came to its end")
    half = {"the store is written only in part"} if stays_full else set()
    assert said == {"Failed to commit store"} | half


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that others may enter, unlike pytest's own."""
    folder = Path(tempfile.mkdtemp())
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


def without_rights(work: Callable[[], None]) -> None:
    """Do something in a process that is not root's: root may do everything."""
    child = os.fork()
    if child == 0:
        try:
            if os.getuid() == 0:
                os.setgroups([])
                os.setgid(NOBODY)
                os.setuid(NOBODY)
            work()
        except BaseException:  # noqa: BLE001  whatever it was, the test must not go on twice
            os._exit(1)
        os._exit(0)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0


pytestmark = pytest.mark.filterwarnings("ignore:.*use of fork.*:DeprecationWarning")
"""The children end at once; later Pythons warn about forking a test runner that has threads."""


def test_a_folder_without_write_access_stays_as_it_is(open_folder: Path) -> None:
    store = on_disk(open_folder)
    before = contents(store)
    store.chmod(0o555)

    def write() -> None:
        with pytest.raises(StoreError, match="Failed to commit store") as caught:
            write_files(str(store), NEW)
        assert "Permission denied" in caught.value.causes[0]

    without_rights(write)
    assert contents(store) == before


def test_a_config_without_write_access_cannot_be_locked_and_nothing_is_written(open_folder: Path) -> None:
    store = on_disk(open_folder)
    before = contents(store)
    (store / "config.toml").chmod(0o444)

    def write() -> None:
        with pytest.raises(StoreError, match="lock") as caught, hold_lock(str(store), pytest.fail):
            pass
        assert caught.value.causes == ("Permission denied",)

    without_rights(write)
    assert contents(store) == before


def test_rights_that_are_lost_before_the_last_file_undo_the_others(open_folder: Path) -> None:
    """config.toml is written last, where it is; others may write the folder and not this file."""
    store = on_disk(open_folder)
    store.chmod(0o777)
    for name in ("audits.toml", "imports.lock"):
        (store / name).chmod(0o666)
    (store / "config.toml").chmod(0o444)
    before = contents(store)

    def write() -> None:
        with pytest.raises(StoreError, match="Failed to commit store"):
            write_files(str(store), NEW)

    without_rights(write)
    assert contents(store) == before
    assert not (store / JOURNAL).exists()
