"""`vetflow lock drift REV`: what happened to Cargo.lock, in a project whose history is made here."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from tests.crate_workspace import PROC_MACRO, QUIET_SCRIPT, CrateWorkspace
from tests.in_process import Run, RunVetflow
from tests.unit.project.repository import Repository

SCHEMA = Path(__file__).resolve().parents[2] / "docs" / "schemas" / "lock-drift.json"
DEPENDS = '[dependencies]\npayload = "0.1"\n'


class History:
    """A project whose first commit needs two plain crates."""

    def __init__(self, folder: Path, run_vetflow: RunVetflow) -> None:
        self.workspace = CrateWorkspace(folder)
        self._run_vetflow = run_vetflow
        self.anvil = self.workspace.crate("anvil")
        self.bramble = self.workspace.crate("bramble")
        self.workspace.lock(self.anvil, self.bramble)
        self._repository = Repository(self.workspace.root)
        self.first = self.commit()

    def commit(self) -> str:
        return self._repository.commit({})

    def run(self, *argv: str) -> Run:
        return self.workspace.run(self._run_vetflow, *argv)

    def drift(self, *argv: str) -> Run:
        return self.run("lock", "drift", *argv)

    def events(self, *argv: str) -> list[dict[str, Any]]:
        run = self.drift(*argv, "--output-format", "json")
        assert run.stderr == ""
        document = json.loads(run.stdout)
        jsonschema.validate(document, json.loads(SCHEMA.read_text()))
        assert document["since"] == self.first
        events: list[dict[str, Any]] = document["events"]
        return events


@pytest.fixture
def history(tmp_path: Path, run_vetflow: RunVetflow) -> History:
    return History(tmp_path, run_vetflow)


def test_a_lock_that_did_not_change_has_nothing_to_tell(history: History) -> None:
    run = history.drift("HEAD")
    assert (run.exit, run.stdout) == (0, f"nothing happened to Cargo.lock since {history.first[:12]}\n")
    assert history.events("HEAD") == []


def test_a_patch_release_that_brings_in_a_build_script_leads_the_report(history: History) -> None:
    payload = history.workspace.crate("payload", "0.1.0", {"build.rs": QUIET_SCRIPT})
    grown = history.workspace.crate("anvil", "1.0.1", manifest=DEPENDS, needs=[payload])
    history.workspace.lock(grown, history.bramble)
    assert history.drift("HEAD").stdout.splitlines() == [
        f"What happened to Cargo.lock since {history.first[:12]}",
        "",
        "Depends, and did not before, on code that runs when you build",
        "  anvil 1.0.1 -> payload 0.1.0: it has a build script",
        "",
        "New",
        "  payload 0.1.0: it has a build script",
        "",
        "Newer than before",
        "  anvil 1.0.0 -> 1.0.1",
    ]
    edge, added, bumped = history.events("HEAD")
    assert (edge["id"], edge["parent"]["name"], edge["build_script"]) == ("drift/new-edge", "anvil", True)
    assert (added["id"], added["new_name"], added["resembles"]) == ("drift/added", True, None)
    assert (bumped["id"], bumped["old"]["version"], bumped["new"]["version"]) == ("drift/bumped", "1.0.0", "1.0.1")


def test_a_crate_that_becomes_a_proc_macro_is_told_with_what_it_draws_in(history: History) -> None:
    macro = history.workspace.crate(
        "anvil", "1.0.1", manifest=f'{PROC_MACRO}[dependencies]\nbramble = "1"\n', needs=[history.bramble]
    )
    history.workspace.lock(macro, history.bramble)
    privileged = [event for event in history.events("HEAD") if event["id"] == "drift/became-privileged"]
    assert [(event["crate"], event["gained"]) for event in privileged] == [
        ("anvil", ["proc_macro", "host"]),
        ("bramble", ["host"]),
    ]


def test_the_same_version_with_another_checksum_fails(history: History) -> None:
    lock = history.workspace.root / "Cargo.lock"
    old = next(line for line in lock.read_text().splitlines() if line.startswith("checksum")).split('"')[1]
    new = "0" * 64
    lock.write_text(lock.read_text().replace(old, new, 1))
    run = history.drift("HEAD")
    assert run.exit == 1
    assert run.stdout.splitlines()[2:4] == [
        "The same version, and another content: nobody may do that",
        f"  anvil 1.0.0: the checksum was {old} and is {new}",
    ]


def test_the_name_of_a_new_crate_is_held_against_well_known_ones_and_the_projects_own(history: History) -> None:
    fakes = [history.workspace.crate(name) for name in ("brambel", "lazystatic", "cobalt")]
    history.workspace.lock(history.anvil, history.bramble, *fakes)
    resembled = {event["crate"]: event["resembles"] for event in history.events("HEAD") if event["id"] == "drift/added"}
    assert resembled == {
        "brambel": {"name": "bramble", "differs": "in one character"},
        "lazystatic": {"name": "lazy_static", "differs": "in where it has separators"},
        "cobalt": None,
    }
    assert "its name differs from bramble only in one character" in history.drift("HEAD").stdout


def test_a_revision_can_be_compared_with_another(history: History) -> None:
    history.workspace.lock(history.anvil)
    second = history.commit()
    history.workspace.lock(history.bramble)
    assert [event["id"] for event in history.events(history.first, "--rev", second)] == ["drift/removed"]


def test_what_cannot_be_read_is_named_and_never_taken_for_quiet(history: History) -> None:
    payload = history.workspace.crate("payload", "0.1.0", {"build.rs": QUIET_SCRIPT})
    history.workspace.lock(history.anvil, history.bramble, payload)
    history.workspace.forget(payload)
    lines = history.drift("HEAD").stdout.splitlines()
    assert "  payload 0.1.0: whether it runs code when you build is not known" in lines
    assert "Not known, as they could not be read (crates: 1)" in lines
    (edge, added) = history.events("HEAD")
    assert [event["build_script"] for event in (edge, added)] == [None, None]


def test_a_surface_lock_of_the_proposal_does_not_vouch_for_it(history: History) -> None:
    payload = history.workspace.crate("payload", "0.1.0", {"build.rs": QUIET_SCRIPT})
    history.workspace.lock(history.anvil, history.bramble, payload)
    history.run("baseline")
    lock = history.workspace.root / "surface.lock"
    lock.write_text(lock.read_text().replace("build-script = true\n", ""))
    assert [event["build_script"] for event in history.events("HEAD")] == [True, True]


def test_a_revision_that_is_not_there_is_told(history: History) -> None:
    run = history.drift("no-such-branch")
    assert run.exit == 2
    assert "there is no commit `no-such-branch`" in run.stderr
