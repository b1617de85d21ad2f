"""cargo-vet's own lock on a store: an exclusive `flock` on config.toml (shared spec format 11.1).

Only commands that write take it, before they read. It keeps vetflow and cargo-vet from writing at the same
time; readers take a share in it, where it is to be had (`store.turns`).
"""

from __future__ import annotations

import errno
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

from vetflow.errors import StoreError
from vetflow.store.folder import store_not_found
from vetflow.store.turns import held
from vetflow.store.write import finish_write

_NO_LOCKS_HERE: Final = frozenset({errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS, errno.ENOLCK})
"""File systems without locks; cargo-vet then works without one, and so does vetflow."""


@contextmanager
def hold_lock(folder: str, waiting: Callable[[], None]) -> Iterator[None]:
    """Hold the lock of a store for the block; `waiting` is called once if somebody else has it.

    Inside the block no write is pending: what a killed process left half done is finished first.
    Creates an empty config.toml where there is none, as cargo-vet does. Raises StoreError.
    """
    try:
        handle = _lock(os.path.join(folder, "config.toml"), waiting)
    except FileNotFoundError as error:
        raise store_not_found(folder) from error
    except NotADirectoryError as error:
        raise store_not_found(folder, is_file=True) from error
    except OSError as error:
        raise StoreError(
            "Couldn't acquire the store's (supply-chain's) lock",
            help=f"writing needs write access to config.toml in {folder}; --locked does not write",
            causes=(error.strerror or str(error),),
        ) from error
    held.add(folder)
    try:
        finish_write(folder)
        yield
    finally:
        held.discard(folder)
        os.close(handle)


def _lock(path: str, waiting: Callable[[], None]) -> int:
    """Open and lock the file that stands at `path` once the lock is held; return the handle."""
    told = False
    while True:
        handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o666)
        try:
            if not _try_lock(handle):
                if not told:
                    waiting()
                    told = True
                _wait_for_lock(handle)
            # Whoever held it may have put another file in its place: a lock on the old one protects nothing.
            if os.path.samestat(os.fstat(handle), os.stat(path)):
                return handle
        except FileNotFoundError:
            pass
        except BaseException:
            os.close(handle)
            raise
        os.close(handle)


def _try_lock(handle: int) -> bool:
    import fcntl  # noqa: PLC0415  not on Windows, where only reading commands run

    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError as error:
        if error.errno not in _NO_LOCKS_HERE:
            raise
    return True


def _wait_for_lock(handle: int) -> None:
    import fcntl  # noqa: PLC0415  not on Windows, where only reading commands run

    fcntl.flock(handle, fcntl.LOCK_EX)
