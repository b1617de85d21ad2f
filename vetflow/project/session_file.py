"""The file in which a review session is kept: outside the repository, only growing, readable after any crash.

A record is one line, written whole with one call: a process that is killed leaves at most a last line without its end,
which the next one drops. One process writes, held by a lock beside the file; others read (shared spec ux 6.7).
"""

from __future__ import annotations

import fcntl
import hashlib
import os
from collections.abc import Mapping, Sequence
from contextlib import suppress
from types import TracebackType
from typing import Final, Self

_FILE: Final = "session.jsonl"
_LOCK: Final = "session.lock"
_LINE_END: Final = b"\n"


def state_folder(environ: Mapping[str, str], home: str, root: str) -> str:
    """Return where the state of reviews of the project at `root` is kept, by the XDG rules."""
    given = environ.get("XDG_STATE_HOME", "")
    base = given if os.path.isabs(given) else os.path.join(home, ".local", "state")
    return os.path.join(base, "vetflow", hashlib.sha256(os.fsencode(root)).hexdigest()[:32])


def read_lines(folder: str) -> tuple[str, ...]:
    """Return the lines of the session in `folder` that were written whole; none where there is no session."""
    try:
        with open(os.path.join(folder, _FILE), "rb") as file:
            content = file.read()
    except OSError:
        return ()
    whole, _, _torn = content.rpartition(_LINE_END)
    return tuple(whole.decode(errors="replace").split("\n")) if whole else ()


class SessionFile:
    """The lines of a session. read_only: another process writes it, or `folder` cannot be written."""

    def __init__(self, folder: str) -> None:
        """Open or create the session in `folder`. Raises nothing for a folder that cannot be written."""
        self.folder = folder
        self._path = os.path.join(folder, _FILE)
        self._lock = _take_lock(folder)
        self.read_only = self._lock is None
        self._handle: int | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        self.close()

    def lines(self) -> tuple[str, ...]:
        """Return the lines that were written whole."""
        return read_lines(self.folder)

    def rewrite(self, lines: Sequence[str]) -> None:
        """Put `lines` in the place of all there are, at once or not at all; raises OSError. Only for a writer."""
        self._close_handle()
        unfinished = f"{self._path}.new"
        with open(unfinished, "w", encoding="utf-8", newline="\n") as file:
            file.writelines(f"{line}\n" for line in lines)
            file.flush()
            os.fsync(file.fileno())
        os.replace(unfinished, self._path)

    def append(self, line: str) -> None:
        """Add a line, after `rewrite` got rid of a torn one; raises OSError. Does nothing in a read-only session."""
        if self.read_only:
            return
        if self._handle is None:
            self._handle = os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600)
        os.write(self._handle, line.encode() + _LINE_END)

    def close(self) -> None:
        """Let go of the file and of the lock."""
        self._close_handle()
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None

    def _close_handle(self) -> None:
        if self._handle is not None:
            os.close(self._handle)
            self._handle = None


def _take_lock(folder: str) -> int | None:
    with suppress(OSError):
        os.makedirs(folder, 0o700, exist_ok=True)
        handle = os.open(os.path.join(folder, _LOCK), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            os.close(handle)
        else:
            return handle
    return None
