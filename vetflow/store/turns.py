"""Reading a store while others may write to it.

cargo-vet empties all three files before it writes them, and a file read in that moment is empty, cut off, or does not
fit the others. It holds its lock meanwhile, so files are read under a share in that lock. But it also holds it while
it waits for servers and for people in an editor, and nobody is to wait for those: then what stays the same for a
while is taken.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from typing import Final, TypeVar

_Read = TypeVar("_Read")

PAUSE: Final = 0.1
"""For so many seconds files must stay as they are; writing them takes a hundredth of it."""
_MOST_READS: Final = 50

held: Final[set[str]] = set()
"""The stores whose lock this process has: a share in it would be refused to itself."""


def read_between_writes(folder: str, lock_file: str, read: Callable[[], _Read]) -> _Read:
    """Return what `read` returns while nobody writes to the store in `folder`.

    read: free of effects; it may be called again, and what it raises is raised here. Never waits long: whoever writes
    without end is read in the middle.
    """
    if folder in held:
        return read()
    try:
        handle = os.open(os.path.join(folder, lock_file), os.O_RDONLY | os.O_CLOEXEC)
    except OSError:  # there is nothing that others could lock
        return read()
    try:
        if _share(handle):
            return read()
        last = read()
        for _ in range(_MOST_READS):
            time.sleep(PAUSE)
            is_shared = _share(handle)
            now = read()
            if is_shared or now == last:
                return now
            last = now
        return last
    finally:
        os.close(handle)


def _share(handle: int) -> bool:
    """Take a share in the lock, until the file is closed; return whether nobody has all of it."""
    try:
        import fcntl  # noqa: PLC0415  not on Windows, where cargo-vet and vetflow do not meet
    except ImportError:
        return True
    try:
        fcntl.flock(handle, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError:  # a file system without locks: nobody has one
        return True
    return True
