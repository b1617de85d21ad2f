"""What archives on this machine say about crates that would fail.

Cargo leaves out a dependency that has no library target, and neither Cargo.lock nor a manifest at hand tells which have
none. So before a crate fails the check, its archive is looked into, where cargo has already downloaded it.
"""

from __future__ import annotations

from typing import NamedTuple

from vetflow.app.project import Project
from vetflow.errors import VetflowError
from vetflow.model.findings import Finding, Level
from vetflow.model.packages import Package, Targets
from vetflow.model.report import Success, VettingFailure
from vetflow.resolve.conclude import Resolution


class Looked(NamedTuple):
    """project: the same object when nothing new was learnt. findings: archives that had to be left aside."""

    project: Project
    findings: tuple[Finding, ...] = ()


def look_at_archives(project: Project, resolution: Resolution) -> Looked:
    """Look into the archives of all crates that fail or have a violation, unless it was done before.

    Opens no file when the check succeeds or the graph is cargo's own. What an archive shows becomes a fact of the
    project, also what a crate runs at build time.
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
    folders = _archive_folders(project)
    facts = project.facts
    findings: list[Finding] = []
    for package in unseen:
        targets, found = _look(package, folders)
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


def _archive_folders(project: Project) -> tuple[str, ...]:
    from vetflow.sources.archives import download_caches  # noqa: PLC0415  only for a check that would fail
    from vetflow.sources.cargo_config import crates_io_folder  # noqa: PLC0415

    cargo_home = project.request.cargo_home
    replaced = crates_io_folder(project.tree, project.request.cwd, cargo_home)
    return (*((replaced,) if replaced else ()), *download_caches(cargo_home))


def _look(package: Package, folders: tuple[str, ...]) -> tuple[Targets, tuple[Finding, ...]]:
    """Return what the package's archive says; nothing where there is none, or where it must not be trusted."""
    from vetflow.sources.archives import find_archive  # noqa: PLC0415  only for a check that would fail
    from vetflow.sources.crate_targets import read_targets  # noqa: PLC0415

    search = find_archive(package.name, str(package.version), package.checksum or "", folders)
    if search.crate is None:
        return Targets(), search.findings
    try:
        return read_targets(search.crate), search.findings
    except VetflowError as error:
        refused = Finding("archive/refused", Level.WARN, error.place, f"left aside: {error.message}")
        return Targets(), (*search.findings, refused)
