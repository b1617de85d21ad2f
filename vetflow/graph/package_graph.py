"""The dependency graph as cargo-vet computes it: graph order, roles of nodes, and the order of propagation.

Source: shared spec resolver 2.2-2.3; checked against cargo-vet 0.10.3.
"""

from __future__ import annotations

from collections.abc import Sequence

from vetflow.model.names import CRATES_IO
from vetflow.model.packages import DependencyKind, Node, Package, PackageGraph, Workspace
from vetflow.model.store import PolicyTable

_NORMAL = int(DependencyKind.NORMAL)
_BUILD = int(DependencyKind.BUILD)
_DEV = int(DependencyKind.DEV)


def build_graph(workspace: Workspace, policy: PolicyTable) -> PackageGraph:
    """Compute nodes, roles and topological order. Linear in packages and edges, plus one sort.

    policy: its `audit-as-crates-io` decides who is third-party; `dump-graph` passes an empty table.
    Precondition: members and edges lead to `workspace.nodes` only (both readers guarantee it).
    """
    packages = workspace.packages
    order = sorted(workspace.nodes, key=lambda i: (packages[i].name, packages[i].version, packages[i].id))
    position = {number: i for i, number in enumerate(order)}
    edges = [[(position[target], int(kinds)) for target, kinds in workspace.dependencies[number]] for number in order]
    members = [position[number] for number in workspace.members]
    walk = _Walk(edges)
    for member in members:
        walk.visit(member)
    built = walk.visited.copy()
    roots = {member for member in members if not walk.reverse[member]}
    for member in members:
        for target, kinds in edges[member]:
            if kinds & _DEV:
                walk.visit(target)
                walk.reverse[target].add(member)
    member_set = set(members)
    nodes = [
        _node(
            packages[number],
            # A node that no walk reached has no dependencies for cargo-vet, whatever the document says.
            edges[i] if i in walk.visited else [],
            tuple(sorted(walk.reverse[i])),
            is_member=i in member_set,
            is_third_party=is_third_party(packages[number], policy),
            is_root=i in roots,
            is_dev_only=i not in built,
        )
        for i, number in enumerate(order)
    ]
    return PackageGraph(tuple(nodes), tuple(walk.post_order), packages)


def _node(
    package: Package,
    edges: Sequence[tuple[int, int]],
    reverse: tuple[int, ...],
    *,
    is_member: bool,
    is_third_party: bool,
    is_root: bool,
    is_dev_only: bool,
) -> Node:
    every = tuple([target for target, _ in edges])
    normal = normal_and_build = every
    build: tuple[int, ...] = ()
    dev: tuple[int, ...] = ()
    # Nearly all nodes have nothing but normal edges; one tuple serves them for all lists.
    if any(kinds != _NORMAL for _, kinds in edges):
        normal = tuple([target for target, kinds in edges if kinds & _NORMAL])
        build = tuple([target for target, kinds in edges if kinds & _BUILD])
        normal_and_build = tuple([target for target, kinds in edges if kinds & (_NORMAL | _BUILD)])
        if is_member:
            dev = tuple([target for target, kinds in edges if kinds & _DEV])
    return Node(
        package,
        normal=normal,
        build=build,
        dev=dev,
        normal_and_build=normal_and_build,
        all=every,
        reverse=reverse,
        is_member=is_member,
        is_third_party=is_third_party,
        is_root=is_root,
        is_dev_only=is_dev_only,
    )


def is_third_party(package: Package, policy: PolicyTable) -> bool:
    """Whether cargo-vet demands audits of a package: from crates.io, or declared so by the policy."""
    return package.source == CRATES_IO or bool(
        policy.by_name and policy.get(package.name, package.version).audit_as_crates_io
    )


class _Walk:
    """Depth-first walk along normal and build edges, without recursion because graphs may be thousands deep."""

    def __init__(self, edges: list[list[tuple[int, int]]]) -> None:
        self._edges = edges
        self.visited: set[int] = set()
        self.post_order: list[int] = []
        self.reverse: list[set[int]] = [set() for _ in edges]

    def visit(self, start: int) -> None:
        """Reach everything below `start`; children are listed before their parents."""
        if start in self.visited:
            return
        self.visited.add(start)
        stack = [(start, iter(self._edges[start]))]
        while stack:
            node, rest = stack[-1]
            for target, kinds in rest:
                if not kinds & (_NORMAL | _BUILD):
                    continue
                self.reverse[target].add(node)
                if target not in self.visited:
                    self.visited.add(target)
                    stack.append((target, iter(self._edges[target])))
                    break
            else:
                stack.pop()
                self.post_order.append(node)
