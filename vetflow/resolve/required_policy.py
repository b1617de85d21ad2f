"""More criteria required of what members depend on, said in cargo-vet's policy tables (shared spec resolver 3).

cargo-vet has no table for a whole workspace, and a table replaces what a package would otherwise get. So every member
gets a table that names what it asks for now and the new criteria: nothing is ever required less.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from enum import Enum
from typing import NamedTuple

from vetflow.model.criteria import CriteriaSet
from vetflow.model.names import CRATES_IO, SAFE_TO_RUN, CrateName, CriteriaName
from vetflow.model.packages import Node, PackageGraph
from vetflow.model.store import Policy, PolicyTable, Store
from vetflow.model.version import VetVersion
from vetflow.resolve.requirements import requirements


class Scope(Enum):
    """Of which dependencies more is required; the value is the key of the policy table that says so."""

    SHIPPED = "criteria"
    """Everything members depend on outside development."""
    DEV = "dev-criteria"
    """What only development needs."""
    BUILD = "dependency-criteria"
    """What members' build scripts use: by name, as cargo-vet's tables have no other word for it."""


class TableChange(NamedTuple):
    """One key of one policy table. table: `NAME` or `NAME:VERSION`; dependency: of `dependency-criteria` the name.

    before: None where the key is new.
    """

    table: str
    scope: Scope
    dependency: CrateName | None
    before: tuple[CriteriaName, ...] | None
    after: tuple[CriteriaName, ...]


class Requirement(NamedTuple):
    """A store that requires more, and where its tables differ from what they were."""

    store: Store
    changes: tuple[TableChange, ...]


def require(
    graph: PackageGraph, store: Store, wanted: tuple[CriteriaName, ...], scope: Scope, member: CrateName | None = None
) -> Requirement:
    """Require `wanted` besides what is required already, in the table of every member, or of one.

    The result may require it of more than was asked: `dependency-criteria` go by name. Raises UnknownCriteriaError.
    """
    criteria, required = store.criteria, requirements(graph, store)
    published = {package.name for package in graph.packages if package.source == CRATES_IO}
    more = criteria.set(wanted)
    policy = store.config.policy
    changes: list[TableChange] = []
    for index, node in _members(graph, member):
        key = _key(policy, node, published)
        table = policy.get(node.name, node.version)
        for dependency, before, now in _asked_now(graph, node, table, scope):
            held = required[index] if now is None else criteria.set(now)
            # What a member merely inherits today it may not inherit tomorrow: its own table must say so.
            if _holds(held, more) and (before is not None or scope is Scope.BUILD):
                continue
            after = criteria.minimal_names(held | more)
            changes.append(TableChange(_written(node.name, key), scope, dependency, before, after))
            table = _changed(table, scope, dependency, after)
        policy = _with_table(policy, node.name, key, table)
    if not changes:
        return Requirement(store, ())
    return Requirement(store._replace(config=store.config._replace(policy=policy)), tuple(changes))


def not_reached(
    graph: PackageGraph, store: Store, wanted: tuple[CriteriaName, ...], scope: Scope, member: CrateName | None = None
) -> tuple[int, ...]:
    """Return the third-party nodes that `require` is about and that need not meet `wanted` all the same.

    Some other table on the way replaces what is handed down to them.
    """
    edges: dict[Scope, Callable[[Node], tuple[int, ...]]] = {
        Scope.SHIPPED: lambda node: node.normal_and_build,
        Scope.DEV: lambda node: node.dev,
        Scope.BUILD: lambda node: node.build,
    }
    required, more = requirements(graph, store), store.criteria.set(wanted)
    starts = {target for _, node in _members(graph, member) for target in edges[scope](node)}
    return tuple(
        index
        for index in sorted(_below(graph, starts))
        if graph.nodes[index].is_third_party and not _holds(required[index], more)
    )


def _members(graph: PackageGraph, member: CrateName | None) -> Iterator[tuple[int, Node]]:
    return ((i, node) for i, node in enumerate(graph.nodes) if node.is_member and member in (None, node.name))


def _asked_now(
    graph: PackageGraph, node: Node, table: Policy, scope: Scope
) -> Iterator[tuple[CrateName | None, tuple[CriteriaName, ...] | None, tuple[CriteriaName, ...] | None]]:
    """Yield for each key to write: the dependency it names, its value, and the criteria in force where it has none.

    The last is None where those are what the member itself has to meet.
    """
    if scope is Scope.SHIPPED:
        yield None, table.criteria, table.criteria
    elif scope is Scope.DEV:
        yield None, table.dev_criteria, (SAFE_TO_RUN,) if table.dev_criteria is None else table.dev_criteria
    else:
        for name in sorted({graph.nodes[target].name for target in node.build}):
            listed = table.dependency_criteria.get(name)
            yield name, listed, listed


def _changed(table: Policy, scope: Scope, dependency: CrateName | None, names: tuple[CriteriaName, ...]) -> Policy:
    if scope is Scope.SHIPPED:
        return table._replace(criteria=names)
    if scope is Scope.DEV or dependency is None:
        return table._replace(dev_criteria=names)
    return table._replace(dependency_criteria={**table.dependency_criteria, dependency: names})


def _key(policy: PolicyTable, node: Node, published: Iterable[CrateName]) -> VetVersion | None:
    """Return the version in the key of a member's table: where one of that name is published, there must be one."""
    tables = policy.by_name.get(node.name)
    needs_version = None not in tables if tables else node.name in published
    return node.version if needs_version else None


def _with_table(policy: PolicyTable, name: CrateName, key: VetVersion | None, table: Policy) -> PolicyTable:
    if table == Policy():
        return policy
    return PolicyTable({**policy.by_name, name: {**policy.by_name.get(name, {}), key: table}})


def _written(name: CrateName, key: VetVersion | None) -> str:
    return name if key is None else f"{name}:{key}"


def _below(graph: PackageGraph, starts: Iterable[int]) -> set[int]:
    reached = set(starts)
    waiting = [*reached]
    while waiting:
        for target in graph.nodes[waiting.pop()].normal_and_build:
            if target not in reached:
                reached.add(target)
                waiting.append(target)
    return reached


def _holds(required: CriteriaSet, more: CriteriaSet) -> bool:
    return required & more == more
