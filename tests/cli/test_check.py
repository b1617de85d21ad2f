"""`vetflow check`, as people and CI run it: verdict, exit code, formats, where things are read from."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from tests.in_process import RunVetflow
from tests.small_project import write_small_project


@pytest.fixture
def project(tmp_path: Path) -> Path:
    folder = tmp_path / "project"
    write_small_project(folder)
    return folder


def unvet(project: Path) -> None:
    config = project / "supply-chain" / "config.toml"
    config.write_text('\n# cargo-vet config file\n\n[cargo-vet]\nversion = "0.10"\n')


def test_success_says_what_the_crates_rest_on(run_vetflow: RunVetflow, project: Path) -> None:
    run = run_vetflow("check", "--locked", cwd=project)
    assert (run.exit, run.stderr) == (0, "")
    assert run.stdout.splitlines() == [
        "Vetting Succeeded (1 exempted)",
        "1 third-party crate: 1 exempted (nobody read them)",
    ]


def test_check_is_the_command_when_none_is_named(run_vetflow: RunVetflow, project: Path) -> None:
    assert run_vetflow("--locked", cwd=project) == run_vetflow("check", "--locked", cwd=project)


def test_an_unlocked_check_without_imports_needs_no_network(run_vetflow: RunVetflow, project: Path) -> None:
    run = run_vetflow("check", "--offline", cwd=project)
    assert (run.exit, run.stderr) == (0, "")
    assert run.stdout == run_vetflow("check", "--locked", cwd=project).stdout


def test_an_unlocked_check_brings_the_store_into_canonical_form(run_vetflow: RunVetflow, project: Path) -> None:
    config = project / "supply-chain" / "config.toml"
    canonical = config.read_text()
    config.write_text(canonical.replace('"safe-to-deploy"', '["safe-to-deploy", "safe-to-run"]'))
    run = run_vetflow("check", "--offline", cwd=project)
    assert (run.exit, run.stderr) == (0, "brought up to date: config.toml\n")
    assert config.read_text() == canonical


def test_imports_that_cannot_be_had_leave_it_undecided(run_vetflow: RunVetflow, project: Path) -> None:
    config = project / "supply-chain" / "config.toml"
    peer = '\n[imports.peer]\nurl = "https://peer.invalid/audits.toml"\n'
    config.write_text(config.read_text().replace("\n[[exemptions", peer + "\n[[exemptions"))
    run = run_vetflow("check", "--offline", cwd=project)
    assert run.exit == 3
    assert "https://peer.invalid/audits.toml" in run.stderr


def test_failure_names_crate_user_miss_and_commands(run_vetflow: RunVetflow, project: Path) -> None:
    unvet(project)
    run = run_vetflow("check", "--locked", cwd=project)
    assert run.exit == 1
    assert run.stdout.splitlines() == [
        "Vetting Failed!",
        "1 of 1 third-party crate not vetted",
        "",
        "Review in full: no audit leads near them (1)",
        "  anvil 1.0.0  lacks safe-to-deploy",
        "      no audit of any version",
        "      used by app 0.1.0",
        "      vetflow inspect anvil 1.0.0",
        "      vetflow certify anvil 1.0.0 --criteria safe-to-deploy",
    ]


def test_json_is_the_report_without_a_final_newline(run_vetflow: RunVetflow, project: Path) -> None:
    unvet(project)
    run = run_vetflow("check", "--locked", "--output-format", "json", cwd=project)
    assert run.exit == 1
    assert not run.stdout.endswith("\n")
    assert json.loads(run.stdout) == {
        "conclusion": "fail (vetting)",
        "failures": [{"name": "anvil", "version": "1.0.0", "missing_criteria": ["safe-to-deploy"]}],
        "suggest": None,
    }


def test_github_annotates_the_line_of_the_lock_file(run_vetflow: RunVetflow, project: Path) -> None:
    unvet(project)
    run = run_vetflow("check", "--locked", "--output-format=github", cwd=project)
    assert run.exit == 1
    assert run.stdout.startswith("::error file=Cargo.lock,line=4,title=vet/unvetted::anvil 1.0.0 is not vetted")


def test_sarif_has_one_result_for_each_finding(run_vetflow: RunVetflow, project: Path) -> None:
    unvet(project)
    run = run_vetflow("check", "--locked", "--output-format=sarif", cwd=project)
    log = json.loads(run.stdout)["runs"][0]
    assert [rule["id"] for rule in log["tool"]["driver"]["rules"]] == ["vet/unvetted"]
    (result,) = log["results"]
    assert result["level"] == "error"
    location = result["locations"][0]["physicalLocation"]
    assert location == {"artifactLocation": {"uri": "Cargo.lock"}, "region": {"startLine": 4}}


def test_the_report_goes_to_a_file_when_asked(run_vetflow: RunVetflow, project: Path) -> None:
    run = run_vetflow("check", "--locked", "--output-file", "report.txt", cwd=project)
    assert (run.exit, run.stdout) == (0, "")
    assert (project / "report.txt").read_text().startswith("Vetting Succeeded")


def test_it_runs_from_a_folder_below_and_with_a_manifest_path(run_vetflow: RunVetflow, project: Path) -> None:
    assert run_vetflow("check", "--locked", cwd=project / "src").exit == 0
    assert run_vetflow("check", "--locked", "--manifest-path", "project/Cargo.toml", cwd=project.parent).exit == 0


def test_a_locked_check_writes_nothing(run_vetflow: RunVetflow, project: Path) -> None:
    before = {path: (path.read_bytes(), path.stat().st_mtime_ns) for path in project.rglob("*") if path.is_file()}
    run_vetflow("check", "--locked", cwd=project)
    after = {path: (path.read_bytes(), path.stat().st_mtime_ns) for path in project.rglob("*") if path.is_file()}
    assert after == before


def test_a_badly_formatted_store_is_refused_with_the_way_out(run_vetflow: RunVetflow, project: Path) -> None:
    audits = project / "supply-chain" / "audits.toml"
    audits.write_text(audits.read_text() + "\n# a remark\n")
    run = run_vetflow("check", "--locked", cwd=project)
    assert (run.exit, run.stdout) == (2, "")
    assert "not correctly formatted" in run.stderr
    assert "vetflow fmt" in run.stderr


def test_errors_in_json_mode_are_an_object_on_stdout(run_vetflow: RunVetflow, project: Path) -> None:
    (project / "Cargo.lock").unlink()
    run = run_vetflow("check", "--locked", "--output-format", "json", cwd=project)
    assert (run.exit, run.stderr) == (2, "")
    error = json.loads(run.stdout)["error"]
    assert "no Cargo.lock" in error["message"]
    assert error["help"] == "run `cargo generate-lockfile` and commit it"


def test_usage_errors_stay_text_on_stderr_in_json_mode(run_vetflow: RunVetflow, project: Path) -> None:
    run = run_vetflow("check", "--frozen", "--output-format", "json", cwd=project)
    assert (run.exit, run.stdout) == (2, "")
    assert run.stderr.startswith("error: --frozen needs --locked")


def test_a_workspace_without_a_store_says_what_to_run(run_vetflow: RunVetflow, project: Path) -> None:
    for file in (project / "supply-chain").iterdir():
        file.unlink()
    (project / "supply-chain").rmdir()
    run = run_vetflow("check", "--locked", cwd=project)
    assert run.exit == 2
    assert "vetflow init" in run.stderr
    assert not (project / "supply-chain").exists()


def test_crate_names_cannot_command_the_terminal(run_vetflow: RunVetflow, project: Path) -> None:
    config = project / "supply-chain" / "config.toml"
    config.write_text(config.read_text() + '\n[[exemptions."\\u001b[2Jevil"]]\nversion = "x"\ncriteria = []\n')
    run = run_vetflow("check", "--locked", cwd=project)
    assert run.exit == 2
    assert "\x1b" not in run.stdout + run.stderr


class TestRevision:
    """`--rev`: everything comes from the commit, nothing from the working tree."""

    @pytest.fixture
    def commit(self, project: Path) -> str:
        def git(*words: str) -> str:
            options = ("-c", "user.name=Tester", "-c", "user.email=tester@example.invalid")
            return subprocess.run(
                ["git", *options, *words], cwd=project, check=True, capture_output=True, text=True
            ).stdout.strip()

        git("init", "-q")
        git("add", ".")
        git("commit", "-qm", "vetted")
        unvet(project)
        return git("rev-parse", "HEAD")

    def test_the_verdict_is_the_one_of_the_commit(self, run_vetflow: RunVetflow, project: Path, commit: str) -> None:
        assert run_vetflow("check", "--locked", cwd=project).exit == 1
        run = run_vetflow("check", "--locked", "--rev", "HEAD", cwd=project)
        assert run.exit == 0
        assert run.stdout.splitlines()[0] == f"At commit {commit} (HEAD)"

    def test_an_unknown_revision_is_an_error(self, run_vetflow: RunVetflow, project: Path, commit: str) -> None:
        run = run_vetflow("check", "--locked", "--rev", "no-such-branch", cwd=project)
        assert run.exit == 2
        assert "no-such-branch" in run.stderr

    def test_other_lock_files_are_named_in_one_line(self, run_vetflow: RunVetflow, project: Path, commit: str) -> None:
        fuzz = project / "fuzz"
        fuzz.mkdir()
        (fuzz / "Cargo.lock").write_text("version = 4\n")
        subprocess.run(["git", "add", "fuzz"], cwd=project, check=True)
        run = run_vetflow("check", "--locked", cwd=project)
        assert run.stderr == "note: not covered by this run: fuzz/Cargo.lock\n"
        assert run_vetflow("check", "--locked", "--rev", "HEAD", cwd=project).stderr == ""
