"""Which paths the files of a crate may have, wherever it comes from: each one must be the same file for everybody.

A path that leads out of the crate, or that occurs twice, would let a crate show other files to a reviewer than to cargo
(shared spec behaviour A5). Paths that are one file on some disks alone are not refused: honest crates have such, and
`surface.collisions` says where they matter. Only a second manifest is: it decides what there is to be built at all, and
crates.io accepts none.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise
from typing import Final

from vetflow.model.disk_names import disk_name
from vetflow.sources.refusal import refuse

_MANIFEST: Final = "cargo.toml"
_INSIDE: Final = "\0"
"""Separates folders in paths that are compared: it sorts before everything a name can have."""


def check_path(path: str, file: str) -> None:
    """Raise RefusedArchiveError unless `path` is relative, in its simplest form, and means the same on every system.

    file: the archive or folder it was found in.
    """
    if any(part in {"", ".", ".."} for part in path.split("/")):
        refuse(file, f"the name '{path}' is absolute, climbs up or is not in its simplest form")
    if "\\" in path:
        refuse(file, f"the name '{path}' has a backslash, which separates folders on some systems")
    if not path.isprintable() and any(character < " " or "\x7f" <= character <= "\x9f" for character in path):
        refuse(file, f"the name '{path}' has a control character")


def check_distinct(files: Iterable[str], folders: Iterable[str], file: str) -> None:
    """Raise RefusedArchiveError when two files have one path, a file is also a folder, or there is a second manifest.

    files: all of them, each as often as it occurs. folders: those that are named on their own. Takes n log n steps.
    """
    files = tuple(files)
    keys = sorted([*(_key(path) for path in files), *(_key(path) + _INSIDE for path in folders)])
    for key, following in pairwise(keys):
        if key.endswith(_INSIDE):
            continue
        path, other = (each.rstrip(_INSIDE).replace(_INSIDE, "/") for each in (key, following))
        if key == following:
            refuse(file, f"'{path}' occurs twice")
        if following.startswith(key + _INSIDE):
            refuse(file, f"'{path}' is a file and, for '{other}', a folder")
    manifests = sorted(path for path in files if disk_name(path) == _MANIFEST)
    if len(manifests) > 1:
        one, another = manifests[:2]
        refuse(file, f"'{one}' and '{another}' differ in case alone, and only one of them can be the manifest")


def _key(path: str) -> str:
    return path.replace("/", _INSIDE)
