"""`vetflow publishers`: who published what is locked, written down for runs without a network."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import jsonschema
import pytest

from tests.in_process import RunVetflow
from tests.small_project import write_small_project
from tests.stand_in import StandIn
from vetflow.sources.endpoints import API, INDEX

SCHEMA = Path(__file__).resolve().parents[2] / "docs" / "schemas" / "publishers.json"
VERSIONS = {f"0.{number}.0": ["2023-01-02", 7, 10] for number in range(9)}
NETWORK = {
    "crates": {"anvil": {"versions": {**VERSIONS, "1.0.0": ["2024-01-02", 8, 10], "1.1.0": ["2024-02-02", 8, 10]}}},
    "users": {"7": ["ada-l", "Ada"], "8": ["ben-b", "Ben"]},
}
HOSTS = {url.split("/")[2] for url in (INDEX, API)}

pytestmark = pytest.mark.shared


@pytest.fixture
def network(shared: Path) -> Iterator[StandIn]:
    with StandIn(shared, NETWORK, HOSTS) as server:
        yield server


@pytest.fixture
def project(tmp_path: Path) -> Path:
    folder = tmp_path / "project"
    write_small_project(folder)
    return folder


def test_the_locked_version_and_five_before_are_written_down(
    run_vetflow: RunVetflow, project: Path, network: StandIn
) -> None:
    run = run_vetflow("publishers", cwd=project, environ=network.environ)
    assert (run.exit, run.stdout) == (0, "wrote publishers.toml: who published 6 versions of 1 crates\n"), run.stderr
    text = (project / "supply-chain/publishers.toml").read_text()
    assert [line for line in text.splitlines() if line.startswith("version")] == [
        f'version = "{version}"' for version in ("0.4.0", "0.5.0", "0.6.0", "0.7.0", "0.8.0", "1.0.0")
    ]
    assert 'user-login = "ben-b"' in text
    assert run_vetflow("check", "--locked", cwd=project).exit == 0
    again = run_vetflow("publishers", cwd=project, environ=network.environ)
    assert again.stdout.startswith("publishers.toml is up to date")


def test_what_crates_io_cannot_be_asked_about_stays_as_it_was(
    run_vetflow: RunVetflow, project: Path, network: StandIn, tmp_path: Path
) -> None:
    run_vetflow("publishers", cwd=project, environ=network.environ)
    before = (project / "supply-chain/publishers.toml").read_text()
    run = run_vetflow(
        "publishers", "--offline", "--cache-dir", str(tmp_path / "empty"), "--output-format", "json", cwd=project
    )
    document = json.loads(run.stdout)
    jsonschema.validate(document, json.loads(SCHEMA.read_text()))
    assert (run.exit, document["lacking"], document["written"]) == (3, ["anvil"], [])
    assert (project / "supply-chain/publishers.toml").read_text() == before


def test_a_dry_run_writes_nothing(run_vetflow: RunVetflow, project: Path, network: StandIn) -> None:
    assert run_vetflow("publishers", "--dry-run", cwd=project, environ=network.environ).exit == 0
    assert not (project / "supply-chain/publishers.toml").exists()
