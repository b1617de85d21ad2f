"""`certify` as people use it: what is recorded, what is said, and that nothing typed is lost."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.in_process import Run, RunVetflow
from tests.small_project import write_small_project
from tests.stand_in import StandIn
from vetflow.sources.endpoints import API, DOWNLOAD, INDEX

ME = ("--who", "Ada <ada@example.org>")
LOCKED = ("--locked", "--frozen")
STATE_ALL = "sed -i 's/^# I, /I, /' \"$1\""
AUDIT = """
# cargo-vet audits file

[[audits.anvil]]
who = "Ada <ada@example.org>"
criteria = "safe-to-deploy"
version = "1.0.0"
"""


class Project:
    """The small project, and an editor that does what a shell line says."""

    def __init__(self, run: RunVetflow, folder: Path) -> None:
        write_small_project(folder)
        self._run = run
        self.store = folder / "supply-chain"
        self.folder = folder
        self.environ: dict[str, str] = {"PATH": "/usr/bin:/bin", "GIT_CONFIG_NOSYSTEM": "1"}

    def edit_with(self, line: str) -> None:
        editor = self.folder / "editor.sh"
        editor.write_text(f'#!/bin/sh\ncp "$1" "{self.folder}/shown.txt"\n{line}\n')
        editor.chmod(0o755)
        self.environ["GIT_EDITOR"] = str(editor)

    def certify(self, *words: str) -> Run:
        return self._run("certify", *words, "--cache-dir", "cache", environ=self.environ)

    def audits(self) -> str:
        return (self.store / "audits.toml").read_text()

    def drafts(self) -> list[Path]:
        return sorted((self.folder / "cache").glob("drafts/*"))


@pytest.fixture
def project(run_vetflow: RunVetflow, tmp_path: Path) -> Project:
    return Project(run_vetflow, tmp_path)


def test_an_audit_replaces_the_exemption_of_its_crate(project: Project) -> None:
    run = project.certify("anvil", "1.0.0", *ME, "--accept-all", *LOCKED)
    assert (run.exit, run.stdout) == (0, "")
    assert project.audits() == AUDIT
    assert "exemptions" not in (project.store / "config.toml").read_text()
    assert run.stderr.splitlines() == [
        "exemptions: 1 removed; audits: 1 added (config.toml, audits.toml)",
        "left: 0 unvetted, 0 exempted (nobody read them)",
    ]


def test_the_auditor_is_git_s_user_unless_named(project: Project) -> None:
    run = project.certify("anvil", "1.0.0", "--accept-all", *LOCKED)
    assert run.exit == 2
    assert "user.name is not set" in run.stderr
    assert "--who" in run.stderr
    (project.folder / ".gitconfig").write_text("[user]\nname = Ada\nemail = ada@example.org\n")
    assert project.certify("anvil", "1.0.0", "--accept-all", *LOCKED).exit == 0
    assert project.audits() == AUDIT


def test_the_statement_must_be_uncommented_and_the_notes_are_kept_until_it_is(project: Project) -> None:
    project.edit_with('echo "looked twice" >> "$1"')
    run = project.certify("anvil", "1.0.0", *ME, *LOCKED)
    assert run.exit == 2
    assert "couldn't find uncommented certify statement" in run.stderr
    assert str(project.drafts()[0]) in run.stderr
    assert "audits.anvil" not in project.audits()

    project.edit_with(STATE_ALL)
    run = project.certify("anvil", "1.0.0", *ME, *LOCKED)
    assert run.exit == 0
    assert "continuing the draft" in run.stderr
    assert project.audits() == AUDIT + 'notes = "looked twice"\n'
    assert project.drafts() == []


@pytest.mark.parametrize("ending", ["exit 3", "kill -9 $$"])
def test_an_editor_that_dies_leaves_what_was_typed(project: Project, ending: str) -> None:
    project.edit_with(f'{STATE_ALL}\necho "looked twice" >> "$1"\n{ending}')
    run = project.certify("anvil", "1.0.0", *ME, *LOCKED)
    assert run.exit == 3
    assert "audits.anvil" not in project.audits()
    assert "looked twice" in project.drafts()[0].read_text()


def test_criteria_chosen_in_a_draft_are_proposed_again(project: Project) -> None:
    project.edit_with("true")
    project.certify("anvil", "1.0.0", "--criteria", "safe-to-run", *ME, *LOCKED)
    project.edit_with(STATE_ALL)
    assert project.certify("anvil", "1.0.0", *ME, *LOCKED).exit == 0
    assert 'criteria = "safe-to-run"' in project.audits()


def test_notes_survive_when_the_write_fails(project: Project) -> None:
    (project.store / ".audits.toml.vetflow-new").mkdir()
    run = project.certify("anvil", "1.0.0", *ME, "--accept-all", "--notes", "looked twice", *LOCKED)
    assert run.exit == 2
    assert "Failed to commit store" in run.stderr
    assert "looked twice" in project.drafts()[0].read_text()


def test_a_dry_run_shows_the_diff_writes_nothing_and_keeps_the_text(project: Project) -> None:
    before = project.audits()
    project.edit_with(f'{STATE_ALL}\necho "looked twice" >> "$1"')
    run = project.certify("anvil", "1.0.0", *ME, *LOCKED, "--dry-run")
    assert run.exit == 0
    assert '+notes = "looked twice"' in run.stdout.splitlines()
    assert project.audits() == before
    assert "looked twice" in project.drafts()[0].read_text()


def test_what_was_said_before_is_not_said_twice_unless_forced(project: Project) -> None:
    project.certify("anvil", "1.0.0", *ME, "--accept-all", "--notes", "read", *LOCKED)
    recorded = project.audits()
    run = project.certify("anvil", "1.0.0", *ME, "--criteria", "safe-to-deploy", "--accept-all", *LOCKED)
    assert run.exit == 0
    assert "anvil@1.0.0 was recorded before" in run.stderr
    assert project.audits() == recorded
    again = ("anvil", "1.0.0", *ME, "--criteria", "safe-to-deploy", "--accept-all", *LOCKED, "--force")
    assert project.certify(*again).exit == 0
    assert project.audits().count("[[audits.anvil]]") == 2


def test_other_notes_are_another_audit(project: Project) -> None:
    for notes in ("read", "read again"):
        options = (*ME, "--criteria", "safe-to-deploy", "--accept-all", "--notes", notes)
        assert project.certify("anvil", "1.0.0", *options, *LOCKED).exit == 0
    assert project.audits().count("[[audits.anvil]]") == 2


def test_a_delta_shows_what_it_starts_from_and_warns_of_what_it_cannot_raise(project: Project) -> None:
    project.certify("anvil", "0.9.0", *ME, "--criteria", "safe-to-run", "--accept-all", "--notes", "read", *LOCKED)
    delta = ("anvil", "0.9.0", "1.0.0", *ME, "--criteria", "safe-to-deploy", "--accept-all", *LOCKED)
    run = project.certify(*delta)
    assert run.exit == 0
    assert run.stderr.splitlines()[:4] == [
        "anvil 0.9.0, which this starts from, holds safe-to-run",
        "  own audit 0.9.0 for safe-to-run by Ada <ada@example.org>",
        "    read",
        (
            "warning: 0.9.0 does not hold safe-to-deploy, and a delta cannot raise it: "
            "1.0.0 will not hold it either until 0.9.0 does"
        ),
    ]


def test_several_audits_share_notes_and_one_editor_and_only_the_stated_ones_are_recorded(project: Project) -> None:
    project.edit_with('sed -i \'s/^# \\(I, .* audited version 0.9.0 \\)/\\1/\' "$1"\necho "one release" >> "$1"')
    run = project.certify("anvil", "1.0.0", "--also", "anvil@0.9.0", "--also", "anvil@0.9.0..1.0.0",
                          "--criteria", "safe-to-deploy", *ME, *LOCKED)  # fmt: skip
    assert run.exit == 0
    shown = (project.folder / "shown.txt").read_text()
    assert shown.count("# I, Ada <ada@example.org>, certify") == 3
    assert shown.count("# safe-to-deploy:") == 1
    assert project.audits().count("[[audits.anvil]]") == 1
    assert 'version = "0.9.0"\nnotes = "one release"' in project.audits()


def test_a_delta_may_start_from_what_the_same_batch_certifies(project: Project) -> None:
    batch = ("--also", "anvil@0.9.0", "--also", "anvil@0.9.0..1.0.0", "--criteria", "safe-to-deploy")
    run = project.certify(*batch, *ME, "--accept-all", *LOCKED)
    assert run.exit == 0
    assert "does not hold" not in run.stderr
    assert "exemptions" not in (project.store / "config.toml").read_text()


def test_assistants_are_named_in_the_notes(project: Project) -> None:
    words = ("--assisted-by", "a model", "--assisted-by", "a linter", "--notes", "read", "--accept-all")
    assert project.certify("anvil", "1.0.0", *ME, *words, *LOCKED).exit == 0
    assert 'notes = """\nread\nAssisted-by: a model\nAssisted-by: a linter"""' in project.audits()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ([], "couldn't guess what package to certify"),
        (["anvil"], "couldn't guess what version of anvil to certify"),
        (["anvli", "1.0.0"], "'anvli' isn't one of your foreign packages"),
        (["anvil", "1.0.0", "--criteria", "nope"], "'nope' is not a valid criteria name"),
        (["anvil", "1.0"], "'1.0' is not a version"),
        (["anvil", "3.0.0"], "no criteria chosen, aborting"),
        (["anvil", "1.0.0", "--wildcard", "bo-k"], "--wildcard"),
        (["anvil", "--wildcard", "bo-k"], "'bo-k' has not published any relevant version of 'anvil'"),
        (["anvil", "1.0.0", "--no-collapse"], "--no-collapse is about a delta"),
        (["--also", "anvil"], "CRATE@BASE..VERSION"),
        (["anvil", "1.0.0", "--from-suggest"], "--from-suggest"),
    ],
)
def test_what_cannot_be_certified_is_refused_and_changes_nothing(project: Project, words: list[str], said: str) -> None:
    before = project.audits()
    run = project.certify(*words, *ME, "--accept-all", *LOCKED)
    assert run.exit == 2
    assert said in run.stderr
    assert project.audits() == before


def test_a_mistyped_crate_is_met_with_the_right_name(project: Project) -> None:
    assert "did you mean anvil?" in project.certify("anvli", "1.0.0", *ME, "--accept-all", *LOCKED).stderr
    assert (
        project.certify("anvli", "1.0.0", "--force", "--criteria", "safe-to-run", *ME, "--accept-all", *LOCKED).exit
        == 0
    )


PEER = "https://peer.example/audits.toml"
NETWORK = {
    "crates": {
        name: {"versions": {"0.9.0": ["2024-01-02", 7, 10], "1.0.0": ["2024-03-04", 7, 12]}, "desc": name}
        for name in ("anvil", "bellows", "crucible")
    },
    "users": {"7": ["ada-l", "Ada"]},
    "files": {PEER: '[[audits.bellows]]\nwho = "Bo"\ncriteria = "safe-to-deploy"\nversion = "1.0.0"\n'},
}


EXEMPT_BELLOWS = '\n[[exemptions.bellows]]\nversion = "1.0.0"\ncriteria = "safe-to-deploy"\n'


@pytest.fixture(scope="module")
def stand_in(shared: Path) -> Iterator[StandIn]:
    hosts = {url.split("/")[2] for url in (PEER, INDEX, API, DOWNLOAD)}
    with StandIn(shared, NETWORK, hosts) as server:
        yield server


def test_only_the_imports_and_the_certified_crate_are_asked_about(project: Project, stand_in: StandIn) -> None:
    """Trust in the publisher of every crate makes cargo-vet ask about each; two vet by what the store holds."""
    lock = (project.folder / "Cargo.lock").read_text()
    for name in ("bellows", "crucible"):
        lock = lock.replace(' "anvil",\n', f' "anvil",\n "{name}",\n')
        source = 'source = "registry+https://github.com/rust-lang/crates.io-index"'
        lock += f'\n[[package]]\nname = "{name}"\nversion = "1.0.0"\n{source}\n'
    (project.folder / "Cargo.lock").write_text(lock)
    manifest = project.folder / "Cargo.toml"
    manifest.write_text(manifest.read_text() + 'bellows = "1"\ncrucible = "1"\n')
    config = project.store / "config.toml"
    config.write_text(config.read_text().replace("[[ex", f'[imports.peer]\nurl = "{PEER}"\n\n[[ex') + EXEMPT_BELLOWS)
    trust = 'criteria = "safe-to-run"\nuser-id = 7\nstart = "2024-01-01"\nend = "2026-06-01"\n'
    rows = "".join(f"\n[[trusted.{name}]]\n{trust}" for name in ("anvil", "bellows", "crucible"))
    audit = '\n[[audits.crucible]]\nwho = "Bo"\ncriteria = "safe-to-deploy"\nversion = "1.0.0"\n'
    (project.store / "audits.toml").write_text(f"\n# cargo-vet audits file\n{audit}{rows}")
    project.environ |= stand_in.environ
    stand_in.requests()
    run = project.certify("anvil", "1.0.0", *ME, "--criteria", "safe-to-deploy", "--accept-all")
    assert run.exit == 0, run.stderr
    assert stand_in.requests() == [
        "200 https://crates.io/api/v1/crates/anvil",
        "200 https://index.crates.io/an/vi/anvil",
        "200 https://peer.example/audits.toml",
    ]
    assert "left: 0 unvetted, 1 exempted" in run.stderr
    project.certify("anvil", "0.9.0", *ME, "--criteria", "safe-to-run", "--accept-all")
    assert stand_in.requests() == ["304 https://peer.example/audits.toml"]


def test_suggestions_are_certified_together_once_each_is_stated(project: Project, stand_in: StandIn) -> None:
    project.environ |= stand_in.environ
    project.edit_with(f'{STATE_ALL}\necho "read as suggested" >> "$1"')
    run = project.certify("--from-suggest", *ME)
    assert run.exit == 0, run.stderr
    assert project.audits() == AUDIT + 'notes = "read as suggested"\n'
    nothing = project.certify("--from-suggest", *ME)
    assert nothing.exit == 2
    assert "`suggest` lists nothing" in nothing.stderr
