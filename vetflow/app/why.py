"""`why`: how a crate comes into the graph, and where the criteria required of it come from."""

from __future__ import annotations

from typing import Final, NamedTuple

from vetflow.app.decisions import read_decisions
from vetflow.app.project import open_project
from vetflow.app.request import Request
from vetflow.errors import NotFoundError
from vetflow.graph.paths import DependencyPath, edge_kinds, shortest_paths
from vetflow.model.decisions import Hold
from vetflow.model.names import SAFE_TO_DEPLOY, SAFE_TO_RUN, CrateName, CriteriaName
from vetflow.model.packages import DependencyKind, Node, PackageGraph
from vetflow.model.store import PolicyTable
from vetflow.resolve.policy_check import check_policies
from vetflow.resolve.requirements import requirements

PATHS: Final = 5
"""How many paths are shown for one version."""


class Hop(NamedTuple):
    """One edge on the way.

    kinds: how `to` is depended on. exact: False where Cargo.lock is all there is to tell, which does not distinguish
    normal from build dependencies of packages from elsewhere. policy: which policy speaks there, in words, if any.
    """

    to: Node
    kinds: DependencyKind
    exact: bool
    policy: str | None


class Way(NamedTuple):
    """A way from a root: the root, what its own policy says, and the edges down to the crate."""

    root: Node
    policy: str
    hops: tuple[Hop, ...]


class Dependent(NamedTuple):
    """A package that depends on another directly. kinds, exact: as those of a `Hop`."""

    node: Node
    kinds: DependencyKind
    exact: bool


class Why(NamedTuple):
    """Why one version of a crate is there.

    required: minimal criteria, empty when nothing is. ways: shortest first. dependents: all that depend on it directly,
    in graph order. hold: somebody holds it back.
    """

    node: Node
    required: tuple[CriteriaName, ...]
    ways: tuple[Way, ...]
    dependents: tuple[Dependent, ...] = ()
    hold: Hold | None = None


def why(request: Request, crate: CrateName, version: str | None) -> tuple[Why, ...]:
    """Explain every version of `crate` in the graph, or the one asked for. Raises NotFoundError when there is none."""
    project = open_project(request)
    store = project.open_store(locked=request.locked).store
    policy = store.config.policy
    graph = project.graph(policy)
    check_policies(graph, policy)
    found = [
        index
        for index, node in enumerate(graph.nodes)
        if node.name == crate and version in (None, str(node.version), str(node.version.semver))
    ]
    if not found:
        raise _not_found(graph, crate, version)
    required = requirements(graph, store)
    decisions = read_decisions(project)
    return tuple(
        Why(
            graph.nodes[index],
            store.criteria.minimal_names(required[index]),
            tuple(
                _way(graph, path, policy, from_lock=project.locked is not None)
                for path in shortest_paths(graph, index, PATHS)
            ),
            _dependents(graph, index, from_lock=project.locked is not None),
            decisions.hold(crate, graph.nodes[index].version),
        )
        for index in found
    )


def _not_found(graph: PackageGraph, crate: CrateName, version: str | None) -> NotFoundError:
    from difflib import get_close_matches  # noqa: PLC0415  only after a miss

    versions = sorted(node.version for node in graph.nodes if node.name == crate)
    if versions:
        return NotFoundError(
            f"{crate} {version} is not in the graph",
            help=f"the graph has {', '.join(map(str, versions))}",
        )
    near = get_close_matches(crate, {node.name for node in graph.nodes}, n=3)
    return NotFoundError(
        f"no package of this graph is called {crate}",
        help=f"near: {', '.join(near)}" if near else "`vetflow dump-graph --depth full` lists all of them",
    )


def _way(graph: PackageGraph, path: DependencyPath, policy: PolicyTable, *, from_lock: bool) -> Way:
    nodes = [graph.nodes[index] for index in path.nodes]
    hops = tuple(
        Hop(
            to,
            kinds,
            exact=_is_exact(parent, from_lock=from_lock),
            policy=_edge_policy(parent, to, kinds, policy) or _own_policy(to, policy),
        )
        for parent, to, kinds in zip(nodes, nodes[1:], path.kinds, strict=False)
    )
    own = _own_policy(nodes[0], policy)
    return Way(nodes[0], own or f"a root: {SAFE_TO_DEPLOY} by default", hops)


def _dependents(graph: PackageGraph, index: int, *, from_lock: bool) -> tuple[Dependent, ...]:
    parents = [graph.nodes[parent] for parent in sorted(graph.nodes[index].reverse)]
    return tuple(Dependent(each, edge_kinds(each, index), _is_exact(each, from_lock=from_lock)) for each in parents)


def _is_exact(parent: Node, *, from_lock: bool) -> bool:
    return not from_lock or parent.package.manifest is not None


def _own_policy(node: Node, policy: PolicyTable) -> str | None:
    """Say what a policy demands of the node itself, whatever its parents ask for."""
    criteria = policy.get(node.name, node.version).criteria
    return None if criteria is None else f"policy: criteria = {_names(criteria)}"


def _edge_policy(parent: Node, to: Node, kinds: DependencyKind, policy: PolicyTable) -> str | None:
    """Say which criteria an edge asks for, where they are not simply the parent's."""
    entry = policy.get(parent.name, parent.version)
    if to.name in entry.dependency_criteria:
        return f"{parent.name}'s policy: dependency-criteria {_names(entry.dependency_criteria[to.name])}"
    if kinds == DependencyKind.DEV:
        if entry.dev_criteria is not None:
            return f"{parent.name}'s policy: dev-criteria {_names(entry.dev_criteria)}"
        return f"for development: {SAFE_TO_RUN} by default"
    return None


def _names(criteria: tuple[CriteriaName, ...]) -> str:
    return ", ".join(criteria) or "nothing"
