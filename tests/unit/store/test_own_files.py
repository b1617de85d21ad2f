"""vetflow's own files are written together with the store's: both, or neither."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.stores import AUDITS, on_disk
from tests.unit.store.test_crash import write_and_die
from vetflow.errors import StoreError
from vetflow.model.store import JOURNAL
from vetflow.project.disk import DiskTree
from vetflow.store import write
from vetflow.store.folder import read_own_text, read_texts
from vetflow.store.lock import hold_lock

ENTRY = AUDITS.replace("[audits]", '[[audits.quill]]\ncriteria = "safe-to-run"\nversion = "1.0.0"')
NEW = {"audits.toml": ENTRY, "signatures.toml": "version = 1\n"}
pytestmark = pytest.mark.filterwarnings("ignore:.*use of fork.*:DeprecationWarning")


def state(store: Path) -> tuple[str, str | None]:
    tree = DiskTree()
    return read_texts(tree, str(store))["audits.toml"], read_own_text(tree, str(store), "signatures.toml")


def test_killed_anywhere_there_is_an_entry_with_its_signature_or_none(tmp_path: Path) -> None:
    seen = set()
    for step in range(1, 200):
        (tmp_path / str(step)).mkdir()
        store = on_disk(tmp_path / str(step))
        died = write_and_die(store, NEW, step)
        found = state(store)
        seen.add(found)
        with hold_lock(str(store), pytest.fail):
            pass
        assert state(store) == found, step
        assert not (store / JOURNAL).exists()
        if not died:
            break
    assert seen == {(AUDITS, None), (ENTRY, "version = 1\n")}


def test_a_write_that_fails_leaves_no_new_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = on_disk(tmp_path)
    replace = os.replace

    def full_disk(source: str, target: str) -> None:
        if target.endswith("imports.lock"):
            raise OSError(28, "No space left on device")
        replace(source, target)

    monkeypatch.setattr(os, "replace", full_disk)
    monkeypatch.setattr(write, "_order", lambda name: (name == "imports.lock", name))
    with pytest.raises(StoreError, match="Failed to commit store"):
        write.write_files(str(store), {**NEW, "imports.lock": "\n# other\n"})
    monkeypatch.undo()
    assert state(store) == (AUDITS, None)
    assert sorted(path.name for path in store.iterdir()) == ["audits.toml", "config.toml", "imports.lock"]
