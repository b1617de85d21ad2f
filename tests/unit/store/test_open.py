"""Opening a store for reading."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.stores import AUDITS, CONFIG, FOLDER, contents, in_memory, on_disk, texts
from vetflow.errors import StoreError
from vetflow.model.dates import Date
from vetflow.model.store import CURRENT_STORE, StoreVersion
from vetflow.project.disk import DiskTree
from vetflow.store.open import open_store, read_store

TODAY = Date(2026, 1, 15)
OLD = CONFIG.replace("0.10", "0.9")
CYCLE = '\n# cargo-vet audits file\n\n[criteria.ours]\ndescription = "d"\nimplies = "ours"\n\n[audits]\n'


def test_a_store_comes_with_its_folder_texts_values_and_version() -> None:
    opened = open_store(in_memory(), FOLDER, today=TODAY, locked=True)
    assert opened.folder == FOLDER
    assert opened.files.texts == texts()
    assert list(opened.store.config.exemptions) == ["quill"]
    assert opened.version == CURRENT_STORE


@pytest.mark.parametrize("config", [OLD, "", None])
def test_an_older_store_is_opened_unlocked_only(config: str | None) -> None:
    tree = in_memory(config=config)
    assert open_store(tree, FOLDER, today=TODAY, locked=False).version == StoreVersion(0, 9 if config else 4)
    with pytest.raises(StoreError, match="created with an incompatible version of cargo-vet"):
        open_store(tree, FOLDER, today=TODAY, locked=True)


@pytest.mark.parametrize("config", [CONFIG, None])
@pytest.mark.parametrize("locked", [True, False])
def test_opening_leaves_the_folder_as_it_is(tmp_path: Path, config: str | None, locked: bool) -> None:
    store = on_disk(tmp_path)
    if config is None:
        (store / "config.toml").unlink()
    before, stamp = contents(store), store.stat().st_mtime_ns
    if config is None and locked:
        with pytest.raises(StoreError):
            open_store(DiskTree(), str(store), today=TODAY, locked=locked)
    else:
        open_store(DiskTree(), str(store), today=TODAY, locked=locked)
    assert (contents(store), store.stat().st_mtime_ns) == (before, stamp)


def test_a_symlinked_store_and_symlinked_files_are_followed(tmp_path: Path) -> None:
    store = on_disk(tmp_path)
    (tmp_path / "link").symlink_to(store)
    (store / "audits.toml").rename(tmp_path / "elsewhere")
    (store / "audits.toml").symlink_to("../elsewhere")
    opened = open_store(DiskTree(), str(tmp_path / "link"), today=TODAY, locked=True)
    assert opened.files.texts["audits.toml"] == AUDITS


def test_errors_name_files_by_the_folder_that_was_opened() -> None:
    with pytest.raises(StoreError) as caught:
        open_store(in_memory(audits="audits ="), FOLDER, today=TODAY, locked=True)
    assert caught.value.place is not None
    assert caught.value.place.file == "supply-chain/audits.toml"


def test_who_does_not_resolve_may_open_what_only_resolving_refuses() -> None:
    tree = in_memory(audits=CYCLE)
    assert "ours" in read_store(tree, FOLDER, today=TODAY, locked=True).audits.criteria
    with pytest.raises(StoreError, match="consistency errors"):
        open_store(tree, FOLDER, today=TODAY, locked=True)


def test_what_cargo_vet_refuses_nobody_may_open() -> None:
    tree = in_memory(audits='[[audits.quill]]\ncriteria = "nope"\nversion = "1.0.0"\n')
    for opening in (open_store, read_store):
        with pytest.raises(StoreError, match="consistency errors"):
            opening(tree, FOLDER, today=TODAY, locked=False)


def test_a_missing_file_does_not_hide_what_is_wrong_with_the_others() -> None:
    tree = in_memory(config=CONFIG + "[policy.app]\ncriteria = 1\n", audits="[audits", imports=None)
    with pytest.raises(StoreError, match="cannot be read as they are") as caught:
        open_store(tree, FOLDER, today=TODAY, locked=True)
    assert [error.place.file for error in caught.value.related if error.place] == [
        "supply-chain/imports.lock",
        "supply-chain/config.toml",
        "supply-chain/audits.toml",
    ]
