"""A new store is there with all of its files, or not at all."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.stores import AUDITS, CONFIG, IMPORTS, contents
from vetflow.errors import StoreError
from vetflow.store.create import create_store

TEXTS = {"config.toml": CONFIG, "audits.toml": AUDITS, "imports.lock": IMPORTS}


def test_the_folder_holds_the_files_and_nothing_is_beside_it(tmp_path: Path) -> None:
    create_store(str(tmp_path / "supply-chain"), TEXTS)
    assert contents(tmp_path / "supply-chain") == {name: text.encode() for name, text in TEXTS.items()}
    assert os.listdir(tmp_path) == ["supply-chain"]


def test_what_stands_at_the_place_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "supply-chain").mkdir()
    with pytest.raises(StoreError, match="there is a store already"):
        create_store(str(tmp_path / "supply-chain"), TEXTS)
    assert os.listdir(tmp_path / "supply-chain") == []


def test_a_symbolic_link_to_nowhere_stands_there_too(tmp_path: Path) -> None:
    (tmp_path / "supply-chain").symlink_to(tmp_path / "absent")
    with pytest.raises(StoreError, match="there is a store already"):
        create_store(str(tmp_path / "supply-chain"), TEXTS)


def test_the_folder_around_it_must_exist(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="cannot be created") as caught:
        create_store(str(tmp_path / "absent" / "supply-chain"), TEXTS)
    assert caught.value.causes == ("No such file or directory",)


def test_a_failure_leaves_nothing_behind(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="cannot be created"):
        create_store(str(tmp_path / "supply-chain"), {**TEXTS, "absent/file": ""})
    assert os.listdir(tmp_path) == []
