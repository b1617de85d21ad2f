"""Crates as trees in git's object store.

Crates are handed to git as a stream: none of their files is unpacked, none of their names means anything to git. Every
name has a prefix, so that `.gitattributes` or `.git` is a file like any other, and names of folders have a suffix, so
that they sort as in a folder on disk: git's choice among equally renamed files depends on the order.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable, Mapping
from typing import IO, Final, TypeAlias, TypeVar

from vetflow.diffing.git import Git
from vetflow.errors import UndecidedError, VetflowError
from vetflow.model.contents import CrateFile

TreeId: TypeAlias = bytes
"""The hash by which git knows what a crate holds."""
_Key = TypeVar("_Key")

_PREFIX: Final = "="
_FOLDER: Final = "\x01"
_NEXT_CRATE: Final = b"commit refs/heads/crates\ncommitter vetflow <> 0 +0000\ndata 0\ndeleteall\n"
_TELL_TREE: Final = b'ls ""\n'
_TREE: Final = re.compile(rb"040000 tree ([0-9a-f]+)\t.*\n")


def store_crates(
    git: Git, crates: Iterable[_Key], files: Callable[[_Key], Iterable[CrateFile]]
) -> tuple[Mapping[_Key, TreeId], Mapping[_Key, VetflowError]]:
    """Hand crates to git in one go, one in memory at a time; return its name for each.

    files: may raise VetflowError, also in the middle; such crates are returned apart, with the error. Raises
    UndecidedError when git fails, OSError when there is no place for the contents.
    """
    stored: list[_Key] = []
    unread: dict[_Key, VetflowError] = {}
    with open(os.path.join(git.folder, "crates"), "w+b") as stream:
        for key in crates:
            stream.write(_NEXT_CRATE)
            try:
                for file in files(key):
                    _write(file, stream)
            except VetflowError as error:  # the next crate begins anew: what was written of this one does no harm
                unread[key] = error
            else:
                stream.write(_TELL_TREE)
                stored.append(key)
        stream.write(b"done\n")
        stream.seek(0)
        told = _TREE.findall(git.run("fast-import", "--quiet", "--done", "--depth=0", given=stream))
    if len(told) != len(stored):
        raise UndecidedError("`git fast-import` did not say what it stored")
    return dict(zip(stored, told, strict=True)), unread


def _write(file: CrateFile, stream: IO[bytes]) -> None:
    mode = b"100755" if file.executable else b"100644"
    path = tree_path(file.path).replace(b"\\", b"\\\\").replace(b'"', b'\\"').replace(b"\n", b"\\n")
    stream.write(b'M %s inline "%s"\ndata %d\n' % (mode, path, len(file.content)))
    stream.write(file.content)
    stream.write(b"\n")


def tree_path(path: str) -> bytes:
    """Return a path as it is in git's tree: no two are the same there, and no file has the name of a folder."""
    *folders, name = path.replace(_FOLDER, 2 * _FOLDER).split("/")
    tree = "/".join([*(f"{_PREFIX}{folder}{_FOLDER}" for folder in folders), _PREFIX + name])
    return tree.encode("utf-8", "surrogateescape")
