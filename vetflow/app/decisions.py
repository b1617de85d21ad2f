"""findings.toml as a use case sees it: what people accepted or hold back, read and changed."""

from __future__ import annotations

import os.path
from collections.abc import Callable
from typing import NamedTuple

from vetflow.app.project import Project
from vetflow.app.updating import Run
from vetflow.errors import StoreError, UsageError
from vetflow.formats.findings_toml import parse_findings, write_findings
from vetflow.formats.toml import decode_utf8
from vetflow.model.decisions import Decisions
from vetflow.model.store import FINDINGS
from vetflow.store.lock import hold_lock
from vetflow.store.write import write_files


def read_decisions(project: Project) -> Decisions:
    """Return what findings.toml holds; nothing where there is none. Raises StoreError."""
    folder = project.store.folder
    path = os.path.join(folder, FINDINGS)
    if not project.tree.is_file(path):
        return Decisions()
    name = f"{os.path.basename(folder)}/{FINDINGS}"
    try:
        content = project.tree.read(path)
    except OSError as error:
        raise StoreError(f"{name} cannot be read", causes=(error.strerror or str(error),)) from error
    return parse_findings(decode_utf8(content, name), name)


class DecisionsWritten(NamedTuple):
    """What a command wrote to findings.toml, or with `--dry-run` would: its text before (None: no file) and after."""

    before: str | None
    after: str


def change_decisions(project: Project, change: Callable[[Decisions], Decisions], run: Run) -> DecisionsWritten:
    """Read findings.toml, change it, write it under the store's lock; raises StoreError, also where there is no store.

    change: pure; called with what holds once the lock is held.
    """
    folder = project.store.folder
    if project.commit:
        raise UsageError("a revision cannot be written to", help="leave --rev out")
    if not project.tree.is_dir(folder):
        raise StoreError(
            f"there is no store at {folder} to write this down in",
            help="`vetflow init` makes one; without one, `vetflow baseline` takes what there is as known",
        )
    if run.dry_run:
        return _changed(project, change)
    with hold_lock(folder, run.waiting):
        written = _changed(project, change)
        if written.before != written.after:
            write_files(folder, {FINDINGS: written.after})
    return written


def _changed(project: Project, change: Callable[[Decisions], Decisions]) -> DecisionsWritten:
    path = os.path.join(project.store.folder, FINDINGS)
    before = project.tree.read(path).decode(errors="replace") if project.tree.is_file(path) else None
    return DecisionsWritten(before, write_findings(change(read_decisions(project))))
