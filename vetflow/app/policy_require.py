"""`policy require`: more criteria for what members depend on, written to cargo-vet's policy tables."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from vetflow.app.judge import resolve_with_archives
from vetflow.app.project import Project, open_project
from vetflow.app.recording import WritePlan, record
from vetflow.app.request import Request
from vetflow.errors import NotFoundError
from vetflow.model.criteria import Criteria
from vetflow.model.names import CrateName, CriteriaName
from vetflow.model.packages import Package, PackageGraph
from vetflow.model.store import Store
from vetflow.resolve.conclude import Resolution, conclude
from vetflow.resolve.needed import best_paths
from vetflow.resolve.policy_check import check_policies
from vetflow.resolve.required_policy import Requirement, Scope, TableChange, not_reached, require
from vetflow.resolve.search import SearchMode
from vetflow.store.open import OpenedStore


class Unvetted(NamedTuple):
    """A crate that the store does not vet for what is now required. missing: the criteria, of those newly required."""

    package: Package
    missing: tuple[CriteriaName, ...]


class Required(NamedTuple):
    """What was written, or with a dry run would be.

    changes: by table. unvetted: crates that lack what is newly required, in graph order. not_reached: crates that need
    not meet it all the same, because another table replaces what is handed down to them.
    """

    written: WritePlan
    changes: tuple[TableChange, ...]
    unvetted: tuple[Unvetted, ...]
    not_reached: tuple[Package, ...]


class _Judged(NamedTuple):
    graph: PackageGraph
    before: Resolution
    after: Resolution


def require_criteria(
    request: Request,
    criteria: tuple[CriteriaName, ...],
    scope: Scope,
    member: CrateName | None = None,
    *,
    dry_run: bool = False,
    waiting: Callable[[], None] = lambda: None,
) -> Required:
    """Require `criteria` of what all members depend on, or one; nothing is required less than before.

    Raises NotFoundError for criteria nobody defined and for what is no member, PolicyError when the tables do not fit
    the packages, and what reading and writing raise.
    """
    project = open_project(request)
    done: list[tuple[Store, Requirement]] = []

    def change(opened: OpenedStore) -> Store:
        store = opened.store
        _require_known(criteria, store.criteria)
        graph = project.graph(store.config.policy)
        _require_member(graph, member)
        requirement = require(graph, store, criteria, scope, member)
        check_policies(graph, requirement.store.config.policy)
        done[:] = [(store, requirement)]
        return requirement.store

    written = record(project, change, dry_run=dry_run, waiting=waiting)
    ((store, requirement),) = done
    judged = _judge(project, store, requirement.store)
    unreached = not_reached(judged.graph, requirement.store, criteria, scope, member)
    return Required(
        written,
        requirement.changes,
        _newly_unvetted(judged),
        tuple(judged.graph.nodes[node].package for node in unreached),
    )


def _judge(project: Project, before: Store, after: Store) -> _Judged:
    """Judge by both stores over one graph: the one that is known after a look at whatever would fail."""
    project = resolve_with_archives(project, after, None).project
    graph = project.graph(after.config.policy)
    return _Judged(graph, conclude(graph, before), conclude(graph, after))


def _newly_unvetted(judged: _Judged) -> tuple[Unvetted, ...]:
    criteria = judged.after.store.criteria
    found = []
    for index, node in enumerate(judged.graph.nodes):
        if node.is_third_party:
            new = _missing(judged.after, index) & ~_missing(judged.before, index)
            if new:
                found.append(Unvetted(node.package, criteria.minimal_names(new)))
    return tuple(found)


def _missing(resolution: Resolution, node: int) -> int:
    missing = 0
    for criterion, path in best_paths(resolution, node, SearchMode.PREFER_EXEMPTIONS):
        if path is None:
            missing |= criterion
    return missing


def _require_known(names: tuple[CriteriaName, ...], criteria: Criteria) -> None:
    for name in names:
        if name not in criteria:
            raise NotFoundError(
                f"'{name}' is not a valid criteria name",
                help=f"define it in audits.toml first; there are {', '.join(criteria.names)}",
            )


def _require_member(graph: PackageGraph, member: CrateName | None) -> None:
    members = sorted({node.name for node in graph.nodes if node.is_member})
    if member is not None and member not in members:
        raise NotFoundError(
            f"no member of this workspace is called {member}",
            help=f"policies are members' to have: {', '.join(members)}; `dev` and `build` mean all of them",
        )
