"""`fmt`: bring the store's files into canonical form."""

from __future__ import annotations

from collections.abc import Callable

from vetflow.app.project import open_project
from vetflow.app.request import Request
from vetflow.errors import UsageError
from vetflow.store import format as store_format


def format_store(request: Request, *, waiting: Callable[[], None]) -> tuple[str, ...]:
    """Rewrite what is not canonical and return the names of the files that changed.

    With `request.locked` nothing is written: raises StoreError with a diff when something would be. waiting: called
    when another process holds the store's lock.
    """
    if request.rev:
        raise UsageError("fmt writes, and a revision cannot be written to", help="leave --rev out")
    project = open_project(request)
    if request.locked:
        store_format.require_formatted(project.tree, project.store.folder, today=request.today)
        return ()
    return store_format.format_store(project.tree, project.store.folder, today=request.today, waiting=waiting)
