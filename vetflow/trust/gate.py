"""The gate for privileged code: whoever runs on the machine that builds, somebody must have read.

Privileged is a crate with a build script, a proc macro, and what is linked into these. It passes when entries of the
kinds a project accepts lead to its version for a criterion that attests; a step costs nothing where the build-time code
did not change, since that code was read already. A library that is linked into a build script has no build-time code of
its own: all of it runs, and each version of it is to be read (shared spec trust 4).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from enum import Enum
from shlex import quote
from typing import Final, NamedTuple, TypeAlias

from vetflow.errors import Place
from vetflow.model.criteria import Criteria
from vetflow.model.dates import Date
from vetflow.model.findings import Finding, Level
from vetflow.model.names import CrateName, CriteriaName
from vetflow.model.packages import Package
from vetflow.model.pins import PinnedCrate
from vetflow.model.report import Entry, OriginKind
from vetflow.model.rules import Accepted, AllowedCrate, GateRules
from vetflow.model.version import VetVersion
from vetflow.resolve.audit_graph import AuditGraph, Edge
from vetflow.resolve.entries import CrateEntries
from vetflow.surface.growth import TIER_WORDS
from vetflow.surface.tiers import Tier

Counts: TypeAlias = Callable[[CrateName, Entry], bool]
"""Whether an entry of the own store counts: in a project that signs, one that somebody signed."""

_KINDS: Final = {
    OriginKind.WILDCARD: Accepted.WILDCARD,
    OriginKind.TRUSTED: Accepted.TRUSTED,
    OriginKind.EXEMPTION: Accepted.EXEMPTION,
}


class PrivilegedCrate(NamedTuple):
    """A locked crate that runs during the build. tiers: how. pin: what is known of its build-time code."""

    package: Package
    tiers: tuple[Tier, ...]
    pin: PinnedCrate


class Pass(Enum):
    """Why a crate passes."""

    ATTESTED = "attested"
    CARRIED_OVER = "carried-over"
    ALLOWED = "allowed"


class GateVerdict(NamedTuple):
    """What the gate says of a crate. passes: None where nobody attests it.

    entry: the last entry on the way to it, or None. since: the version whose build-time code it still has, where that
    carries over, or else the nearest one below that passes. allowed: an allow entry for it, which may have ended.
    """

    crate: PrivilegedCrate
    passes: Pass | None
    entry: Entry | None = None
    since: VetVersion | None = None
    allowed: AllowedCrate | None = None


class _Reached(NamedTuple):
    edge: Edge | None
    since: VetVersion | None


class Gate:
    """Judges crates by the entries about them.

    pins: by crate name what is known of the build-time code of its versions, locked or not.
    """

    def __init__(
        self,
        rules: GateRules,
        criteria: Criteria,
        today: Date,
        pins: Mapping[CrateName, Sequence[PinnedCrate]],
        counts: Counts = lambda _crate, _entry: True,
    ) -> None:
        self._rules = rules
        self._criteria = criteria
        self._today = today
        self._pins = pins
        self._counts = counts
        self._wanted = 0
        for name in rules.criteria:
            if name in criteria:
                self._wanted |= 1 << criteria.names.index(name)

    def judge(self, crate: PrivilegedCrate, entries: CrateEntries) -> GateVerdict:
        """Judge a crate; raises StoreError when an entry about it names unknown criteria. Linear in the entries."""
        version = crate.package.version
        graph = AuditGraph(entries, self._criteria)
        reached = self._reach(graph, entries.name, crate)
        allowed = self._allowed(crate.package)
        found = reached.get(version)
        if found is not None and found.edge is not None:
            return GateVerdict(crate, Pass.ATTESTED, graph.step(found.edge).entry, None, allowed)
        if found is not None:
            return GateVerdict(crate, Pass.CARRIED_OVER, None, found.since, allowed)
        if allowed is not None and self._today <= allowed.until:
            return GateVerdict(crate, Pass.ALLOWED, allowed=allowed)
        nearest = max((each for each in reached if each < version), default=None)
        return GateVerdict(crate, None, None, nearest, allowed)

    def _reach(self, graph: AuditGraph, name: CrateName, crate: PrivilegedCrate) -> Mapping[VetVersion, _Reached]:
        """Return the versions that pass, each with how it was first reached: by an entry, or by unchanged code."""
        out_of: dict[VetVersion | None, list[Edge]] = {}
        for edge in graph.edges:
            if edge.criteria & self._wanted and self._accepts(graph, name, edge):
                out_of.setdefault(edge.base, []).append(edge)
        closures = self._closures(crate)
        reached: dict[VetVersion, _Reached] = {}
        waiting: list[VetVersion | None] = [None]
        for at in waiting:
            steps = [(edge.version, _Reached(edge, None)) for edge in out_of.get(at, ())]
            if at is not None and at in closures:
                same = closures[at]
                steps += [(version, _Reached(None, at)) for version, each in closures.items() if each == same]
            for version, step in steps:
                if version not in reached:
                    reached[version] = step
                    waiting.append(version)
        return reached

    def _closures(self, crate: PrivilegedCrate) -> Mapping[VetVersion, object]:
        """Return what the build-time code of each known version is; nothing where all of the crate is linked."""
        if not self._rules.carry_over or Tier.HOST_LIBRARY in crate.tiers:
            return {}
        pins = (*self._pins.get(crate.package.name, ()), crate.pin)
        return {pin.version: _closure(pin) for pin in pins if pin.surface is not None}

    def _accepts(self, graph: AuditGraph, name: CrateName, edge: Edge) -> bool:
        kind = edge.origin.kind
        if kind is not OriginKind.AUDIT:
            if _KINDS.get(kind) not in self._rules.accept:
                return False
        elif (Accepted.PEER_AUDIT if edge.origin.source else Accepted.OWN_AUDIT) not in self._rules.accept:
            return False
        if edge.origin.source is not None or kind is OriginKind.EXEMPTION:
            return True
        return self._counts(name, graph.step(edge).entry)

    def _allowed(self, package: Package) -> AllowedCrate | None:
        """Return the allow entry about a package that lasts longest."""
        entries = [
            each for each in self._rules.allow if each.crate == package.name and each.versions.matches(package.version)
        ]
        return max(entries, key=lambda each: each.until, default=None)


def _closure(pin: PinnedCrate) -> object:
    """Return what must be equal for build-time code to be the same: its files, and what it is compiled with."""
    return pin.surface, pin.targets, pin.links, pin.build_only, pin.build_too, pin.binaries


def gate_findings(
    verdicts: Iterable[GateVerdict],
    criterion: CriteriaName,
    place: Callable[[Package], Place | None],
) -> Iterator[Finding]:
    """Yield the crates that do not pass, and those that only an allow entry lets pass.

    criterion: what a person would certify to settle it.
    """
    for verdict in verdicts:
        package = verdict.crate.package
        how = ", ".join(TIER_WORDS[tier] for tier in verdict.crate.tiers)
        name = f"{package.name} {package.version}"
        if verdict.passes is Pass.ALLOWED and verdict.allowed is not None:
            reason = f"{name} ({how}) is allowed until {verdict.allowed.until}: {verdict.allowed.reason}"
            yield Finding("gate/allowed", Level.NOTE, place(package), reason)
        elif verdict.passes is None:
            ended = f"; it was allowed until {verdict.allowed.until}" if verdict.allowed else ""
            reason = f"{name} runs during the build ({how}), and nobody whose word counts has read that code{ended}"
            yield Finding("gate/unattested", Level.FAIL, place(package), reason, _settle(verdict, criterion))


def _settle(verdict: GateVerdict, criterion: CriteriaName) -> str:
    package, since = verdict.crate.package, verdict.since
    name = quote(package.name)
    if since is None:
        return (
            f"vetflow inspect {name} {package.version}; vetflow certify {name} {package.version} --criteria {criterion}"
        )
    delta = f"{name} {since} {package.version}"
    return f"vetflow diff {delta}; vetflow certify {delta} --criteria {criterion}"
