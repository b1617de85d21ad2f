"""`surface --check`: what build-time code Cargo.lock has gained since surface.lock was written.

Needs neither a store nor audits, and archives only of crates whose checksum is not pinned.
"""

from __future__ import annotations

import os.path
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import NamedTuple, TypeAlias

from vetflow.app.crate_batch import Unread
from vetflow.app.decisions import read_decisions
from vetflow.app.network import Sources, open_sources
from vetflow.app.pins import pin_crates, pin_reading, pinned_facts
from vetflow.app.project import Project
from vetflow.app.reading import rules_version
from vetflow.app.readings import Progress, identity_of, read_packages
from vetflow.app.request import Request
from vetflow.app.surface import foreign_packages, open_locked_project, with_readings
from vetflow.app.surface_lock import find_surface_lock, read_surface_lock
from vetflow.errors import StoreError
from vetflow.graph.declared_edges import DeclaredGraph, declare_edges
from vetflow.graph.host_closure import host_closure
from vetflow.graph.local_facts import read_local_facts
from vetflow.model.dates import Date
from vetflow.model.decisions import Acceptance, Decisions
from vetflow.model.findings import Finding, Level
from vetflow.model.names import CRATES_IO, CrateName
from vetflow.model.packages import Package
from vetflow.model.pins import PinnedCrate, SurfaceLock
from vetflow.model.version import VetVersion
from vetflow.surface.growth import Growth, GrowthKind, find_growth

_PinKey: TypeAlias = tuple[CrateName, VetVersion, str | None]


class JudgedGrowth(NamedTuple):
    """Something that grew, and who accepts it, if somebody does."""

    growth: Growth
    acceptance: Acceptance | None


class GrowthCheck(NamedTuple):
    """The answer. pinned: the file it was compared with. grown: accepted growth included.

    crates: how many there are; unpinned: how many of them the file does not have. lacking: those of which nothing is
    known, and why. other_rules: the file was written with other rules, and some predecessors could not be read anew.
    """

    project: Project
    pinned: str
    grown: tuple[JudgedGrowth, ...]
    crates: int
    unpinned: int
    lacking: tuple[tuple[Package, Unread], ...]
    other_rules: bool

    @property
    def failing(self) -> tuple[Growth, ...]:
        """The growth that nobody accepts."""
        return tuple(each.growth for each in self.grown if each.acceptance is None)

    @property
    def can_accept(self) -> bool:
        """Whether there is a store, where acceptances are written down."""
        return self.project.tree.is_dir(self.project.store.folder)


def check_growth(request: Request, progress: Progress) -> GrowthCheck:
    """Compare the lock with surface.lock; raises StoreError where there is none.

    Archives of crates that are not pinned are fetched where the request allows it.
    """
    project = open_locked_project(request)
    path = find_surface_lock(project.tree, project.workspace, project.store.folder)
    if path is None:
        raise StoreError(
            "there is no surface.lock to compare with",
            help="`vetflow baseline` writes one: it pins what runs when this project is built today",
        )
    pinned = read_surface_lock(project.tree, path, request.cwd)
    with open_sources(project, progress) as sources:
        today = pin_workspace(project, pinned, sources, progress)
        before, other_rules = by_todays_rules(pinned, today.lock, today.project, sources, progress)
    decisions = read_decisions(today.project)
    return GrowthCheck(
        project=today.project,
        pinned=os.path.relpath(path, request.cwd),
        grown=judge_growth(find_growth(before, today.lock), decisions, request.today),
        crates=today.crates,
        unpinned=today.unpinned,
        lacking=today.lacking,
        other_rules=other_rules,
    )


class PinnedWorkspace(NamedTuple):
    """What is to be pinned of a workspace today, without what is lacking; see `GrowthCheck`.

    pins: the same by package index. graph: the edges with what they mean, as far as it is known.
    """

    project: Project
    lock: SurfaceLock
    crates: int
    unpinned: int
    lacking: tuple[tuple[Package, Unread], ...]
    pins: Mapping[int, PinnedCrate]
    graph: DeclaredGraph


def pin_workspace(
    project: Project, pinned: SurfaceLock | None, sources: Sources, progress: Progress
) -> PinnedWorkspace:
    """Return the pins of today's lock: of a crate that is pinned those it has, of others what their archives say."""
    believed = pinned if pinned and not sources.vendored else SurfaceLock("")
    known = _by_identity(believed)
    foreign = foreign_packages(project)
    unread = [package for package in foreign if _pin_key(package) not in known]
    readings = read_packages(unread, project.request, sources, progress)
    facts = project.facts._replace(by_checksum={**project.facts.by_checksum, **believed.targets_by_checksum()})
    project = with_readings(project.with_facts(facts), readings)

    def pin_of(package: Package) -> PinnedCrate | Unread:
        if (row := known.get(_pin_key(package))) is not None:
            return row
        identity = identity_of(package)
        if identity not in readings.found:
            return readings.lacking[identity]
        return pin_reading(package.version, package.checksum, readings.found[identity])

    return pin_packages(project, pin_of)._replace(unpinned=len(unread))


