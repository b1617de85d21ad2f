"""The search for a path through an audit graph, with cargo-vet's preferences (shared spec resolver 6).

It runs backwards from the version in question to "nothing" and always goes on from the best path found so far.
Which is best decides what a report says, what is kept and what is pruned, so the order is cargo-vet's to the
letter.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import IntEnum
from heapq import heappop, heappush
from typing import Final, NamedTuple, TypeAlias

from vetflow.model.criteria import CriteriaSet
from vetflow.model.report import Origin, OriginKind, Reach
from vetflow.model.version import VetVersion
from vetflow.resolve.audit_graph import AuditGraph, Caveat, Edge


class SearchMode(IntEnum):
    """What a path should rather rest on when it cannot do without a caveat."""

    PREFER_EXEMPTIONS = 0
    """Exemptions before fresh imports: for verdicts, and for updates that must not disturb."""
    PREFER_FRESH_IMPORTS = 1
    """Fresh imports before exemptions: for pruning."""
    REGENERATE_EXEMPTIONS = 2
    """As before, but any exemption may be widened and a new one invented: every search finds a path."""


Level: TypeAlias = int
"""How bad the worst edge of a path is; 0 is no caveat at all."""

WORST_STORED_AUDIT: Final[Level] = 1
"""The highest level of a path that consists of audits and trust in the store alone, in every mode."""

_LEVELS: Final[tuple[tuple[Level, ...], ...]] = (
    (0, 1, 2, 3, 4, 5, 7, 8),
    (0, 1, 6, 7, 4, 5, 3, 8),
    (0, 1, 6, 7, 4, 5, 3, 8),
)
"""The level of an edge: by search mode, then by the edge's caveat."""

_EXEMPTION_LEVELS: Final = (2, 6, 8)
"""The levels at which the worst edge is an exemption, whatever the mode."""

_NOTHING: Final = ()
"""The place of "nothing" in a priority: below every version."""

_Trail: TypeAlias = "tuple[Edge, _Trail] | None"
"""The edges of a path that is being searched, the one nearest to "nothing" first; None has none yet."""

_Candidate: TypeAlias = tuple[Level, VetVersion | tuple[()], VetVersion | tuple[()], int, int, _Trail]
"""A path that may be gone on: its priority, part by part (see `search`), and its edges."""


class Path(NamedTuple):
    """A path from "nothing" to a version, in that order. level: that of its worst edge."""

    edges: tuple[Edge, ...]
    level: Level

    def origin_kinds(self) -> set[OriginKind]:
        """Return the kinds of entries the path consists of."""
        return {edge.origin.kind for edge in self.edges}


def search(
    graph: AuditGraph,
    wanted: CriteriaSet,
    target: VetVersion,
    mode: SearchMode = SearchMode.PREFER_EXEMPTIONS,
) -> Path | None:
    """Return the best path to `target` over edges that hold all of `wanted`, None when there is none.

    A path's priority: lower level; lower version reached; where its level is that of an exemption, lower
    version left in the last step; fewer edges; preferred last edge. Costs O(E log E) in the edges of the
    crate, and O(edges into `target`) where one without a caveat leads straight to it, as it does for most
    crates.
    """
    levels = _LEVELS[mode]
    may_widen = mode is SearchMode.REGENERATE_EXEMPTIONS
    queue: list[_Candidate] = [(0, target, _NOTHING, 0, 0, None)]
    seen = set()
    while queue:
        level, _, _, length, _, trail = heappop(queue)
        version = trail[0].base if trail else target
        if version is None:
            return _path(trail, level)
        if version in seen:
            continue
        seen.add(version)
        edges: Iterable[Edge] = graph.into.get(version, ())
        if may_widen:
            edges = (*edges, _invented_exemption(graph, version, wanted))
        for edge in edges:
            if edge.criteria & wanted != wanted and not (may_widen and edge.caveat is Caveat.EXEMPTION):
                continue
            if edge.base in seen:
                continue
            worst = max(level, levels[edge.caveat])
            if edge.base is None and worst == level:
                # Nothing in the queue is better: it has this level at least, and no version is below "nothing".
                return _path((edge, trail), level)
            left = version if worst in _EXEMPTION_LEVELS else _NOTHING
            heappush(queue, (worst, edge.base or _NOTHING, left, length + 1, edge.rank, (edge, trail)))
    return None


def reach(graph: AuditGraph, wanted: CriteriaSet, target: VetVersion) -> Reach:
    """Return how far one gets from both ends over edges that hold all of `wanted`.

    Means something only where `search` found no path, in a mode that invents none.
    """
    into: dict[VetVersion | None, list[VetVersion | None]] = {}
    out_of: dict[VetVersion | None, list[VetVersion | None]] = {}
    for edge in graph.edges:
        if edge.criteria & wanted == wanted:
            into.setdefault(edge.version, []).append(edge.base)
            out_of.setdefault(edge.base, []).append(edge.version)
    return Reach(from_root=_reachable(out_of, None), from_target=_reachable(into, target))


def _reachable(
    steps: Mapping[VetVersion | None, list[VetVersion | None]],
    start: VetVersion | None,
) -> frozenset[VetVersion | None]:
    found = {start}
    waiting = [start]
    while waiting:
        for version in steps.get(waiting.pop(), ()):
            if version not in found:
                found.add(version)
                waiting.append(version)
    return frozenset(found)


def _path(trail: _Trail, level: Level) -> Path:
    edges = []
    while trail is not None:
        edge, trail = trail
        edges.append(edge)
    return Path(tuple(edges), level)


def _invented_exemption(graph: AuditGraph, version: VetVersion, criteria: CriteriaSet) -> Edge:
    """Return the edge of an exemption that does not exist; it ranks below all that do."""
    origin = Origin(OriginKind.INVENTED, None, None)
    return Edge(None, version, criteria, Caveat.INVENTED_EXEMPTION, len(graph.edges), origin)
