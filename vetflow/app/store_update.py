"""What a successful unlocked check does to the store, and what it advises."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import NamedTuple

from vetflow.app.live import Fetched, with_live_imports
from vetflow.app.network import Sources
from vetflow.app.project import Project
from vetflow.app.recording import record, require_same_imports
from vetflow.app.renew import crates_in_use, last_published
from vetflow.errors import StoreError
from vetflow.model.findings import Finding, Level
from vetflow.model.report import Success
from vetflow.model.store import Store
from vetflow.resolve.conclude import Resolution, conclude
from vetflow.resolve.expiry import due_audits
from vetflow.resolve.prune_advice import prune_advice
from vetflow.resolve.update import update_store
from vetflow.resolve.update_plan import CHECK
from vetflow.sources.api import kept_facts
from vetflow.sources.index import kept_crates
from vetflow.store.open import OpenedStore


class Update(NamedTuple):
    """written: the files brought up to date. notes: what could be pruned or renewed, or why nothing was written."""

    written: tuple[str, ...]
    notes: tuple[Finding, ...]


def update_after_check(
    project: Project, resolution: Resolution, fetched: Fetched, sources: Sources, waiting: Callable[[], None]
) -> Update:
    """Write what the verdict needs of the live state into the store; take the lock only if something changes.

    resolution: the successful one. Raises StoreError when the store changed meanwhile so that it no longer succeeds.
    """
    updated = update_store(resolution, CHECK)
    notes = (*_prunable(resolution, updated, fetched), *_expiring(project, updated, sources))

    def change(opened: OpenedStore) -> Store:
        require_same_imports(fetched.imports, opened.store.config.imports)
        graph = project.graph(opened.store.config.policy)
        again = conclude(graph, with_live_imports(graph, opened.store, fetched.upstream))
        if not isinstance(again.conclusion, Success):
            raise StoreError("the store changed while it was checked", help="run the command again")
        return update_store(again, CHECK)

    planned = record(project, change, dry_run=True)
    if not planned.changed:
        return Update((), notes)
    if not os.access(os.path.join(project.store.folder, "config.toml"), os.W_OK):
        names = ", ".join(planned.changed)
        reason = f"the store cannot be written; brought up to date, {names} would change"
        return Update((), (*notes, Finding("store/read-only", Level.WARN, None, reason)))
    return Update(record(project, change, waiting=waiting).changed, notes)


def _prunable(resolution: Resolution, updated: Store, fetched: Fetched) -> tuple[Finding, ...]:
    advice = prune_advice(resolution, updated, fetched.upstream.published)
    notes = []
    if advice.prunable:
        reason = f"the store has {advice.prunable.value} that are no longer needed, or say more than is needed"
        notes.append(Finding("store/prunable", Level.NOTE, None, reason, "`vetflow prune` takes them out"))
    if advice.published_since:
        names = ", ".join(advice.published_since)
        reason = f"rests on unpublished versions that have been published since: {names}"
        notes.append(Finding("store/published-since", Level.NOTE, None, reason, "vetflow regenerate unpublished"))
    return tuple(notes)


def _expiring(project: Project, store: Store, sources: Sources) -> tuple[Finding, ...]:
    """Name the crates whose wildcard audits are due, those left out that are known to have published nothing lately.

    It is only advice: what earlier runs kept will do, and nobody is asked. `renew` asks.
    """
    today = project.request.today
    suspects = {each.crate for each in due_audits(store.audits, today, {})} & crates_in_use(project, store)
    index = kept_crates(sources.fetcher, dict.fromkeys(suspects, ()), sources.registry)
    last = last_published(kept_facts(sources.fetcher, index.values()).values())
    due = due_audits(store.audits, today, last)
    if not due:
        return ()
    ended = ", ".join(sorted({each.crate for each in due if each.expired}))
    ending = ", ".join(sorted({each.crate for each in due if not each.expired}))
    parts = [f"have ended for {ended}" if ended else "", f"end within six weeks for {ending}" if ending else ""]
    reason = f"wildcard audits {' and '.join(part for part in parts if part)}"
    return (Finding("store/expiring", Level.WARN, None, reason, "vetflow renew --expiring"),)
