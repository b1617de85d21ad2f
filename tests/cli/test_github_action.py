"""The action for GitHub: what it hands over is what `vetflow ci` says, and its inputs are never a script."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.conftest import REPOSITORY
from tests.small_project import write_small_project
from tests.unit.project.repository import Repository
from vetflow.cli.commands import COMMANDS, load, parser_of

ACTION = REPOSITORY / ".github/actions/check"
TODAY = "--current-time\n2026-01-15T12:00:00Z\n--offline"


class Answered(NamedTuple):
    exit: int
    annotations: str
    summary: str
    decision: str


class Job:
    """A checked-out project, and what GitHub gives to the action's script."""

    def __init__(self, folder: Path) -> None:
        self.project = folder / "project"
        write_small_project(self.project)
        lock = self.project / "Cargo.lock"
        lock.write_text(lock.read_text().replace('-index"\n', f'-index"\nchecksum = "{"ab" * 32}"\n', 1))
        self.repository = Repository(self.project)
        self.base = self.repository.commit({})
        self._folder = folder
        tools = folder / "tools"
        tools.mkdir()
        (tools / "vetflow").write_text(f'#!/bin/sh\nexec {sys.executable} -m vetflow "$@"\n')
        (tools / "vetflow").chmod(0o755)
        self._path = f"{tools}:{os.environ['PATH']}"

    def answer(self, **inputs: str) -> Answered:
        summary, output = self._folder / "summary", self._folder / "output"
        for path in (summary, output):
            path.write_text("")
        environ = {
            "PATH": self._path,
            "HOME": str(self._folder),
            "RUNNER_TEMP": str(self._folder),
            "GITHUB_STEP_SUMMARY": str(summary),
            "GITHUB_OUTPUT": str(output),
            "VETFLOW_OPTIONS": TODAY,
            **{f"VETFLOW_{name.upper()}": value for name, value in inputs.items()},
        }
        command = ["bash", str(ACTION / "answer.sh")]
        ran = subprocess.run(command, cwd=self.project, env=environ, capture_output=True, text=True, check=False)
        (line,) = output.read_text().splitlines()
        return Answered(ran.returncode, ran.stdout, summary.read_text(), line.removeprefix("decision="))


@pytest.fixture
def job(tmp_path: Path) -> Job:
    return Job(tmp_path)


def test_a_proposal_that_is_not_checked_out_is_answered(job: Job) -> None:
    config = job.project / "supply-chain/config.toml"
    text = config.read_text()
    proposal = job.repository.commit({"supply-chain/config.toml": text[: text.index("\n[[exemptions")]})
    job.repository.git("checkout", "--quiet", job.base)
    answered = job.answer(base=job.base, rev=proposal, summary=str(job.project.parent / "comment.md"))
    assert (answered.exit, answered.decision) == (1, "review")
    assert answered.summary.startswith("## vetflow: review\n")
    assert "::error " in answered.annotations
    assert (job.project.parent / "comment.md").read_text() == answered.summary


def test_what_cannot_be_answered_has_no_decision_and_says_so(job: Job) -> None:
    answered = job.answer(base="nowhere")
    assert (answered.exit, answered.decision) == (2, "")
    assert "could not answer (exit code 2)" in answered.summary


@pytest.mark.parametrize("text", ["$(touch ran)", "`touch ran`", "; touch ran", "x' || touch ran #"])
def test_text_of_a_pull_request_is_never_run(job: Job, text: str) -> None:
    assert job.answer(base=text, rev=text).exit == 2
    assert job.answer(options=text).exit == 2
    assert not (job.project / "ran").exists()


def test_inputs_stand_in_no_script_of_the_action() -> None:
    text = (ACTION / "action.yml").read_text()
    scripts = re.findall(r"^ +run: (?:\|\n((?: {8}.*\n)+)|(.*)\n)", text, flags=re.MULTILINE)
    assert len(scripts) == 2
    assert not any("${{" in part for script in scripts for part in script)


def test_commands_of_hooks_are_commands() -> None:
    text = (REPOSITORY / ".pre-commit-hooks.yaml").read_text()
    entries = [entry.split() for entry in re.findall(r"^ +entry: (.*)$", text, flags=re.MULTILINE)]
    assert len(entries) == 3
    for program, command, *options in entries:
        assert program == "vetflow"
        assert command in COMMANDS
        parser_of(command, load(command)).parse_args(options)
