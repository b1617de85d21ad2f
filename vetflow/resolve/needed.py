"""Which entries of a store the verdict about a crate name rests on (shared spec resolver 9).

An entry is needed when one of the chosen paths to a version in use leads over it. What is needed depends on the search
mode: an update of the store searches as it means to keep things.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Final, NamedTuple

from vetflow.model.criteria import CriteriaSet
from vetflow.model.names import CrateName
from vetflow.model.report import Origin, OriginKind, ViolationFailure
from vetflow.model.version import VetVersion
from vetflow.resolve.audit_graph import Caveat, Edge
from vetflow.resolve.conclude import Resolution
from vetflow.resolve.search import Path, SearchMode, search

_NEWS: Final = (Caveat.FRESH_PUBLISHER, Caveat.FRESH_IMPORT)
"""The caveats of edges that need something of a peer or of crates.io which imports.lock does not have."""


class NeededEntries(NamedTuple):
    """What the chosen paths of one crate name lead over.

    entries: by origin (without its publisher) the required criteria it serves. publishers: positions of publisher rows.
    invented: the versions that exemptions had to be invented for, with the criteria of each. takes_news: some of this
    is an import or a publisher row that imports.lock does not have yet.
    """

    entries: Mapping[Origin, CriteriaSet] = {}
    publishers: frozenset[int] = frozenset()
    invented: Mapping[VetVersion, CriteriaSet] = {}
    takes_news: bool = False


NOTHING_NEEDED: Final = NeededEntries()


def needed_entries(
    resolution: Resolution, mode: Callable[[CrateName], SearchMode]
) -> dict[CrateName, NeededEntries | None]:
    """Return what is needed for each name in the graph, searching in the `mode` of that name.

    None stands for a name that does not vet: its entries contradict a violation, or some search finds no path. A name
    without third-party packages needs nothing. Costs one search for each package and each of its required criteria that
    no other one implies.
    """
    nodes: dict[CrateName, list[int]] = {}
    for index, node in enumerate(resolution.graph.nodes):
        of_name = nodes.setdefault(node.name, [])
        if node.is_third_party:
            of_name.append(index)
    contradicted = _contradicted(resolution)
    return {
        name: None if name in contradicted else _needed(resolution, found, mode(name)) for name, found in nodes.items()
    }


def best_paths(resolution: Resolution, node: int, mode: SearchMode) -> list[tuple[CriteriaSet, Path | None]]:
    """Return the best path to a third-party node for each required criterion that no other one implies.

    The criterion is given as a set of one, not closed under implication; the path is None when there is none.
    """
    criteria, package = resolution.store.criteria, resolution.graph.nodes[node].package
    minimal = criteria.minimal(resolution.requirements[node])
    graph = resolution.audit_graphs[package.name]
    return [(1 << index, search(graph, 1 << index, package.version, mode)) for index in criteria.indices(minimal)]


def _contradicted(resolution: Resolution) -> set[CrateName]:
    conclusion = resolution.conclusion
    if not isinstance(conclusion, ViolationFailure):
        return set()
    return {resolution.graph.nodes[node].name for node, _ in conclusion.conflicts}


def _needed(resolution: Resolution, nodes: Iterable[int], mode: SearchMode) -> NeededEntries | None:
    used: list[tuple[CriteriaSet, Edge]] = []
    for node in nodes:
        for criterion, path in best_paths(resolution, node, mode):
            if path is None:
                return None
            used += ((criterion, edge) for edge in path.edges)
    entries: dict[Origin, CriteriaSet] = {}
    invented: dict[VetVersion, CriteriaSet] = {}
    for criterion, edge in used:
        if edge.origin.kind is OriginKind.INVENTED:
            invented[edge.version] = invented.get(edge.version, 0) | criterion
        else:
            origin = edge.origin._replace(publisher=None)
            entries[origin] = entries.get(origin, 0) | criterion
    return NeededEntries(
        entries,
        publishers=frozenset(edge.origin.publisher for _, edge in used if edge.origin.publisher is not None),
        invented=invented,
        takes_news=any(edge.caveat in _NEWS for _, edge in used),
    )
