"""What changed in a lock, crate by crate: what somebody who is to read it wants to know before anything else."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Final, NamedTuple

from vetflow.app.build_lines import build_lines
from vetflow.app.check import Check
from vetflow.app.crate_contents import RegistryCrates
from vetflow.app.drift import DriftNews, Side
from vetflow.app.lock_news import LockNews
from vetflow.app.network import Sources
from vetflow.app.readings import Progress, identity_of, read_packages
from vetflow.app.suggest import suggest_audits
from vetflow.app.wording import describe_step
from vetflow.formats.risk_toml import Pace
from vetflow.graph.drift import DriftKind
from vetflow.model.decisions import Decisions
from vetflow.model.names import CrateName
from vetflow.model.packages import Package
from vetflow.model.pins import PinnedCrate
from vetflow.model.report import CrateVersion, OriginKind
from vetflow.model.suggestions import CrateDelta, Suggestion
from vetflow.model.version import VetVersion
from vetflow.resolve.publisher_trust import identifier
from vetflow.review.queue import reading_minutes
from vetflow.surface.growth import tiers_of
from vetflow.trust.gate import GateVerdict, Pass

_CHANGES: Final = (DriftKind.ADDED, DriftKind.BUMPED, DriftKind.DOWNGRADED, DriftKind.OTHER_SOURCE)


class ChangedCrate(NamedTuple):
    """A package that the base's lock does not have.

    old: what it takes the place of. build_time: `none` runs, the `same` as before, `changed`, `new`, or `unknown`.
    build_lines: the changed lines of build scripts and proc macros, where both archives are here. delta: the smallest
    one that would vet it, None where it is vetted or nothing is known; vetted_by: the entries, in words. age: seconds
    since its publication. audited_by: whose audits speak of this version. gate: why it passes, None where it does not
    or need not.
    """

    package: Package
    old: VetVersion | None
    is_vetted: bool
    vetted_by: tuple[str, ...]
    delta: Suggestion | None
    commands: tuple[str, ...]
    age: int | None
    publisher: str | None
    audited_by: tuple[str, ...]
    hold: str | None
    gate: Pass | None
    build_time: str = "unknown"
    build_lines: int | None = None

    def minutes(self, pace: Pace) -> float | None:
        """Return how long reading what is not vetted takes; None where there is nothing to read, or nobody knows."""
        if self.delta is None or self.delta.lines is None:
            return None
        return reading_minutes(pace, self.delta.lines, self.build_lines or 0)


class Known(NamedTuple):
    """What the rest of the run found out. earlier: the packages of the base's lock."""

    check: Check
    news: LockNews
    gate: Collection[GateVerdict]
    decisions: Decisions
    sources: Sources
    progress: Progress
    now: int
    earlier: Collection[Package]

    @property
    def published_at(self) -> Mapping[tuple[CrateName, VetVersion], int | None]:
        """When each new version was published."""
        return {(package.name, package.version): row.published_at for package, row in self.news.indexed.found.items()}


def changed_crates(drift: Iterable[DriftNews], before: Side, after: Side, known: Known) -> tuple[ChangedCrate, ...]:
    """Return the packages that are new in the lock, by name; measured is what this machine has archives of."""
    pairs = {
        news.event.new: news.event.old
        for news in drift
        if news.event.kind in _CHANGES and news.event.new is not None and news.event.new.source is not None
    }
    pins = (_by_package(before), _by_package(after))
    words = {package: _build_time(old, package, pins) for package, old in pairs.items()}
    lines = _build_lines([(old, new) for new, old in pairs.items() if old and words[new] == "changed"], after, known)
    about = _Verdicts(known)
    crates = [
        _crate(package, old, about, known)._replace(
            build_time=words[package],
            build_lines=0 if words[package] == "same" else lines.get((package.name, package.version)),
        )
        for package, old in pairs.items()
    ]
    return tuple(sorted(crates, key=lambda each: (each.package.name, each.package.version)))


def _crate(package: Package, old: Package | None, about: _Verdicts, known: Known) -> ChangedCrate:
    moment = known.published_at.get((package.name, package.version))
    rows = known.news.publishers.get(package.name, ())
    hold = known.decisions.hold(package.name, package.version)
    return ChangedCrate(
        package=package,
        old=old.version if old else None,
        is_vetted=about.is_vetted(package),
        vetted_by=about.vetted_by(package),
        delta=about.delta(package),
        commands=about.commands(package),
        age=None if moment is None else max(0, known.now - moment),
        publisher=next((identifier(row) for row in rows if row.version == package.version), None),
        audited_by=about.audited_by(package),
        hold=hold.reason if hold else None,
        gate=next((each.passes for each in known.gate if each.crate.package == package), None),
    )


