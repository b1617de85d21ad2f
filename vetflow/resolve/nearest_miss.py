"""The nearest miss: which entry came nearest to vetting a crate that fails, and why it does not reach.

Our own, not cargo-vet's. It answers "why did this stop being vetted": a new version left the days, the
publisher or the chain of deltas that had covered the crate so far.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise
from typing import NamedTuple

from vetflow.model.audits import Publisher, TrustedEntry, WildcardAudit
from vetflow.model.criteria import CriteriaSet
from vetflow.model.names import CRATES_IO, CriteriaName
from vetflow.model.packages import Package
from vetflow.model.report import TRUST, Miss, MissCause, Origin, OriginKind, Reach, Step, VettingFailure
from vetflow.model.store import Store
from vetflow.model.version import VetVersion
from vetflow.resolve.audit_graph import AuditGraph
from vetflow.resolve.conclude import Resolution
from vetflow.resolve.search import reach, search


class _Case(NamedTuple):
    """A package that lacks a criterion, and what the store says of its crate.

    reach: how far one gets with that criterion. published_by: the rows about the package's version.
    """

    package: Package
    criterion: CriteriaName
    wanted: CriteriaSet
    store: Store
    graph: AuditGraph
    reach: Reach
    published_by: tuple[Publisher, ...]

    def miss(self, cause: MissCause, step: Step | None = None, towards: VetVersion | None = None) -> Miss:
        """Return a miss of this cause."""
        publisher = self.published_by[0] if self.published_by else None
        return Miss(cause, self.criterion, step, publisher, towards)

    def trust(self) -> list[tuple[Origin, WildcardAudit | TrustedEntry]]:
        """Return what trusts a publisher of the crate with the wanted criteria."""
        criteria = self.store.criteria

        def holds(entry: WildcardAudit | TrustedEntry) -> bool:
            # An entry that covers no version may name anything: the verdict never looks at it.
            known = tuple(name for name in entry.criteria if name in criteria)
            return criteria.set(known) & self.wanted == self.wanted

        return [(origin, entry) for origin, entry in self.graph.entries.trust() if holds(entry)]


def nearest_miss(resolution: Resolution, node: int) -> Miss:
    """Return the nearest miss of a node that fails in the conclusion, for the first criterion it lacks.

    The answer depends on graph and store alone. Raises KeyError when the node is not among the failures.
    """
    conclusion = resolution.conclusion
    failures = conclusion.failures if isinstance(conclusion, VettingFailure) else ()
    missing = next((failure.missing for failure in failures if failure.node == node), None)
    if missing is None:
        raise KeyError(node)
    store, package = resolution.store, resolution.graph.nodes[node].package
    criterion = store.criteria.minimal_names(missing)[0]
    wanted = store.criteria.closure(criterion)
    graph = resolution.audit_graphs[package.name]
    case = _Case(
        package,
        criterion,
        wanted,
        store,
        graph,
        resolution.reach(node, wanted),
        tuple(row for row in graph.entries.publishers if row.version == package.version),
    )
    return (
        _weak_entry(case)
        or _other_days(case)
        or _nearest_covered(case)
        or _untried_trust(case)
        or _unvetted_base(case)
        or _weak_elsewhere(case)
        or _nothing_known(case)
    )


def _weak_entry(case: _Case) -> Miss | None:
    """Entries lead to the version, but not all of them for the wanted criteria."""
    step = _last_weak_step(case, case.package.version)
    return case.miss(MissCause.CRITERIA_TOO_WEAK, step) if step else None


def _other_days(case: _Case) -> Miss | None:
    """Say that the publisher of the version is trusted, only not on the day it was published."""
    outside = [
        (row, origin, entry)
        for row in case.published_by
        for origin, entry in case.trust()
        if row.source == entry.source
    ]
    ended = [found for found in outside if found[2].end <= found[0].when]
    if ended:
        row, origin, entry = max(ended, key=lambda found: found[2].end)
        cause = MissCause.TRUST_ENDED
    elif outside:
        row, origin, entry = min(outside, key=lambda found: found[2].start)
        cause = MissCause.TRUST_NOT_BEGUN
    else:
        return None
    return case.miss(cause, Step(origin, None, row.version, entry, row, fresh=False))


def _nearest_covered(case: _Case) -> Miss | None:
    """Another version is covered; say why what covers it does not lead on to this one."""
    covered = [version for version in case.reach.from_root if version]
    ends = [version for version in case.reach.from_target if version]
    if not covered:
        return None
    base, towards = _gap(covered, ends)
    path = search(case.graph, case.wanted, base)
    assert path is not None  # noqa: S101  `reach` got there
    step = case.graph.step(path.edges[-1])
    if towards == case.package.version and case.package.source != CRATES_IO:
        cause = MissCause.NOT_PUBLISHED
    elif towards == case.package.version and step.origin.kind in TRUST:
        cause = MissCause.OTHER_PUBLISHER if case.published_by else MissCause.PUBLISHER_UNKNOWN
    elif step.origin.kind is OriginKind.EXEMPTION:
        cause = MissCause.OTHER_VERSION_EXEMPTED
    else:
        cause = MissCause.NO_DELTA
    return case.miss(cause, step, towards)


def _untried_trust(case: _Case) -> Miss | None:
    """Nothing is covered, although publishers of the crate are trusted."""
    trust = case.trust()
    if not trust or case.package.source != CRATES_IO:
        return None
    origin, entry = trust[0]
    step = Step(origin, None, case.package.version, entry, None, fresh=False)
    return case.miss(MissCause.OTHER_PUBLISHER if case.published_by else MissCause.PUBLISHER_UNKNOWN, step)


def _unvetted_base(case: _Case) -> Miss | None:
    """Deltas lead to the version, but nothing to where they start."""
    target = case.package.version
    bases = [version for version in case.reach.from_target if version and version != target]
    if not bases:
        return None
    base, _ = _gap(bases, [target])
    delta = next(
        edge
        for edge in case.graph.edges
        if edge.base == base and edge.version in case.reach.from_target and edge.criteria & case.wanted == case.wanted
    )
    return case.miss(MissCause.BASE_NOT_VETTED, case.graph.step(delta))


def _weak_elsewhere(case: _Case) -> Miss | None:
    """Other versions are covered for weaker criteria."""
    covered = [version for version in reach(case.graph, 0, case.package.version).from_root if version]
    if not covered:
        return None
    nearest, _ = _gap(covered, [case.package.version])
    step = _last_weak_step(case, nearest)
    return case.miss(MissCause.OTHER_VERSION_TOO_WEAK, step)


def _nothing_known(case: _Case) -> Miss:
    """No entry leads to any version; say whether that is to be expected."""
    if case.package.source != CRATES_IO:
        return case.miss(MissCause.NOT_PUBLISHED)
    imports = case.store.config.imports
    excluding = tuple(name for name in sorted(imports) if case.package.name in imports[name].exclude)
    if excluding:
        return case.miss(MissCause.IMPORT_EXCLUDES)._replace(imports=excluding)
    held = case.store.imports.audits
    empty = tuple(
        name for name in sorted(imports) if name not in held or not (held[name].audits or held[name].wildcard_audits)
    )
    if empty:
        return case.miss(MissCause.IMPORT_EMPTY)._replace(imports=empty)
    return case.miss(MissCause.NOTHING_KNOWN)


def _last_weak_step(case: _Case, version: VetVersion) -> Step | None:
    """Return the last entry too weak for the wanted criteria on a path to `version` that ignores criteria."""
    path = search(case.graph, 0, version)
    if path is None:
        return None
    weak = [edge for edge in path.edges if edge.criteria & case.wanted != case.wanted]
    return case.graph.step(weak[-1])


def _gap(covered: Iterable[VetVersion], ends: Iterable[VetVersion]) -> tuple[VetVersion, VetVersion]:
    """Return a covered version and an end that are neighbours among all these versions.

    Of several such pairs the one that agrees in most leading numbers, then one that leads upwards, then the
    lowest.
    """
    known = sorted([*((version, True) for version in covered), *((version, False) for version in ends)])
    neighbours = (
        (one, other) if one_is_covered else (other, one)
        for (one, one_is_covered), (other, other_is_covered) in pairwise(known)
        if one_is_covered != other_is_covered
    )
    return min(neighbours, key=lambda pair: (-_agreement(*pair), pair[0] > pair[1], pair[1]))


def _agreement(one: VetVersion, other: VetVersion) -> int:
    """Return how many of major, minor and patch version are equal before the first that differs."""
    return next((count for count in range(3) if one[count] != other[count]), 3)
