"""Real cargo under the guard: code that nobody attested leaves no mark, and whoever changes attested code is found out.

A build script and a proc macro of each crate write a file when they run; that file is what the tests look for.
"""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

import pytest

from tests.crate_workspace import PROC_MACRO, CrateWorkspace
from tests.in_process import RunVetflow
from tests.oracle import find_cargo
from tests.unit.sources.packing import write

CRATES = ("anvil 1.0.0", "forge 1.0.0", "quoin 1.0.0")
COMMANDS = (("build",), ("check",), ("test",), ("check", "--message-format=json"))


class Build:
    """A vendored project, the guard, and cargo without any network."""

    def __init__(self, folder: Path) -> None:
        self.project = CrateWorkspace(folder)
        self.marks = folder / "marks"
        self.marks.mkdir()
        self._folder = folder
        self._vetflow = RunVetflow(folder)
        self._cargo = find_cargo()
        self._lay_out()
        self.guard("install")
        self.guard("sync")

    def _lay_out(self) -> None:
        script = f'fn main() {{ std::fs::write("{self.marks}/NAME", "").unwrap(); }}\n'
        macro = (
            "extern crate proc_macro;\n#[proc_macro]\n"
            "pub fn forge(_: proc_macro::TokenStream) -> proc_macro::TokenStream {\n"
            f'    std::fs::write("{self.marks}/forge", quoin::strike()).unwrap();\n    Default::default()\n}}\n'
        )
        project = self.project
        project.crate(
            "anvil",
            files={"tool/odd-name.txt": script.replace("NAME", "anvil")},
            manifest='build = "tool/odd-name.txt"\n',
        )
        project.crate("quoin", files={"src/lib.rs": 'pub fn strike() -> &\'static str { "" }\n'})
        manifest = f'{PROC_MACRO}name = "forge_renamed"\n[dependencies]\nquoin = "1"\n'
        project.crate("forge", files={"src/lib.rs": macro}, manifest=manifest, needs=["quoin 1.0.0"])
        project.lock("anvil 1.0.0", "forge 1.0.0")
        write(project.root / "build.rs", script.replace("NAME", "app"))
        write(project.root / "src/lib.rs", "forge_renamed::forge! {}\n")
        for crate in CRATES:
            project.vendor(crate)
        project.store()

    def guard(self, *argv: str) -> None:
        run = self.project.run(self._vetflow, "guard", *argv, environ={"XDG_DATA_HOME": str(self._folder / "data")})
        assert run.exit == 0, run.stderr

    def attest(self, *crates: str) -> None:
        for crate in crates:
            who = ("--who", "Ada <ada@example.org>", "--accept-all", "--criteria", "safe-to-deploy")
            assert self.project.run(self._vetflow, "certify", *crate.split(), *who).exit == 0
        self.guard("sync")

    def cargo(self, *words: str) -> subprocess.CompletedProcess[str]:
        environ = {
            **os.environ,
            "CARGO_HOME": str(self.project.home),
            "CARGO_TARGET_DIR": str(self._folder / "target"),
            "CARGO_INCREMENTAL": "0",
            "RUSTC_WRAPPER": str(self._folder / "data/vetflow/guard/vetflow-guard"),
        }
        on = ("--no-fail-fast" if "test" in words else "--keep-going",) if "clean" not in words else ()
        command = [str(self._cargo), *words, *on, "--offline", "--locked"]
        return subprocess.run(command, cwd=self.project.root, env=environ, capture_output=True, text=True, check=False)

    def ran(self) -> set[str]:
        """Return what ran since this was asked last."""
        names = {path.name for path in self.marks.iterdir()}
        for name in names:
            (self.marks / name).unlink()
        return names


def new_build(folder: Path) -> Build:
    try:
        return Build(folder)
    except FileNotFoundError as error:
        pytest.skip(f"{error}: that cargo is held back was NOT tested")


@pytest.fixture(scope="module")
def unattested(tmp_path_factory: pytest.TempPathFactory) -> Build:
    return new_build(tmp_path_factory.mktemp("unattested"))


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_what_nobody_attested_does_not_run(unattested: Build, command: tuple[str, ...]) -> None:
    done = unattested.cargo(*command)
    assert done.returncode != 0
    said = done.stdout + done.stderr
    refused = (
        "the build script of anvil 1.0.0 was not compiled: nobody attested anvil 1.0.0",
        "the proc macro of forge 1.0.0 was not compiled: nobody attested forge 1.0.0",
    )
    wanted = any if "test" in command else all  # `cargo test` gives up at the first
    assert wanted(sentence in said for sentence in refused)
    assert unattested.ran() <= {"app"}
    if "--message-format=json" in command:
        messages = [json.loads(line) for line in done.stdout.splitlines()]
        told = {each["target"]["name"] for each in messages if each["reason"] == "compiler-message"}
        assert told == {"build-script-odd-name", "forge_renamed"}


def test_what_is_attested_runs_until_somebody_changes_it(tmp_path: Path) -> None:
    build = new_build(tmp_path)
    build.attest("anvil 1.0.0", "forge 1.0.0")
    said = build.cargo("check").stderr
    assert "forge 1.0.0 was not compiled: it links quoin 1.0.0, and nobody attested quoin 1.0.0" in said
    assert "anvil" in (ran := build.ran())
    assert "forge" not in ran

    build.attest("quoin 1.0.0")
    done = build.cargo("check")
    assert done.returncode == 0, done.stderr
    assert "forge" in build.ran()

    script = build.project.root / "vendor/anvil/tool/odd-name.txt"
    library = build.project.root / "vendor/quoin/src/lib.rs"
    changed = ((script, "anvil 1.0.0"), (library, "quoin 1.0.0"))
    for file, crate in changed:
        write(file, f"{file.read_text()}\n")
        build.project.seal(crate)  # the list of checksums is forged as well: cargo itself is content
    build.cargo("clean")
    said = build.cargo("check").stderr
    assert "the build script of anvil 1.0.0 was not compiled: tool/odd-name.txt is not what was attested" in said
    assert "it links quoin 1.0.0, and src/lib.rs is not what was attested" in said
    assert build.ran() <= {"app"}

    for file, crate in changed:  # as when another branch is checked out: cargo takes the library for fresh
        write(file, file.read_text()[:-1])
        build.project.seal(crate)
    said = build.cargo("check").stderr
    assert "which was compiled when" in said
    assert "forge" not in build.ran()
    build.cargo("clean")
    assert build.cargo("check").returncode == 0
    assert "forge" in build.ran()
