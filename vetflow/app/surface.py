"""`surface`: what runs on this machine when a workspace is built, crate by crate, and what that code can do.

Needs a Cargo.lock and no store. What is compiled depends on features, platforms and whether tests are built, so the
answer has a scope (what `cargo build` does here) and, beside it, the whole lock.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from vetflow.app.build_request import build_request
from vetflow.app.crate_batch import Unread
from vetflow.app.decisions import read_decisions
from vetflow.app.network import Sources, open_sources
from vetflow.app.project import Project, open_project
from vetflow.app.reading import Reading
from vetflow.app.readings import Progress, Readings, identity_of, read_packages
from vetflow.app.request import Request
from vetflow.errors import UsageError
from vetflow.graph.build_scope import build_scope
from vetflow.graph.declared_edges import DeclaredGraph, declare_edges
from vetflow.graph.host_closure import CompiledPackages, host_closure
from vetflow.graph.local_facts import LocalFacts, read_local_facts
from vetflow.graph.paths import shortest_paths
from vetflow.model.dates import Date
from vetflow.model.decisions import Acceptance, Decisions, Hold
from vetflow.model.names import CrateName
from vetflow.model.packages import Package
from vetflow.model.version import VetVersion
from vetflow.surface.evidence import Evidence
from vetflow.surface.tiers import Grade, Tier


class Scope(NamedTuple):
    """What build the answer is about. targets: none means this machine. dev: tests, examples and benches, too."""

    targets: tuple[str, ...] = ()
    dev: bool = False


class SurfaceFinding(NamedTuple):
    """A piece of evidence, and who accepts it, if somebody does."""

    evidence: Evidence
    acceptance: Acceptance | None


class SurfaceCrate(NamedTuple):
    """One crate that is not local.

    number: its index in the workspace. reading: None where it could not be had or is refused, and lacking says why.
    compiled: by the build the answer is about; host: its library is linked into something that runs during that build.
    anywhere: the same for the whole lock. findings: what its own build-time code can do. hold: somebody holds it back.
    """

    number: int
    package: Package
    reading: Reading | None
    lacking: Unread | None
    compiled: bool
    host: bool
    host_anywhere: bool
    findings: tuple[SurfaceFinding, ...]
    hold: Hold | None

    @property
    def tiers(self) -> tuple[Tier, ...]:
        """How its own code runs during the build."""
        return self.reading.tiers() if self.reading else ()

    @property
    def grade(self) -> Grade:
        """The highest grade among findings that nobody accepts."""
        return grade_of(self.findings)


class Counts(NamedTuple):
    """How many crates there are, and how many of them run code during the build, and how.

    running: proc macros and build scripts. libraries: further crates that are linked into these. host_closure: all that
    are compiled for the machine that builds; build scripts are not among them for their own sake.
    """

    crates: int
    running: int
    proc_macros: int
    build_scripts: int
    both: int
    libraries: int
    host_closure: int


class WorkspaceSurface(NamedTuple):
    """The answer. crates: in the order of the lock. compiled: the build it is about.

    triple: the platform that builds. widest: every feature and platform, and dependencies for development; shipped: the
    same without these.
    """

    project: Project
    scope: Scope
    triple: str
    crates: tuple[SurfaceCrate, ...]
    compiled: CompiledPackages
    widest: CompiledPackages
    shipped: CompiledPackages
    decisions: Decisions

    def counts(self) -> Counts:
        """Count what the build the answer is about compiles."""
        return _counts(self.crates, self.compiled)

    def widest_counts(self) -> Counts:
        """Count over the whole lock: every feature and platform, dependencies for development too."""
        return _counts(self.crates, self.widest)

    def shipped_counts(self) -> Counts:
        """Count over the lock without what is only there for development."""
        return _counts(self.crates, self.shipped)

    @property
    def lacking(self) -> tuple[SurfaceCrate, ...]:
        """The crates that could not be read."""
        return tuple(each for each in self.crates if each.reading is None)

    @property
    def refused(self) -> tuple[SurfaceCrate, ...]:
        """Those of them that must not be read."""
        return tuple(each for each in self.crates if each.lacking and each.lacking.refused)


def ways_to(survey: WorkspaceSurface) -> Mapping[int, tuple[str, ...]]:
    """Return how each crate that runs code comes in: the names from a root to it, the shortest way; by index."""
    graph = survey.project.plain_graph()
    nodes = {node.package: index for index, node in enumerate(graph.nodes)}
    ways = {}
    for crate in survey.crates:
        node = nodes.get(crate.package)
        if crate.tiers and node is not None:
            paths = shortest_paths(graph, node, 1)
            ways[crate.number] = tuple(graph.nodes[each].name for each in paths[0].nodes) if paths else ()
    return ways


class WorkspaceFacts(NamedTuple):
    """A project with everything that was read of its crates."""

    project: Project
    readings: Readings
    local: LocalFacts
    graph: DeclaredGraph


def workspace_surface(request: Request, scope: Scope, progress: Progress) -> WorkspaceSurface:
    """Compute the surface of a workspace; archives that are not on this machine are fetched where the run may.

    Raises UsageError where the graph does not come from a lock.
    """
    project = open_locked_project(request)
    with open_sources(project, progress) as sources:
        return survey_workspace(project, sources, scope, progress)


def survey_workspace(project: Project, sources: Sources, scope: Scope, progress: Progress) -> WorkspaceSurface:
    """Do the same for a project that is open."""
    return _surface(read_workspace(project, sources, progress), scope)


def open_locked_project(request: Request) -> Project:
    """Open a project whose graph comes from its lock, which alone tells checksums; surface.lock is not asked."""
    return require_locked(open_project(request, with_pins=False))


def require_locked(project: Project) -> Project:
    """Return a project whose graph comes from its lock; raises UsageError for another."""
    if project.locked is None:
        raise UsageError(
            "what runs during a build is computed from Cargo.lock, and here the graph comes from cargo",
            help="leave out --cargo-metadata, --graph cargo and feature flags",
        )
    return project


def read_workspace(project: Project, sources: Sources, progress: Progress) -> WorkspaceFacts:
    """Read every crate of a project and join what they say with the graph."""
    readings = read_packages(foreign_packages(project), project.request, sources, progress)
    project = with_readings(project, readings)
    local = read_local_facts(project.tree, project.workspace, project.request.cargo_home)
    found = []
    for number, package in enumerate(project.workspace.packages):
        reading = readings.found.get(identity_of(package))
        found.append(local.packages.get(number) or (reading.facts if reading else None))
    return WorkspaceFacts(project, readings, local, declare_edges(project.workspace, found))


def foreign_packages(project: Project) -> tuple[Package, ...]:
    """Return the packages of the lock that are not local, also those that may drop out for want of a library."""
    workspace = project.locked or project.workspace
    return tuple(package for package in workspace.packages if package.source is not None)


def with_readings(project: Project, readings: Readings) -> Project:
    """Return the project as it is seen with what was read of its crates."""
    seen = {each.checksum: reading.facts.targets for each, reading in readings.found.items() if each.checksum}
    return project.with_facts(project.facts._replace(by_checksum={**project.facts.by_checksum, **seen}))


class _Build(NamedTuple):
    compiled: CompiledPackages
    widest: CompiledPackages


def _surface(facts: WorkspaceFacts, scope: Scope) -> WorkspaceSurface:
    project = facts.project
    request = build_request(project, facts.local, scope.targets, dev=scope.dev)
    build = _Build(build_scope(facts.graph, request), host_closure(facts.graph, dev=True))
    decisions = read_decisions(project)
    return WorkspaceSurface(
        project=project,
        scope=scope._replace(targets=tuple(platform.triple for platform in request.targets)),
        triple=request.host.triple,
        crates=tuple(
            _crate(facts, number, build, decisions)
            for number, package in enumerate(project.workspace.packages)
            if package.source is not None
        ),
        compiled=build.compiled,
        widest=build.widest,
        shipped=host_closure(facts.graph, dev=False),
        decisions=decisions,
    )


def _crate(facts: WorkspaceFacts, number: int, build: _Build, decisions: Decisions) -> SurfaceCrate:
    package = facts.project.workspace.packages[number]
    identity = identity_of(package)
    reading = facts.readings.found.get(identity)
    return SurfaceCrate(
        number=number,
        package=package,
        reading=reading,
        lacking=None if reading else facts.readings.lacking[identity],
        compiled=number in build.compiled.all,
        host=number in build.compiled.host,
        host_anywhere=number in build.widest.host,
        findings=settle(
            package.name,
            package.version,
            reading.evidence if reading else (),
            decisions,
            facts.project.request.today,
        ),
        hold=decisions.hold(package.name, package.version),
    )


def settle(
    crate: CrateName, version: VetVersion | None, evidence: Iterable[Evidence], decisions: Decisions, today: Date
) -> tuple[SurfaceFinding, ...]:
    """Return evidence with who accepts it, the highest grade first."""
    ordered = sorted(evidence, key=lambda each: (-each.grade, each.path, each.line or 0))
    return tuple(
        SurfaceFinding(
            each, decisions.acceptance(crate, version, each.capability, each.detail, today) if version else None
        )
        for each in ordered
    )


def grade_of(findings: Iterable[SurfaceFinding]) -> Grade:
    """Return the highest grade among findings that nobody accepts."""
    return max((each.evidence.grade for each in findings if each.acceptance is None), default=Grade.EXPECTED)


def _counts(crates: Iterable[SurfaceCrate], compiled: CompiledPackages) -> Counts:
    counted = [each for each in crates if each.number in compiled.all]
    tiers = [frozenset(each.tiers) for each in counted]
    both = sum({Tier.BUILD_SCRIPT, Tier.PROC_MACRO} <= each for each in tiers)
    macros = sum(Tier.PROC_MACRO in each for each in tiers)
    scripts = sum(Tier.BUILD_SCRIPT in each for each in tiers)
    host = [each for each in counted if each.number in compiled.host]
    libraries = sum(not each.tiers for each in host)
    return Counts(len(counted), macros + scripts - both, macros, scripts, both, libraries, len(host))
