"""`trust`, `renew`, `add-exemption` and `record-violation`: what they write and what they refuse."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.in_process import Run, RunVetflow
from tests.small_project import write_small_project
from tests.stand_in import StandIn
from vetflow.sources.endpoints import API, INDEX

LOCKED = ("--locked", "--frozen")
WILDCARD = """
[[wildcard-audits.anvil]]
who = "Ada <ada@example.org>"
criteria = "safe-to-deploy"
user-id = 7
start = "2024-01-01"
end = "2026-02-01"
"""


class Project:
    """The small project; its audits.toml, and vetflow in it."""

    def __init__(self, run: RunVetflow, folder: Path) -> None:
        write_small_project(folder)
        self._run = run
        self.store = folder / "supply-chain"
        self.environ: dict[str, str] = {"GIT_CONFIG_NOSYSTEM": "1"}

    def __call__(self, *words: str) -> Run:
        return self._run(*words, "--cache-dir", "cache", environ=self.environ)

    def text(self, name: str) -> str:
        return (self.store / name).read_text()

    def put_wildcard(self, more: str = "") -> None:
        (self.store / "audits.toml").write_text(f"\n# cargo-vet audits file\n{WILDCARD}{more}\n[audits]\n")


@pytest.fixture
def project(run_vetflow: RunVetflow, tmp_path: Path) -> Project:
    return Project(run_vetflow, tmp_path)


def test_an_exemption_is_added_beside_others_with_the_criteria_as_given(project: Project) -> None:
    criteria = ("--criteria", "safe-to-run", "--criteria", "safe-to-deploy")
    run = project("add-exemption", "anvil", "1.0.0", *criteria, "--no-suggest", "--notes", "until June")
    assert run.exit == 0
    assert project.text("config.toml").count("[[exemptions.anvil]]") == 2
    added = 'version = "1.0.0"\ncriteria = ["safe-to-run", "safe-to-deploy"]\nsuggest = false\nnotes = "until June"\n'
    assert added in project.text("config.toml")


def test_an_exemption_is_from_the_store_s_default_unless_said(project: Project) -> None:
    config = project.text("config.toml")
    (project.store / "config.toml").write_text(
        config.replace("[cargo-vet]", 'default-criteria = "safe-to-run"\n\n[cargo-vet]')
    )
    assert project("add-exemption", "anvil", "0.9.0").exit == 0
    assert 'version = "0.9.0"\ncriteria = "safe-to-run"\n' in project.text("config.toml")


def test_a_violation_names_versions_as_a_requirement(project: Project) -> None:
    run = project("record-violation", "anvil", "0.9", "--who", "Ada", "--notes", "unsound")
    assert run.exit == 0
    entry = 'who = "Ada"\ncriteria = "safe-to-deploy"\nviolation = "^0.9"\nnotes = "unsound"\n'
    assert entry in project.text("audits.toml")
    assert "report it at https://github.com/rustsec/advisory-db" in run.stdout


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("add-exemption", "anvil", "1.0.0", "--criteria", "nope"), "'nope' is not a valid criteria name"),
        (("add-exemption", "anvli", "1.0.0"), "did you mean anvil? use --force"),
        (("add-exemption", "anvil", "1"), "'1' is not a version"),
        (("record-violation", "anvil", "*", "--who", "Ada", "--criteria", "nope"), "'nope' is not a valid"),
        (("record-violation", "anvli", "*", "--who", "Ada"), "isn't one of your foreign packages"),
        (("record-violation", "anvil", "x y", "--who", "Ada"), "'x y' is no version requirement"),
        (("record-violation", "anvil", "*"), "user.name is not set"),
        (("trust", "--locked"), "either CRATE [ID] or --all ID"),
        (("trust", "anvil", "--all", "ada-l", "--locked"), "either CRATE [ID] or --all ID"),
        (("trust", "anvil", "--locked"), "has no known publishers, so cannot be trusted"),
        (("trust", "anvil", "ada-l", "--locked"), "'ada-l' has not published any relevant version of 'anvil'"),
        (("trust", "--all", "ada-l", "--locked"), "No failing or exempted packages published by ada-l"),
        (("renew", "--locked"), "either CRATE or --expiring"),
        (("renew", "anvil", "--expiring", "--locked"), "either CRATE or --expiring"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else None,
)
def test_what_would_spoil_the_store_or_means_nothing_is_refused(
    project: Project, words: tuple[str, ...], said: str
) -> None:
    before = [project.text(name) for name in ("config.toml", "audits.toml", "imports.lock")]
    run = project(*words)
    assert run.exit == 2
    assert said in run.stderr
    assert [project.text(name) for name in ("config.toml", "audits.toml", "imports.lock")] == before


@pytest.mark.parametrize(
    "words",
    [
        ("add-exemption", "anvil", "0.9.0"),
        ("record-violation", "anvil", "0.9", "--who", "Ada"),
        ("renew", "anvil", *LOCKED),
    ],
    ids=lambda words: words[0],
)
def test_a_dry_run_shows_the_change_and_makes_none(project: Project, words: tuple[str, ...]) -> None:
    project.put_wildcard()
    before = [project.text(name) for name in ("config.toml", "audits.toml")]
    run = project(*words, "--dry-run")
    assert run.exit == 0
    assert any(line.startswith("+") for line in run.stdout.splitlines())
    assert [project.text(name) for name in ("config.toml", "audits.toml")] == before


def test_a_locked_renewal_names_the_publisher_by_id(project: Project) -> None:
    project.put_wildcard()
    run = project("renew", "--expiring", *LOCKED)
    assert run.exit == 0
    assert run.stdout.splitlines()[-1] == "  anvil: id=7"
    assert 'end = "2027-01-15"' in project.text("audits.toml")


def test_nothing_to_renew_is_no_failure(project: Project) -> None:
    assert project("renew", "--expiring", *LOCKED).exit == 0
    run = project("renew", "anvil", *LOCKED)
    assert run.exit == 0
    assert "no wildcard audits of anvil to renew" in run.stderr


NETWORK = {
    "crates": {
        "anvil": {
            "versions": {
                "0.9.0": ["2024-01-02", 7, 10],
                "1.0.0": ["2025-12-20", 7, 12],
                "1.1.0": ["2026-01-02", "github:forge/anvil", 12],
            },
            "desc": "Anvils",
        }
    },
    "users": {"7": ["ada-l", "Ada"]},
    "files": {},
}


@pytest.fixture(scope="module")
def server(shared: Path) -> Iterator[StandIn]:
    with StandIn(shared, NETWORK, {url.split("/")[2] for url in (INDEX, API)}) as running:
        yield running


@pytest.fixture
def online(project: Project, server: StandIn) -> Project:
    project.environ |= server.environ
    server.requests()  # of tests before
    return project


def test_trust_replaces_the_exemption_and_takes_over_the_publisher(online: Project) -> None:
    run = online("trust", "anvil", "ada-l")
    assert run.exit == 0, run.stderr
    entry = 'criteria = "safe-to-deploy"\nuser-id = 7 # Ada (ada-l)\nstart = "2024-01-02"\nend = "2027-01-15"\n'
    assert entry in online.text("audits.toml")
    assert "exemptions" not in online.text("config.toml")
    assert online.text("imports.lock").count("[[publisher.anvil]]") == 1
    assert run.stderr.splitlines()[-1] == "left: 0 unvetted, 0 exempted (nobody read them)"


def test_of_several_publishers_one_must_be_named(online: Project) -> None:
    run = online("trust", "anvil")
    assert run.exit == 2
    assert "multiple known publishers" in run.stderr
    assert "ada-l, github:forge/anvil" in run.stderr


def test_trust_all_leaves_out_what_others_published_too(online: Project) -> None:
    assert "--allow-multiple-publishers" in online("trust", "--all", "ada-l").stderr
    assert online("trust", "--all", "ada-l", "--allow-multiple-publishers").exit == 0
    assert "[[trusted.anvil]]" in online.text("audits.toml")


def test_a_wildcard_audit_ends_in_a_year_and_one_with_an_end_is_not_renewed(online: Project) -> None:
    words = ("certify", "anvil", "--wildcard", "ada-l", "--who", "Ada", "--accept-all")
    too_late = online(*words, "--end-date", "2027-01-16")
    assert too_late.exit == 2
    assert "too far in the future" in too_late.stderr
    assert online(*words).exit == 0
    assert 'end = "2027-01-15"\n' in online.text("audits.toml")
    assert online(*words, "--end-date", "2026-06-01").exit == 0
    assert 'end = "2026-06-01"\nrenew = false\n' in online.text("audits.toml")


def test_a_renewal_asks_only_about_crates_that_are_due(online: Project, server: StandIn) -> None:
    others = "\n[[wildcard-audits.bellows]]\n" + WILDCARD.partition("]]\n")[2].replace("2026-02-01", "2026-12-01")
    online.put_wildcard(others)
    run = online("renew", "--expiring")
    assert run.exit == 0, run.stderr
    assert run.stdout.splitlines() == [
        "Updated wildcard audits for the following crates and publishers to expire on 2027-01-15:",
        "  anvil: Ada (ada-l)",
    ]
    assert [request.rpartition("/")[2] for request in server.requests()] == ["anvil", "anvil"]
    assert 'end = "2026-12-01"' in online.text("audits.toml")


def test_a_check_warns_of_wildcard_audits_that_have_ended_unless_the_crate_is_known_to_be_inactive(
    online: Project,
) -> None:
    online.put_wildcard()
    later = ("--current-time", "2026-12-01T00:00:00Z")
    assert "wildcard audits have ended for anvil; vetflow renew --expiring" in online("check", *later).stderr
    online("renew", "--expiring", *later)  # finds out that nothing was published for long
    assert "wildcard" not in online("check", *later).stderr
