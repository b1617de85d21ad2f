"""A lock of the past as it is judged: with what is known of its crates, and the store that lay beside it."""

from __future__ import annotations

from functools import cached_property

from vetflow.app.drift import Side
from vetflow.errors import VetflowError
from vetflow.model.store import EMPTY_STORE, Store
from vetflow.project.lock_history import LockCommit
from vetflow.project.revision import RevisionTree


class PastLock:
    """The lock a commit left. side: what of it runs during a build."""

    def __init__(self, commit: LockCommit, side: Side) -> None:
        """Take both; the store is read when somebody asks."""
        self.commit = commit
        self.side = side

    @cached_property
    def store(self) -> Store:
        """The store of that time; one that says nothing where there was none, or none that can be read today."""
        try:
            return self.side.project.open_store(locked=False).store
        except VetflowError:
            return EMPTY_STORE

    def close(self) -> None:
        """End the git process that hands out objects."""
        if isinstance(self.side.project.tree, RevisionTree):
            self.side.project.tree.close()
