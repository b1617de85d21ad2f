"""Changing the store: one way for every command that writes.

A command gives a function from the opened store to the store it wants; here the files' texts are made, checked as any
later run would check them, compared, and written under cargo-vet's lock. `--dry-run` stops before the last step, so
what a preview shows is what a run writes.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NamedTuple, TypeAlias

from vetflow.app.project import Project
from vetflow.errors import StoreError, UsageError
from vetflow.formats import consistency
from vetflow.formats.store_files import StoreFiles, canonical_texts, parse_store
from vetflow.model.dates import Date
from vetflow.model.store import OWN_FILES, STORE_FILES, Store
from vetflow.store.folder import read_own_text
from vetflow.store.lock import hold_lock
from vetflow.store.open import OpenedStore
from vetflow.store.write import write_files

OwnFiles: TypeAlias = Callable[[StoreFiles, StoreFiles], Mapping[str, str]]
"""Told the store's files as they are and as they will be read again, returns texts of vetflow's own files by name."""


class WritePlan(NamedTuple):
    """What a command writes: texts before and after, by file name: the store's files, and own ones that it writes.

    An own file that was not there is only in `after`.
    """

    before: Mapping[str, str]
    after: Mapping[str, str]

    @property
    def changed(self) -> tuple[str, ...]:
        """The names of the files whose text changes."""
        files = (*STORE_FILES, *OWN_FILES)
        return tuple(name for name in files if self.before.get(name) != self.after.get(name))


def no_own_files(before: StoreFiles, after: StoreFiles) -> Mapping[str, str]:  # noqa: ARG001  an `OwnFiles`
    """Leave vetflow's own files as they are."""
    return {}


def plan_change(opened: OpenedStore, store: Store, today: Date, own_files: OwnFiles = no_own_files) -> WritePlan:
    """Return what writing `store` in the place of the opened one means.

    Raises StoreError when the result would be a store that the next run refuses; then nothing may be written.
    """
    files = opened.files._replace(config=store.config, audits=store.audits, imports=store.imports)
    texts = canonical_texts(files)
    written = parse_store(files.folder, texts, locked=True)
    consistency.build_store(written, today=today, locked=False)
    return WritePlan(opened.files.texts, {**texts, **own_files(opened.files, written)})


def record(
    project: Project,
    change: Callable[[OpenedStore], Store],
    *,
    dry_run: bool = False,
    waiting: Callable[[], None] = lambda: None,
    own_files: OwnFiles = no_own_files,
) -> WritePlan:
    """Read the store, change it, write it; return what was written, or with `dry_run` what would be.

    change: pure; it is called with the store as it is once the lock is held. Only files whose bytes change are
    written. waiting: called when another process holds the lock. own_files: what is written with the store in one
    step; a preview does without. Raises StoreError.
    """
    _require_writable(project)
    if dry_run:
        return _plan(project, change, no_own_files)
    with hold_lock(project.store.folder, waiting):
        plan = _plan(project, change, own_files)
        write_files(project.store.folder, {name: plan.after[name] for name in plan.changed})
    return plan


def record_own_files(
    project: Project, make: Callable[[OpenedStore], Mapping[str, str]], waiting: Callable[[], None]
) -> tuple[str, ...]:
    """Write vetflow's own files in the store, whose three files stay as they are; return the names of changed ones.

    make: called with the store as it is once the lock is held. Raises StoreError.
    """
    _require_writable(project)
    with hold_lock(project.store.folder, waiting):
        return write_files(project.store.folder, make(project.open_store(locked=False)))


def own_text(project: Project, name: str) -> str | None:
    """Return the text of one of vetflow's own files in the project's store; None where there is none."""
    return read_own_text(project.tree, project.store.folder, name)


def _require_writable(project: Project) -> None:
    if project.commit:
        raise UsageError("a revision cannot be written to", help="leave --rev out")


def _plan(project: Project, change: Callable[[OpenedStore], Store], own_files: OwnFiles) -> WritePlan:
    opened = project.open_store(locked=project.request.locked)
    plan = plan_change(opened, change(opened), project.request.today, own_files)
    own = {name: own_text(project, name) for name in plan.after.keys() - plan.before.keys()}
    return plan._replace(before={**plan.before, **{name: text for name, text in own.items() if text is not None}})


def require_same_imports(fetched: object, now: object) -> None:
    """Raise StoreError when config.toml names other imports than those that were fetched."""
    if fetched != now:
        raise StoreError(
            "the imports of config.toml changed while they were fetched, and nothing was written",
            help="run the command again",
        )
