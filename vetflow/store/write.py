"""Write files of a store so that the write has happened or has not, as far as cargo-vet's lock allows.

audits.toml and imports.lock are replaced: the new text goes to a file beside the old one, is synced, and takes its
name. config.toml is what cargo-vet locks, so another file of that name would be an unlocked one: it is overwritten in
place, last, and shortened only afterwards (shared spec format 5.7, 11.1, 14; DESIGN.md 2.3). What one rename cannot do
is announced in a journal first. `write_files` is the one way to write a store, `finish_write` repairs what a killed
process left; the caller of both holds the lock.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from contextlib import suppress

from vetflow.errors import StoreError
from vetflow.formats.store_files import CONFIG, IMPORTS
from vetflow.model.store import JOURNAL
from vetflow.store.journal import Change, pending, read_journal, write_journal


def write_files(folder: str, texts: Mapping[str, str]) -> tuple[str, ...]:
    """Give files of a store these texts; return the names of those that had others, in the order written.

    Permissions, owners and symbolic links stay. Where an OSError interrupts, it becomes a StoreError and nothing has
    changed, or the error says otherwise; a killed process leaves the old state or a journal that leads to the new one.
    """
    try:
        changes = {name: Change(_text(folder, name), text) for name, text in texts.items()}
        changes = {name: change for name, change in changes.items() if change.before != change.after}
        if len(changes) > 1 or CONFIG in changes:
            try:
                _replace(folder, JOURNAL, write_journal(changes, folder_identity(folder)))
                _apply(folder, {name: change.after for name, change in changes.items()})
            except OSError as error:
                if not _undo(folder, changes):
                    raise _half_written(folder, error) from error
                raise
            _drop_journal(folder)
        else:
            _apply(folder, {name: change.after for name, change in changes.items()})
    except OSError as error:
        raise StoreError(
            "Failed to commit store",
            help=f"check that {folder} is writable and has space left, then run the command again",
            causes=(error.strerror or str(error),),
        ) from error
    return tuple(sorted(changes, key=_order))


def _half_written(folder: str, error: OSError) -> StoreError:
    return StoreError(
        "the store is written only in part",
        help=f"make room in {folder}, or make it writable; what is read of it is whole, and the next command that "
        "writes finishes this write",
        causes=(error.strerror or str(error),),
    )


def remove_file(folder: str, name: str) -> None:
    """Remove one of vetflow's own files; raises StoreError. The caller holds the lock."""
    try:
        os.unlink(_path(folder, name))
        _sync_folder(folder)
    except OSError as error:
        raise StoreError(
            f"{name} cannot be removed", help=f"remove it from {folder} by hand", causes=(error.strerror or str(error),)
        ) from error


def finish_write(folder: str) -> bool:
    """Finish the write that a killed process announced in its journal; return whether there was one to finish.

    A journal that no longer fits the files is dropped: somebody has written to the store since. Raises StoreError.
    """
    text = _text(folder, JOURNAL)
    if text is None:
        return False
    journal = read_journal(text, folder_identity(folder)) or {}
    unfinished = pending(journal, {name: _text(folder, name) for name in journal})
    written = write_files(folder, {name: change.after for name, change in journal.items()}) if unfinished else ()
    _drop_journal(folder)
    return bool(written)


def folder_identity(folder: str) -> str:
    """Return what tells this folder from a copy of it: its device and inode number."""
    status = os.stat(folder)
    return f"{status.st_dev}:{status.st_ino}"


def _order(name: str) -> tuple[bool, str]:
    """imports.lock before audits.toml, whose login comments lean on it; config.toml, the lock itself, last."""
    return name == CONFIG, "" if name == IMPORTS else name


def _apply(folder: str, texts: Mapping[str, str]) -> None:
    for name in sorted(texts, key=_order):
        if name == CONFIG:
            _overwrite(_path(folder, CONFIG), texts[name].encode())
        else:
            _replace(folder, name, texts[name])


def _undo(folder: str, changes: Mapping[str, Change]) -> bool:
    """Put the old texts back after a failed write, where there are others now; return whether that succeeded.

    What cannot be put back stays announced in the journal. Touches nothing else: what led here may be missing rights.
    """
    try:
        touched = {name: change.before for name, change in changes.items() if _text(folder, name) != change.before}
        _apply(folder, {name: before for name, before in touched.items() if before is not None})
        for name in (name for name, before in touched.items() if before is None):
            os.unlink(_path(folder, name))
        _drop_journal(folder)
    except OSError:
        return False
    return True


def _drop_journal(folder: str) -> None:
    with suppress(FileNotFoundError):
        os.unlink(os.path.join(folder, JOURNAL))
    _sync_folder(folder)


def _path(folder: str, name: str) -> str:
    """Return the path of the file itself: a symbolic link in the store stays one, its target is written."""
    return os.path.realpath(os.path.join(folder, name))


def _text(folder: str, name: str) -> str | None:
    """Return a file's text as it is, bytes that are no UTF-8 as lone surrogates; None where there is none."""
    try:
        with open(_path(folder, name), "rb") as file:
            return file.read().decode(errors="surrogateescape")
    except FileNotFoundError:
        return None


def _replace(folder: str, name: str, text: str) -> None:
    """Give a file a new text by renaming a complete one onto it."""
    path = _path(folder, name)
    # The name is fixed, so that what a killed process left behind is gone after the next write; the lock keeps two
    # writers from meeting here.
    temporary = os.path.join(os.path.dirname(path), f".{os.path.basename(name)}.vetflow-new")
    try:
        with suppress(FileNotFoundError):
            os.unlink(temporary)
        _write_new(temporary, path, text.encode(errors="surrogateescape"))
        os.replace(temporary, path)
    except BaseException:
        with suppress(OSError):
            os.unlink(temporary)
        raise
    _sync_folder(os.path.dirname(path))


def _write_new(temporary: str, path: str, content: bytes) -> None:
    """Write a file that has the owner and permissions of the one at `path`, and sync it."""
    handle = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o666)
    with open(handle, "wb") as out:
        out.write(content)
        with suppress(FileNotFoundError):
            old = os.stat(path)
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


def _sync_folder(folder: str) -> None:
    """Make renames survive a power failure, where that can be asked for; the files themselves are complete."""
    with suppress(OSError):  # a network file system that cannot, a folder that may only be written
        handle = os.open(folder, os.O_RDONLY | os.O_CLOEXEC)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
