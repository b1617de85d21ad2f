"""Which paths the files of a crate may have, wherever it comes from: each one must be the same file for everybody.

A path that leads out of the crate, or two that are one on some disk, would let a crate show other files to a reviewer
than to cargo (shared spec behaviour A5).
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise
from typing import Final

from vetflow.sources.refusal import refuse

_INSIDE: Final = "\0"
"""Separates folders in keys that are compared: it sorts before everything a name can have."""


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
    """Raise RefusedArchiveError when two files would be one, or a file would be a folder, on some disk.

    Disks differ in whether case, and the way an accent is written, make a difference. files: all of them, each as often
    as it occurs. folders: those that are named on their own. Takes n log n steps.
    """
    keys = sorted([*((_key(path), path) for path in files), *((_key(path) + _INSIDE, path) for path in folders)])
    for (key, path), (following, other) in pairwise(keys):
        if key == following and not key.endswith(_INSIDE):
            how = "occurs twice" if path == other else f"and '{other}' differ in case or accents alone"
            refuse(file, f"'{path}' {how}")
        if not key.endswith(_INSIDE) and following.startswith(key + _INSIDE):
            refuse(file, f"'{path}' is a file and, for '{other}', a folder")


def _key(path: str) -> str:
    """Return the same for all paths that some file system takes for one another."""
    if path.isascii():
        return path.lower().replace("/", _INSIDE)
    from unicodedata import category, normalize  # noqa: PLC0415  most paths are ASCII

    folded = normalize("NFD", normalize("NFD", path).casefold())
    # Some file systems ignore what has no shape of its own.
    return "".join(character for character in folded if category(character) != "Cf").replace("/", _INSIDE)
