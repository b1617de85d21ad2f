"""`progress` and `policy require`, in process, on small projects."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from tests.in_process import Run, RunVetflow
from tests.small_project import write_small_project
from tests.unit.project.repository import Repository

REPOSITORY = Path(__file__).resolve().parents[2]

AUDITED = '\n# cargo-vet audits file\n\n[[audits.anvil]]\nwho = "Me"\ncriteria = "safe-to-deploy"\nversion = "1.0.0"\n'
CRITERIA = '\n# cargo-vet audits file\n\n[criteria.memory-ok]\ndescription = "Made up."\n\n[audits]\n'
EMPTY_CONFIG = '\n# cargo-vet config file\n\n[cargo-vet]\nversion = "0.10"\n'


def document(run: Run, schema: str) -> Any:
    assert (run.exit, run.stderr) == (0, "")
    found = json.loads(run.stdout)
    jsonschema.validate(found, json.loads((REPOSITORY / "docs" / "schemas" / f"{schema}.json").read_text()))
    return found


class History:
    """A repository of the small project, with commits at given times."""

    def __init__(self, root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.root = root
        self._repository = Repository(root)
        self._monkeypatch = monkeypatch

    def commit(self, day: str, **files: str) -> str:
        """Commit the working tree with these files of the store changed; underscores stand for dots."""
        self._monkeypatch.setenv("GIT_COMMITTER_DATE", f"{day}T12:00:00Z")
        return self._repository.commit({f"supply-chain/{name.replace('_', '.')}": text for name, text in files.items()})


@pytest.fixture
def history(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> History:
    history = History(tmp_path / "project", monkeypatch)
    write_small_project(history.root)
    return history


def counts(moment: Any) -> dict[str, int]:
    return {name: count for name, count in moment["crates"].items() if count}


class TestProgress:
    def test_months_show_what_the_crates_rested_on(self, run_vetflow: RunVetflow, history: History) -> None:
        first = history.commit("2025-10-20")
        history.commit("2025-12-03", config_toml=EMPTY_CONFIG)
        last = history.commit("2025-12-30", audits_toml=AUDITED)
        moments = document(run_vetflow("progress", "--output-format", "json", cwd=history.root), "progress")["moments"]
        assert [(each["month"], each["commit"], each["changed"], counts(each)) for each in moments] == [
            ("2025-10", first, True, {"exempted": 1}),
            ("2025-11", first, False, {"exempted": 1}),
            ("2025-12", last, True, {"read": 1}),
            ("2026-01", last, False, {"read": 1}),
            (None, None, True, {"read": 1}),
        ]
        assert moments[0]["build_time"]["unknown"] == 1

    def test_what_is_not_committed_yet_is_now(self, run_vetflow: RunVetflow, history: History) -> None:
        history.commit("2026-01-10")
        (history.root / "supply-chain" / "config.toml").write_text(EMPTY_CONFIG)
        lines = run_vetflow("progress", cwd=history.root).stdout.splitlines()
        assert lines[:4] == [
            "Third-party crates",
            "           read  trusted  partly exempted  exempted  not vetted",
            "  2026-01     0        0                0         1           0",
            "  now         0        0                0         0           1",
        ]

    def test_a_revision_ends_with_itself(self, run_vetflow: RunVetflow, history: History) -> None:
        first = history.commit("2025-12-20")
        history.commit("2026-01-10", config_toml=EMPTY_CONFIG)
        run = run_vetflow("progress", "--rev", first, "--output-format", "json", cwd=history.root)
        moments = document(run, "progress")["moments"]
        assert [(each["month"], each["commit"]) for each in moments] == [("2025-12", first), ("2026-01", first)]

    def test_a_month_without_a_verdict_says_why(self, run_vetflow: RunVetflow, history: History) -> None:
        history.commit("2025-12-20", config_toml="broken =")
        history.commit("2026-01-10", config_toml=EMPTY_CONFIG)
        lines = run_vetflow("progress", cwd=history.root).stdout.splitlines()
        assert lines[2].startswith("  2025-12  no verdict: ")
        assert lines[3].startswith("  2026-01     0")

    def test_no_more_months_than_asked_for(self, run_vetflow: RunVetflow, history: History) -> None:
        history.commit("2025-02-20")
        run = run_vetflow("progress", "--months", "2", "--output-format", "json", cwd=history.root)
        assert [each["month"] for each in document(run, "progress")["moments"]] == ["2025-12", "2026-01", None]

    @pytest.mark.parametrize(
        ("words", "sentence"),
        [
            (["--months", "0"], "'0' is not a number from 1 to 240"),
            (["--cargo-metadata", "-"], "--cargo-metadata tells the graph of one moment"),
        ],
    )
    def test_bad_words_are_named(
        self, run_vetflow: RunVetflow, history: History, words: list[str], sentence: str
    ) -> None:
        run = run_vetflow("progress", *words, cwd=history.root)
        assert run.exit == 2
        assert sentence in run.stderr

    def test_outside_of_a_repository(self, run_vetflow: RunVetflow, tmp_path: Path) -> None:
        write_small_project(tmp_path / "project")
        run = run_vetflow("progress", cwd=tmp_path / "project")
        assert run.exit == 2
        assert "is not in a git repository" in run.stderr


@pytest.fixture
def project(tmp_path: Path) -> Path:
    folder = tmp_path / "project"
    write_small_project(folder)
    (folder / "supply-chain" / "audits.toml").write_text(CRITERIA)
    return folder


def config(project: Path) -> str:
    return (project / "supply-chain" / "config.toml").read_text()


class TestPolicyRequire:
    def test_it_writes_the_tables_and_names_what_becomes_unvetted(self, run_vetflow: RunVetflow, project: Path) -> None:
        run = run_vetflow("policy", "require", "memory-ok", cwd=project)
        assert (run.exit, run.stderr) == (0, "wrote config.toml\n")
        assert run.stdout.splitlines() == [
            "app: criteria: safe-to-deploy and memory-ok (was: not set)",
            "1 crate not vetted for this:",
            "  anvil 1.0.0  lacks memory-ok",
        ]
        assert '[policy.app]\ncriteria = ["safe-to-deploy", "memory-ok"]\n' in config(project)
        assert run_vetflow("check", "--locked", cwd=project).exit == 1

    def test_a_dry_run_shows_the_same_and_writes_nothing(self, run_vetflow: RunVetflow, project: Path) -> None:
        before = config(project)
        run = run_vetflow("policy", "require", "memory-ok", "--dry-run", cwd=project)
        assert config(project) == before
        assert '+criteria = ["safe-to-deploy", "memory-ok"]' in run.stdout.splitlines()
        assert "  anvil 1.0.0  lacks memory-ok" in run.stdout.splitlines()
        assert run.stderr == "nothing was written (--dry-run)\n"

    def test_what_is_vetted_already_is_said_to_be(self, run_vetflow: RunVetflow, project: Path) -> None:
        run = run_vetflow("policy", "require", "safe-to-run", cwd=project)
        assert run.stdout.splitlines()[-1] == "every crate is vetted for this already"

    def test_a_second_time_nothing_is_done(self, run_vetflow: RunVetflow, project: Path) -> None:
        run_vetflow("policy", "require", "memory-ok", cwd=project)
        run = run_vetflow("policy", "require", "memory-ok", cwd=project)
        assert (run.exit, run.stdout) == (0, "")
        assert run.stderr == "nothing to do: the store stays as it is\n"

    def test_for_one_member_and_for_development(self, run_vetflow: RunVetflow, project: Path) -> None:
        run_vetflow("policy", "require", "memory-ok", "--for", "dev", cwd=project)
        assert '[policy.app]\ndev-criteria = ["safe-to-run", "memory-ok"]\n' in config(project)
        run_vetflow("policy", "require", "memory-ok", "--for", "app", cwd=project)
        assert '[policy.app]\ncriteria = ["safe-to-deploy", "memory-ok"]\ndev-criteria' in config(project)

    def test_for_the_build_it_says_what_is_not_covered(self, run_vetflow: RunVetflow, project: Path) -> None:
        manifest = project / "Cargo.toml"
        manifest.write_text(manifest.read_text().replace("[dependencies]", "[build-dependencies]"))
        run = run_vetflow("policy", "require", "memory-ok", "--for", "build", cwd=project)
        assert '[policy.app]\ndependency-criteria = { anvil = ["safe-to-deploy", "memory-ok"] }\n' in config(project)
        assert run.stdout.splitlines()[-1].startswith("Build scripts of third-party crates are not covered")

    def test_no_build_dependencies_nothing_to_write(self, run_vetflow: RunVetflow, project: Path) -> None:
        run = run_vetflow("policy", "require", "memory-ok", "--for", "build", cwd=project)
        assert run.stderr == "nothing to do: the store stays as it is\n"
        assert run.stdout.startswith("This is about the build dependencies that members have today")

    def test_json_follows_its_schema(self, run_vetflow: RunVetflow, project: Path) -> None:
        run = run_vetflow("policy", "require", "memory-ok", "--dry-run", "--output-format", "json", cwd=project)
        found = document(run, "policy-require")
        assert found["files"] == ["config.toml"]
        assert found["unvetted"] == [{"name": "anvil", "version": "1.0.0", "missing": ["memory-ok"]}]
        assert found["tables"][0]["after"] == ["safe-to-deploy", "memory-ok"]

    def test_tables_that_would_not_fit_are_not_written(self, run_vetflow: RunVetflow, project: Path) -> None:
        file = project / "supply-chain" / "config.toml"
        file.write_text(config(project).replace("\n[[ex", '\n[policy.gone]\ncriteria = "safe-to-run"\n\n[[ex'))
        before = config(project)
        run = run_vetflow("policy", "require", "memory-ok", cwd=project)
        assert run.exit == 2
        assert "gone" in run.stderr
        assert config(project) == before

    @pytest.mark.parametrize(
        ("words", "sentence"),
        [
            (["unheard-of"], "'unheard-of' is not a valid criteria name"),
            (["memory-ok", "--for", "anvil"], "no member of this workspace is called anvil"),
            (["memory-ok", "--rev", "HEAD"], "a revision cannot be written to"),
        ],
    )
    def test_bad_words_are_named_and_nothing_is_written(
        self, run_vetflow: RunVetflow, project: Path, words: list[str], sentence: str
    ) -> None:
        Repository(project).commit({})
        before = config(project)
        run = run_vetflow("policy", "require", *words, cwd=project)
        assert run.exit == 2
        assert sentence in run.stderr
        assert config(project) == before
