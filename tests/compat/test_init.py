"""`vetflow init` creates the store that `cargo vet init` creates, byte for byte."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.builders import Packages, make_workspace
from tests.cases.metadata import metadata_document
from tests.in_process import RunVetflow
from tests.stand_in import StandIn
from vetflow.sources.endpoints import API, DOWNLOAD, INDEX, REGISTRY_LIST

HOSTS = {url.split("/")[2] for url in (INDEX, API, DOWNLOAD, REGISTRY_LIST)}
NETWORK = {
    "crates": {
        "twin": {"versions": {"1.0.0": ["2024-01-02", 7, 10]}, "desc": "The same words"},
        "namesake": {"versions": {"0.3.0": ["2024-01-02", 7, 10]}, "desc": "Something else"},
        "oakleaf": {"versions": {"1.0.0": ["2024-01-02", 7, 10], "2.0.0": ["2024-01-03", 7, 10]}, "desc": "Leaves"},
    },
    "users": {"7": ["ada-l", "Ada"]},
}
PACKAGES: Packages = {
    "members": {"app 0.1.0": ["twin", "namesake", "oakleaf 2.0.0", "shared dev", "unheard-of"]},
    "path": {"twin 1.0.0": ["oakleaf 1.0.0"], "namesake 0.3.0": [], "unheard-of 0.1.0": []},
    "crates-io": {"oakleaf 1.0.0": [], "oakleaf 2.0.0": ["shared build"], "shared 1.2.3": []},
}
DESCRIPTIONS = {"twin": "The same words", "namesake": "Ours"}
STORE_FILES = {"config.toml", "audits.toml", "imports.lock"}


@pytest.fixture
def metadata(tmp_path: Path) -> Path:
    document: dict[str, Any] = metadata_document(make_workspace(PACKAGES))
    for package in document["packages"]:
        package["description"] = DESCRIPTIONS.get(package["name"])
    path = tmp_path / "metadata.json"
    path.write_text(json.dumps(document))
    return path


def init_with_cargo_vet(cargo_vet: Path, metadata: Path, *options: str, environ: Mapping[str, str]) -> dict[str, str]:
    """Return the files of the store that the real cargo-vet makes; it asks a stand-in of ours for the graph."""
    cargo = metadata.parent / "cargo"
    cargo.write_text(f'#!/bin/sh\nexec cat "{metadata}"\n')
    cargo.chmod(0o755)
    store = metadata.parent / "cargo-vet-store"
    words = ["vet", "init", *options, "--store-path", str(store), "--cache-dir", str(metadata.parent / "vet-cache")]
    subprocess.run(
        [str(cargo_vet), *words],
        cwd=metadata.parent,
        env={"PATH": os.environ["PATH"], "HOME": str(metadata.parent), "CARGO": str(cargo), **environ},
        capture_output=True,
        check=True,
    )
    return {path.name: path.read_text() for path in store.iterdir()}


def init_with_vetflow(run: RunVetflow, metadata: Path, *options: str, environ: Mapping[str, str]) -> dict[str, str]:
    store = metadata.parent / "vetflow-store"
    made = run("init", *options, "--store-path", str(store), "--cargo-metadata", str(metadata), environ=environ)
    assert made.exit == 0, made.stderr
    return {path.name: path.read_text() for path in store.iterdir()}


@pytest.mark.cargo_vet
def test_policies_are_guessed_and_everything_is_exempted(
    shared: Path, cargo_vet: Path, run_vetflow: RunVetflow, metadata: Path
) -> None:
    with StandIn(shared, NETWORK, HOSTS) as server:
        real = init_with_cargo_vet(cargo_vet, metadata, environ=server.environ)
        ours = init_with_vetflow(run_vetflow, metadata, environ=server.environ)
    assert set(real) == STORE_FILES
    assert ours == real
    assert "[policy.twin]\naudit-as-crates-io = true" in real["config.toml"]
    assert "[policy.namesake]" not in real["config.toml"]


@pytest.mark.cargo_vet
def test_frozen_nobody_is_asked_and_nothing_guessed(cargo_vet: Path, run_vetflow: RunVetflow, metadata: Path) -> None:
    real = init_with_cargo_vet(cargo_vet, metadata, "--locked", "--frozen", environ={})
    assert init_with_vetflow(run_vetflow, metadata, "--locked", "--frozen", environ={}) == real
    assert "policy" not in real["config.toml"]
