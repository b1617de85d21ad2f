"""The texts of a store's files, from the disk or a git revision; nothing is created, locked or written.

A missing config.toml reads as an empty one, which means a store of the oldest version: cargo-vet creates the
empty file, which a reading command must not do (shared spec format 1).
"""

from __future__ import annotations

import os.path
from collections.abc import Mapping

from vetflow.errors import NoStoreError, Place, StoreError, TomlError
from vetflow.formats.store_files import CONFIG
from vetflow.formats.toml import decode_utf8
from vetflow.model.ports import FileTree
from vetflow.model.store import JOURNAL, STORE_FILES
from vetflow.store.turns import read_between_writes


def read_texts(tree: FileTree, folder: str, problems: list[StoreError] | None = None) -> Mapping[str, str]:
    """Return the texts of the three files by name.

    They are of one moment: what somebody writes meanwhile is read before or after (`store.turns`). Raises StoreError
    when there is no store, and for files that are missing, unreadable or not UTF-8: all of them at once. problems:
    where given, these are added to it instead, and the texts of the other files returned.
    """
    if not tree.is_dir(folder):
        raise store_not_found(folder, is_file=tree.is_file(folder))
    unread: list[StoreError] = []

    def read() -> Mapping[str, str]:
        texts: dict[str, str] = {}
        unread.clear()
        for name in STORE_FILES:
            try:
                texts[name] = _read(tree, folder, name)
            except StoreError as error:
                unread.append(error)
        return _through_journal(tree, folder, texts)

    texts = read() if tree.identity(folder) is None else read_between_writes(folder, CONFIG, read)
    if unread and problems is None:
        raise (unread[0] if len(unread) == 1 else StoreError("Couldn't acquire the store", related=unread))
    if problems is not None:
        problems += unread
    return texts


def read_own_text(tree: FileTree, folder: str, name: str) -> str | None:
    """Return the text of one of vetflow's own files in the store, None where there is none; raises StoreError."""
    journal = _unfinished(tree, folder)
    if name in journal:
        return journal[name]
    return _read(tree, folder, name) if tree.is_file(os.path.join(folder, name)) else None


def _through_journal(tree: FileTree, folder: str, texts: dict[str, str]) -> Mapping[str, str]:
    """Return the texts as they will be once a write that was cut off is finished (`store.journal`)."""
    journal = _unfinished(tree, folder)
    return {name: journal.get(name, text) for name, text in texts.items()}


def _unfinished(tree: FileTree, folder: str) -> Mapping[str, str]:
    """Return the texts that a write which was cut off is still to make; none where there is no such write."""
    path = os.path.join(folder, JOURNAL)
    if not tree.is_file(path):
        return {}
    from vetflow.store.journal import pending, read_journal  # noqa: PLC0415  brings json, for a rare case

    journal = read_journal(tree.read(path).decode(errors="surrogateescape"), tree.identity(folder)) or {}
    places = {name: os.path.join(folder, name) for name in journal}
    texts = {
        name: tree.read(place).decode(errors="surrogateescape") if tree.is_file(place) else None
        for name, place in places.items()
    }
    return {name: change.after for name, change in journal.items()} if pending(journal, texts) else {}


def shown_name(folder: str) -> str:
    """Return what errors call a store's folder: its last part, as in `supply-chain/audits.toml`."""
    return os.path.basename(folder) or folder


def store_not_found(folder: str, *, is_file: bool = False) -> StoreError:
    """Return the error for a workspace without a store. is_file: something else has its name."""
    return (StoreError if is_file else NoStoreError)(
        f"You must run 'vetflow init' (store not found at {folder})",
        help="run `vetflow init`, or name the folder that holds config.toml with --store-path",
        causes=("there is a file of that name, not a folder",) if is_file else (),
    )


def _read(tree: FileTree, folder: str, name: str) -> str:
    file = f"{shown_name(folder)}/{name}"
    try:
        content = tree.read(os.path.join(folder, name))
    except FileNotFoundError as error:
        if name == CONFIG:
            return ""
        raise StoreError(
            f"Couldn't acquire the store: there is no {name} in {folder}",
            help=f"restore {name} from version control; a store has all of {', '.join(STORE_FILES)}",
            place=Place(file),
        ) from error
    except OSError as error:
        raise StoreError(
            f"Couldn't acquire the store: {file} cannot be read",
            help="make it a file that you may read",
            place=Place(file),
            causes=(error.strerror or str(error),),
        ) from error
    try:
        return decode_utf8(content, file)
    except TomlError as error:
        raise StoreError(error.message, help=error.help, place=error.place) from None
