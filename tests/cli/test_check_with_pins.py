"""`check` in a project with a surface.lock: what it pins of libraries is believed, held against archives, and said."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.crate_workspace import QUIET_SCRIPT, CrateWorkspace
from tests.in_process import RunVetflow


class Tooled:
    """A workspace with a store: `tool 1.0.0` has no library and is not vetted, `bellows 1.0.0` is exempted."""

    def __init__(self, folder: Path) -> None:
        self.workspace = CrateWorkspace(folder)
        self.tool = self.workspace.crate("tool", files={"src/lib.rs": "", "src/main.rs": "fn main() {}\n"})
        bellows = self.workspace.crate("bellows", files={"build.rs": QUIET_SCRIPT})
        self.workspace.lock(self.tool, bellows)
        config = self.workspace.store() / "config.toml"
        exemption = '\n[[exemptions.bellows]]\nversion = "1.0.0"\ncriteria = "safe-to-deploy"\n'
        config.write_text(config.read_text() + exemption)
        self.file = self.workspace.root / "supply-chain" / "surface.lock"


@pytest.fixture
def tooled(tmp_path: Path) -> Tooled:
    return Tooled(tmp_path)


def say_no_library(tooled: Tooled) -> None:
    """Write what somebody would who wants `tool` out of the way."""
    lines = tooled.file.read_text().splitlines(keepends=True)
    start = lines.index("[[crates.tool]]\n")
    lines.insert(start + 3, "library = false\n")
    tooled.file.write_text("".join(lines))


def test_the_verdict_line_counts_what_runs(run_vetflow: RunVetflow, tooled: Tooled) -> None:
    config = tooled.workspace.root / "supply-chain" / "config.toml"
    exemption = '\n[[exemptions.tool]]\nversion = "1.0.0"\ncriteria = "safe-to-deploy"\n'
    config.write_text(config.read_text() + exemption)
    assert tooled.workspace.run(run_vetflow, "baseline").exit == 0
    run = tooled.workspace.run(run_vetflow, "check", "--locked")
    assert run.exit == 0
    assert "1 of them run code on this machine when you build" in run.stdout


def test_a_pin_that_an_archive_contradicts_is_refused(run_vetflow: RunVetflow, tooled: Tooled) -> None:
    tooled.workspace.run(run_vetflow, "baseline")
    say_no_library(tooled)
    run = tooled.workspace.run(run_vetflow, "check", "--locked")
    assert run.exit == 2
    assert "supply-chain/surface.lock says that tool 1.0.0 has no library, and its archive has one" in run.stderr


def test_a_pin_that_no_archive_can_confirm_is_said(run_vetflow: RunVetflow, tooled: Tooled) -> None:
    tooled.workspace.run(run_vetflow, "baseline")
    say_no_library(tooled)
    tooled.workspace.forget(tooled.tool)
    run = tooled.workspace.run(run_vetflow, "check", "--locked")
    assert run.exit == 0
    assert "left out because supply-chain/surface.lock says that they have no library: tool 1.0.0" in run.stderr


def test_what_an_earlier_run_saw_of_an_archive_is_known(run_vetflow: RunVetflow, tooled: Tooled) -> None:
    bare = tooled.workspace.crate("tool", "1.0.1", {"src/main.rs": "fn main() {}\n"}, manifest="autolib = false\n")
    tooled.workspace.lock(bare, "bellows 1.0.0")
    tooled.workspace.run(run_vetflow, "surface")
    next((tooled.workspace.home / "registry").rglob("tool-1.0.1.crate")).unlink()
    run = tooled.workspace.run(run_vetflow, "check", "--locked")
    assert (run.exit, run.stderr) == (0, "")
    assert run.stdout.startswith("Vetting Succeeded (1 exempted)\n")


def test_a_damaged_file_is_named(run_vetflow: RunVetflow, tooled: Tooled) -> None:
    tooled.file.write_text("version = 9\n")
    run = tooled.workspace.run(run_vetflow, "check", "--locked")
    assert run.exit == 2
    assert "surface.lock:1" in run.stderr
    assert "vetflow baseline" in run.stderr
