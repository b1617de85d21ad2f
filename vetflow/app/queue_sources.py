"""What is known of suggested audits beyond their size: the crates at both ends, who else audited them, since when.

Everything here may be partly unknown; what could not be had is told, with the reason.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import NamedTuple

from vetflow.app.audit_sets import fetch_sets, known_sets
from vetflow.app.build_lines import build_lines
from vetflow.app.crate_batch import Unread
from vetflow.app.crate_contents import RegistryCrates
from vetflow.app.network import Sources
from vetflow.app.reading import Reading
from vetflow.app.readings import identity_of, read_packages
from vetflow.app.request import Request
from vetflow.app.surface import SurfaceCrate
from vetflow.app.who import AuditSet, SetKind, read_sets
from vetflow.model.dates import Date
from vetflow.model.findings import Finding, Level
from vetflow.model.names import CRATES_IO, ImportName
from vetflow.model.packages import Package
from vetflow.model.report import CrateVersion
from vetflow.model.store import Store
from vetflow.model.suggestions import CrateDelta
from vetflow.resolve.evidence import evidence


class Gathered(NamedTuple):
    """What is known, by version or change.

    readings, unread: of both ends; why not, where one could not be read or is refused. others: sets of audits that
    lead to the version, in criteria of their own. published: the day, where the index tells it.
    """

    readings: Mapping[CrateVersion, Reading]
    unread: Mapping[CrateVersion, Unread]
    build_lines: Mapping[CrateDelta, int]
    others: Mapping[CrateVersion, tuple[ImportName, ...]]
    published: Mapping[CrateVersion, Date]
    notes: tuple[Finding, ...]


def gather(
    deltas: Sequence[CrateDelta],
    in_workspace: Mapping[CrateVersion, SurfaceCrate],
    store: Store,
    request: Request,
    sources: Sources,
    *,
    progress: Callable[[str, int, int], None],
) -> Gathered:
    """Gather what is known of what would be audited. in_workspace: the crates of the lock, as they were read."""
    index = RegistryCrates(sources, (crate.package for crate in in_workspace.values()))
    ends = dict.fromkeys(end for delta in deltas for end in delta.ends())
    elsewhere = [end for end in ends if end not in in_workspace]
    read = _read(elsewhere, index, request, sources, progress)
    in_lock = {end: in_workspace[end] for end in ends if end in in_workspace}
    readings = {end: crate.reading for end, crate in in_lock.items() if crate.reading} | read.readings
    unread = {end: crate.lacking for end, crate in in_lock.items() if crate.lacking} | read.unread
    targets = dict.fromkeys(CrateVersion(delta.name, delta.version) for delta in deltas)
    others, notes = ({}, ()) if request.locked else _who_else(targets, store, sources)
    return Gathered(
        readings=readings,
        unread=unread,
        build_lines=build_lines(deltas, readings, index, sources.cache, request.environ),
        others=others,
        published=_published(targets, index),
        notes=notes,
    )


class _Read(NamedTuple):
    readings: dict[CrateVersion, Reading]
    unread: dict[CrateVersion, Unread]


def _read(
    crates: Iterable[CrateVersion],
    index: RegistryCrates,
    request: Request,
    sources: Sources,
    progress: Callable[[str, int, int], None],
) -> _Read:
    """Read versions that the lock does not have; their checksums come from the index."""
    crates = tuple(crates)
    packages = {
        crate: Package(crate.name, crate.version, CRATES_IO, checksum)
        for crate, checksum in index.fingerprints(crates).items()
    }
    read = read_packages(packages.values(), request, sources.without_vendored(), progress)
    identities = {crate: identity_of(package) for crate, package in packages.items()}
    readings = {crate: read.found[each] for crate, each in identities.items() if each in read.found}
    unread = {crate: read.lacking[each] for crate, each in identities.items() if each in read.lacking}
    unknown = dict.fromkeys(
        (crate for crate in crates if crate not in packages), Unread("the index does not tell its checksum")
    )
    return _Read(readings, unread | unknown)


def _who_else(
    crates: Iterable[CrateVersion], store: Store, sources: Sources
) -> tuple[dict[CrateVersion, tuple[ImportName, ...]], tuple[Finding, ...]]:
    fetched = fetch_sets(known_sets(store.config.imports), sources)
    sets, broken = read_sets(store, fetched)
    others = {
        crate: tuple(each.name for each in sets if each.name and _leads_to(each, crate, store)) for crate in crates
    }
    notes = (
        Finding("import/unavailable", Level.NOTE, None, f"not looked at: the audits of {each.what} ({each.reason})")
        for each in (*fetched.lacking, *broken)
    )
    return others, tuple(notes)


def _leads_to(known: AuditSet, crate: CrateVersion, store: Store) -> bool:
    name = crate.name
    if known.kind is SetKind.OWN or not any(
        name in file.audits or name in file.wildcard_audits for file in known.files
    ):
        return False
    publishers = store.imports.publisher.get(name, ())
    found = evidence(name, known.files, known.criteria, publishers, (crate.version,), with_trusted=False)
    return any(standing.criteria for standing in found.standings)


def _published(crates: Iterable[CrateVersion], index: RegistryCrates) -> dict[CrateVersion, Date]:
    crates = [crate for crate in crates if not crate.version.git]
    known = index.look_up({crate.name: [crate.version] for crate in crates})
    days = {}
    for crate in crates:
        published = known.get(crate.name)
        version = published.find(crate.version) if published else None
        if version is not None and version.published is not None:
            days[crate] = version.published
    return days
