"""What archives on this machine say about crates that would fail.

Cargo leaves out a dependency that has no library target, and neither Cargo.lock nor a manifest at hand tells which have
none. So before a crate fails the check, its archive is looked into, where cargo has already downloaded it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, NamedTuple

from vetflow.app.project import Project
from vetflow.errors import VetflowError
from vetflow.model.findings import Finding, Level
from vetflow.model.packages import Package, Targets
from vetflow.model.report import Success, VettingFailure
from vetflow.resolve.conclude import Resolution

if TYPE_CHECKING:  # a check that succeeds opens no archive
    from vetflow.app.network import Sources
    from vetflow.sources.archives import ArchiveSearch
    from vetflow.sources.cache import Cache
    from vetflow.sources.downloads import CrateId


class Looked(NamedTuple):
    """project: the same object when nothing new was learnt. findings: archives that had to be left aside."""

    project: Project
    findings: tuple[Finding, ...] = ()


def look_at_archives(project: Project, resolution: Resolution, sources: Sources | None) -> Looked:
    """Look into the archives of all crates that fail or have a violation, unless it was done before.

    sources: with them, archives that are not on this machine are fetched. Opens no file when the check succeeds or the
    graph is cargo's own. What an archive shows becomes a fact of the project, also what a crate runs at build time;
    with `sources` it is kept for later runs.
    """
    if project.locked is None:
        return Looked(project)
    unseen = [
        package
        for package in _failing(resolution)
        if package.checksum and package.checksum not in project.facts.by_checksum
    ]
    if not unseen:
        return Looked(project)
    # A package in a folder beside the project is what lies there, whatever an archive of its checksum held.
    cache = None if sources is None or sources.replaced else sources.cache
    facts = project.facts
    for package, targets in _kept(unseen, cache):
        facts = facts.with_targets(package.checksum or "", targets)
    unseen = [package for package in unseen if package.checksum not in facts.by_checksum]
    find = _finder(project, unseen, sources)
    findings: list[Finding] = []
    for package in unseen:
        targets, found = _look(find(package), package, cache)
        findings += found
        facts = facts.with_targets(package.checksum or "", targets)
    return Looked(project.with_facts(facts), tuple(findings))


def _failing(resolution: Resolution) -> list[Package]:
    conclusion = resolution.conclusion
    if isinstance(conclusion, Success):
        return []
    if isinstance(conclusion, VettingFailure):
        nodes = [failure.node for failure in conclusion.failures]
    else:
        nodes = [node for node, _ in conclusion.conflicts]
    return [resolution.graph.nodes[node].package for node in nodes]


def _kept(packages: list[Package], cache: Cache | None) -> Iterator[tuple[Package, Targets]]:
    """Yield what earlier runs saw in archives."""
    if cache is None:
        return
    from vetflow.sources.kept_targets import kept_targets  # noqa: PLC0415  only for a failing check

    for package in packages:
        targets = kept_targets(cache, package.checksum or "")
        if targets is not None:
            yield package, targets


def _finder(project: Project, packages: list[Package], sources: Sources | None) -> Callable[[Package], ArchiveSearch]:
    """Return how to find a package's archive: on this machine, after fetching what is missing where that is allowed."""
    from vetflow.sources.archives import download_caches, find_archive  # noqa: PLC0415  only for a failing check
    from vetflow.sources.cargo_config import crates_io_folder  # noqa: PLC0415

    if sources is not None:
        crates = sources.crates()
        sources.download([_crate_id(package) for package in packages])
        return lambda package: crates.find(_crate_id(package))
    cargo_home = project.request.cargo_home
    replaced = crates_io_folder(project.tree, project.request.cwd, cargo_home)
    folders = (*((replaced,) if replaced else ()), *download_caches(cargo_home))
    return lambda package: find_archive(*_crate_id(package), folders)


def _crate_id(package: Package) -> CrateId:
    from vetflow.sources.downloads import CrateId  # noqa: PLC0415  only for a failing check

    return CrateId(package.name, str(package.version), package.checksum or "")


def _look(search: ArchiveSearch, package: Package, cache: Cache | None) -> tuple[Targets, tuple[Finding, ...]]:
    """Return what a package's archive says; nothing where there is none, or where it must not be trusted."""
    from vetflow.sources.crate_targets import read_targets  # noqa: PLC0415  only for a failing check
    from vetflow.sources.kept_targets import keep_targets  # noqa: PLC0415

    if search.crate is None:
        return Targets(), search.findings
    try:
        targets = read_targets(search.crate)
    except VetflowError as error:
        refused = Finding("archive/refused", Level.WARN, error.place, f"left aside: {error.message}")
        return Targets(), (*search.findings, refused)
    if cache is not None:
        keep_targets(cache, package.checksum or "", targets)
    return targets, search.findings
