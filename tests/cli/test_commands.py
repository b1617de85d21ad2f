"""The commands beside `check`, in process, on small projects."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest

from tests.in_process import RunVetflow
from tests.small_project import write_small_project
from vetflow import __version__
from vetflow.cli.commands.demo import NEXT
from vetflow.cli.glossary import TERMS

REPOSITORY = Path(__file__).resolve().parents[2]


@pytest.fixture
def project(tmp_path: Path) -> Path:
    folder = tmp_path / "project"
    write_small_project(folder)
    return folder


@pytest.fixture
def demo(run_vetflow: RunVetflow, tmp_path: Path) -> Path:
    assert run_vetflow("demo", "demo").exit == 0
    return tmp_path / "demo"


class TestFmt:
    def test_it_rewrites_what_is_not_canonical_and_names_it(self, run_vetflow: RunVetflow, project: Path) -> None:
        config = project / "supply-chain" / "config.toml"
        canonical = config.read_text()
        config.write_text("# remark\n" + canonical)
        run = run_vetflow("fmt", cwd=project)
        assert (run.exit, run.stdout, run.stderr) == (0, "", "rewrote config.toml\n")
        assert config.read_text() == canonical

    def test_a_canonical_store_is_not_touched(self, run_vetflow: RunVetflow, project: Path) -> None:
        times = {file: file.stat().st_mtime_ns for file in (project / "supply-chain").iterdir()}
        assert run_vetflow("fmt", cwd=project).stderr == "nothing to do: the store is in canonical form\n"
        assert {file: file.stat().st_mtime_ns for file in (project / "supply-chain").iterdir()} == times

    def test_locked_only_says_what_is_wrong(self, run_vetflow: RunVetflow, project: Path) -> None:
        config = project / "supply-chain" / "config.toml"
        config.write_text("# remark\n" + config.read_text())
        before = config.read_text()
        run = run_vetflow("fmt", "--locked", cwd=project)
        assert run.exit == 2
        assert "-# remark" in run.stderr
        assert config.read_text() == before

    def test_a_revision_cannot_be_formatted(self, run_vetflow: RunVetflow, project: Path) -> None:
        run = run_vetflow("fmt", "--rev", "HEAD", cwd=project)
        assert run.exit == 2
        assert "a revision cannot be written to" in run.stderr


class TestExplainAudit:
    def test_the_steps_lead_from_nothing_to_the_version(self, run_vetflow: RunVetflow, project: Path) -> None:
        run = run_vetflow("explain-audit", "anvil", cwd=project)
        assert run.exit == 0
        assert run.stdout.splitlines() == [
            "The package anvil 1.0.0 certifies for safe-to-deploy",
            "1) [local] exemption for 1.0.0",
        ]

    def test_an_uncertified_version_is_an_answer(self, run_vetflow: RunVetflow, project: Path) -> None:
        run = run_vetflow("explain-audit", "anvil", "1.1.0", cwd=project)
        assert run.exit == 0
        assert run.stdout.splitlines() == [
            "The package anvil 1.1.0 does not certify for safe-to-deploy",
            "The following versions would certify:",
            " - 1.0.0",
        ]

    @pytest.mark.parametrize(
        ("words", "sentence"),
        [
            (["nobody"], "Ambiguous package version"),
            (["anvil", "one"], "'one' is not a version"),
            (["anvil", "1.0.0", "safe-to-eat"], "'safe-to-eat' is not a valid criteria name"),
        ],
    )
    def test_bad_words_are_named(self, run_vetflow: RunVetflow, project: Path, words: list[str], sentence: str) -> None:
        run = run_vetflow("explain-audit", *words, cwd=project)
        assert run.exit == 2
        assert sentence in run.stderr


class TestWhy:
    def test_the_way_from_the_root_names_kinds_and_policies(self, run_vetflow: RunVetflow, project: Path) -> None:
        run = run_vetflow("why", "anvil", cwd=project)
        assert run.exit == 0
        assert run.stdout.splitlines() == [
            "anvil 1.0.0 (third party)",
            "  required: safe-to-deploy",
            "",
            "  app 0.1.0  [a root: safe-to-deploy by default]",
            "     └─ anvil 1.0.0 (normal)",
        ]

    def test_what_depends_on_it_directly_is_shown_instead(self, run_vetflow: RunVetflow, project: Path) -> None:
        run = run_vetflow("why", "anvil", "--dependents", cwd=project)
        assert run.stdout.splitlines() == [
            "anvil 1.0.0 (third party)",
            "  required: safe-to-deploy",
            "  app 0.1.0 (normal)  [yours]",
        ]

    def test_the_policy_that_sets_the_criteria_is_shown(self, run_vetflow: RunVetflow, project: Path) -> None:
        config = project / "supply-chain" / "config.toml"
        policy = '\n[policy.app]\ncriteria = "safe-to-run"\ndependency-criteria = { anvil = [] }\n'
        config.write_text(config.read_text().replace("\n[[exemptions", policy + "\n[[exemptions"))
        lines = run_vetflow("why", "anvil", cwd=project).stdout.splitlines()
        assert lines[1] == "  required: nothing"
        assert lines[3:] == [
            "  app 0.1.0  [policy: criteria = safe-to-run]",
            "     └─ anvil 1.0.0 (normal)  [app's policy: dependency-criteria nothing]",
        ]

    def test_json_follows_its_schema(self, run_vetflow: RunVetflow, demo: Path) -> None:
        schema = json.loads((REPOSITORY / "docs/schemas/why.json").read_text())
        run = run_vetflow("why", "glyphderive", "--output-format", "json", cwd=demo)
        jsonschema.validate(json.loads(run.stdout), schema)

    def test_an_unknown_crate_is_named_with_near_ones(self, run_vetflow: RunVetflow, project: Path) -> None:
        run = run_vetflow("why", "anvill", cwd=project)
        assert run.exit == 2
        assert "near: anvil" in run.stderr

    def test_an_unknown_version_lists_those_in_use(self, run_vetflow: RunVetflow, project: Path) -> None:
        run = run_vetflow("why", "anvil", "2.0.0", cwd=project)
        assert run.exit == 2
        assert "the graph has 1.0.0" in run.stderr


class TestDumpGraph:
    def test_the_chart_shows_first_party_packages_by_default(self, run_vetflow: RunVetflow, project: Path) -> None:
        run = run_vetflow("dump-graph", cwd=project)
        assert run.exit == 0
        assert run.stdout.splitlines() == [
            "graph LR",
            "    subgraph roots",
            "        node1{app:0.1.0}",
            "    end",
            "    subgraph workspace-members",
            "    end",
            "    subgraph first-party",
            "    end",
            "    subgraph third-party",
            "    end",
        ]

    def test_full_depth_shows_every_edge(self, run_vetflow: RunVetflow, project: Path) -> None:
        lines = run_vetflow("dump-graph", "--depth", "full", cwd=project).stdout.splitlines()
        assert "        node0(anvil:1.0.0)" in lines
        assert lines[-1] == "    node1 --> node0"

    def test_a_filter_hides_nodes(self, run_vetflow: RunVetflow, project: Path) -> None:
        run = run_vetflow("dump-graph", "--filter-graph", "exclude(name(anvil))", "--output-format=json", cwd=project)
        assert [node["name"] for node in json.loads(run.stdout)] == ["app"]

    def test_a_malformed_filter_says_where(self, run_vetflow: RunVetflow, project: Path) -> None:
        run = run_vetflow("dump-graph", "--filter-graph", "include(nme(x))", cwd=project)
        assert run.exit == 2
        assert "column 9" in run.stderr


class TestHelp:
    def test_the_overview_lists_commands_and_words(self, run_vetflow: RunVetflow) -> None:
        run = run_vetflow("--help")
        assert run.exit == 0
        assert "  explain-audit" in run.stdout
        assert "exemption" in run.stdout

    @pytest.mark.parametrize("word", ["exemption", "exemptions", "Wildcard-Audit", "wildcard audit", "criteria"])
    def test_a_word_is_found_however_it_is_written(self, run_vetflow: RunVetflow, word: str) -> None:
        run = run_vetflow("help", *word.split())
        assert run.exit == 0
        assert len(run.stdout.splitlines()) >= 3

    def test_a_command_shows_its_options(self, run_vetflow: RunVetflow) -> None:
        assert "--depth" in run_vetflow("help", "dump-graph").stdout

    def test_an_unknown_word_offers_near_ones(self, run_vetflow: RunVetflow) -> None:
        run = run_vetflow("help", "exemtion")
        assert run.exit == 2
        assert "near: exemption" in run.stderr

    def test_every_word_that_is_referred_to_is_explained(self) -> None:
        assert {word for term in TERMS.values() for word in term.see} <= set(TERMS)


class TestDemo:
    def test_it_checks_the_bundled_workspace_and_says_how_to_go_on(
        self, run_vetflow: RunVetflow, tmp_path: Path
    ) -> None:
        run = run_vetflow("demo", "try")
        assert (run.exit, run.stderr) == (0, "")
        assert str(tmp_path / "try") in run.stdout
        assert "6 of 13 third-party crates not vetted" in run.stdout
        assert "Go on:" in run.stdout
        assert run_vetflow("check", "--locked", cwd=tmp_path / "try").exit == 1

    def test_every_command_it_proposes_works(self, run_vetflow: RunVetflow, demo: Path) -> None:
        for command, _ in NEXT:
            if command.startswith("vetflow"):
                assert run_vetflow(*command.split()[1:], cwd=demo).exit in {0, 1}, command


def test_the_version_is_told(run_vetflow: RunVetflow) -> None:
    assert run_vetflow("--version").stdout == f"vetflow {__version__}\n"


def test_an_unknown_command_offers_the_nearest(run_vetflow: RunVetflow) -> None:
    run = run_vetflow("chek")
    assert run.exit == 2
    assert "did you mean `vetflow check`?" in run.stderr


def test_a_bug_is_an_apology_and_not_a_traceback(run_vetflow: RunVetflow, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(name: str) -> None:
        raise ZeroDivisionError(name)

    monkeypatch.setattr("vetflow.cli.main.load", broken)
    run = run_vetflow("check")
    assert run.exit == 3
    assert "VETFLOW_DEBUG=1" in run.stderr
    assert "Traceback" not in run.stderr
