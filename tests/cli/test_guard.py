"""`vetflow guard`: what it writes and where, what it lets pass, and whether it says truly if it works."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from tests.conftest import REPOSITORY
from tests.crate_workspace import PROC_MACRO, QUIET_SCRIPT, REFUSED, CrateWorkspace
from tests.in_process import Run, RunVetflow
from tests.proposals import Proposal
from tests.unit.project.repository import Repository
from tests.unit.sources.packing import digest, write
from vetflow.guard.decision import AllowFile, parse_allow_file


class Guarded:
    """A project with crates that run during a build, and a home of its own for the guard."""

    def __init__(self, folder: Path, run_vetflow: RunVetflow) -> None:
        self.project = CrateWorkspace(folder)
        self.folder = folder / "data" / "vetflow" / "guard"
        self.wrapper = str(self.folder / "vetflow-guard")
        self._data = str(folder / "data")
        self._run = run_vetflow

    def run(self, *argv: str, **environ: str) -> Run:
        return self.project.run(self._run, "guard", *argv, environ={"XDG_DATA_HOME": self._data, **environ})

    def allowed(self) -> AllowFile:
        (path,) = (self.folder / "allow").iterdir()
        return parse_allow_file(path.read_text())

    def status(self, **environ: str) -> dict[str, Any]:
        run = self.run("status", "--output-format", "json", **environ)
        document: dict[str, Any] = json.loads(run.stdout)
        jsonschema.validate(document, json.loads((REPOSITORY / "docs/schemas/guard-status.json").read_text()))
        assert (run.exit == 0) == document["in_order"]
        return document

    def certify(self, crate: str) -> None:
        argv = (
            "certify",
            *crate.split(),
            "--criteria",
            "safe-to-deploy",
            "--accept-all",
            "--who",
            "Ada <ada@example.org>",
        )
        run = self.project.run(self._run, *argv)
        assert run.exit == 0, run.stderr


@pytest.fixture
def guarded(tmp_path: Path, run_vetflow: RunVetflow) -> Guarded:
    made = Guarded(tmp_path, run_vetflow)
    project = made.project
    quoin = project.crate("quoin")
    forge = project.crate("forge", manifest=f'{PROC_MACRO}[dependencies]\nquoin = "1"\n', needs=[quoin])
    project.lock(project.crate("anvil", files={"build.rs": QUIET_SCRIPT}), forge, project.crate("plain"))
    project.store()
    return made


class TestSync:
    def test_what_an_audit_leads_to_is_let_pass_file_by_file(self, guarded: Guarded) -> None:
        guarded.certify("anvil 1.0.0")
        run = guarded.run("sync")
        assert run.exit == 0, run.stderr
        allowed = guarded.allowed()
        assert allowed.packages.keys() == {("anvil", "1.0.0")}
        files = allowed.packages["anvil", "1.0.0"][0].files
        assert files.keys() == {"Cargo.toml", "src/lib.rs", "build.rs"}
        assert files["build.rs"] == digest(QUIET_SCRIPT.encode())
        assert allowed.own == (str(guarded.project.root),)

    def test_what_nobody_attested_is_named_also_libraries_that_are_linked(self, guarded: Guarded) -> None:
        lines = guarded.run("sync").stdout.splitlines()
        assert lines[0] == "of what runs during a build, 0 crates may; 3 that nobody attested may not"
        assert lines[1:4] == [
            "  anvil 1.0.0 (build script)",
            "  forge 1.0.0 (proc macro)",
            "  quoin 1.0.0 (library used during the build)",
        ]

    def test_an_exemption_attests_nothing_unless_the_rules_accept_that(self, guarded: Guarded) -> None:
        store = guarded.project.root / "supply-chain"
        exempted = '\n[[exemptions.anvil]]\nversion = "1.0.0"\ncriteria = "safe-to-deploy"\n'
        write(store / "config.toml", (store / "config.toml").read_text() + exempted)
        guarded.run("sync")
        assert guarded.allowed().packages == {}
        write(store / "vetflow.toml", 'version = 1\n[gate]\naccept = ["own-audit", "exemption"]\n')
        guarded.run("sync")
        assert guarded.allowed().packages.keys() == {("anvil", "1.0.0")}

    def test_an_allow_entry_of_the_rules_counts_until_its_day(self, guarded: Guarded) -> None:
        entry = '[[gate.allow]]\ncrate = "anvil"\nversions = "^1"\nreason = "to be replaced"\nuntil = {}\n'
        for until, count in (("2099-01-01", 1), ("2020-01-01", 0)):
            write(guarded.project.root / "supply-chain/vetflow.toml", f"version = 1\n{entry.format(until)}")
            guarded.run("sync")
            assert len(guarded.allowed().packages) == count

    def test_without_a_store_only_what_is_ones_own_passes(self, guarded: Guarded) -> None:
        for path in (guarded.project.root / "supply-chain").iterdir():
            path.unlink()
        (guarded.project.root / "supply-chain").rmdir()
        run = guarded.run("sync")
        assert run.exit == 0
        assert "there is no store, so nothing of others is attested" in run.stdout
        assert guarded.allowed().packages == {}

    def test_packages_at_paths_beside_the_workspace_are_ones_own(self, guarded: Guarded) -> None:
        root = guarded.project.root
        write(root.parent / "beside/Cargo.toml", '[package]\nname = "beside"\nversion = "0.1.0"\n')
        write(root.parent / "beside/src/lib.rs", "")
        write(root / "Cargo.toml", (root / "Cargo.toml").read_text() + 'beside = { path = "../beside" }\n')
        lock = (root / "Cargo.lock").read_text().replace(' "anvil",\n', ' "anvil",\n "beside",\n')
        write(root / "Cargo.lock", f'{lock}\n[[package]]\nname = "beside"\nversion = "0.1.0"\n')
        assert guarded.run("sync").exit == 0
        assert guarded.allowed().own == (str(root), str(root.parent / "beside"))

    def test_a_changed_vendored_crate_does_not_speak_for_itself(self, guarded: Guarded) -> None:
        for crate in ("anvil 1.0.0", "forge 1.0.0", "quoin 1.0.0", "plain 1.0.0"):
            guarded.project.vendor(crate)
        guarded.certify("anvil 1.0.0")
        write(guarded.project.root / "vendor/anvil/build.rs", "fn main() { evil() }")
        guarded.project.seal("anvil 1.0.0")
        assert guarded.run("sync").exit == 0
        assert guarded.allowed().packages["anvil", "1.0.0"][0].files["build.rs"] == digest(QUIET_SCRIPT.encode())
        for crate in ("anvil 1.0.0", "forge 1.0.0", "quoin 1.0.0", "plain 1.0.0"):
            guarded.project.forget(crate)
        assert "the vendored files count as they are now" in guarded.run("sync").stdout

    def test_what_is_not_to_be_had_is_not_let_pass_and_leaves_the_answer_open(self, guarded: Guarded) -> None:
        guarded.certify("anvil 1.0.0")
        guarded.project.forget("anvil 1.0.0")
        run = guarded.run("sync")
        assert run.exit == 3
        assert "unknown: anvil 1.0.0, which is not let pass" in run.stdout
        assert guarded.allowed().packages == {}

    def test_what_is_refused_is_not_let_pass_and_keeps_no_other_from_it(self, guarded: Guarded) -> None:
        guarded.certify("anvil 1.0.0")
        guarded.project.lock("anvil 1.0.0", guarded.project.crate("badger", files=REFUSED))
        run = guarded.run("sync")
        assert run.exit == 3
        assert "unknown: badger 1.0.0, which is not let pass: the crate is refused: " in run.stdout
        assert list(guarded.allowed().packages) == [("anvil", "1.0.0")]

    def test_with_a_base_only_what_it_attests_counts(self, guarded: Guarded) -> None:
        repository = Repository(guarded.project.root)
        repository.commit({})
        guarded.certify("anvil 1.0.0")
        assert guarded.run("sync", "--base", "main").exit == 0
        assert guarded.allowed().packages == {}
        repository.commit({})
        run = guarded.run("sync", "--base", "main")
        assert guarded.allowed().packages.keys() == {("anvil", "1.0.0")}
        assert f"audits and rules are those of {repository.git('rev-parse', 'main')}" in run.stdout

    def test_where_a_project_signs_only_signed_audits_attest(self, tmp_path: Path, run_vetflow: RunVetflow) -> None:
        guarded = Guarded(tmp_path, run_vetflow)
        proposal = Proposal(tmp_path, run_vetflow, signs=True)
        crates = [proposal.publish(name, files={"build.rs": QUIET_SCRIPT}) for name in ("anvil", "forge")]
        proposal.lock(*crates)
        proposal.vet(crates[0])
        proposal.vet(crates[1], sign=False)
        guarded.project = proposal.workspace
        assert guarded.run("sync").exit == 0
        assert guarded.allowed().packages.keys() == {("anvil", "1.0.0")}


class TestStatus:
    def test_it_is_off_before_it_is_installed(self, guarded: Guarded) -> None:
        found = guarded.status()
        assert not found["active"]
        assert found["lacking"]

    def test_it_is_on_where_the_environment_names_it(self, guarded: Guarded) -> None:
        guarded.run("install")
        guarded.run("sync")
        assert not guarded.status()["active"]
        found = guarded.status(RUSTC_WRAPPER=guarded.wrapper)
        assert found["active"]
        assert found["in_order"]
        assert found["workspace"] == {
            "root": str(guarded.project.root),
            "allow_file": str(next((guarded.folder / "allow").iterdir())),
            "damaged": False,
            "current": True,
            "crates": 0,
        }

    def test_a_changed_program_is_not_believed(self, guarded: Guarded) -> None:
        guarded.run("install")
        write(guarded.folder / "vetflow_guard_decision.py", "def refuse(words, folder): return False\n")
        run = guarded.run("status", RUSTC_WRAPPER=guarded.wrapper)
        assert run.exit == 1
        assert "is not what this vetflow installs" in run.stdout

    @pytest.mark.parametrize(
        ("environ", "said"),
        [
            ({"RUSTC_WRAPPER": ""}, "RUSTC_WRAPPER is set and empty, which turns every wrapper off"),
            ({"RUSTC_WRAPPER": "/opt/sccache"}, "RUSTC_WRAPPER names /opt/sccache in its place"),
            ({}, "nothing tells cargo to start it"),
        ],
    )
    def test_what_beats_it_is_named(self, guarded: Guarded, environ: dict[str, str], said: str) -> None:
        guarded.run("install")
        run = guarded.run("status", **environ)
        assert run.exit == 1
        assert run.stdout.startswith(f"off: {said}")

    def test_a_wrapper_that_only_a_file_names_is_not_safe(self, guarded: Guarded) -> None:
        guarded.run("install")
        write(guarded.project.root / ".cargo/config.toml", f'[build]\nrustc-wrapper = "{guarded.wrapper}"\n')
        assert "only `build.rustc-wrapper` in cargo's configuration names it" in guarded.run("status").stdout

    def test_other_programs_of_the_project_are_named(self, guarded: Guarded) -> None:
        guarded.run("install")
        write(guarded.project.root / ".cargo/config.toml", '[build]\nrustc = "/opt/rustc"\n')
        run = guarded.run("status", RUSTC_WRAPPER=guarded.wrapper)
        assert "`build.rustc` in cargo's configuration has /opt/rustc started, too" in run.stdout

    def test_a_changed_lock_asks_for_another_sync(self, guarded: Guarded) -> None:
        guarded.run("install")
        guarded.run("sync")
        lock = guarded.project.root / "Cargo.lock"
        write(lock, f"{lock.read_text()}\n")
        run = guarded.run("status", RUSTC_WRAPPER=guarded.wrapper)
        assert run.exit == 1
        assert "Cargo.lock has changed since 0 crates were let pass: `vetflow guard sync`" in run.stdout

    def test_damage_is_told(self, guarded: Guarded) -> None:
        guarded.run("install")
        guarded.run("sync")
        (path,) = (guarded.folder / "allow").iterdir()
        write(path, "vetflow guard 1\n")
        assert "is damaged, so nothing of others is let pass" in guarded.run("status").stdout

    def test_outside_of_a_workspace_it_tells_of_the_machine_alone(
        self, run_vetflow: RunVetflow, tmp_path: Path
    ) -> None:
        run = run_vetflow("guard", "status", environ={"XDG_DATA_HOME": str(tmp_path)})
        assert run.stdout.splitlines()[-1] == "this is no workspace"


class TestInstall:
    def test_it_prints_what_turns_it_on_and_touches_no_file_of_a_shell(self, guarded: Guarded, tmp_path: Path) -> None:
        before = set(tmp_path.rglob("*"))
        run = guarded.run("install")
        assert f"export RUSTC_WRAPPER={guarded.wrapper}" in run.stdout
        assert f"set -gx RUSTC_WRAPPER {guarded.wrapper}" in run.stdout
        assert "$GITHUB_ENV" in run.stdout
        assert "it is no sandbox" in run.stdout
        written = {path for path in set(tmp_path.rglob("*")) - before if path.is_file()}
        assert {path.parent for path in written} == {guarded.folder}

    def test_a_wrapper_that_is_set_gets_the_calls_after_it(self, guarded: Guarded) -> None:
        guarded.run("install", RUSTC_WRAPPER="/opt/sccache")
        assert guarded.status()["next"] == "/opt/sccache"
        guarded.run("install", RUSTC_WRAPPER=guarded.wrapper)
        assert guarded.status()["next"] == "/opt/sccache"
        guarded.run("install", "--next", "/opt/other")
        assert guarded.status()["next"] == "/opt/other"

    def test_uninstalling_says_when_cargo_would_fail_now(self, guarded: Guarded) -> None:
        guarded.run("install")
        assert "RUSTC_WRAPPER still names the guard" in guarded.run("uninstall", RUSTC_WRAPPER=guarded.wrapper).stdout
        assert not guarded.folder.exists()
        assert guarded.run("uninstall").stdout == "the guard was not installed\n"

    @pytest.mark.parametrize("argv", [("install", "--base", "main"), ("sync", "--next", "x")])
    def test_options_of_other_actions_are_refused(self, guarded: Guarded, argv: tuple[str, ...]) -> None:
        assert guarded.run(*argv).exit == 2
