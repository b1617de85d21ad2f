"""`diff-store`: what the store says otherwise than at another revision, and what the crates of this lock make of it."""

from __future__ import annotations

from contextlib import closing
from typing import NamedTuple

from vetflow.app.judge import resolve_with_archives
from vetflow.app.project import Project, open_project
from vetflow.app.request import Request
from vetflow.app.wording import describe_step
from vetflow.model.names import CrateName
from vetflow.model.store import EMPTY_STORE, Store
from vetflow.model.version import VetVersion
from vetflow.resolve.standing import Rests, Standing, standings
from vetflow.trust.store_changes import StoreChange, store_changes


class Moved(NamedTuple):
    """A locked crate that rests on something else: by what it is vetted, in words, before and now."""

    name: CrateName
    version: VetVersion
    before: Rests
    after: Rests
    by_before: tuple[str, ...]
    by_after: tuple[str, ...]


class StoreDifference(NamedTuple):
    """The answer. since: the commit compared with. moved: by name and version; changes: see `store_changes`."""

    since: str
    moved: tuple[Moved, ...]
    changes: tuple[StoreChange, ...]


def diff_store(request: Request, rev: str) -> StoreDifference:
    """Compare the store of a request with that at `rev`, where there may have been none; nothing is fetched.

    Both are asked about the packages the lock has now. Raises NotFoundError for an unknown revision, and StoreError for
    a store that cannot be read, whichever it is.
    """
    project = open_project(request)
    now = project.open_store(locked=False).store
    since, then = _store_at(project, rev)
    before, after = (standings(resolve_with_archives(project, store, None).resolution) for store in (then, now))
    moved = tuple(_moved(key, before[key], after[key]) for key in sorted(before.keys() & after.keys()))
    return StoreDifference(
        since,
        tuple(each for each in moved if (each.before, each.by_before) != (each.after, each.by_after)),
        store_changes(then, now),
    )


def _store_at(project: Project, rev: str) -> tuple[str, Store]:
    from vetflow.project.revision import open_revision  # noqa: PLC0415  brings GitPython, dearer than a whole check

    with closing(open_revision(project.request.cwd, rev)) as tree:
        if not tree.is_dir(project.store.folder):
            return tree.commit, EMPTY_STORE
        return tree.commit, project._replace(tree=tree, commit=tree.commit).open_store(locked=False).store


def _moved(key: tuple[CrateName, VetVersion], before: Standing, after: Standing) -> Moved:
    then, now = (tuple(map(describe_step, each.steps)) for each in (before, after))
    return Moved(*key, before.rests, after.rests, then, now)
