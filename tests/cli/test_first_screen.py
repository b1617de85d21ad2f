"""Bare `vetflow` in a workspace without a store: one screen, no request, nothing written."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.crate_workspace import QUIET_SCRIPT, CrateWorkspace
from tests.in_process import RunVetflow
from tests.unit.sources.packing import digest, write

SCRIPT = 'fn main() { std::process::Command::new("sh").status().unwrap(); }\n'


@pytest.fixture
def workspace(tmp_path: Path) -> CrateWorkspace:
    made = CrateWorkspace(tmp_path)
    bellows = made.crate("bellows", files={"build.rs": SCRIPT})
    made.lock(made.crate("anvil"), bellows, made.crate("tongs", files={"build.rs": QUIET_SCRIPT}))
    return made


def published(workspace: CrateWorkspace, name: str, day: str, checksum: str | None = None) -> None:
    """Put what cargo keeps of an index answer into the cargo home."""
    archive = next((workspace.home / "registry").rglob(f"{name}-1.0.0.crate"))
    row = {"name": name, "vers": "1.0.0", "deps": [], "pubtime": f"{day}T10:00:00Z"}
    row["cksum"] = checksum or digest(archive.read_bytes())
    content = b"\x03\x02\0\0\0etag: x\0" + b"1.0.0\0" + json.dumps(row).encode() + b"\0"
    write(workspace.home / f"registry/index/index.test-0/.cache/{name[:2]}/{name[2:4]}/{name}", content)


def test_one_screen_and_three_next_steps(run_vetflow: RunVetflow, workspace: CrateWorkspace) -> None:
    run = workspace.run(run_vetflow)
    assert (run.exit, run.stderr) == (0, "")
    lines = run.stdout.splitlines()
    assert len(lines) <= 24
    assert all(len(line) <= 120 for line in lines)
    assert lines[0] == "3 crates, 2 run code on this machine when you build: 0 proc macros, 2 build scripts (0 both)"
    assert "0 of them reviewed by you" in lines[1]
    assert "  alert  bellows 1.0.0 (build script): process" in lines
    steps = lines[lines.index("Next") + 1 :]
    assert [" ".join(line.split()[:2]) for line in steps] == ["vetflow surface", "vetflow baseline", "vetflow init"]


def test_nothing_is_written_into_the_project(run_vetflow: RunVetflow, workspace: CrateWorkspace) -> None:
    before = sorted(workspace.root.rglob("*"))
    workspace.run(run_vetflow)
    assert sorted(workspace.root.rglob("*")) == before


def test_the_newest_crates_come_from_what_cargo_was_told(run_vetflow: RunVetflow, workspace: CrateWorkspace) -> None:
    published(workspace, "anvil", "2026-01-03")
    published(workspace, "bellows", "2026-01-12")
    lines = workspace.run(run_vetflow).stdout.splitlines()
    start = lines.index("Newest 2")
    assert lines[start + 1 : start + 4] == [
        "  2026-01-12  bellows 1.0.0",
        "  2026-01-03  anvil 1.0.0",
        "  of 1 further crate the day is not known here",
    ]


def test_a_version_of_another_registry_says_nothing(run_vetflow: RunVetflow, workspace: CrateWorkspace) -> None:
    published(workspace, "anvil", "2026-01-03", checksum="0" * 64)
    assert "When the crates were published is not known" in workspace.run(run_vetflow).stdout


def test_what_is_not_on_this_machine_is_counted(run_vetflow: RunVetflow, workspace: CrateWorkspace) -> None:
    workspace.forget("anvil 1.0.0")
    assert "incomplete: 1 crate not on this machine" in workspace.run(run_vetflow).stdout


def test_with_an_option_it_is_a_check_that_needs_a_store(run_vetflow: RunVetflow, workspace: CrateWorkspace) -> None:
    run = workspace.run(run_vetflow, "--locked")
    assert run.exit == 2
    assert "You must run 'vetflow init'" in run.stderr


def test_a_job_that_lost_its_store_does_not_turn_green(run_vetflow: RunVetflow, workspace: CrateWorkspace) -> None:
    run = workspace.run(run_vetflow, environ={"CI": "true"})
    assert run.exit == 2
    assert run.stdout.startswith("3 crates")
    assert "You must run 'vetflow init'" in run.stderr


def test_with_a_store_it_is_a_check(run_vetflow: RunVetflow, workspace: CrateWorkspace) -> None:
    workspace.store()
    run = workspace.run(run_vetflow, "--locked", "--color", "never")
    assert "not vetted" in run.stdout


def test_without_a_lock_it_says_what_to_do(run_vetflow: RunVetflow, workspace: CrateWorkspace) -> None:
    (workspace.root / "Cargo.lock").unlink()
    run = workspace.run(run_vetflow)
    assert run.exit == 2
    assert "cargo generate-lockfile" in run.stderr
