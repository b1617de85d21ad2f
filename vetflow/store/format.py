"""`vetflow fmt`: bring a store to the text that `cargo vet fmt` leaves alone.

Validation is cargo-vet's: everything that parsing and consistency ask for, nothing that only resolving does.
With `locked` the canonical text is part of that validation and nothing is ever written.
"""

from __future__ import annotations

from collections.abc import Callable

from vetflow.formats.store_files import canonical_texts
from vetflow.model.dates import Date
from vetflow.model.ports import FileTree
from vetflow.store.lock import hold_lock
from vetflow.store.open import read_store
from vetflow.store.write import write_files


def format_store(tree: FileTree, folder: str, *, today: Date, waiting: Callable[[], None]) -> tuple[str, ...]:
    """Rewrite the files that are not in canonical form, at the current store version; return their names.

    waiting: called when another process holds the store's lock. Raises StoreError.
    """
    with hold_lock(folder, waiting):
        return write_files(folder, canonical_texts(read_store(tree, folder, today=today, locked=False)))


def require_formatted(tree: FileTree, folder: str, *, today: Date) -> None:
    """Raise StoreError unless a locked run would accept the store as it is. Writes nothing."""
    read_store(tree, folder, today=today, locked=True)
