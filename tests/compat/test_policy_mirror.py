"""The gate in cargo-vet's own words: the real cargo-vet accepts what is written, and asks for what vetflow asks for."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.compat.real import NOW, RealTools
from tests.in_process import Run, RunVetflow
from tests.signers import ADA
from vetflow.app.demo import lay_out_demo

LOCKED = ("--locked", "--frozen", "--accept-all", "--who", ADA)


class Demo:
    """The bundled workspace, with both programs in it."""

    def __init__(self, folder: Path, run: RunVetflow, tools: RealTools) -> None:
        self.folder = folder
        self.tools = tools
        self._run = run

    def vetflow(self, *words: str) -> Run:
        run = self._run(*words, "--current-time", NOW, cwd=self.folder)
        assert run.exit == 0, run.stderr
        return run

    def lacking(self) -> dict[str, list[str]]:
        """Return the crates that the real cargo-vet does not let pass, each with what it lacks."""
        answer = self.tools.vet(("check", "--locked", "--output-format", "json"), self.folder)
        failures = json.loads(answer.stdout).get("failures", [])
        return {f"{each['name']} {each['version']}": each["missing_criteria"] for each in failures}


@pytest.fixture
def demo(cargo_vet: Path, tmp_path: Path, run_vetflow: RunVetflow) -> Demo:
    folder = Path(lay_out_demo(str(tmp_path / "ws")).folder)
    found = Demo(folder, run_vetflow, RealTools(cargo_vet, tmp_path, tmp_path / "cargo-home"))
    for crate in found.lacking():
        name, version = crate.split()
        found.vetflow("certify", name, version, *LOCKED, "--criteria", "safe-to-deploy", "--force")
    assert found.lacking() == {}
    return found


@pytest.mark.cargo_vet
def test_cargo_vet_asks_for_a_review_of_what_runs_during_the_build_and_of_nothing_else(demo: Demo) -> None:
    surface = json.loads(demo.vetflow("surface", "--offline", "--output-format", "json").stdout)
    told = demo.vetflow("policy", "mirror", "--offline", "--who", ADA).stdout.splitlines()
    lacking = demo.lacking()
    named = {line.strip() for line in told if line.startswith("  ")}
    assert named == lacking.keys() != set()
    assert {name for names in lacking.values() for name in names} == {"build-time-reviewed"}
    keys = ("tiers", "linked_into_build_time_code")
    runs = {f"{each['name']} {each['version']}" for each in surface["crates"] if any(each[key] for key in keys)}
    assert runs <= lacking.keys()
    for crate in sorted(lacking):
        name, version = crate.split()
        demo.vetflow("certify", name, version, *LOCKED, "--criteria", "build-time-reviewed", "--force")
    assert demo.lacking() == {}


@pytest.mark.cargo_vet
def test_cargo_vet_leaves_the_files_as_they_are(demo: Demo) -> None:
    demo.vetflow("policy", "mirror", "--offline", "--who", ADA)
    store = demo.folder / "supply-chain"
    before = {path.name: path.read_bytes() for path in store.iterdir()}
    assert demo.tools.vet(("fmt",), demo.folder).exit == 0
    assert {path.name: path.read_bytes() for path in store.iterdir()} == before
    again = demo.vetflow("policy", "mirror", "--offline", "--who", ADA)
    assert "nothing" in again.stderr
    assert {path.name: path.read_bytes() for path in store.iterdir()} == before
