"""Make a store that is not there yet: the folder appears with all of its files in it, or not at all."""

from __future__ import annotations

import os
from collections.abc import Mapping

from vetflow.errors import StoreError


def require_no_store(folder: str) -> None:
    """Raise StoreError when something is at the store's place already."""
    if os.path.lexists(folder):
        raise StoreError(
            f"there is a store already: {folder}",
            help="`vetflow check` says what it vouches for; to begin anew, move it away first",
        )


def create_store(folder: str, texts: Mapping[str, str]) -> None:
    """Write files to a new folder, whose parent must exist. Raises StoreError; nothing is then left behind."""
    require_no_store(folder)
    unfinished = f"{folder}.{os.urandom(8).hex()}.new"
    try:
        os.mkdir(unfinished)
        for name, text in texts.items():
            _write(os.path.join(unfinished, name), text)
        os.rename(unfinished, folder)  # fails when somebody else has made a store meanwhile
    except OSError as error:
        from shutil import rmtree  # noqa: PLC0415  only after a failure

        rmtree(unfinished, ignore_errors=True)
        raise StoreError(
            f"the store cannot be created at {folder}",
            help="name a place that can be written to with --store-path",
            causes=(error.strerror or str(error),),
        ) from error


def _write(path: str, text: str) -> None:
    with open(path, "xb") as file:
        file.write(text.encode())
        file.flush()
        os.fsync(file.fileno())
