"""What is new in a lock since a commit: ages, publishers, names, settings."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.crate_workspace import CrateWorkspace
from tests.fakes import FIXED_DAY, FIXED_MOMENT
from tests.index_cache import IndexRow, write_index_cache
from tests.unit.project.repository import Repository
from tests.unit.sources.packing import write
from vetflow.app.build_settings import changed_settings
from vetflow.app.lock_news import LockNews, NewsPolicy, Sides, find_lock_news
from vetflow.app.network import open_sources
from vetflow.app.project import Project, open_project
from vetflow.app.request import Request
from vetflow.model.advisories import Advisory, AdvisoryKind, AffectedRange
from vetflow.model.findings import Level
from vetflow.model.version import parse_version
from vetflow.trust.cool_down import CoolDownPolicy

HOUR_AGO, MONTHS_AGO = "2026-01-15T11:00:00Z", "2025-08-01T00:00:00Z"
WEEK = CoolDownPolicy(7 * 86_400, level=Level.FAIL)
PUBLISHED = """
[[publisher.anvil]]
version = "{}"
when = "2026-01-02"
user-id = {}
user-login = "{}"
"""


class Proposal:
    """A project whose first commit needs `anvil 1.0.0` and `bramble 1.0.0`; what follows is a proposal."""

    def __init__(self, folder: Path) -> None:
        self.workspace = CrateWorkspace(folder)
        self.cache = folder / "cache"
        self.store = self.workspace.store()
        self.anvil, self.bramble = self.workspace.crate("anvil"), self.workspace.crate("bramble")
        self.workspace.lock(self.anvil, self.bramble)
        self.repository = Repository(self.workspace.root)
        self.first = self.repository.commit({})

    def request(self, rev: str | None = None, environ: Mapping[str, str] | None = None) -> Request:
        return Request(
            cwd=str(self.workspace.root),
            cargo_home=str(self.workspace.home),
            today=FIXED_DAY,
            rev=rev,
            offline=True,
            cache_dir=str(self.cache),
            environ=environ or {},
        )

    def sides(self, environ: Mapping[str, str] | None = None) -> tuple[Project, Project]:
        return open_project(self.request(self.first, environ)), open_project(self.request(None, environ))

    def publish(self, name: str, version: str, at: str) -> str:
        """Return a crate that is in the index since a moment."""
        crate = self.workspace.crate(name, version)
        self.workspace.lock(crate)
        lock = (self.workspace.root / "Cargo.lock").read_text()
        checksum = next(line for line in lock.splitlines() if line.startswith("checksum")).split('"')[1]
        write_index_cache(self.workspace.home, name, [IndexRow(version, checksum, at)])
        return crate

    def news(
        self,
        policy: NewsPolicy,
        *,
        privileged: bool | None = False,
        advisories: Mapping[str, tuple[Advisory, ...]] | None = None,
        environ: Mapping[str, str] | None = None,
    ) -> LockNews:
        base, head = self.sides(environ)
        with open_sources(head, lambda *_: None) as sources:
            return find_lock_news(
                Sides(base, head, FIXED_MOMENT, lambda _: privileged, advisories or {}), sources, policy
            )


@pytest.fixture
def proposal(tmp_path: Path) -> Proposal:
    return Proposal(tmp_path)


def ids(news: LockNews) -> list[str]:
    return [each.id for each in news.findings]


def test_a_lock_that_did_not_change_has_no_news(proposal: Proposal) -> None:
    news = proposal.news(NewsPolicy(WEEK))
    assert (news.new, news.findings) == ((), ())


def test_only_what_is_new_must_be_old_enough(proposal: Proposal) -> None:
    young = proposal.publish("anvil", "1.0.1", HOUR_AGO)
    proposal.workspace.lock(young, proposal.bramble)
    (finding,) = proposal.news(NewsPolicy(WEEK)).findings
    assert (finding.id, finding.level) == ("cool-down/too-young", Level.FAIL)
    assert finding.reason == "anvil 1.0.1 is 60 minutes old and must be 7 days old"
    assert finding.place is not None


def test_a_version_that_fixes_what_is_locked_says_so(proposal: Proposal) -> None:
    young = proposal.publish("anvil", "1.0.1", HOUR_AGO)
    proposal.workspace.lock(young, proposal.bramble)
    affected = (AffectedRange(None, parse_version("1.0.1")),)
    advisory = Advisory("RUSTSEC-2026-9001", "anvil", AdvisoryKind.VULNERABILITY, "Sharp", affected)
    news = proposal.news(NewsPolicy(WEEK), advisories={"anvil": (advisory,)})
    assert ids(news) == ["cool-down/too-young-fix"]
    assert ids(proposal.news(NewsPolicy(WEEK, overrides=news.new), advisories={"anvil": (advisory,)})) == [
        "cool-down/skipped"
    ]


def test_an_age_nobody_knows_is_told(proposal: Proposal) -> None:
    proposal.workspace.lock(proposal.anvil, proposal.workspace.crate("cobalt"))
    news = proposal.news(NewsPolicy(WEEK))
    assert ids(news) == ["cool-down/unknown"]
    assert [package.name for package in news.indexed.lacking] == ["cobalt"]


def test_cargos_own_setting_in_the_base_is_the_rule_where_there_is_none(proposal: Proposal) -> None:
    settings = proposal.workspace.root / ".cargo/config.toml"
    write(settings, '[registry]\nglobal-min-publish-age = "2 days"\n')
    proposal.first = proposal.repository.commit({})
    young = proposal.publish("anvil", "1.0.1", HOUR_AGO)
    proposal.workspace.lock(young, proposal.bramble)
    write(settings, '[registry]\nglobal-min-publish-age = "0"\n')
    assert ids(proposal.news(NewsPolicy())) == ["cool-down/too-young"]
    assert ids(proposal.news(NewsPolicy(CoolDownPolicy(0)))) == []


def test_a_new_name_that_looks_like_one_of_the_projects_own_is_told(proposal: Proposal) -> None:
    near = proposal.publish("brambel", "0.1.0", HOUR_AGO)
    proposal.workspace.lock(proposal.anvil, proposal.bramble, near)
    (finding,) = proposal.news(NewsPolicy(), privileged=True).findings
    assert (finding.id, finding.level) == ("names/look-alike", Level.FAIL)
    assert "differs from bramble only in one character" in finding.reason


def test_what_somebody_audited_is_what_it_seems(proposal: Proposal) -> None:
    audit = '[[audits.brambel]]\nwho = "Ada"\ncriteria = "safe-to-deploy"\nversion = "0.0.9"\n'
    near = proposal.publish("brambel", "0.1.0", HOUR_AGO)
    proposal.workspace.lock(proposal.anvil, proposal.bramble, near)
    write(proposal.store / "audits.toml", audit)
    assert ids(proposal.news(NewsPolicy())) == ["names/look-alike"], "a proposal cannot vouch for itself"
    proposal.workspace.lock(proposal.anvil, proposal.bramble)
    proposal.first = proposal.repository.commit({})
    proposal.workspace.lock(proposal.anvil, proposal.bramble, near)
    assert ids(proposal.news(NewsPolicy())) == []


def test_without_a_store_everything_else_is_still_told(proposal: Proposal) -> None:
    shutil.rmtree(proposal.store)
    proposal.first = proposal.repository.commit({})
    proposal.workspace.lock(proposal.publish("anvil", "1.0.1", HOUR_AGO), proposal.bramble)
    assert ids(proposal.news(NewsPolicy(WEEK))) == ["cool-down/too-young"]


def test_snapshots_tell_who_published_what_and_the_base_is_believed_first(proposal: Proposal) -> None:
    write(proposal.store / "publishers.toml", PUBLISHED.format("1.0.0", 1, "ada"))
    proposal.first = proposal.repository.commit({})
    proposal.workspace.lock(proposal.publish("anvil", "1.0.1", MONTHS_AGO), proposal.bramble)
    assert ids(proposal.news(NewsPolicy())) == []
    # A proposal that rewrites who published what came before changes nothing, and is told of.
    forged = PUBLISHED.format("1.0.0", 2, "ben") + PUBLISHED.format("1.0.1", 2, "ben")
    write(proposal.store / "publishers.toml", forged)
    assert ids(proposal.news(NewsPolicy())) == ["publishers/changed", "publishers/contradicted"]


def test_settings_that_change_what_runs_are_told_with_their_file(proposal: Proposal) -> None:
    root = proposal.workspace.root
    write(root / ".cargo/config.toml", '[build]\nrustc-wrapper = "tools/wrap"\n')
    write(root / "rust-toolchain.toml", '[toolchain]\npath = "../mine"\n')
    found = [(each.id, str(each.place)) for each in changed_settings(*proposal.sides())]
    assert found == [("settings/program", ".cargo/config.toml"), ("settings/program", "rust-toolchain.toml")]
    proposal.first = proposal.repository.commit({})
    assert list(changed_settings(*proposal.sides())) == []


def test_settings_that_cannot_be_read_fail(proposal: Proposal) -> None:
    write(proposal.workspace.root / "rust-toolchain.toml", "[toolchain\n")
    (finding,) = changed_settings(*proposal.sides())
    assert (finding.id, finding.level) == ("settings/unreadable", Level.FAIL)
