"""What is new in a lock since another: how young, by whom published, under which name. For `ci`, which judges the rest.

Each part is a pure rule of `vetflow.trust`; here they get what they need of two projects, the index and crates.io.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import NamedTuple

from vetflow.app.crate_contents import look_up_published
from vetflow.app.known_names import known_names
from vetflow.app.locked_packages import IndexedPackages, locked_packages, look_up_packages
from vetflow.app.network import Sources
from vetflow.app.project import Project
from vetflow.app.publisher_rows import PublisherRows, fetch_publishers, known_publishers
from vetflow.errors import NoStoreError
from vetflow.model.advisories import Advisory
from vetflow.model.findings import Finding, Level
from vetflow.model.names import CRATES_IO, CrateName
from vetflow.model.packages import Package
from vetflow.model.store import EMPTY_STORE, Store
from vetflow.resolve.publisher_trust import identifier
from vetflow.sources.cargo_config import read_cargo_config
from vetflow.sources.index import PublishedCrate, cached_crates
from vetflow.trust.cool_down import (
    CoolDownPolicy,
    NewVersion,
    cargo_min_age,
    cool_down_findings,
    with_cargo_default,
)
from vetflow.trust.new_names import NewName, look_alike_findings
from vetflow.trust.publisher_changes import (
    PublisherRules,
    contradiction_findings,
    merge_publishers,
    only_of,
    publisher_findings,
)


class NewsPolicy(NamedTuple):
    """The rules for what is new. overrides: fixes that somebody who may do so wants at once."""

    cool_down: CoolDownPolicy = CoolDownPolicy()
    publishers: PublisherRules = PublisherRules()
    look_alikes: Level = Level.WARN
    overrides: Collection[Package] = ()


class LockNews(NamedTuple):
    """new: packages of crates.io that the base's lock does not have. indexed, publishers: what is known of them."""

    new: tuple[Package, ...]
    indexed: IndexedPackages
    publishers: PublisherRows
    findings: tuple[Finding, ...]


class Sides(NamedTuple):
    """What is compared. now: seconds since 1970. privileged: whether a package of the head runs during a build.

    advisories: by crate, to know what a new version fixes.
    """

    base: Project
    head: Project
    now: int
    privileged: Callable[[Package], bool | None] = lambda _: None
    advisories: Mapping[CrateName, Sequence[Advisory]] = {}


def find_lock_news(sides: Sides, sources: Sources, policy: NewsPolicy) -> LockNews:
    """Judge what is new in the lock of `sides.head`. Unless the run is offline, crates.io is asked about these crates.

    cargo's own settings, as the base has them, are the rule for ages that the policy does not name.
    """
    base, head = sides.base, sides.head
    before = locked_packages(base)
    new = new_packages(before, locked_packages(head))
    indexed = look_up_packages(new, head.request, sources)
    stores = (_store(base), _store(head))
    known_rows = known_publishers(base, stores[0].imports, _fetched(head, new, sources))
    said = known_publishers(head, stores[1].imports)
    # Of what came before a proposal tells nothing: it could give anybody out for the usual publisher.
    publishers = merge_publishers(known_rows, only_of(said, new))
    config = read_cargo_config(base.tree, base.request.cwd, base.request.cargo_home)
    cool_down = with_cargo_default(policy.cool_down, cargo_min_age(config, base.request.environ))
    versions = [
        NewVersion(
            package,
            indexed.found[package].published_at if package in indexed.found else None,
            sides.privileged(package),
            next((identifier(row) for row in publishers.get(package.name, ()) if row.version == package.version), None),
            fixed_by(package, before, sides.advisories.get(package.name, ())),
        )
        for package in new
    ]
    known = {package.name for package in before}
    audited = audited_crates(stores[0])
    names = [_new_name(package, sides, audited, sources) for package in new if package.name not in known]
    findings = (
        *cool_down_findings(versions, cool_down, sides.now, head.lock_place, policy.overrides),
        *publisher_findings(new, publishers, head.lock_place, policy.publishers),
        *contradiction_findings(said, known_rows, policy.publishers),
        *look_alike_findings(names, known_names(known), sides.now, head.lock_place, policy.look_alikes),
    )
    return LockNews(new, indexed, publishers, findings)


def new_packages(before: Iterable[Package], after: Iterable[Package]) -> tuple[Package, ...]:
    """Return the packages of crates.io that are in the second lock and in no version like it in the first."""
    known = {(package.name, package.version, package.source) for package in before}
    return tuple(
        package
        for package in after
        if package.source == CRATES_IO and (package.name, package.version, package.source) not in known
    )


def fixed_by(package: Package, before: Iterable[Package], advisories: Iterable[Advisory]) -> tuple[str, ...]:
    """Return the advisories that affect a version of the crate that was locked before, and not the new one."""
    old = [each.version for each in before if each.name == package.name and each.source == CRATES_IO]
    return tuple(
        advisory.id
        for advisory in advisories
        if not advisory.withdrawn and any(map(advisory.affects, old)) and not advisory.affects(package.version)
    )


def _store(project: Project) -> Store:
    """Return the store of a project; one that says nothing where there is none."""
    try:
        return project.open_store(locked=False).store
    except NoStoreError:
        return EMPTY_STORE


def _fetched(head: Project, new: Sequence[Package], sources: Sources) -> PublisherRows:
    offline = head.request.offline or head.request.frozen
    return {} if offline else fetch_publishers({package.name for package in new}, sources)


def audited_crates(store: Store) -> frozenset[CrateName]:
    """Return the crates of which somebody audited a version; ask the base's store: a proposal could bring its own."""
    return frozenset(crate for file in (store.audits, *store.imports.audits.values()) for crate in file.audits)


def _new_name(package: Package, sides: Sides, audited: Collection[CrateName], sources: Sources) -> NewName:
    crate = _published(package.name, sides, sources)
    moments = [row.published_at for row in crate.versions if row.published_at is not None] if crate else []
    return NewName(
        package,
        sides.privileged(package),
        min(moments, default=None),
        len(crate.versions) if crate else None,
        audited=package.name in audited,
    )


def _published(name: CrateName, sides: Sides, sources: Sources) -> PublishedCrate | None:
    cached = cached_crates(sides.head.request.cargo_home, [name]).get(name)
    answer = cached or look_up_published([name], sources)[name]
    return answer if isinstance(answer, PublishedCrate) else None
