"""Write files of a store so that no moment leaves one half written, as far as cargo-vet's lock allows.

audits.toml and imports.lock are replaced: the new text goes to a file beside the old one, is synced, and
takes its name. config.toml is what cargo-vet locks, so another file of that name would be an unlocked one: it
is overwritten in place, last, and shortened only afterwards (shared spec format 5.7, 11.1, 14; DESIGN.md
2.3). `write_files` is the one way to write a store; its caller holds the lock.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from contextlib import suppress
from typing import NamedTuple

from vetflow.errors import StoreError
from vetflow.formats.store_files import CONFIG


class _Staged(NamedTuple):
    """A new file, complete on disk under a name of its own, and the path it is to have."""

    temporary: str
    path: str


def write_files(folder: str, texts: Mapping[str, str]) -> tuple[str, ...]:
    """Give files of a store these texts; return the names of those that had others, in the order written.

    Permissions, owners and symbolic links stay. Where an OSError interrupts, it becomes a StoreError; before
    the first file took its new name nothing has changed.
    """
    changed = {name: text.encode() for name, text in texts.items()}
    staged: list[_Staged] = []
    try:
        changed = {name: new for name, new in changed.items() if _content(_path(folder, name)) != new}
        for name, content in changed.items():
            if name != CONFIG:
                staged.append(_staged(folder, name))
                _stage(staged[-1], content)
        for file in staged:
            os.replace(file.temporary, file.path)
        _sync_folders({os.path.dirname(file.path) for file in staged})
        if CONFIG in changed:
            _overwrite(_path(folder, CONFIG), changed[CONFIG])
    except OSError as error:
        raise StoreError(
            "Failed to commit store",
            help=f"check that {folder} is writable and has space left, then run the command again",
            causes=(str(error),),
        ) from error
    finally:
        for file in staged:
            with suppress(OSError):
                os.unlink(file.temporary)
    return tuple(sorted(changed, key=lambda name: name == CONFIG))


def _path(folder: str, name: str) -> str:
    """Return the path of the file itself: a symbolic link in the store stays one, its target is written."""
    return os.path.realpath(os.path.join(folder, name))


def _content(path: str) -> bytes | None:
    try:
        with open(path, "rb") as file:
            return file.read()
    except FileNotFoundError:
        return None


def _staged(folder: str, name: str) -> _Staged:
    path = _path(folder, name)
    return _Staged(os.path.join(os.path.dirname(path), f".{name}.vetflow-new"), path)


def _stage(file: _Staged, content: bytes) -> None:
    # The name is fixed, so that what a killed process left behind is gone after the next write; the lock
    # keeps two writers from meeting here.
    with suppress(FileNotFoundError):
        os.unlink(file.temporary)
    handle = os.open(file.temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o666)
    with open(handle, "wb") as out:
        out.write(content)
        with suppress(FileNotFoundError):
            old = os.stat(file.path)
            with suppress(PermissionError):
                os.chown(handle, old.st_uid, old.st_gid)
            os.chmod(handle, old.st_mode & 0o7777)
        out.flush()
        os.fsync(handle)


def _overwrite(path: str, content: bytes) -> None:
    """Replace the content of a file in place; when that fails (a full disk), put the old content back."""
    handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o666)
    with open(handle, "r+b", buffering=0) as file:
        old = file.read()
        try:
            _rewrite(file.fileno(), content)
        except OSError:
            with suppress(OSError):
                _rewrite(file.fileno(), old)
            raise


def _rewrite(handle: int, content: bytes) -> None:
    rest = memoryview(content)
    offset = 0
    while offset < len(rest):
        offset += os.pwrite(handle, rest[offset:], offset)
    os.ftruncate(handle, len(content))
    os.fsync(handle)


def _sync_folders(folders: Iterable[str]) -> None:
    """Make renames survive a power failure."""
    for folder in folders:
        handle = os.open(folder, os.O_RDONLY | os.O_CLOEXEC)
        try:
            # Some network file systems cannot sync a folder; the files themselves are complete.
            with suppress(OSError):
                os.fsync(handle)
        finally:
            os.close(handle)
