"""Receipts and the real cargo-vet: what it does on ordinary days needs no new one, and what it cannot see they show."""

from __future__ import annotations

import json
import os
import shlex
import subprocess
from pathlib import Path

import pytest

from tests.builders import make_workspace
from tests.cases.metadata import metadata_document
from tests.in_process import RunVetflow
from tests.small_project import write_small_project
from tests.stand_in import StandIn
from vetflow.sources.endpoints import API, INDEX

URL = "https://peer.example/audits.toml"
BODY = '[[audits.anvil]]\nwho = "Bert"\ncriteria = "safe-to-deploy"\nversion = "{}"\n'
CERTIFY = ("certify", "anvil", "1.0.0", "--accept-all", "--force", "--who", "Ada", "--criteria", "safe-to-deploy")


class Both:
    """The small project with an import that was accepted, and both programs in it."""

    def __init__(self, folder: Path, cargo_vet: Path, run: RunVetflow, environ: dict[str, str]) -> None:
        self._cargo_vet, self._run, self._environ = cargo_vet, run, environ
        self.folder = folder
        self.store = folder / "supply-chain"
        write_small_project(folder)
        config = self.store / "config.toml"
        config.write_text(config.read_text().replace("\n[[ex", f'\n[imports.peer]\nurl = "{URL}"\n\n[[ex', 1))
        packages = {"members": {"app 0.1.0": ["anvil"]}, "crates-io": {"anvil 1.0.0": list[str]()}}
        metadata = metadata_document(make_workspace(packages))
        (folder / "metadata.json").write_text(json.dumps({**metadata, "workspace_root": str(folder)}))
        cargo = folder / "cargo"
        cargo.write_text(f"#!/bin/sh\ncat {shlex.quote(str(folder / 'metadata.json'))}\n")
        cargo.chmod(0o755)

    def ours(self, *words: str) -> str:
        run = self._run(*words, "--cache-dir", "cache", cwd=self.folder, environ={"PATH": "", **self._environ})
        assert run.exit == 0, run.stderr + run.stdout
        return run.stdout

    def problems(self) -> list[str]:
        run = self._run("imports", "verify", "--output-format", "json", cwd=self.folder)
        return [finding["id"].removeprefix("imports/") for finding in json.loads(run.stdout)["findings"]]

    def real(self, *words: str) -> None:
        ran = subprocess.run(
            [str(self._cargo_vet), "vet", *words, "--locked", "--cache-dir", str(self.folder / "vet-cache")],
            cwd=self.folder,
            env={"PATH": os.environ["PATH"], "HOME": str(self.folder), "CARGO": str(self.folder / "cargo")},
            capture_output=True,
            text=True,
            check=False,
        )
        assert ran.returncode == 0, ran.stderr


@pytest.fixture
def both(shared: Path, cargo_vet: Path, tmp_path: Path, run_vetflow: RunVetflow) -> Both:
    hosts = {"peer.example", *(url.split("/")[2] for url in (INDEX, API))}
    network = {"files": {URL: BODY.format("1.0.0") + BODY.format("0.9.0")}}
    with StandIn(shared, network, hosts) as server:
        both = Both(tmp_path, cargo_vet, run_vetflow, server.environ)
        both.ours("imports", "accept", "--accept-all")
        both.ours("prune")
    assert "[[audits.peer.audits.anvil]]" in (both.store / "imports.lock").read_text()
    return both


@pytest.mark.cargo_vet
@pytest.mark.shared
@pytest.mark.parametrize("days", [[("prune",)], [CERTIFY, ("prune",)], [("fmt",), ("check",)]], ids=str)
def test_ordinary_days_need_no_new_receipt(both: Both, days: list[tuple[str, ...]]) -> None:
    for words in days:
        both.real(*words)
    assert both.problems() == []


@pytest.mark.cargo_vet
@pytest.mark.shared
def test_a_forged_row_passes_cargo_vet_and_is_named_here(both: Both) -> None:
    lock = both.store / "imports.lock"
    lock.write_text(lock.read_text().replace('who = "Bert"', 'who = "Mallory"'))
    both.real("check")
    assert both.problems() == ["row-edited"]


@pytest.mark.cargo_vet
@pytest.mark.shared
def test_another_address_passes_cargo_vet_and_is_named_here(both: Both) -> None:
    config = both.store / "config.toml"
    config.write_text(config.read_text().replace("peer.example", "other.example"))
    both.real("check")
    assert both.problems() == ["import-changed"]