def pin_packages(project: Project, pin_of: Callable[[Package], PinnedCrate | Unread]) -> PinnedWorkspace:
    """Return the pins of a lock. pin_of: what is known of a package, or why nothing is."""
    workspace = project.workspace
    rows: dict[int, PinnedCrate] = {}
    lacking = []
    for number, package in enumerate(workspace.packages):
        if package.source is None:
            continue
        pin = pin_of(package)
        if isinstance(pin, PinnedCrate):
            rows[number] = pin
        else:
            lacking.append((package, pin))
    local = read_local_facts(project.tree, workspace, project.request.cargo_home).packages
    known_facts = {**pinned_facts(workspace, rows), **local}
    graph = declare_edges(workspace, [known_facts.get(number) for number in range(len(workspace.packages))])
    host = host_closure(graph, dev=True).host
    pins = {number: row._replace(host=number in host) for number, row in rows.items()}
    lock = pin_crates([(workspace.packages[number].name, row) for number, row in pins.items()])
    return PinnedWorkspace(project, lock, len(rows) + len(lacking), 0, tuple(lacking), pins, graph)


def _pin_key(package: Package) -> _PinKey:
    return package.name, package.version, package.checksum


def _by_identity(pinned: SurfaceLock) -> dict[_PinKey, PinnedCrate]:
    """Return the pins by what they are of; a version without checksum names its commit, or nothing vouches for it."""
    return {
        (name, row.version, row.checksum): row
        for name, rows in pinned.crates.items()
        for row in rows
        if row.checksum is not None or row.version.git
    }


def by_todays_rules(
    pinned: SurfaceLock, today: SurfaceLock, project: Project, sources: Sources, progress: Progress
) -> tuple[SurfaceLock, bool]:
    """Return the pins as today's rules see the crates that have changed, and whether some could not be read again.

    A crate that is compared with what other rules said of its predecessor would seem to grow.
    """
    if pinned.rules == rules_version():
        return pinned, False
    changed = [name for name, rows in today.crates.items() if not _are_pinned(rows, pinned.crates.get(name, ()))]
    old = {
        (name, row): Package(name, row.version, CRATES_IO, row.checksum)
        for name in changed
        for row in pinned.crates.get(name, ())
        if row.checksum is not None and row.surface is not None
    }
    readings = read_packages(old.values(), project.request, sources, progress)
    crates = dict(pinned.crates)
    for name in changed:
        again = [
            (row, readings.found.get(identity_of(old[name, row])) if (name, row) in old else None)
            for row in crates.get(name, ())
        ]
        crates[name] = tuple(
            row if reading is None else pin_reading(row.version, row.checksum, reading)._replace(host=row.host)
            for row, reading in again
        )
    return pinned._replace(crates=crates), bool(readings.lacking)


def _are_pinned(rows: Iterable[PinnedCrate], known: Iterable[PinnedCrate]) -> bool:
    return {(row.version, row.checksum) for row in rows} <= {(row.version, row.checksum) for row in known}


def judge_growth(grown: Iterable[Growth], decisions: Decisions, today: Date) -> tuple[JudgedGrowth, ...]:
    """Return what grew with who accepts it today."""
    return tuple(
        JudgedGrowth(each, decisions.acceptance(each.crate, each.version, each.capability, each.detail, today))
        for each in grown
    )


def growth_findings(grown: Iterable[JudgedGrowth], project: Project) -> Iterator[Finding]:
    """Yield what grew at the lines of Cargo.lock; what somebody accepts is only told."""
    packages = {(package.name, package.version): package for package in project.workspace.packages}
    for growth, accepted in grown:
        reason = f"{growth.crate} {growth.version}: {growth_sentence(growth)}"
        place = project.lock_place(packages[growth.crate, growth.version])
        if accepted is None:
            settle = f"vetflow surface {growth.crate}@{growth.version}"
            yield Finding(growth.kind.value, Level.FAIL, place, reason, settle)
        else:
            told = f"{reason}; {', '.join(accepted.by)} accepts that: {accepted.reason}"
            yield Finding("growth/accepted", Level.NOTE, place, told)


def findings_of_growth(checked: GrowthCheck) -> tuple[Finding, ...]:
    """Return what fails, and what could not be decided, as findings at the lines of Cargo.lock."""
    grown = growth_findings((each for each in checked.grown if each.acceptance is None), checked.project)
    unknown = (
        Finding(
            "growth/not-read",
            Level.FAIL,
            checked.project.lock_place(package),
            f"{package.name} {package.version} could not be read: {why.reason}",
        )
        for package, why in checked.lacking
        if not why.refused
    )
    return (*refused_findings(checked.project, checked.lacking), *grown, *unknown)


def refused_findings(project: Project, lacking: Iterable[tuple[Package, Unread]]) -> Iterator[Finding]:
    """Yield the crates that must not be read: nobody can say what building them does."""
    for package, why in lacking:
        if why.refused:
            reason = f"{package.name} {package.version} must not be built: {why.reason}"
            yield Finding("archive/refused", Level.FAIL, project.lock_place(package), reason)


def growth_sentence(growth: Growth) -> str:
    """Say what grew, in plain words."""
    match growth.kind:
        case GrowthKind.NEW_PACKAGE:
            return f"a new package that runs during the build, as a {growth.detail}"
        case GrowthKind.BECAME_BUILD_TIME:
            return f"runs during the build now, as a {growth.detail}"
        case GrowthKind.BINARY:
            return f"ships machine code that was not there before: {growth.detail}"
        case _:
            return f"can do something new ({growth.grade.name.lower()}): {growth.capability}: {growth.detail}"
