"""`vetflow surface`: what runs when a workspace is built, one crate closely, and where nothing is known."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from tests.crate_workspace import PROC_MACRO, QUIET_SCRIPT, REFUSED, CrateWorkspace
from tests.in_process import Run, RunVetflow
from tests.unit.sources.packing import write

SCHEMAS = Path(__file__).resolve().parents[2] / "docs" / "schemas"
NETWORK_SCRIPT = 'fn main() { let _ = std::net::TcpStream::connect("198.51.100.7:443"); }\n'


@pytest.fixture
def workspace(tmp_path: Path) -> CrateWorkspace:
    return CrateWorkspace(tmp_path)


def document(run: Run, schema: str = "surface", *, exit_code: int = 0) -> Any:
    assert (run.exit, run.stderr) == (exit_code, "")
    found = json.loads(run.stdout)
    jsonschema.validate(found, json.loads((SCHEMAS / f"{schema}.json").read_text()))
    return found


def made(workspace: CrateWorkspace) -> None:
    """Lock a proc macro with a build script, a library below it, a build script that connects, and a plain crate."""
    helper = workspace.crate("tongs")
    derive = workspace.crate(
        "smith-derive",
        files={"build.rs": QUIET_SCRIPT},
        manifest=f'{PROC_MACRO}[dependencies]\ntongs = "1"\n',
        needs=[helper],
    )
    bellows = workspace.crate("bellows", files={"build.rs": NETWORK_SCRIPT})
    workspace.lock(derive, bellows, workspace.crate("anvil"))


class TestWorkspace:
    def test_the_first_line_counts_what_runs(self, run_vetflow: RunVetflow, workspace: CrateWorkspace) -> None:
        made(workspace)
        run = workspace.run(run_vetflow, "surface")
        assert (run.exit, run.stderr) == (0, "")
        assert run.stdout.splitlines()[:2] == [
            "4 crates, 2 run code on this machine when you build: 1 proc macro, 2 build scripts (1 both)",
            "1 further crate linked into these",
        ]

    def test_only_what_deserves_a_look_has_a_row(self, run_vetflow: RunVetflow, workspace: CrateWorkspace) -> None:
        made(workspace)
        lines = workspace.run(run_vetflow, "surface").stdout.splitlines()
        start = lines.index("To look at (1)")
        assert lines[start + 1].split() == ["CRATE", "WHY", "TIER", "WHAT", "IT", "CAN", "DO"]
        assert lines[start + 2].startswith("bellows 1.0.0  app  build script  alert network: std::net::TcpStream")
        assert not any("smith" in line for line in lines)

    def test_nothing_found_is_not_called_safe(self, run_vetflow: RunVetflow, workspace: CrateWorkspace) -> None:
        workspace.lock(workspace.crate("anvil"))
        run = workspace.run(run_vetflow, "surface")
        assert "no evidence found is no proof that there is none" in run.stdout
        assert "safe" not in run.stdout

    def test_it_writes_nothing_into_the_project(self, run_vetflow: RunVetflow, workspace: CrateWorkspace) -> None:
        made(workspace)
        before = sorted(workspace.root.rglob("*"))
        workspace.run(run_vetflow, "surface")
        assert sorted(workspace.root.rglob("*")) == before

    def test_a_second_run_says_the_same_without_the_archives(
        self, run_vetflow: RunVetflow, workspace: CrateWorkspace
    ) -> None:
        made(workspace)
        first = workspace.run(run_vetflow, "surface", "--output-format", "json")
        for archive in (workspace.home / "registry").rglob("*.crate"):
            archive.unlink()
        assert workspace.run(run_vetflow, "surface", "--output-format", "json") == first

    def test_json_names_every_crate_with_its_surface(self, run_vetflow: RunVetflow, workspace: CrateWorkspace) -> None:
        made(workspace)
        found = document(workspace.run(run_vetflow, "surface", "--output-format", "json"))
        crates = {each["name"]: each for each in found["crates"]}
        assert found["grade"] == 3
        assert found["counts"]["running"] == 2
        assert found["counts"]["host_closure"] == 2
        assert crates["bellows"]["surface"] == ["build.rs"]
        assert crates["bellows"]["why"] == ["app", "bellows"]
        assert (crates["anvil"]["grade"], crates["anvil"]["tiers"], crates["anvil"]["surface"]) == (0, [], [])
        assert crates["tongs"]["linked_into_build_time_code"]
        assert not crates["anvil"]["linked_into_build_time_code"]
        seen = next(each for each in crates["bellows"]["findings"] if each["capability"] == "network")
        assert (seen["path"], seen["line"], seen["grade"]) == ("build.rs", 1, 3)
        assert seen["evidence"].startswith("fn main()")

    def test_dependencies_for_development_count_when_asked(
        self, run_vetflow: RunVetflow, workspace: CrateWorkspace
    ) -> None:
        bellows = workspace.crate("bellows", files={"build.rs": QUIET_SCRIPT})
        workspace.lock(bellows)
        manifest = workspace.root / "Cargo.toml"
        manifest.write_text(manifest.read_text().replace("[dependencies]", "[dev-dependencies]"))
        found = [
            document(workspace.run(run_vetflow, "surface", *words, "--output-format", "json"))
            for words in ([], ["--dev"])
        ]
        assert [each["counts"]["running"] for each in found] == [0, 1]
        assert [each["whole_lock"]["running"] for each in found] == [1, 1]
        assert [each["whole_lock_without_dev"]["running"] for each in found] == [0, 0]

    def test_another_platform_compiles_other_crates(self, run_vetflow: RunVetflow, workspace: CrateWorkspace) -> None:
        bellows = workspace.crate("bellows", files={"build.rs": QUIET_SCRIPT})
        workspace.lock(bellows)
        manifest = workspace.root / "Cargo.toml"
        text = manifest.read_text().replace("[dependencies]", "[target.'cfg(target_os = \"freebsd\")'.dependencies]")
        manifest.write_text(text)
        words = ("surface", "--output-format", "json")
        here = document(workspace.run(run_vetflow, *words))
        there = document(workspace.run(run_vetflow, *words, "--target", "x86_64-unknown-freebsd"))
        assert (here["counts"]["running"], there["counts"]["running"]) == (0, 1)

    def test_what_cannot_be_read_is_named(self, run_vetflow: RunVetflow, workspace: CrateWorkspace) -> None:
        made(workspace)
        workspace.forget("bellows 1.0.0")
        run = workspace.run(run_vetflow, "surface")
        assert run.exit == 0
        assert "not read: bellows 1.0.0 (" in run.stdout
        assert "incomplete: " in run.stdout

    def test_a_refused_archive_is_unknown_and_the_others_are_told(
        self, run_vetflow: RunVetflow, workspace: CrateWorkspace
    ) -> None:
        anvil = workspace.crate("anvil", files={"build.rs": QUIET_SCRIPT})
        workspace.lock(anvil, workspace.crate("bellows", files=REFUSED))
        run = workspace.run(run_vetflow, "surface")
        assert run.exit == 3
        assert "must not be built: bellows 1.0.0: the crate is refused: " in run.stdout
        assert "escape.rs" in run.stdout
        assert "incomplete: nothing is known of 1 crate" in run.stdout
        found = document(workspace.run(run_vetflow, "surface", "--output-format", "json"), exit_code=3)
        assert [(each["name"], each["refused"]) for each in found["crates"]] == [("anvil", False), ("bellows", True)]
        assert workspace.run(run_vetflow, "surface", "anvil").exit == 0

    def test_nothing_a_crate_says_reaches_the_terminal_raw(
        self, run_vetflow: RunVetflow, workspace: CrateWorkspace
    ) -> None:
        script = 'fn main() { std::process::Command::new("\x1b[2J\u202e\x9b").spawn(); }\n'
        workspace.lock(workspace.crate("bellows", files={"build.rs": script}))
        for words in (["surface"], ["surface", "bellows"], ["surface", "bellows", "--output-format", "json"]):
            run = workspace.run(run_vetflow, *words)
            assert run.exit == 0
            assert not {"\x1b", "\u202e", "\x9b", "\x7f"} & set(run.stdout)

    def test_a_graph_that_is_cargos_has_no_checksums(self, run_vetflow: RunVetflow, workspace: CrateWorkspace) -> None:
        made(workspace)
        run = workspace.run(run_vetflow, "surface", "--graph", "cargo", "--frozen", "--locked")
        assert run.exit != 0


class TestOneCrate:
    def test_it_shows_the_places(self, run_vetflow: RunVetflow, workspace: CrateWorkspace) -> None:
        made(workspace)
        run = workspace.run(run_vetflow, "surface", "bellows")
        assert run.exit == 0
        assert run.stdout.startswith("bellows 1.0.0: build script; runs on the machine that builds\n")
        assert "alert  build.rs:1  " in run.stdout
        assert "| fn main() { let _ = std::net::TcpStream" in run.stdout
        assert "checksum from Cargo.lock" in run.stdout

    def test_json_follows_the_schema(self, run_vetflow: RunVetflow, workspace: CrateWorkspace) -> None:
        made(workspace)
        found = document(workspace.run(run_vetflow, "surface", "bellows@1.0.0", "--output-format", "json"))
        assert (found["grade"], found["surface"], found["tiers"]) == (3, ["build.rs"], ["T1"])

    def test_all_versions_of_the_lock_are_shown(self, run_vetflow: RunVetflow, workspace: CrateWorkspace) -> None:
        old = workspace.crate("bellows", "0.9.0")
        anvil = workspace.crate("anvil", manifest='[dependencies]\nbellows = "0.9"\n', needs=[old])
        workspace.lock(workspace.crate("bellows"), anvil)
        lock = workspace.root / "Cargo.lock"
        lock.write_text(
            lock.read_text()
            .replace(' "bellows",\n]\n\n[[package]]\nname = "app"', ' "bellows 0.9.0",\n]\n\n[[package]]\nname = "app"')
            .replace(' "anvil",\n "bellows",', ' "anvil",\n "bellows 1.0.0",')
        )
        found = document(workspace.run(run_vetflow, "surface", "bellows", "--output-format", "json"))
        assert [each["version"] for each in found["crates"]] == ["0.9.0", "1.0.0"]

    def test_a_folder_is_looked_at_where_it_lies(self, run_vetflow: RunVetflow, tmp_path: Path) -> None:
        write(tmp_path / "mine/Cargo.toml", '[package]\nname = "mine"\nversion = "0.1.0"\n')
        write(tmp_path / "mine/build.rs", NETWORK_SCRIPT)
        found = document(run_vetflow("surface", "mine/", "--output-format", "json", cwd=tmp_path))
        assert (found["name"], found["grade"], found["surface"]) == ("mine", 3, ["build.rs"])

    def test_an_archive_is_looked_at_without_a_workspace(
        self, run_vetflow: RunVetflow, workspace: CrateWorkspace, tmp_path: Path
    ) -> None:
        workspace.crate("bellows", files={"build.rs": NETWORK_SCRIPT})
        archive = next((workspace.home / "registry").rglob("*.crate"))
        found = document(run_vetflow("surface", str(archive), "--output-format", "json", cwd=tmp_path))
        assert (found["name"], found["version"], found["grade"]) == ("bellows", "1.0.0", 3)

    def test_a_refused_archive_is_an_error(
        self, run_vetflow: RunVetflow, workspace: CrateWorkspace, tmp_path: Path
    ) -> None:
        workspace.crate("bellows", files={"a/../../b": ""})
        archive = next((workspace.home / "registry").rglob("*.crate"))
        run = run_vetflow("surface", str(archive), "--output-format", "json", cwd=tmp_path)
        assert run.exit == 2
        assert "error" in json.loads(run.stdout)

    @pytest.mark.parametrize(
        ("words", "sentence"),
        [
            (["missing/"], "there is no crate to read at missing/"),
            (["bellows@one"], "'one' is not a version"),
            (["bellows@"], "'bellows@' names no crate"),
            (["bellows", "--dev"], "--target and --dev say which build of a workspace is meant"),
            (["--check", "--dev"], "--check is about the whole Cargo.lock"),
            (["--output-format", "sarif"], "--output-format sarif is for `surface --check`"),
        ],
    )
    def test_bad_words_are_named(
        self, run_vetflow: RunVetflow, workspace: CrateWorkspace, words: list[str], sentence: str
    ) -> None:
        made(workspace)
        run = workspace.run(run_vetflow, "surface", *words)
        assert run.exit == 2
        assert sentence in run.stderr
