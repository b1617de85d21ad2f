"""`lint`: mistakes with their places, and an exit code for CI."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema

from tests.conftest import REPOSITORY
from tests.in_process import RunVetflow
from tests.small_project import write_small_project

LOWERED = '\n[policy.app.dependency-criteria]\nanvil = "safe-to-run"\n'
IDLE = '\n[policy.app.dependency-criteria]\nbellows = "safe-to-deploy"\n'


def write(folder: Path, policy: str) -> None:
    write_small_project(folder)
    config = folder / "supply-chain/config.toml"
    config.write_text(config.read_text().replace("\n[[exemptions", f"{policy}\n[[exemptions", 1))


def test_a_sound_store_has_no_mistakes(run_vetflow: RunVetflow, tmp_path: Path) -> None:
    write(tmp_path, "")
    assert run_vetflow("lint") == (0, "no mistakes found\n", "")


def test_a_lowered_bar_fails_and_says_where(run_vetflow: RunVetflow, tmp_path: Path) -> None:
    write(tmp_path, LOWERED)
    run = run_vetflow("lint")
    assert run.exit == 1
    assert "error supply-chain/config.toml:8:9: of anvil and all below it safe-to-run is required" in run.stdout
    document = json.loads(run_vetflow("lint", "--output-format", "json").stdout)
    jsonschema.validate(document, json.loads((REPOSITORY / "docs/schemas/lint.json").read_text()))
    assert [finding["id"] for finding in document["findings"]] == ["lint/dependency-criteria-lower"]


def test_a_line_without_effect_only_warns(run_vetflow: RunVetflow, tmp_path: Path) -> None:
    write(tmp_path, IDLE)
    run = run_vetflow("lint")
    assert run.exit == 0
    assert "does not depend on bellows directly" in run.stdout
