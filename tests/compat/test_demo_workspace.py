"""The bundled workspace is a real one: cargo and cargo-vet work in it, and say what vetflow says."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.compat.real import RealTools
from tests.in_process import RunVetflow
from vetflow.app.demo import lay_out_demo
from vetflow.model.store import STORE_FILES

UNVETTED = ["brinetables", "copperwren-sys", "glyphderive", "inkwharf", "plovercast", "vexlantern"]
CHECK = ("check", "--locked", "--output-format", "json")


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    return Path(lay_out_demo(str(tmp_path / "ws")).folder)


@pytest.fixture
def tools(cargo_vet: Path, tmp_path: Path) -> RealTools:
    return RealTools(cargo_vet, tmp_path, tmp_path / "cargo-home")


def store_of(workspace: Path) -> list[bytes]:
    return [(workspace / "supply-chain" / name).read_bytes() for name in STORE_FILES]


@pytest.mark.cargo_vet
def test_cargo_vet_finds_exactly_the_crates_to_review_unvetted(tools: RealTools, workspace: Path) -> None:
    answer = tools.vet(CHECK, workspace)
    report = json.loads(answer.stdout)
    assert (answer.exit, report["conclusion"]) == (255, "fail (vetting)")
    assert [failure["name"] for failure in report["failures"]] == UNVETTED


@pytest.mark.cargo_vet
def test_vetflow_reports_the_same_bytes(tools: RealTools, workspace: Path, run_vetflow: RunVetflow) -> None:
    ours = run_vetflow(*CHECK, cwd=workspace)
    assert (ours.exit, ours.stdout) == (1, tools.vet(CHECK, workspace).stdout)


@pytest.mark.cargo_vet
def test_cargo_vet_leaves_the_store_alone_when_it_formats_it(tools: RealTools, workspace: Path) -> None:
    before = store_of(workspace)
    assert tools.vet(["fmt"], workspace).exit == 0
    assert store_of(workspace) == before


@pytest.mark.cargo_vet
def test_cargo_would_write_the_lock_that_is_there(tools: RealTools, workspace: Path) -> None:
    committed = (workspace / "Cargo.lock").read_bytes()
    (workspace / "Cargo.lock").unlink()
    assert tools.lock().exit == 0
    assert (workspace / "Cargo.lock").read_bytes() == committed


@pytest.mark.parametrize("day", ["2025-01-01", "2026-06-30", "2040-12-31"])
def test_the_verdict_does_not_depend_on_the_day(workspace: Path, run_vetflow: RunVetflow, day: str) -> None:
    report = json.loads(run_vetflow(*CHECK, "--current-time", f"{day}T00:00:00Z", cwd=workspace).stdout)
    assert [failure["name"] for failure in report["failures"]] == UNVETTED
