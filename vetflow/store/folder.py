"""The texts of a store's files, from the disk or a git revision; nothing is created, locked or written.

A missing config.toml reads as an empty one, which means a store of the oldest version: cargo-vet creates the
empty file, which a reading command must not do (shared spec format 1).
"""

from __future__ import annotations

import os.path
from collections.abc import Mapping

from vetflow.errors import Place, StoreError, TomlError
from vetflow.formats.store_files import CONFIG
from vetflow.formats.toml import decode_utf8
from vetflow.model.ports import FileTree
from vetflow.model.store import JOURNAL, STORE_FILES


def read_texts(tree: FileTree, folder: str) -> Mapping[str, str]:
    """Return the texts of the three files by name.

    Raises StoreError when there is no store, and for files that are missing, unreadable or not UTF-8: all of
    them at once.
    """
    if not tree.is_dir(folder):
        raise store_not_found(folder, is_file=tree.is_file(folder))
    texts: dict[str, str] = {}
    problems: list[StoreError] = []
    for name in STORE_FILES:
        try:
            texts[name] = _read(tree, folder, name)
        except StoreError as error:
            problems.append(error)
    if problems:
        raise (problems[0] if len(problems) == 1 else StoreError("Couldn't acquire the store", related=problems))
    return _through_journal(tree, folder, texts)


def _through_journal(tree: FileTree, folder: str, texts: dict[str, str]) -> Mapping[str, str]:
    """Return the texts as they will be once a write that was cut off is finished (`store.journal`)."""
    path = os.path.join(folder, JOURNAL)
    if not tree.is_file(path):
        return texts
    from vetflow.store.journal import pending, read_journal  # noqa: PLC0415  brings json, for a rare case

    journal = read_journal(tree.read(path).decode(errors="surrogateescape"), tree.identity(folder))
    if journal is None or not pending(journal, texts):
        return texts
    return {**texts, **{name: change.after for name, change in journal.items()}}


def shown_name(folder: str) -> str:
    """Return what errors call a store's folder: its last part, as in `supply-chain/audits.toml`."""
    return os.path.basename(folder) or folder


def store_not_found(folder: str, *, is_file: bool = False) -> StoreError:
    """Return the error for a workspace without a store."""
    return StoreError(
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
