"""`baseline`: write surface.lock, which pins what runs when the project is built today."""

from __future__ import annotations

import os.path
from collections.abc import Sequence
from contextlib import nullcontext
from typing import NamedTuple

from vetflow.app.crate_batch import Unread
from vetflow.app.growth import pin_workspace
from vetflow.app.network import open_sources
from vetflow.app.project import Project
from vetflow.app.reading import rules_version
from vetflow.app.request import Request
from vetflow.app.surface import open_locked_project
from vetflow.app.surface_lock import find_surface_lock, read_surface_lock, surface_lock_folder
from vetflow.app.updating import Run
from vetflow.errors import StoreError, UndecidedError, UsageError
from vetflow.formats.surface_lock import write_surface_lock
from vetflow.model.packages import Package
from vetflow.model.pins import SurfaceLock
from vetflow.model.store import SURFACE_LOCK
from vetflow.store.lock import hold_lock
from vetflow.store.write import write_files
from vetflow.surface.growth import Growth, find_growth


class Baseline(NamedTuple):
    """What was written, or with `--dry-run` would be.

    path: where, relative to the current directory. before, after: the texts; before is None where there was no file
    that could be read. lock: what is pinned now. grown: what a check would have asked about; empty for a first file.
    idle: a file beside Cargo.lock from before there was a store, which is not read any more.
    """

    path: str
    before: str | None
    after: str
    lock: SurfaceLock
    grown: tuple[Growth, ...]
    idle: str | None = None


def write_baseline(request: Request, run: Run) -> Baseline:
    """Pin the workspace; archives that are not on this machine are fetched where the request allows it.

    Writes surface.lock in the store, beside Cargo.lock as long as there is no store, and no other file. Raises
    UndecidedError, naming them, when crates could not be read: a pin of half a workspace would be taken for the whole.
    """
    if request.rev:
        raise UsageError("a revision cannot be written to", help="leave --rev out")
    project = open_locked_project(request)
    folder = surface_lock_folder(project.tree, project.workspace, project.store.folder)
    old = _old(project)
    with open_sources(project, run.progress) as sources:
        # What other rules said of a crate is found out anew; what these said stays true of its checksum.
        trusted = old if old is not None and old.rules == rules_version() else None
        today = pin_workspace(project, trusted, sources, run.progress)
    if today.lacking:
        raise unread(today.lacking, "nothing was pinned")
    path = os.path.join(folder, SURFACE_LOCK)
    before = project.tree.read(path).decode(errors="replace") if project.tree.is_file(path) else None
    after = write_surface_lock(today.lock)
    if not run.dry_run and before != after:
        in_store = folder == project.store.folder
        with hold_lock(folder, run.waiting) if in_store else nullcontext():
            write_files(folder, {SURFACE_LOCK: after})
    grown = () if old is None else find_growth(old, today.lock)
    beside = os.path.join(project.workspace.root, SURFACE_LOCK)
    idle = os.path.relpath(beside, request.cwd) if beside != path and project.tree.is_file(beside) else None
    return Baseline(os.path.relpath(path, request.cwd), before, after, today.lock, grown, idle)


def unread(lacking: Sequence[tuple[Package, Unread]], what_then: str) -> UndecidedError:
    """Return the error for crates that could not be read."""
    refused = any(why.refused for _, why in lacking)
    return UndecidedError(
        f"{len(lacking)} of the crates could not be read, and {what_then}",
        help="do not build what is refused" if refused else "run it again with the network, or `cargo fetch`",
        related=[UndecidedError(f"{package.name} {package.version}: {why.reason}") for package, why in lacking],
    )


def _old(project: Project) -> SurfaceLock | None:
    """Return what is pinned so far; nothing where the file cannot be read, which is a reason to write it anew."""
    path = find_surface_lock(project.tree, project.workspace, project.store.folder)
    if path is None:
        return None
    try:
        return read_surface_lock(project.tree, path, project.request.cwd)
    except StoreError:
        return None
