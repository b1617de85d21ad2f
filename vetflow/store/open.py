"""Open a store for reading: texts, values and validation in one step, without lock or write access."""

from __future__ import annotations

from typing import NamedTuple

from vetflow.errors import StoreError
from vetflow.formats import consistency
from vetflow.formats.store_files import StoreFiles, parse_store
from vetflow.model.dates import Date
from vetflow.model.ports import FileTree
from vetflow.model.store import Store, StoreVersion
from vetflow.store.folder import read_texts, shown_name


class OpenedStore(NamedTuple):
    """A store whose files agree with each other.

    folder: its absolute path. files: texts and values of the three files. version: what wrote it.
    """

    folder: str
    files: StoreFiles
    store: Store
    version: StoreVersion


def open_store(tree: FileTree, folder: str, *, today: Date, locked: bool) -> OpenedStore:
    """Open a store to resolve with; raises StoreError with everything that is wrong with it.

    locked: also require canonical text, an up-to-date imports.lock and the current store version.
    """
    files = _parse(tree, folder, locked=locked)
    store = consistency.build_store(files, today=today, locked=locked)
    return OpenedStore(folder, files, store, files.config.version)


def read_store(tree: FileTree, folder: str, *, today: Date, locked: bool) -> StoreFiles:
    """Open a store for something that does not resolve, such as `fmt`; raises StoreError.

    What only resolving stumbles over passes here, as it passes cargo-vet: an implies cycle, a redefined
    built-in, 65 criteria.
    """
    files = _parse(tree, folder, locked=locked)
    consistency.require_consistent(files, today=today, locked=locked)
    return files


def _parse(tree: FileTree, folder: str, *, locked: bool) -> StoreFiles:
    """Read the three files; raises StoreError with what is wrong with any of them, also where another is missing."""
    unread: list[StoreError] = []
    texts = read_texts(tree, folder, unread)
    return parse_store(shown_name(folder), texts, locked=locked, unread=unread)
