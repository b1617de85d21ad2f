"""`vetflow lock verify`: is Cargo.lock what index, archives and an earlier revision say?"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from tests.crate_workspace import CRATES_IO, CrateWorkspace
from tests.in_process import Run, RunVetflow
from tests.index_cache import IndexRow, write_index_cache
from tests.small_project import write_small_project
from tests.stand_in import StandIn
from tests.unit.project.repository import Repository
from tests.unit.sources.packing import write
from vetflow.sources.endpoints import API, DOWNLOAD, INDEX

SCHEMA = Path(__file__).resolve().parents[2] / "docs" / "schemas" / "lock-verify.json"
OTHER = "0" * 64


class Locked:
    """A committed project that needs `anvil` and `bramble`, both in the index and as archives on this machine."""

    def __init__(self, folder: Path, run_vetflow: RunVetflow) -> None:
        self.workspace = CrateWorkspace(folder)
        self.folder = folder
        self._run_vetflow = run_vetflow
        self.anvil, self.bramble = self.workspace.crate("anvil"), self.workspace.crate("bramble")
        self.workspace.lock(self.anvil, self.bramble)
        self.lock = self.workspace.root / "Cargo.lock"
        self.checksum, other = (
            line.split('"')[1] for line in self.lock.read_text().splitlines() if line.startswith("checksum")
        )
        write_index_cache(self.workspace.home, "anvil", [IndexRow("1.0.0", self.checksum)])
        write_index_cache(self.workspace.home, "bramble", [IndexRow("1.0.0", other)])
        self.repository = Repository(self.workspace.root)
        self.repository.commit({})

    def replace(self, old: str, new: str) -> None:
        text = self.lock.read_text()
        assert old in text
        self.lock.write_text(text.replace(old, new, 1))

    def run(self, *argv: str) -> Run:
        return self.workspace.run(self._run_vetflow, "lock", "verify", *argv)

    def findings(self, *argv: str) -> list[tuple[str, str]]:
        return [(each["id"], each["level"]) for each in self.document(*argv)["findings"]]

    def document(self, *argv: str) -> dict[str, Any]:
        document: dict[str, Any] = json.loads(self.run(*argv, "--output-format", "json").stdout)
        jsonschema.validate(document, json.loads(SCHEMA.read_text()))
        return document


@pytest.fixture
def locked(tmp_path: Path, run_vetflow: RunVetflow) -> Locked:
    return Locked(tmp_path, run_vetflow)


def test_a_lock_that_agrees_with_everything_is_good(locked: Locked) -> None:
    run = locked.run("--base", "HEAD")
    assert (run.exit, run.stdout) == (0, "checksums that are those of index and archive: 2\n")


def test_a_checksum_that_neither_archive_nor_earlier_lock_has_fails(locked: Locked) -> None:
    locked.replace(locked.checksum, OTHER)
    document = locked.document("--base", "HEAD")
    assert [each["id"] for each in document["findings"]] == ["lock/checksum-changed", "lock/archive-checksum"]
    assert locked.run().exit == 1
    # cargo may keep several registries' answers, and offline nobody can tell which one this is.
    assert [each["name"] for each in document["lacking"]] == ["anvil"]


def test_an_archive_that_is_not_here_leaves_it_undecided(locked: Locked) -> None:
    locked.workspace.forget(locked.anvil)
    run = locked.run()
    assert run.exit == 3
    assert run.stdout.splitlines()[:2] == [
        "checksums that are those of index and archive: 1",
        "could not be decided (packages: 1):",
    ]
    assert locked.run("--no-archives").exit == 0


def test_what_the_index_on_this_machine_does_not_know_is_named(locked: Locked) -> None:
    locked.workspace.lock(locked.anvil, locked.bramble, locked.workspace.crate("cobalt"))
    run = locked.run("--no-archives")
    assert run.exit == 3
    assert "cobalt 1.0.0: its entry in the index could not be had: this run is offline" in run.stdout


def test_a_missing_checksum_fails(locked: Locked) -> None:
    locked.replace(f'checksum = "{locked.checksum}"\n', "")
    assert locked.findings("--base", "HEAD") == [("lock/checksum-changed", "error"), ("lock/missing-checksum", "error")]


def test_another_registry_is_worth_a_warning(locked: Locked) -> None:
    locked.workspace.lock(locked.anvil, manifest="")
    manifest = locked.workspace.root / "Cargo.toml"
    manifest.write_text(manifest.read_text().replace('anvil = "1.0.0"', 'anvil = { version = "1", registry = "own" }'))
    (locked.workspace.root / ".cargo").mkdir()
    (locked.workspace.root / ".cargo/config.toml").write_text('[registries.own]\nindex = "https://own.example/index"\n')
    locked.replace(CRATES_IO, "registry+https://own.example/index")
    assert locked.findings() == [("lock/unexpected-source", "warning")]
    rules = 'version = 1\n[lock]\nsources = ["registry+https://own.example/index"]\n'
    write(locked.workspace.store() / "vetflow.toml", rules)
    assert locked.findings() == []


def test_a_lock_that_git_ignores_is_nobody_elses(locked: Locked) -> None:
    locked.repository.git("rm", "--cached", "--quiet", "Cargo.lock")
    assert locked.findings() == [("lock/untracked", "warning")]
    (locked.workspace.root / ".gitignore").write_text("Cargo.lock\n")
    assert locked.findings() == [("lock/ignored", "error")]


def test_a_revision_is_read_without_a_checkout(locked: Locked) -> None:
    first = locked.repository.git("rev-parse", "HEAD")
    locked.replace(locked.checksum, OTHER)
    second = locked.repository.commit({})
    locked.replace(OTHER, locked.checksum)
    assert ("lock/checksum-changed", "error") in locked.findings("--rev", second, "--base", first)
    assert locked.findings("--base", first) == []


@pytest.mark.parametrize("argv", [("verify", "HEAD"), ("drift",), ("drift", "HEAD", "--base", "HEAD")])
def test_options_of_the_other_action_are_refused(
    locked: Locked, run_vetflow: RunVetflow, argv: tuple[str, ...]
) -> None:
    run = locked.workspace.run(run_vetflow, "lock", *argv)
    assert run.exit == 2


def test_a_registry_that_stands_in_for_crates_io_must_agree(locked: Locked) -> None:
    folder = locked.folder / "registry"
    row = {"name": "anvil", "vers": "1.0.0", "deps": [], "cksum": OTHER, "features": {}, "yanked": False}
    write(folder / "index/an/vi/anvil", json.dumps(row))
    source = f'[source.crates-io]\nreplace-with = "own"\n[source.own]\nlocal-registry = "{folder}"\n'
    write(locked.workspace.home / "config.toml", source)
    run = locked.run()
    assert run.exit == 1
    assert f"the index has anvil 1.0.0 with the checksum {OTHER}" in run.stdout


@pytest.fixture
def network(shared: Path) -> Iterator[StandIn]:
    crates = {"anvil": {"versions": {"1.0.0": ["2024-01-02", 7, 10]}}}
    with StandIn(shared, {"crates": crates}, {url.split("/")[2] for url in (INDEX, API, DOWNLOAD)}) as server:
        yield server


def test_the_registry_is_asked_for_what_is_not_here(run_vetflow: RunVetflow, tmp_path: Path, network: StandIn) -> None:
    write_small_project(tmp_path)
    lock = tmp_path / "Cargo.lock"
    source = f'source = "{CRATES_IO}"\n'
    lock.write_text(lock.read_text().replace(source, f'{source}checksum = "{OTHER}"\n'))
    run = run_vetflow("lock", "verify", "--output-format", "json", cwd=tmp_path, environ=network.environ)
    document = json.loads(run.stdout)
    assert [each["id"] for each in document["findings"]] == ["lock/index-checksum"]
    assert document["lacking"][0]["reason"].endswith(f"and not {OTHER}: it was not used")
    assert run.exit == 1


def test_what_the_registry_does_not_have_was_never_published(
    run_vetflow: RunVetflow, tmp_path: Path, network: StandIn
) -> None:
    write_small_project(tmp_path)
    for name in ("Cargo.lock", "Cargo.toml"):
        path = tmp_path / name
        path.write_text(path.read_text().replace('version = "1.0.0"', 'version = "1.9.9"'))
    run = run_vetflow(
        "lock", "verify", "--no-archives", "--output-format", "json", cwd=tmp_path, environ=network.environ
    )
    ids = [each["id"] for each in json.loads(run.stdout)["findings"]]
    assert ids == ["lock/missing-checksum", "lock/not-published"]


def test_a_locked_run_asks_nobody(run_vetflow: RunVetflow, tmp_path: Path, network: StandIn) -> None:
    write_small_project(tmp_path)
    assert run_vetflow("lock", "verify", "--locked", cwd=tmp_path, environ=network.environ).exit == 1
    assert network.requests() == []
