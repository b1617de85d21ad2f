"""`import`: let the audits of somebody else count."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from vetflow.app.network import open_sources
from vetflow.app.project import Project
from vetflow.app.request import Request
from vetflow.app.shipped import shipped_path
from vetflow.app.updating import Run, Task, Updated, open_for_writing, update_project
from vetflow.errors import NotFoundError, UndecidedError, UsageError
from vetflow.formats.registry_toml import AuditPublisher
from vetflow.model.findings import Finding, Level
from vetflow.model.names import ImportName
from vetflow.model.store import Import, Store
from vetflow.resolve.update_plan import PRUNE


def import_audits(request: Request, run: Run, name: ImportName, urls: tuple[str, ...]) -> Updated:
    """Import what stands at `urls`, under `name`; without any, what the registry has under that name.

    An import of that name keeps what else it says (`exclude`, `criteria-map`). The store is then pruned, since the new
    audits may replace exemptions. A locked run writes config.toml alone and fetches nothing, as cargo-vet does. Raises
    NotFoundError when the registry has no such name, and what `updating.update_project` raises.
    """
    if request.frozen:
        raise UsageError("`import` needs the network, and --frozen forbids it", help="leave --frozen out")
    project = open_for_writing(request)
    notes: tuple[Finding, ...] = ()
    if not urls:
        urls, notes = _registered(project, name, run.progress)

    def prepare(store: Store) -> Store:
        return with_import(store, name, urls)

    updated = update_project(project, Task(PRUNE, prepare), run)
    return updated._replace(notes=(*notes, *updated.notes))


def with_import(store: Store, name: ImportName, urls: tuple[str, ...]) -> Store:
    """Return the store with an import whose addresses are `urls`, whatever they were before."""
    config = store.config
    source = config.imports.get(name, Import(urls))._replace(url=urls)
    return store._replace(config=config._replace(imports={**config.imports, name: source}))


class _Registered(NamedTuple):
    urls: tuple[str, ...]
    notes: tuple[Finding, ...]


def _registered(project: Project, name: ImportName, progress: Callable[[str, int, int], None]) -> _Registered:
    """Look a name up in the registry; in the shipped one where the public list cannot be had or must not be fetched."""
    from vetflow.sources.registry import fetch_registry, shipped_registry  # noqa: PLC0415  only without addresses

    publishers = shipped_registry(shipped_path("registry.toml"))
    if not project.request.locked:
        with open_sources(project, progress) as sources:
            try:
                publishers = fetch_registry(sources.fetcher, publishers)
            except UndecidedError:
                if name not in publishers:
                    raise
    publisher = publishers.get(name)
    if publisher is None:
        raise NotFoundError(
            f"no peer named {name} found in the registry",
            help=f"give its address: `vetflow import {name} URL`; registered are {', '.join(publishers)}",
        )
    return _Registered(publisher.urls, _stale(name, publisher))


def _stale(name: ImportName, publisher: AuditPublisher) -> tuple[Finding, ...]:
    if publisher.successor is None:
        return ()
    reason = f"the registered address of {name} is stale: its audits have moved to {publisher.successor}"
    return (Finding("import/moved", Level.WARN, None, reason, f"`vetflow import {name} {publisher.successor}`"),)
