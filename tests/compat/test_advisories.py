"""`vetflow advisories` finds what the real `cargo audit` finds: vulnerabilities, and warnings of every kind."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from tests.compat.advisory_worlds import write_database, write_index
from tests.crate_workspace import CrateWorkspace
from tests.in_process import RunVetflow
from vetflow.app.locked_packages import read_lock_packages
from vetflow.model.names import CRATES_IO
from vetflow.project.disk import DiskTree

pytestmark = [pytest.mark.cargo_audit, pytest.mark.shared]
WORKSPACES = (
    "cargo-deny-2026-08-20-9b36f009-migrated",
    "glean-2026-08-21-fad8d19a",
    "libprio-rs-2026-08-21-16f30b73",
    "ripgrep-2025-04-27-04510c8d",
    "wasmtime-2026-08-21-e6b33de5",
    "zcashd-2026-07-19-558f6865",
)
CASES = [(name, seed) for name in WORKSPACES for seed in (1, 2)]


@pytest.fixture(scope="session")
def cargo_audit() -> str:
    """The real cargo-audit; of another 0.22 release the answers are the same."""
    found = os.environ.get("VETFLOW_CARGO_AUDIT") or shutil.which("cargo-audit")
    if found is None:
        pytest.skip("cargo-audit is neither named by VETFLOW_CARGO_AUDIT nor on PATH: agreement was NOT tested")
    asked = subprocess.run([found, "--version"], capture_output=True, text=True, check=False)
    if not re.search(r"\b0\.22\.", asked.stdout):
        pytest.skip(f"{found} is not cargo-audit 0.22 ({asked.stdout.strip()}): agreement was NOT tested")
    return found


def by_cargo_audit(program: str, lock: Path, database: Path, cargo_home: Path) -> Counter[tuple[str, ...]]:
    ran = subprocess.run(
        [program, "audit", "--no-fetch", "--stale", "--db", str(database), "--file", str(lock), "--json"],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "CARGO_HOME": str(cargo_home)},
        cwd=cargo_home,
    )
    assert ran.stdout, ran.stderr
    assert "couldn't" not in ran.stderr, ran.stderr
    report = json.loads(ran.stdout)
    found = Counter(_row("vulnerability", each) for each in report["vulnerabilities"]["list"])
    for kind, warnings in report["warnings"].items():
        found.update(_row(kind, each) for each in warnings)
    return found


def _row(kind: str, found: dict[str, Any]) -> tuple[str, ...]:
    advisory, package = found.get("advisory"), found["package"]
    return kind, package["name"], package["version"], advisory["id"] if advisory else ""


def by_vetflow(run: RunVetflow, workspace: Path, database: Path, cargo_home: Path) -> Counter[tuple[str, ...]]:
    ran = run(
        "advisories", "--db", str(database), "--stale", "--offline", "--output-format", "json",
        "--current-time", "2026-09-01T00:00:00Z",
        cwd=workspace, environ={"CARGO_HOME": str(cargo_home)},
    )  # fmt: skip
    document = json.loads(ran.stdout)
    assert document["undecided"] == []
    assert [each for each in document["findings"] if each["id"] == "advisories/yanked-unknown"] == []
    rows = [(each["kind"], each["name"], each["version"], each["id"]) for each in document["advisories"]]
    return Counter(rows + [("yanked", each["name"], each["version"], "") for each in document["yanked"]])


@pytest.mark.parametrize("case", CASES, ids=str)
def test_the_same_advisories_are_found(
    case: tuple[str, int], shared: Path, cargo_audit: str, run_vetflow: RunVetflow, tmp_path: Path
) -> None:
    name, seed = case
    workspace = shared / "corpus" / name / "ws"
    lock = workspace / "Cargo.lock"
    packages = [each for each in read_lock_packages(DiskTree(), str(lock)) if each.source == CRATES_IO]
    assert write_database(tmp_path / "db", packages, seed) > len(packages) / 2
    write_index(tmp_path / "cargo-home", packages, seed)
    theirs = by_cargo_audit(cargo_audit, lock, tmp_path / "db", tmp_path / "cargo-home")
    ours = by_vetflow(run_vetflow, workspace, tmp_path / "db", tmp_path / "cargo-home")
    assert ours == theirs
    assert {kind for kind, *_ in theirs} >= {"vulnerability", "yanked"}
    assert len({kind for kind, *_ in theirs}) >= 4, "the world is too small"


ODD_VERSIONS = (
    "0.0.0", "0.0.1-0", "0.0.3", "0.1.0-alpha", "0.1.0", "0.2.3-rc.1", "1.0.0-0", "1.0.0-rc.1", "1.0.0-rc.1.0",
    "1.0.0-rc.2", "1.0.0", "1.0.0+build.7", "1.0.1-0", "1.2.3-alpha", "1.2.3-alpha.1", "1.2.3", "1.2.4-0",
    "2.0.0-0", "2.0.0-beta-2", "2.0.0", "2.0.0+1.0.0",
)  # fmt: skip


@pytest.mark.parametrize("seed", range(3))
def test_the_same_is_found_of_pre_releases_and_of_versions_with_build_metadata(
    seed: int, cargo_audit: str, run_vetflow: RunVetflow, tmp_path: Path
) -> None:
    workspace = CrateWorkspace(tmp_path)
    workspace.lock(*(workspace.crate(f"anvil-{number}", version) for number, version in enumerate(ODD_VERSIONS)))
    lock = workspace.root / "Cargo.lock"
    packages = [each for each in read_lock_packages(DiskTree(), str(lock)) if each.source == CRATES_IO]
    assert len(packages) == len(ODD_VERSIONS)
    write_database(tmp_path / "db", packages * 4, seed)
    write_index(workspace.home, packages, seed)
    theirs = by_cargo_audit(cargo_audit, lock, tmp_path / "db", workspace.home)
    assert len(theirs) > len(packages)
    assert by_vetflow(run_vetflow, workspace.root, tmp_path / "db", workspace.home) == theirs
