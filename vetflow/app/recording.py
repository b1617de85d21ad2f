"""Changing the store: one way for every command that writes.

A command gives a function from the opened store to the store it wants; here the files' texts are made, checked as any
later run would check them, compared, and written under cargo-vet's lock. `--dry-run` stops before the last step, so
what a preview shows is what a run writes.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NamedTuple

from vetflow.app.project import Project
from vetflow.errors import StoreError, UsageError
from vetflow.formats import consistency
from vetflow.formats.store_files import canonical_texts, parse_store
from vetflow.model.dates import Date
from vetflow.model.store import STORE_FILES, Store
from vetflow.store.lock import hold_lock
from vetflow.store.open import OpenedStore
from vetflow.store.write import write_files


class WritePlan(NamedTuple):
    """What a command writes: the texts of the store's files before and after, by file name."""

    before: Mapping[str, str]
    after: Mapping[str, str]

    @property
    def changed(self) -> tuple[str, ...]:
        """The names of the files whose text changes."""
        return tuple(name for name in STORE_FILES if self.before[name] != self.after[name])


def plan_change(opened: OpenedStore, store: Store, today: Date) -> WritePlan:
    """Return what writing `store` in the place of the opened one means.

    Raises StoreError when the result would be a store that the next run refuses; then nothing may be written.
    """
    files = opened.files._replace(config=store.config, audits=store.audits, imports=store.imports)
    texts = canonical_texts(files)
    consistency.build_store(parse_store(files.folder, texts, locked=True), today=today, locked=False)
    return WritePlan(opened.files.texts, texts)


def record(
    project: Project,
    change: Callable[[OpenedStore], Store],
    *,
    dry_run: bool = False,
    waiting: Callable[[], None] = lambda: None,
) -> WritePlan:
    """Read the store, change it, write it; return what was written, or with `dry_run` what would be.

    change: pure; it is called with the store as it is once the lock is held. Only files whose bytes change are
    written. waiting: called when another process holds the lock. Raises StoreError.
    """
    if project.commit:
        raise UsageError("a revision cannot be written to", help="leave --rev out")
    if dry_run:
        return _plan(project, change)
    with hold_lock(project.store.folder, waiting):
        plan = _plan(project, change)
        write_files(project.store.folder, {name: plan.after[name] for name in plan.changed})
    return plan


def _plan(project: Project, change: Callable[[OpenedStore], Store]) -> WritePlan:
    opened = project.open_store(locked=project.request.locked)
    return plan_change(opened, change(opened), project.request.today)


def require_same_imports(fetched: object, now: object) -> None:
    """Raise StoreError when config.toml names other imports than those that were fetched."""
    if fetched != now:
        raise StoreError(
            "the imports of config.toml changed while they were fetched, and nothing was written",
            help="run the command again",
        )
