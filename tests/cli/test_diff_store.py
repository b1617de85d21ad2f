"""`vetflow diff-store REV`: two stores compared by what they say, and by what the lock's crates rest on."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from tests.conftest import REPOSITORY
from tests.in_process import Run, RunVetflow
from tests.small_project import write_small_project
from tests.unit.project.repository import Repository

EXEMPTION = '\n[[exemptions.anvil]]\nversion = "1.0.0"\ncriteria = "safe-to-deploy"\n'
FULL = '\n[[audits.anvil]]\nwho = "Ada"\ncriteria = "safe-to-deploy"\nversion = "1.0.0"\n'
TRUST = (
    '\n[audits]\n\n[[trusted.anvil]]\ncriteria = "safe-to-deploy"\nuser-id = 7 # ada-l\n'
    'start = "2020-01-01"\nend = "2026-12-01"\n'
)
PUBLISHER = '\n[[publisher.anvil]]\nversion = "1.0.0"\nwhen = "2025-12-20"\nuser-id = 7\nuser-login = "ada-l"\n'


class Project:
    """The small project, committed with a store in which anvil is exempted."""

    def __init__(self, folder: Path, run: RunVetflow) -> None:
        write_small_project(folder)
        self._run = run
        self.store = folder / "supply-chain"
        self.repository = Repository(folder)
        self.first = self.repository.commit({})

    def write(self, name: str, text: str) -> None:
        header = (self.store / name).read_text().split("\n\n")[0]
        (self.store / name).write_text(f"{header}\n{text}")

    def __call__(self, *words: str) -> Run:
        run = self._run("diff-store", *words)
        assert run.exit == 0, run.stderr
        return run

    def document(self, *words: str) -> dict[str, Any]:
        document: dict[str, Any] = json.loads(self(*words, "--output-format", "json").stdout)
        jsonschema.validate(document, json.loads((REPOSITORY / "docs/schemas/diff-store.json").read_text()))
        return document

    def changes(self) -> list[tuple[str, str, str]]:
        found = self.document("HEAD")["changes"]
        return [(change["kind"], change["entries"], change["subject"]) for change in found]

    def without_exemption(self) -> None:
        config = self.store / "config.toml"
        config.write_text(config.read_text().replace(EXEMPTION, ""))


@pytest.fixture
def project(tmp_path: Path, run_vetflow: RunVetflow) -> Project:
    return Project(tmp_path, run_vetflow)


def test_a_store_that_did_not_change_has_nothing_to_tell(project: Project) -> None:
    assert project("HEAD").stdout == f"the store says what it said at {project.first[:12]}\n"
    document = project.document("HEAD")
    assert (document["since"], document["crates"], document["changes"]) == (project.first, [], [])


def test_a_crate_moves_from_an_exemption_to_a_trusted_publisher(project: Project) -> None:
    project.without_exemption()
    project.write("audits.toml", TRUST)
    project.write("imports.lock", PUBLISHER)
    told = project("HEAD").stdout
    assert "anvil 1.0.0: an exemption (nobody read it) -> trust in a publisher\n" in told
    assert "now: trust in what ada-l publishes\n" in told
    assert "was: the exemption of 1.0.0\n" in told
    assert "  - anvil 1.0.0 for safe-to-deploy\n" in told
    assert "what crates.io said: publisher rows 1 added\n" in told
    assert "  + anvil by user 7 for safe-to-deploy, 2020-01-01 to 2026-12-01\n" in told
    (crate,) = project.document("HEAD")["crates"]
    assert (crate["before"]["rests-on"], crate["after"]["rests-on"]) == ("exemption", "trusted-publisher")


def test_a_crate_that_is_not_vetted_any_more_says_so(project: Project) -> None:
    project.without_exemption()
    assert "anvil 1.0.0: an exemption (nobody read it) -> nothing: it is not vetted\n" in project("HEAD").stdout


def test_a_violation_says_that_it_speaks_against_a_crate(project: Project) -> None:
    project.write("audits.toml", FULL.replace('version = "1.0.0"', 'violation = "<2"'))
    told = project("HEAD").stdout
    assert "anvil 1.0.0: an exemption (nobody read it) -> nothing: a violation speaks against it\n" in told
    assert "violations\n  + anvil violation <2 for safe-to-deploy by Ada\n" in told


@pytest.mark.parametrize(
    ("old", "new", "wanted", "detail"),
    [
        ('"safe-to-deploy"', '"safe-to-run"', "narrowed", "criteria: safe-to-deploy -> safe-to-run"),
        ('who = "Ada"', 'who = "Bert"', "changed", "who: Ada -> Bert"),
        ('"safe-to-deploy"', '["safe-to-deploy", "safe-to-run"]', "changed", "safe-to-deploy, safe-to-run"),
        ('version = "1.0.0"\n', 'version = "1.0.0"\nnotes = "fine"\n', "changed", "notes: none -> fine"),
    ],
)
def test_a_changed_audit_says_whether_it_claims_more(
    project: Project, old: str, new: str, wanted: str, detail: str
) -> None:
    project.write("audits.toml", FULL)
    project.repository.commit({})
    project.write("audits.toml", FULL.replace(old, new))
    (change,) = project.document("HEAD")["changes"]
    assert (change["kind"], change["subject"]) == (wanted, "anvil 1.0.0")
    assert detail in change["detail"]
    project.repository.commit({})
    project.write("audits.toml", FULL)
    (back,) = project.document("HEAD")["changes"]
    assert back["kind"] == {"narrowed": "widened"}.get(wanted, wanted)


def test_more_days_of_trust_are_more(project: Project) -> None:
    project.write("audits.toml", TRUST)
    project.repository.commit({})
    project.write("audits.toml", TRUST.replace("2026-12-01", "2026-12-02"))
    assert project.changes() == [("widened", "trusted publishers", "anvil by user 7")]
    project.write("audits.toml", TRUST.replace("2020-01-01", "2020-01-02"))
    assert project.changes() == [("narrowed", "trusted publishers", "anvil by user 7")]


def test_a_criterion_that_implies_more_is_wider(project: Project) -> None:
    criterion = '\n[criteria.seen]\ndescription = "somebody saw it"\n'
    project.write("audits.toml", f"{criterion}\n[audits]\n")
    project.repository.commit({})
    project.write("audits.toml", f'{criterion}implies = "safe-to-deploy"\n\n[audits]\n')
    assert project.changes() == [("widened", "criteria", "seen")]
    project.write("audits.toml", criterion.replace("saw it", "heard of it") + "\n[audits]\n")
    assert project.changes() == [("changed", "criteria", "seen")]


def test_imports_and_policies_are_told_and_rows_of_peers_are_counted(project: Project) -> None:
    config = project.store / "config.toml"
    tables = '\n[imports.peer]\nurl = "https://peer.example/audits.toml"\n\n[policy.app]\ncriteria = "safe-to-run"\n'
    config.write_text(config.read_text().replace(EXEMPTION, tables + EXEMPTION))
    project.write("imports.lock", FULL.replace("[audits.", "[audits.peer.audits."))
    assert project.changes() == [
        ("added", "imports", "peer"),
        ("added", "policies", "app"),
        ("added", "audits", "anvil 1.0.0"),
    ]
    assert "imported from peer: audits 1 added\n" in project("HEAD").stdout


def test_before_there_was_a_store_everything_is_new(project: Project) -> None:
    project.repository.git("rm", "-r", "--quiet", "--cached", "supply-chain")
    project.repository.git("commit", "--quiet", "--message=x")
    assert project.changes() == [("added", "exemptions", "anvil 1.0.0")]


def test_two_revisions_are_compared_without_a_look_at_the_working_tree(project: Project) -> None:
    project.write("audits.toml", FULL)
    second = project.repository.commit({})
    (project.store / "audits.toml").write_text("nonsense")
    document = project.document(project.first, "--rev", second)
    assert [change["subject"] for change in document["changes"]] == ["anvil 1.0.0"]
