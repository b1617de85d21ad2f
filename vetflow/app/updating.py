"""Bringing a whole store up to date: what `prune`, `regenerate` and `import` have in common.

Unlocked, the store is updated from what others have published by now; locked, from imports.lock alone and without any
request. Either way it is written once, and whether the result vets is not asked (shared spec resolver 9).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from vetflow.app.judge import resolve_with_archives
from vetflow.app.live import Fetched, fetch_upstream, with_live_imports
from vetflow.app.network import open_sources
from vetflow.app.project import Project, open_project
from vetflow.app.recording import OwnFiles, WritePlan, no_own_files, record, require_same_imports
from vetflow.app.request import Request
from vetflow.errors import UsageError
from vetflow.model.findings import Finding
from vetflow.model.names import CrateName
from vetflow.model.packages import PackageGraph
from vetflow.model.store import Store
from vetflow.resolve.backlog import backlog_store
from vetflow.resolve.conclude import conclude
from vetflow.resolve.update import regenerate_unpublished, update_store
from vetflow.resolve.update_plan import UpdatePlan
from vetflow.store.open import OpenedStore


class Run(NamedTuple):
    """How an update is carried out.

    dry_run: only say what would be written. progress, waiting, own_files: see `network.open_sources` and
    `recording.record`.
    """

    dry_run: bool
    progress: Callable[[str, int, int], None]
    waiting: Callable[[], None]
    own_files: OwnFiles = no_own_files


def silent(what: str, done: int, total: int) -> None:
    """Tell nobody how far work is."""


def unattended_run(*, dry_run: bool = False, own_files: OwnFiles = no_own_files) -> Run:
    """Return how something is carried out where no terminal hears of progress, or of waiting for another writer."""
    return Run(dry_run, silent, lambda: None, own_files)


class Task(NamedTuple):
    """What a command wants of the update.

    prepare: what it changes in the store as it is opened. unpublished_anew: drop the unpublished rows that imports.lock
    has, whatever rests on them. accept_changed_criteria: take over what peers changed in the text of mapped criteria.
    """

    plan: UpdatePlan
    prepare: Callable[[Store], Store] = lambda store: store
    unpublished_anew: bool = False
    accept_changed_criteria: bool = False


class Updated(NamedTuple):
    """What was written, or with `dry_run` would be. notes: what had to be left aside of peers' files and archives."""

    written: WritePlan
    notes: tuple[Finding, ...] = ()


def open_for_writing(request: Request) -> Project:
    """Open the project of a command that writes to its store; raises UsageError where that is a git revision."""
    if request.rev:
        raise UsageError("a revision cannot be written to", help="leave --rev out")
    return open_project(request)


def update_project(project: Project, task: Task, run: Run) -> Updated:
    """Update the store as a command wants it, live unless the request says `locked`, and write it.

    Raises StoreError for a store or peers that nothing can be made of, UndecidedError when something could not be had.
    """
    return _update_locked(project, task, run) if project.request.locked else _update_live(project, task, run)


def _update_locked(project: Project, task: Task, run: Run) -> Updated:
    store = task.prepare(project.open_store(locked=True).store)
    judged = resolve_with_archives(_without_missing_libraries(project, store, task), store, None)
    project, notes = judged.project, judged.notes

    def change(opened: OpenedStore) -> Store:
        now = task.prepare(opened.store)
        return update_store(conclude(project.graph(now.config.policy), now), task.plan)

    return Updated(record(project, change, dry_run=run.dry_run, waiting=run.waiting, own_files=run.own_files), notes)


def _update_live(project: Project, task: Task, run: Run) -> Updated:
    store = task.prepare(project.open_store(locked=False).store)
    project = _without_missing_libraries(project, store, task)
    graph = project.graph(store.config.policy)
    with open_sources(project, run.progress) as sources:
        spared, anew = _spared_rows(graph, store, task), task.unpublished_anew
        fetched = fetch_upstream(graph, store, sources, task.plan, also=spared, unpublished_anew=anew)
        judged = resolve_with_archives(project, _live(graph, store, fetched, task), sources)
        project, notes = judged.project, judged.notes

    def change(opened: OpenedStore) -> Store:
        now = task.prepare(opened.store)
        require_same_imports(fetched.imports, now.config.imports)
        graph = project.graph(now.config.policy)
        return update_store(conclude(graph, _live(graph, now, fetched, task)), task.plan)

    written = record(project, change, dry_run=run.dry_run, waiting=run.waiting, own_files=run.own_files)
    return Updated(written, (*fetched.notes, *notes))


def _without_missing_libraries(project: Project, store: Store, task: Task) -> Project:
    """Learn from archives on this machine which exempted crates have no library: cargo leaves them out.

    A crate that fails is looked into in any case; one that an exemption vets only when the exemption may go.
    """
    if not task.plan.default.prune_exemptions:
        return project
    return resolve_with_archives(project, backlog_store(store, live=False), None).project


def _spared_rows(graph: PackageGraph, store: Store, task: Task) -> frozenset[CrateName]:
    """Return the crates whose publisher rows `prune` is told to spare: cargo-vet brings those rows up to date."""
    if task.unpublished_anew or task.plan.default.prune_imports:
        return frozenset()
    return frozenset({node.name for node in graph.nodes if node.is_third_party} & store.imports.publisher.keys())


def _live(graph: PackageGraph, store: Store, fetched: Fetched, task: Task) -> Store:
    live = with_live_imports(graph, store, fetched.upstream, accept_changed_criteria=task.accept_changed_criteria)
    return regenerate_unpublished(live) if task.unpublished_anew else live
