"""Crates that lie unpacked in a folder: a package somebody works on, one that cargo unpacked, or a vendored one.

Nothing in a folder makes anything run, and no link in it is followed: what a link leads to is somebody else's file. A
link is named instead, like everything else that is there and is no content of the crate.
"""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Iterator
from typing import Final, NamedTuple

from vetflow.model.contents import CrateFile, CrateFiles
from vetflow.sources.archives import VendoredCrate, sha256
from vetflow.sources.crate_paths import check_distinct, check_path
from vetflow.sources.inflate import MOST_UNPACKED
from vetflow.sources.refusal import refuse
from vetflow.sources.tarball import MOST_MEMBERS

_CHECKSUMS: Final = ".cargo-checksum.json"
_NOT_OF_THE_CRATE: Final = frozenset((_CHECKSUMS, ".cargo-ok"))
"""What cargo writes beside the files of a crate, in its top folder."""
_REPOSITORIES: Final = frozenset((".git", ".hg", ".jj", ".svn", ".pijul"))
_CACHE_MARK: Final = "CACHEDIR.TAG"
_NO_FOLLOWING: Final = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)


class FolderContent(NamedTuple):
    """files: by path. left_out: what else is there, each as a noun phrase with its path."""

    files: CrateFiles
    left_out: tuple[str, ...] = ()


def read_folder(folder: str) -> FolderContent:
    """Return what a folder holds, but for a repository's own data and build output, which are named.

    Raises RefusedArchiveError for names and sizes no crate may have, OSError when something cannot be read.
    """
    reader = _FolderReader(folder)
    files = {file.path: file for file in reader.files()}
    check_distinct(files, (), folder)
    return FolderContent(files, tuple(sorted(reader.left_out)))


def read_vendored(crate: VendoredCrate) -> CrateFiles:
    """Return the files of a vendored package, each of which must be what `.cargo-checksum.json` says.

    A file that is not listed there is refused, too: cargo does not look for such, but would build it. That the listed
    files are those of the archive in Cargo.lock is the word of who vendored them. Raises RefusedArchiveError, OSError.
    """
    content = read_folder(crate.path)
    if content.left_out:
        refuse(crate.path, f"it has {content.left_out[0]}")
    for path, file in content.files.items():
        listed = crate.files.get(path)
        if listed is None:
            refuse(crate.path, f"'{path}' is not listed in {_CHECKSUMS}: somebody put it there")
        if sha256(file.content) != listed:
            refuse(crate.path, f"'{path}' is not what {_CHECKSUMS} says: the vendored package was changed")
    if missing := sorted(crate.files.keys() - content.files.keys()):
        refuse(crate.path, f"'{missing[0]}' is listed in {_CHECKSUMS} and not there")
    return content.files


def tree_hash(files: CrateFiles) -> str:
    """Return a sha-256 that is the same for the same paths, contents and executable bits, and for no others."""
    whole = hashlib.sha256()
    for path in sorted(files):
        file = files[path]
        whole.update(b"%s\0%d\0%s\n" % (path.encode(), file.executable, sha256(file.content).encode()))
    return whole.hexdigest()


class _FolderReader:
    """One walk through a folder."""

    def __init__(self, folder: str) -> None:
        self.left_out: list[str] = []
        self._folder = folder
        self._left = MOST_UNPACKED
        self._members = 0

    def files(self, below: str = "") -> Iterator[CrateFile]:
        """Yield the regular files below a folder of the crate."""
        with os.scandir(os.path.join(self._folder, below)) as entries:
            found = sorted(entries, key=lambda entry: entry.name)
        for entry in found:
            path = f"{below}{self._name(entry.name)}"
            if not below and path in _NOT_OF_THE_CRATE:
                continue
            self._members += 1
            if self._members > MOST_MEMBERS:
                refuse(self._folder, f"it has more than {MOST_MEMBERS} members")
            if entry.is_symlink():
                self.left_out.append(f"a symbolic link, {path}")
            elif entry.is_dir(follow_symlinks=False):
                if what := _no_source(entry):
                    self.left_out.append(f"{what}, {path}")
                else:
                    yield from self.files(f"{path}/")
            elif entry.is_file(follow_symlinks=False):
                yield self._read(path)
            else:
                self.left_out.append(f"a device, pipe or socket, {path}")

    def _name(self, name: str) -> str:
        if any("\udc80" <= character <= "\udcff" for character in name):
            refuse(self._folder, f"the name {os.fsencode(name)!r} is not UTF-8")
        check_path(name, self._folder)
        return name

    def _read(self, path: str) -> CrateFile:
        descriptor = os.open(os.path.join(self._folder, path), _NO_FOLLOWING)
        with open(descriptor, "rb") as file:
            status = os.fstat(descriptor)
            content = file.read(self._left + 1) if stat.S_ISREG(status.st_mode) else b""
        self._left -= len(content)
        if self._left < 0:
            refuse(self._folder, "it is larger than any honest crate")
        return CrateFile(path, bool(status.st_mode & 0o111), content)


def _no_source(entry: os.DirEntry[str]) -> str | None:
    """Return what a folder is that holds no sources of a package; None when it may hold some."""
    if entry.name in _REPOSITORIES:
        return "a repository's own data"
    if entry.name == "target" and os.path.isfile(os.path.join(entry.path, _CACHE_MARK)):
        return "the output of builds"
    return None
