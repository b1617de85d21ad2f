"""vetflow's own files in a write plan: written with the store, previewed without, taken back with it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.fakes import FIXED_DAY
from tests.small_project import write_small_project
from vetflow.app.project import Project, open_project
from vetflow.app.recording import WritePlan, own_text, record, record_own_files
from vetflow.app.request import Request
from vetflow.app.undo import take_back
from vetflow.formats.store_files import StoreFiles
from vetflow.model.store import Store
from vetflow.store.open import OpenedStore

NAME = "signatures.toml"


@pytest.fixture
def project(tmp_path: Path) -> Project:
    write_small_project(tmp_path)
    return open_project(Request(cwd=str(tmp_path), cargo_home=str(tmp_path / "cargo"), today=FIXED_DAY))


def write(project: Project, text: str, *, dry_run: bool = False) -> WritePlan:
    def change(opened: OpenedStore) -> Store:
        return opened.store

    def own_files(before: StoreFiles, after: StoreFiles) -> Mapping[str, str]:
        assert before.audits == after.audits
        return {NAME: text}

    return record(project, change, dry_run=dry_run, own_files=own_files)


def test_a_plan_knows_what_own_files_said_before(project: Project) -> None:
    first = write(project, "one\n")
    assert NAME not in first.before
    assert first.changed == (NAME,)
    second = write(project, "two\n")
    assert (second.before[NAME], second.after[NAME]) == ("one\n", "two\n")
    assert write(project, "two\n").changed == ()


def test_a_preview_leaves_own_files_out(project: Project) -> None:
    assert write(project, "one\n", dry_run=True).changed == ()
    assert own_text(project, NAME) is None


def test_taking_a_write_back_restores_what_was_signed_before(project: Project) -> None:
    first = write(project, "one\n")
    take_back(project, write(project, "two\n"))
    assert own_text(project, NAME) == "one\n"
    take_back(project, first)
    assert own_text(project, NAME) is None


def test_own_files_alone_leave_the_store_as_it_is(project: Project) -> None:
    config = Path(project.store.folder) / "config.toml"
    config.write_text(config.read_text().lstrip("\n"))  # not in canonical form
    before = config.read_text()
    assert record_own_files(project, lambda _: {NAME: "one\n"}, lambda: None) == (NAME,)
    assert config.read_text() == before
