"""Short ways to write dependency graphs and stores down in tests.

A graph is a mapping from source (`members`, `path`, `crates-io` or the text of Cargo.lock) to its packages,
each with what it depends on: `{"members": {"root 0.1.0": ["aa", "dd 2.0.0 dev"]}, "crates-io": {...}}`.
Entries of a store hold `safe-to-deploy` unless they say otherwise.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypeAlias

from vetflow.formats.source_id import node_version
from vetflow.graph.package_graph import build_graph
from vetflow.model.audits import (
    Audit,
    AuditKind,
    Exemption,
    Publisher,
    PublisherSource,
    TrustedEntry,
    Unpublished,
    WildcardAudit,
)
from vetflow.model.criteria import Criteria
from vetflow.model.dates import parse_date
from vetflow.model.names import CRATES_IO, SAFE_TO_DEPLOY
from vetflow.model.packages import Dependency, DependencyKind, Package, PackageGraph, Workspace
from vetflow.model.requirement import parse_requirement
from vetflow.model.store import (
    CURRENT_STORE,
    AuditsFile,
    ConfigFile,
    CriteriaEntry,
    Import,
    ImportsFile,
    Policy,
    PolicyTable,
    Store,
)
from vetflow.model.version import VetVersion, parse_version

Packages: TypeAlias = Mapping[str, Mapping[str, Sequence[str]]]

_SOURCES = {"members": None, "path": None, "crates-io": CRATES_IO}
_KINDS = {kind.name.lower(): kind for kind in DependencyKind if kind.name}
DEPLOY = (SAFE_TO_DEPLOY,)


def make_workspace(packages: Packages) -> Workspace:
    """Return the workspace that a mapping describes, packages in the order they are given."""
    found: list[Package] = []
    wanted: list[Sequence[str]] = []
    members: list[int] = []
    for source_key, group in packages.items():
        source = _SOURCES.get(source_key, source_key)
        for name_and_version, dependencies in group.items():
            name, version = name_and_version.split()
            if source_key == "members":
                members.append(len(found))
            found.append(
                Package(name, node_version(version, source), source, id=f"{source or 'path'}#{name}@{version}")
            )
            wanted.append(dependencies)
    return Workspace(
        tuple(found),
        tuple(tuple(_dependency(found, text) for text in texts) for texts in wanted),
        tuple(members),
        "/ws",
        tuple(range(len(found))),
    )


def _dependency(packages: Sequence[Package], text: str) -> Dependency:
    name, *rest = text.split()
    version = rest.pop(0) if rest and rest[0][0].isdigit() else None
    (index,) = [
        index
        for index, package in enumerate(packages)
        if package.name == name and version in (None, package.version.text, package.version.semver.text)
    ]
    kinds = DependencyKind(0)
    for kind in rest or ["normal"]:
        kinds |= _KINDS[kind]
    return Dependency(index, kinds)


def make_graph(packages: Packages, store: Store | None = None) -> PackageGraph:
    """Return the graph of a workspace under the policies of `store`."""
    return build_graph(make_workspace(packages), store.config.policy if store else PolicyTable({}))


def full(
    version: str, *criteria: str, importable: bool = True, who: tuple[str, ...] = (), fresh: bool = False
) -> Audit:
    """Return a full audit."""
    return Audit(
        AuditKind.FULL,
        criteria or DEPLOY,
        version=parse_version(version),
        importable=importable,
        who=who,
        fresh=fresh,
    )


def delta(base: str, version: str, *criteria: str, importable: bool = True, fresh: bool = False) -> Audit:
    """Return a delta audit."""
    return Audit(
        AuditKind.DELTA,
        criteria or DEPLOY,
        base=parse_version(base),
        version=parse_version(version),
        importable=importable,
        fresh=fresh,
    )


def violation(versions: str, *criteria: str, importable: bool = True) -> Audit:
    """Return a violation."""
    return Audit(
        AuditKind.VIOLATION,
        criteria or DEPLOY,
        violation=parse_requirement(versions),
        importable=importable,
    )


def wildcard(
    source: PublisherSource,
    *criteria: str,
    start: str = "2020-01-01",
    end: str = "2025-01-01",
    fresh: bool = False,
) -> WildcardAudit:
    """Return a wildcard audit of a publisher."""
    return WildcardAudit(criteria or DEPLOY, source, parse_date(start), parse_date(end), fresh=fresh)


def trust(source: PublisherSource, *criteria: str, start: str = "2020-01-01", end: str = "2025-01-01") -> TrustedEntry:
    """Return a trusted entry."""
    return TrustedEntry(criteria or DEPLOY, source, parse_date(start), parse_date(end))


def exempt(version: str, *criteria: str, suggest: bool = True) -> Exemption:
    """Return an exemption."""
    return Exemption(parse_version(version), criteria or DEPLOY, suggest=suggest)


def published(version: str, by: PublisherSource, on: str = "2023-01-01", *, fresh: bool = False) -> Publisher:
    """Return a publisher row; a user called N has the login `userN`."""
    login = f"user{by}" if isinstance(by, int) else None
    return Publisher(parse_version(version), parse_date(on), by, user_login=login, fresh=fresh)


def unpublished(version: str, audited_as: str, *, fresh: bool = False) -> Unpublished:
    """Return an unpublished row."""
    return Unpublished(parse_version(version), parse_version(audited_as), fresh=fresh)


def audits_file(
    *,
    criteria: Mapping[str, tuple[str, ...]] | None = None,
    audits: Mapping[str, Sequence[Audit]] | None = None,
    wildcard_audits: Mapping[str, Sequence[WildcardAudit]] | None = None,
    trusted: Mapping[str, Sequence[TrustedEntry]] | None = None,
) -> AuditsFile:
    """Return audits.toml, or an import's table; criteria map a name to what it implies."""
    return AuditsFile(
        {name: CriteriaEntry("made up", implies=implies) for name, implies in (criteria or {}).items()},
        {name: tuple(entries) for name, entries in (wildcard_audits or {}).items()},
        {name: tuple(entries) for name, entries in (audits or {}).items()},
        {name: tuple(entries) for name, entries in (trusted or {}).items()},
    )


