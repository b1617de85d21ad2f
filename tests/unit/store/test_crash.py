"""A writer that is killed at any step leaves the old store, or a journal that leads to the new one."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import pytest

from tests.stores import AUDITS, CONFIG, IMPORTS, on_disk, texts
from vetflow.model.store import JOURNAL
from vetflow.project.disk import DiskTree
from vetflow.store import write
from vetflow.store.folder import read_texts
from vetflow.store.journal import Change, write_journal
from vetflow.store.lock import hold_lock

pytestmark = pytest.mark.filterwarnings("ignore:.*use of fork.*:DeprecationWarning")
"""The child only makes system calls and ends; later Pythons warn about forking a test runner that has threads."""

LONGER: Final = texts(
    config=CONFIG.replace("1.2.0", "1.2.0-somewhat.longer"),
    audits=AUDITS.replace("[audits]", '[[audits.quill]]\ncriteria = "safe-to-run"\nversion = "1.0.0"'),
    imports=IMPORTS + "\n[audits.peer.audits]\n",
)
SHORTER: Final = {**LONGER, "config.toml": CONFIG.partition("\n[[exemptions")[0]}
STEPS: Final = ("replace", "unlink", "pwrite", "ftruncate", "fsync", "open", "chmod")


def write_and_die(store: Path, new: dict[str, str], step: int) -> bool:
    """Write in a child process that ends at its `step`-th call of the operating system; return whether it did."""
    child = os.fork()
    if child == 0:
        calls = 0

        def counted(real: Callable[..., Any]) -> Callable[..., Any]:
            def call(*words: Any, **named: Any) -> Any:
                nonlocal calls
                calls += 1
                if calls == step:
                    if real is os.pwrite:  # half of it reaches the file
                        handle, data, offset = words
                        real(handle, data[: len(data) // 2], offset)
                    os._exit(9)
                return real(*words, **named)

            return call

        for name in STEPS:
            setattr(os, name, counted(getattr(os, name)))
        write.write_files(str(store), new)
        os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 9


@pytest.mark.parametrize("new", [LONGER, SHORTER], ids=["longer", "shorter"])
def test_killed_anywhere_the_store_is_old_or_new(tmp_path: Path, new: dict[str, str]) -> None:
    seen = set()
    for step in range(1, 200):
        folder = tmp_path / str(step)
        folder.mkdir()
        store = on_disk(folder)
        died = write_and_die(store, new, step)
        read = dict(read_texts(DiskTree(), str(store)))
        assert read in (texts(), new), step
        seen.add(read == new)
        with hold_lock(str(store), pytest.fail):
            pass
        assert dict(read_texts(DiskTree(), str(store))) == read, step
        assert {name: (store / name).read_text() for name in read} == read, step
        assert not (store / JOURNAL).exists()
        if not died:
            break
    else:
        pytest.fail("the write never came to its end")
    assert seen == {False, True}


def test_a_journal_is_dropped_when_somebody_else_has_written(tmp_path: Path) -> None:
    store = on_disk(tmp_path)
    step = next(step for step in range(1, 200) if _journal_left(store, step))
    (store / "audits.toml").write_text(AUDITS + "\n# theirs\n")
    assert read_texts(DiskTree(), str(store))["imports.lock"] == (store / "imports.lock").read_text(), step
    with hold_lock(str(store), pytest.fail):
        pass
    assert (store / "audits.toml").read_text().endswith("# theirs\n")
    assert not (store / JOURNAL).exists()


def test_a_journal_from_another_folder_says_nothing(tmp_path: Path) -> None:
    store = on_disk(tmp_path)
    next(step for step in range(1, 200) if _journal_left(store, step))
    copy = tmp_path / "copy"
    copy.mkdir()
    for file in store.iterdir():
        (copy / file.name).write_bytes(file.read_bytes())
    assert dict(read_texts(DiskTree(), str(copy))) == {name: (copy / name).read_text() for name in LONGER}


def test_a_journal_cannot_name_other_files(tmp_path: Path) -> None:
    store = on_disk(tmp_path)
    identity = write.folder_identity(str(store))
    (store / JOURNAL).write_text(write_journal({"../escaped": Change(None, "gone wild")}, identity))
    with hold_lock(str(store), pytest.fail):
        pass
    assert not (tmp_path / "escaped").exists()


@pytest.mark.parametrize("text", ["", "{", "[]", '{"schema": 1}', '{"schema": "vetflow/journal/1", "folder": "x"}'])
def test_what_is_no_journal_is_dropped(tmp_path: Path, text: str) -> None:
    store = on_disk(tmp_path)
    (store / JOURNAL).write_text(text)
    assert dict(read_texts(DiskTree(), str(store))) == texts()
    with hold_lock(str(store), pytest.fail):
        pass
    assert not (store / JOURNAL).exists()


def _journal_left(store: Path, step: int) -> bool:
    for name, text in texts().items():
        (store / name).write_text(text)
    (store / JOURNAL).unlink(missing_ok=True)
    write_and_die(store, LONGER, step)
    untouched = (store / "audits.toml").read_text() == AUDITS
    return (store / JOURNAL).exists() and untouched
