"""The live state: what imports.lock would hold if it held everything that others have published by now.

Commands that may use the network resolve with it instead of imports.lock. What imports.lock does not have yet is marked
fresh; the update of the store then takes over what is needed of it. What was not asked for stays as imports.lock has
it. Source: shared spec resolver 8.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable, Iterable, Iterator, Mapping, Sequence
from typing import TypeVar

from vetflow.errors import StoreError
from vetflow.formats.import_mapping import map_to_local, merge_sources
from vetflow.formats.unified import difference
from vetflow.graph.package_graph import is_third_party
from vetflow.model.audits import Audit, Publisher, Unpublished, WildcardAudit
from vetflow.model.criteria import Criteria
from vetflow.model.names import CRATES_IO, CrateName, CriteriaName, ImportName
from vetflow.model.packages import Package
from vetflow.model.store import AuditsFile, Import, ImportsFile, PolicyTable, Store
from vetflow.model.upstream import Upstream

_Statement = TypeVar("_Statement", Audit, WildcardAudit)


def live_imports(
    store: Store,
    packages: Iterable[Package],
    upstream: Upstream,
    *,
    also: Collection[CrateName] = (),
    accept_changed_criteria: bool = False,
) -> ImportsFile:
    """Return the live state of a store whose `imports` are imports.lock.

    packages: all of the workspace (`PackageGraph.packages`). also: crates whose publishers count although no entry
    speaks of them yet, as when one is about to be trusted. Raises StoreError when a peer changed the text of a mapped
    criterion, unless that is accepted, and when crates.io has no crate that it was asked about.
    """
    lock, packages = store.imports, tuple(packages)
    relevant = {*publisher_names(store, packages, upstream.audits), *also}
    return ImportsFile(
        unpublished=_live_unpublished(lock, packages, store.config.policy, upstream),
        publisher=_live_publishers(lock, relevant, upstream),
        audits=_live_audits(lock, upstream.audits, accept_changed_criteria=accept_changed_criteria),
    )


def map_to_local_criteria(
    imports: Mapping[ImportName, Import],
    peers: Mapping[ImportName, Sequence[tuple[str, AuditsFile]]],
    local: Criteria,
) -> dict[ImportName, AuditsFile]:
    """Return what each peer says in local criteria, its several addresses merged, everything marked fresh.

    peers: for every import the address and the content of each of its files, in the peer's own terms. Raises what
    `import_mapping` raises.
    """
    return {
        name: merge_sources(name, [(url, map_to_local(name, file, source, local)) for url, file in peers[name]], source)
        for name, source in sorted(imports.items())
    }


def publisher_names(
    store: Store, packages: Iterable[Package], peers: Mapping[ImportName, AuditsFile]
) -> frozenset[CrateName]:
    """Return the crates whose publishers count: third-party ones that somebody's trust in a publisher is about.

    peers: what the imports say now. Imported trusted entries are no trust of ours.
    """
    own = store.audits
    trusted = {*own.wildcard_audits, *own.trusted}.union(*(peer.wildcard_audits for peer in peers.values()))
    policy = store.config.policy
    return frozenset(
        package.name for package in packages if package.name in trusted and is_third_party(package, policy)
    )


def audited_as_published(packages: Iterable[Package], policy: PolicyTable) -> Iterator[Package]:
    """Yield the packages that stand for a version of crates.io: such by policy, and not of a git revision."""
    for package in packages:
        if package.source == CRATES_IO or package.version.git:
            continue
        if policy.get(package.name, package.version).audit_as_crates_io:
            yield package


def _live_audits(
    lock: ImportsFile, peers: Mapping[ImportName, AuditsFile], *, accept_changed_criteria: bool
) -> dict[ImportName, AuditsFile]:
    live: dict[ImportName, AuditsFile] = {}
    changes: list[StoreError] = []
    for name, file in peers.items():
        stored = lock.audits.get(name)
        if stored is None:
            live[name] = file
            continue
        changes += _changed_criteria(name, stored, file)
        live[name] = file._replace(
            audits=_known(file.audits, stored.audits, _audit_identity),
            wildcard_audits=_known(file.wildcard_audits, stored.wildcard_audits, _wildcard_identity),
        )
    if changes and not accept_changed_criteria:
        raise StoreError("Some of your imported audits changed their criteria descriptions", related=changes)
    return live


def _changed_criteria(peer: ImportName, stored: AuditsFile, live: AuditsFile) -> Iterator[StoreError]:
    for name, entry in sorted(stored.criteria.items()):
        now = live.criteria.get(name)
        if now is not None and entry.description != now.description:
            yield _changed(peer, name, entry.description or "", now.description or "")


def _changed(peer: ImportName, name: CriteriaName, old: str, new: str) -> StoreError:
    diff = difference(old, new, name).diff if old != new else ("it had no description before",)
    return StoreError(
        "\n".join((f"{peer}'s '{name}' criteria changed:", *diff)),
        help="read it; then run `vetflow regenerate imports` to accept this new definition",
    )


def _known(
    live: Mapping[CrateName, tuple[_Statement, ...]],
    stored: Mapping[CrateName, tuple[_Statement, ...]],
    identity: Callable[[_Statement], Hashable],
) -> dict[CrateName, tuple[_Statement, ...]]:
    """Take the mark off what is stored: each stored entry accounts for one live entry that says the same."""
    return {
        name: tuple(_unmarked(entries, stored[name], identity)) if name in stored else entries
        for name, entries in live.items()
    }


def _unmarked(
    live: Iterable[_Statement], stored: Iterable[_Statement], identity: Callable[[_Statement], Hashable]
) -> Iterator[_Statement]:
    left: dict[Hashable, int] = {}
    for entry in stored:
        key = identity(entry)
        left[key] = left.get(key, 0) + 1
    for entry in live:
        key = identity(entry)
        if left.get(key):
            left[key] -= 1
            yield entry._replace(fresh=False)
        else:
            yield entry


def _audit_identity(audit: Audit) -> Hashable:
    """Return what makes an audit the same audit: who recorded it and the notes may change."""
    return audit.kind, audit.version, audit.base, audit.violation, audit.criteria


def _wildcard_identity(audit: WildcardAudit) -> Hashable:
    return audit.source, audit.start, audit.end, audit.criteria


def _live_publishers(
    lock: ImportsFile, relevant: Iterable[CrateName], upstream: Upstream
) -> dict[CrateName, tuple[Publisher, ...]]:
    live = {}
    for name in sorted(relevant):
        _require_published(name, upstream)
        stored = lock.publisher.get(name, ())
        versions = {row.version.semver for row in stored}
        rows = upstream.publishers.get(name)
        if rows is None:
            # What crates.io no longer has, nobody can have published for us.
            published = upstream.published.get(name)
            live[name] = tuple(row for row in stored if published is None or row.version.semver in published)
        else:
            live[name] = tuple(row._replace(fresh=row.version not in versions) for row in rows)
    return {name: rows for name, rows in live.items() if rows}


def _live_unpublished(
    lock: ImportsFile,
    packages: Iterable[Package],
    policy: PolicyTable,
    upstream: Upstream,
) -> dict[CrateName, tuple[Unpublished, ...]]:
    """Add a fresh row for every local version that is not published, even beside an equal one of imports.lock.

    The search then prefers old rows or fresh ones, as its mode says.
    """
    live = dict(lock.unpublished)
    for package in audited_as_published(packages, policy):
        name, version = package.name, package.version
        _require_published(name, upstream)
        versions = upstream.published.get(name)
        if versions is None:
            continue
        audited_as = max((each for each in versions if each <= version), default=min(versions))
        if audited_as != version:
            live[name] = (*live.get(name, ()), Unpublished(version, audited_as, fresh=True))
    return live


def _require_published(name: CrateName, upstream: Upstream) -> None:
    if upstream.published.get(name) == ():
        raise StoreError(
            f"Cannot fetch crate information, '{name}' does not exist on crates.io",
            help=f"entries of the store, or `audit-as-crates-io` in its policy, take {name} for a published crate",
        )