def make_store(
    *,
    criteria: Mapping[str, tuple[str, ...]] | None = None,
    audits: Mapping[str, Sequence[Audit]] | None = None,
    wildcard_audits: Mapping[str, Sequence[WildcardAudit]] | None = None,
    trusted: Mapping[str, Sequence[TrustedEntry]] | None = None,
    exemptions: Mapping[str, Sequence[Exemption]] | None = None,
    policy: Mapping[str, Policy] | None = None,
    imports: Mapping[str, AuditsFile] | None = None,
    exclude: Mapping[str, tuple[str, ...]] | None = None,
    publishers: Mapping[str, Sequence[Publisher]] | None = None,
    unpublished: Mapping[str, Sequence[Unpublished]] | None = None,
) -> Store:
    """Return a store; policy keys are `NAME[:VERSION]`, `exclude` maps an import to what it leaves out."""
    own = audits_file(criteria=criteria, audits=audits, wildcard_audits=wildcard_audits, trusted=trusted)
    peers = {name: Import((f"https://{name}.example/audits.toml",)) for name in imports or {}}
    peers |= {
        name: Import((f"https://{name}.example/audits.toml",), left_out) for name, left_out in (exclude or {}).items()
    }
    return Store(
        ConfigFile(
            CURRENT_STORE,
            imports=peers,
            policy=make_policy(policy or {}),
            exemptions={name: tuple(entries) for name, entries in (exemptions or {}).items()},
        ),
        own,
        ImportsFile(
            {name: tuple(entries) for name, entries in (unpublished or {}).items()},
            {name: tuple(entries) for name, entries in (publishers or {}).items()},
            dict(imports or {}),
        ),
        Criteria({name: entry.implies for name, entry in own.criteria.items()}),
    )


def make_policy(policies: Mapping[str, Policy]) -> PolicyTable:
    """Return the policy tables with keys `NAME` or `NAME:VERSION`."""
    by_name: dict[str, dict[VetVersion | None, Policy]] = {}
    for key, policy in policies.items():
        name, _, version = key.partition(":")
        by_name.setdefault(name, {})[parse_version(version) if version else None] = policy
    return PolicyTable(by_name)
