"""Judging a project by a store: the verdict, with what archives say about the crates that would fail."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

from vetflow.app.library_facts import look_at_archives
from vetflow.app.project import Project
from vetflow.model.findings import Finding
from vetflow.model.packages import PackageGraph
from vetflow.model.store import PolicyTable, Store
from vetflow.resolve.conclude import Resolution, conclude
from vetflow.resolve.policy_check import check_policies

if TYPE_CHECKING:  # a locked check fetches nothing
    from vetflow.app.network import Sources


class Judged(NamedTuple):
    """A resolution, with the project as it was seen in the end and what had to be left aside on the way."""

    project: Project
    resolution: Resolution
    notes: tuple[Finding, ...]


def judge(project: Project, store: Store, sources: Sources | None) -> Judged:
    """Judge the workspace by a store; raises PolicyError when its policies do not fit, and StoreError."""
    return _settle(project, store, sources, check_policies)


def resolve_with_archives(project: Project, store: Store, sources: Sources | None) -> Judged:
    """Judge without asking whether the policies fit, as commands do that may repair them; raises StoreError."""
    return _settle(project, store, sources, lambda _graph, _policy: None)


def _settle(
    project: Project,
    store: Store,
    sources: Sources | None,
    check: Callable[[PackageGraph, PolicyTable], None],
) -> Judged:
    """Resolve without the dependencies that cargo leaves out because they have no library, which no lock tells.

    A crate that would fail is first looked up among the archives on this machine, with `sources` also fetched; nothing
    of a crate that vets hangs on whether it is there.
    """
    policy = store.config.policy
    notes: tuple[Finding, ...] = ()
    while True:
        graph = project.graph(policy)
        check(graph, policy)
        resolution = conclude(graph, store)
        seen = look_at_archives(project, resolution, sources)
        notes = (*notes, *seen.findings)
        if seen.project is project:
            return Judged(project, resolution, notes)
        project = seen.project