class _Verdicts:
    """What the verdict says of packages, by their name and version."""

    def __init__(self, known: Known) -> None:
        check = known.check
        self._resolution = check.resolution
        self._nodes = {
            (node.name, node.version): number
            for number, node in enumerate(check.resolution.graph.nodes)
            if node.is_third_party
        }
        nodes = check.resolution.graph.nodes
        self._contradicted = {(nodes[number].name, nodes[number].version) for number, _ in check.conflicts()}
        self._unvetted = {(each.package.name, each.package.version): each for each in check.unvetted()}
        self._deltas: dict[int, Suggestion] = {}
        if self._unvetted and (found := suggest_audits(check.project, check.resolution, known.sources, known.earlier)):
            self._deltas = {each.node: each for each in (*found.unmeasured, *found.suggestions)}

    def is_vetted(self, package: Package) -> bool:
        """Whether a package is vetted; one that needs no audit is."""
        return (package.name, package.version) not in self._contradicted | self._unvetted.keys()

    def vetted_by(self, package: Package) -> tuple[str, ...]:
        """Return the entries that vet a package, in words."""
        node = self._nodes.get((package.name, package.version))
        path = None if node is None else self._resolution.path(node, self._resolution.requirements[node])
        if path is None:
            return ()
        graph = self._resolution.audit_graphs[package.name]
        return tuple(describe_step(graph.step(edge)) for edge in path.edges)

    def delta(self, package: Package) -> Suggestion | None:
        """Return the audit with the least to read that would vet a package."""
        node = self._nodes.get((package.name, package.version))
        return None if node is None else self._deltas.get(node)

    def commands(self, package: Package) -> tuple[str, ...]:
        """Return what to run for a package that is not vetted."""
        unvetted = self._unvetted.get((package.name, package.version))
        return unvetted.advice.commands if unvetted else ()

    def audited_by(self, package: Package) -> tuple[str, ...]:
        """Return whose audits lead to this version, by the names of imports; `us` is the own store."""
        graph = self._resolution.audit_graphs.get(package.name)
        edges = graph.into.get(package.version, ()) if graph else ()
        found = (edge.origin.source or "us" for edge in edges if edge.origin.kind is OriginKind.AUDIT)
        return tuple(dict.fromkeys(found))


def _by_package(side: Side) -> Mapping[tuple[CrateName, VetVersion], PinnedCrate]:
    packages = side.project.workspace.packages
    return {
        (packages[number].name, packages[number].version): pin._replace(host=bool(side.lock.privileges[number].host))
        for number, pin in side.pins.items()
    }


def _build_time(
    old: Package | None,
    new: Package,
    pins: tuple[Mapping[tuple[CrateName, VetVersion], PinnedCrate], Mapping[tuple[CrateName, VetVersion], PinnedCrate]],
) -> str:
    """Say in a word what became of the code that runs during the build."""
    before, after = pins
    now = after.get((new.name, new.version))
    if now is None:
        return "unknown"
    tiers = tiers_of(now.targets, host=now.host)
    if not tiers:
        return "none"
    if old is None:
        return "new"
    then = before.get((old.name, old.version))
    if then is None:
        return "unknown"
    if set(tiers) - set(tiers_of(then.targets, host=then.host)):
        return "new"
    # Of what is linked into a build script every line runs, and these are other lines.
    return "same" if now.surface == then.surface and not now.host else "changed"


def _build_lines(
    pairs: Iterable[tuple[Package, Package]], after: Side, known: Known
) -> Mapping[tuple[CrateName, VetVersion], int]:
    """Return the changed lines of build-time code, of pairs whose archives are on this machine."""
    wanted = list(pairs)
    if not wanted:
        return {}
    packages = [package for pair in wanted for package in pair]
    request = after.project.request._replace(offline=True)
    readings = read_packages(packages, request, known.sources, known.progress)
    found = {
        CrateVersion(package.name, package.version): readings.found[identity_of(package)]
        for package in packages
        if identity_of(package) in readings.found
    }
    deltas = [CrateDelta(new.name, old.version, new.version) for old, new in wanted]
    crates = RegistryCrates(known.sources, packages)
    measured = build_lines(deltas, found, crates, known.sources.cache, request.environ)
    return {(delta.name, delta.version): lines for delta, lines in measured.items()}
