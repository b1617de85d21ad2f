"""vetflow's own cache directory: copies of what was fetched or computed, each of which can be had again.

Layout: `KIND/ab/abcd…`, one file per entry, named by a sha-256 in lower-case hex; kinds are lower-case words,
such as `http` (answers of servers, see `kept`) and `crates` (archives, named by their own checksum). An entry
is written to a file of another name and moved into place, so that processes side by side see all of it or
none. There is no lock: an entry may be gone at any time, and whoever reads one checks that it is whole.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from typing import Final, NamedTuple

from vetflow.errors import UndecidedError

DAYS_KEPT: Final = 30
"""How long an entry stays that nobody uses, unless told otherwise; as long as cargo-vet's."""

_DAY: Final = 24 * 60 * 60
_FOLDER_NAME: Final = "vetflow"
_KIND: Final = re.compile(r"[a-z]+\Z")
_SHELF: Final = re.compile(r"[0-9a-f]{2}\Z")
_ENTRY: Final = re.compile(r"[0-9a-f]{64}\Z")
_UNFINISHED: Final = re.compile(r"[0-9a-f]{64}\.[0-9a-f]{16}\.new\Z")


class Swept(NamedTuple):
    """What was removed from the cache."""

    files: int
    size: int


def cache_folder(environ: Mapping[str, str], platform: str, given: str | None = None) -> str:
    """Return where the cache is: `given`, else the platform's place for caches, else one in `/tmp`.

    platform: `sys.platform`. Creates nothing, except in the last case: there the folder must belong to the
    user, because somebody else's could hold forged answers. Raises UndecidedError when it does not.
    """
    if given is not None:
        return os.path.abspath(given)
    home = environ.get("HOME", "")
    places = {
        "darwin": (os.path.join(home, "Library", "Caches"),),
        "win32": (environ.get("LOCALAPPDATA", ""),),
    }.get(platform, (environ.get("XDG_CACHE_HOME", ""), os.path.join(home, ".cache")))
    for place in places:
        if os.path.isabs(place):  # what is not absolute is to be ignored, says the XDG specification
            return os.path.join(place, _FOLDER_NAME)
    return _private_temporary_folder()


def _private_temporary_folder() -> str:
    import tempfile  # noqa: PLC0415  only where the user has no home directory

    folder = os.path.join(tempfile.gettempdir(), f"{_FOLDER_NAME}-{os.getuid()}")
    os.makedirs(folder, 0o700, exist_ok=True)
    if os.lstat(folder).st_uid != os.getuid():
        raise UndecidedError(
            f"the cache folder {folder} belongs to somebody else", help="name another one with --cache-dir"
        )
    return folder


def list_entries(folder: str, kind: str) -> frozenset[str]:
    """Return the keys of all entries of a kind in the cache at `folder`."""
    shelves = _folders(os.path.join(folder, kind), _SHELF)
    return frozenset(entry.name for shelf in shelves for entry in _scan(shelf) if _ENTRY.match(entry.name))


class Cache:
    """The entries of a cache directory. Nothing is created before the first entry is written."""

    def __init__(self, folder: str, now: Callable[[], float]) -> None:
        """Take the directory, which need not exist, and a clock: seconds since 1970."""
        self.folder = folder
        self._now = now

    def path(self, kind: str, key: str) -> str:
        """Return where an entry lies, whether or not it is there."""
        return os.path.join(self.folder, kind, key[:2], key)

    def read(self, kind: str, key: str) -> bytes | None:
        """Return an entry and note that it was used; None when it is not there or cannot be read."""
        path = self.path(kind, key)
        try:
            with open(path, "rb") as file:
                content = file.read()
                used = os.fstat(file.fileno()).st_mtime
        except OSError:
            return None
        now = self._now()
        if now - used > _DAY:  # once a day is enough for `sweep`
            with suppress(OSError):  # swept away meanwhile, or a cache shared read-only
                os.utime(path, (now, now))
        return content

    def write(self, kind: str, key: str, content: bytes) -> None:
        """Store an entry, in place of an older one. Raises OSError; an older entry then stays as it was."""
        path = self.path(kind, key)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        unfinished = f"{path}.{os.urandom(8).hex()}.new"
        try:
            with open(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
                file.write(content)
            os.replace(unfinished, path)
        except OSError:
            _remove(unfinished)
            raise

    def sweep(self, days: float) -> Swept:
        """Remove entries unused for `days` days, all of them for 0. Leaves alone what is not an entry."""
        oldest = self._now() - days * _DAY
        abandoned = self._now() - _DAY  # a write that takes longer than a day was interrupted
        files = size = 0
        for entry in self._entries():
            try:
                status = entry.stat(follow_symlinks=False)
            except OSError:  # another process sweeps, too
                continue
            limit = oldest if _ENTRY.match(entry.name) else abandoned
            if days == 0 or status.st_mtime < limit:
                files += _remove(entry.path)
                size += status.st_size
        return Swept(files, size)

    def _entries(self) -> Iterator[os.DirEntry[str]]:
        for kind in _folders(self.folder, _KIND):
            for shelf in _folders(kind, _SHELF):
                for entry in _scan(shelf):
                    is_ours = _ENTRY.match(entry.name) or _UNFINISHED.match(entry.name)
                    if is_ours and entry.is_file(follow_symlinks=False):
                        yield entry


def _folders(folder: str, name: re.Pattern[str]) -> Iterator[str]:
    for entry in _scan(folder):
        if name.match(entry.name) and entry.is_dir(follow_symlinks=False):
            yield entry.path


def _scan(folder: str) -> list[os.DirEntry[str]]:
    try:
        with os.scandir(folder) as entries:
            return list(entries)
    except OSError:
        return []


def _remove(path: str) -> bool:
    try:
        os.remove(path)
    except OSError:
        return False
    return True
