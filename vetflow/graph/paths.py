"""Why a package is in the graph: the shortest ways from roots to it."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from itertools import pairwise
from typing import NamedTuple

from vetflow.model.packages import DependencyKind, Node, PackageGraph


class DependencyPath(NamedTuple):
    """A way through the graph: node indices from a root to the package, and between two of them the edge's kinds."""

    nodes: tuple[int, ...]
    kinds: tuple[DependencyKind, ...]


def shortest_paths(graph: PackageGraph, target: int, limit: int) -> list[DependencyPath]:
    """Return up to `limit` of the shortest paths from roots to a node.

    For each root all paths of its smallest length; short ones first, then in graph order. Where no root reaches the
    node (after a filter), members take their place. Linear in the graph, plus the paths returned. A root itself has
    the path of one node.
    """
    distances = _distances_to(graph, target)
    roots = [i for i, node in enumerate(graph.nodes) if node.is_root and i in distances]
    starts = roots or [i for i, node in enumerate(graph.nodes) if node.is_member and i in distances]
    paths: list[DependencyPath] = []
    for start in sorted(starts, key=lambda i: (distances[i], i)):
        for nodes in _descend(graph, start, target, distances):
            if len(paths) == limit:
                return paths
            kinds = tuple([edge_kinds(graph.nodes[a], b) for a, b in pairwise(nodes)])
            paths.append(DependencyPath(nodes, kinds))
    return paths


def edge_kinds(node: Node, target: int) -> DependencyKind:
    """Return how a node depends on another; no kind when it does not."""
    kinds = DependencyKind(0)
    for targets, kind in (
        (node.normal, DependencyKind.NORMAL),
        (node.build, DependencyKind.BUILD),
        (node.dev, DependencyKind.DEV),
    ):
        if target in targets:
            kinds |= kind
    return kinds


def _distances_to(graph: PackageGraph, target: int) -> dict[int, int]:
    """Return how many edges each node that depends on `target` is away from it."""
    distances = {target: 0}
    waiting = deque([target])
    while waiting:
        node = waiting.popleft()
        for parent in graph.nodes[node].reverse:
            if parent not in distances:
                distances[parent] = distances[node] + 1
                waiting.append(parent)
    return distances


def _descend(graph: PackageGraph, start: int, target: int, distances: dict[int, int]) -> Iterator[tuple[int, ...]]:
    """Yield the shortest paths from `start`, in graph order: each step comes one closer."""
    path = [start]
    branches = [_closer(graph, start, distances)]
    if start == target:
        yield (start,)
    while branches:
        step = next(branches[-1], None)
        if step is None:
            branches.pop()
            path.pop()
            continue
        path.append(step)
        if step == target:
            yield tuple(path)
            path.pop()
        else:
            branches.append(_closer(graph, step, distances))


def _closer(graph: PackageGraph, node: int, distances: dict[int, int]) -> Iterator[int]:
    wanted = distances[node] - 1
    targets = sorted({*graph.nodes[node].normal_and_build, *graph.nodes[node].dev})
    return (target for target in targets if distances.get(target) == wanted)
