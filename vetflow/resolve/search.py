"""The search for a way through an audit graph, with cargo-vet's preferences (shared spec resolver 6).

It runs backwards from the version in question to "nothing" and always goes on from the best way found so far.
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
    """What a way should rather rest on when it cannot do without a caveat."""

    PREFER_EXEMPTIONS = 0
    """Exemptions before fresh imports: for verdicts, and for updates that must not disturb."""
    PREFER_FRESH_IMPORTS = 1
    """Fresh imports before exemptions: for pruning."""
    REGENERATE_EXEMPTIONS = 2
    """As before, but any exemption may be widened and a new one invented: every search finds a way."""


Level: TypeAlias = int
"""How bad the worst edge of a way is; 0 is no caveat at all."""

WORST_STORED_AUDIT: Final[Level] = 1
"""The highest level of a way that consists of audits and trust in the store alone, in every mode."""

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

_Trail: TypeAlias = "tuple[Edge, _Trail | None]"
"""The edges of a way that is being searched, the one nearest to "nothing" first."""


class Path(NamedTuple):
    """A way from "nothing" to a version, in that order. level: that of its worst edge."""

    edges: tuple[Edge, ...]
    level: Level

    def origin_kinds(self) -> set[OriginKind]:
        """Return the kinds of entries the way consists of."""
        return {edge.origin.kind for edge in self.edges}


def search(
    graph: AuditGraph,
    wanted: CriteriaSet,
    target: VetVersion,
    mode: SearchMode = SearchMode.PREFER_EXEMPTIONS,
) -> Path | None:
    """Return the best way to `target` over edges that hold all of `wanted`, None when there is none.

    A way's priority: lower level; lower version reached; where its level is that of an exemption, lower
    version left in the last step; fewer edges; preferred last edge. Costs O(E log E) in the edges of the
    crate, and O(edges into `target`) where one without a caveat leads straight to it, as it does for most
    crates.
    """
    levels = _LEVELS[mode]
    may_widen = mode is SearchMode.REGENERATE_EXEMPTIONS
    queue: list[tuple[Level, VetVersion | tuple[()], VetVersion | tuple[()], int, int, _Trail]] = []
    seen = set()
    version, level, length = target, 0, 0
    trail: _Trail | None = None
    while True:
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
                # Nothing in the queue is better: it has this level at least, and "nothing" is the lowest
                # version.
                return _path((edge, trail), level)
            left = version if worst in _EXEMPTION_LEVELS else _NOTHING
            heappush(queue, (worst, edge.base or _NOTHING, left, length + 1, edge.rank, (edge, trail)))
        while True:
            if not queue:
                return None
            level, _, _, length, _, trail = heappop(queue)
            base = trail[0].base
            if base is None:
                return _path(trail, level)
            if base not in seen:
                version = base
                break


def reach(graph: AuditGraph, wanted: CriteriaSet, target: VetVersion) -> Reach:
    """Return how far one gets from both ends over edges that hold all of `wanted`.

    Means something only where `search` found no way, in a mode that invents none.
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
    rest: _Trail | None = trail
    while rest is not None:
        edge, rest = rest
        edges.append(edge)
    return Path(tuple(edges), level)


def _invented_exemption(graph: AuditGraph, version: VetVersion, criteria: CriteriaSet) -> Edge:
    """Return the edge of an exemption that does not exist; it ranks below all that do."""
    origin = Origin(OriginKind.INVENTED, None, None)
    return Edge(None, version, criteria, Caveat.INVENTED_EXEMPTION, len(graph.edges), origin)
