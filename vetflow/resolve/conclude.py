"""The conclusion: every third-party crate judged, in cargo-vet's order (shared spec resolver 5 and 7)."""

from __future__ import annotations

from collections.abc import Iterable

from vetflow.errors import StoreError, VetflowError
from vetflow.model.criteria import CriteriaSet
from vetflow.model.names import CrateName
from vetflow.model.packages import PackageGraph
from vetflow.model.report import (
    TRUST,
    Conclusion,
    Failure,
    OriginKind,
    Reach,
    Success,
    VettedCrate,
    Vetting,
    VettingFailure,
    ViolationFailure,
)
from vetflow.model.store import Store
from vetflow.resolve.audit_graph import AuditGraph
from vetflow.resolve.entries import EntryIndex, unknown_criteria
from vetflow.resolve.requirements import requirements
from vetflow.resolve.search import WORST_STORED_AUDIT, Path, reach, search
from vetflow.resolve.violations import find_conflicts


class Resolution:
    """The verdict about a dependency graph, and what it was reached with.

    requirements: the criteria required of each node. audit_graphs: those of the third-party crates in use, by
    name.
    """

    __slots__ = ("audit_graphs", "conclusion", "graph", "requirements", "store")

    def __init__(self, graph: PackageGraph, store: Store) -> None:
        """Judge; raises StoreError as `conclude` does."""
        self.graph = graph
        self.store = store
        self.requirements = requirements(graph, store)
        self.audit_graphs = _audit_graphs(graph, store)
        self.conclusion = self._conclude()

    def path(self, node: int, wanted: CriteriaSet) -> Path | None:
        """Return the best path to a third-party node's version for all of `wanted`, None if there is none."""
        package = self.graph.nodes[node].package
        return search(self.audit_graphs[package.name], wanted, package.version)

    def reach(self, node: int, wanted: CriteriaSet) -> Reach:
        """Return how far one gets towards a third-party node's version when there is no `path` to it."""
        package = self.graph.nodes[node].package
        return reach(self.audit_graphs[package.name], wanted, package.version)

    def _conclude(self) -> Conclusion:
        nodes = self.graph.nodes
        conflicts = {
            name: find_conflicts(audit_graph.entries, self.store.criteria)
            for name, audit_graph in self.audit_graphs.items()
        }
        third_party = [index for index, node in enumerate(nodes) if node.is_third_party]
        if any(conflicts.values()):
            found = [(node, conflicts[nodes[node].name]) for node in third_party]
            return ViolationFailure(tuple((node, some) for node, some in found if some))
        criteria = self.store.criteria
        minimal = {required: criteria.indices(criteria.minimal(required)) for required in set(self.requirements)}
        judged = [self._judge(node, minimal[self.requirements[node]]) for node in third_party]
        failures = tuple(each for each in judged if isinstance(each, Failure))
        vetted = tuple(each for each in judged if isinstance(each, VettedCrate))
        return VettingFailure(failures, vetted) if failures else Success(vetted)

    def _judge(self, node: int, minimal: list[int]) -> VettedCrate | Failure:
        """Judge one node; `minimal` are the indices of its required criteria that no other one implies."""
        # A path that rests on stored audits alone serves every criterion which the searched one implies: these
        # need no search of their own, their paths are no worse and hence as free of exemptions.
        trusted = False
        for index in minimal:
            path = self.path(node, 1 << index)
            if path is None or path.level > WORST_STORED_AUDIT:
                return self._judge_every_criterion(node, minimal)
            trusted = trusted or _rests_on_trust(path)
        return VettedCrate(node, Vetting.FULLY, trusted=trusted, required=bool(minimal))

    def _judge_every_criterion(self, node: int, minimal: list[int]) -> VettedCrate | Failure:
        paths: dict[int, Path] = {}
        missing = 0
        for index in self.store.criteria.indices(self.requirements[node]):
            path = self.path(node, 1 << index)
            if path is None:
                missing |= 1 << index
            else:
                paths[index] = path
        if missing:
            return Failure(node, missing)
        trusted = any(_rests_on_trust(paths[index]) for index in minimal)
        return VettedCrate(node, _vetting(paths.values()), trusted=trusted, required=True)


def conclude(graph: PackageGraph, store: Store) -> Resolution:
    """Judge every third-party crate of `graph` by `store`.

    Raises StoreError when an entry about a crate in use names criteria that nobody defined.
    """
    return Resolution(graph, store)


def _audit_graphs(graph: PackageGraph, store: Store) -> dict[CrateName, AuditGraph]:
    """Make the audit graphs of third-party crates; raises one StoreError for all unknown criteria."""
    entries = EntryIndex(store)
    graphs: dict[CrateName, AuditGraph] = {}
    unknown: list[VetflowError] = []
    for name in {node.name: None for node in graph.nodes if node.is_third_party}:
        try:
            graphs[name] = AuditGraph(entries.of(name), store.criteria)
        except StoreError as error:
            unknown += error.related
    if unknown:
        raise unknown_criteria(unknown, store.criteria)
    return graphs


def _vetting(paths: Iterable[Path]) -> Vetting:
    """Sort a vetted crate into cargo-vet's lists by the paths of all its required criteria."""
    kinds = [path.origin_kinds() for path in paths]
    if not any(OriginKind.EXEMPTION in each for each in kinds):
        return Vetting.FULLY
    if any(each <= {OriginKind.EXEMPTION, OriginKind.UNPUBLISHED} for each in kinds):
        return Vetting.EXEMPTED
    return Vetting.PARTIALLY


def _rests_on_trust(path: Path) -> bool:
    return any(edge.origin.kind in TRUST for edge in path.edges)
