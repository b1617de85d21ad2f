"""What paths are on disks where neither case nor the way an accent is written matters: some are one there."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final, TypeAlias

Collision: TypeAlias = tuple[str, ...]
"""The paths that cannot all be on some disk, sorted; no path is in two of them."""

_INSIDE: Final = "\0"
"""Separates folders in names that are compared: it sorts before everything a name can have."""


def disk_name(path: str) -> str:
    """Return the same for all paths that some file system takes for one another."""
    if path.isascii():
        return path.lower()
    from unicodedata import category, normalize  # noqa: PLC0415  most paths are ASCII

    folded = normalize("NFD", normalize("NFD", path).casefold())
    # Some file systems ignore what has no shape of its own.
    return "".join(character for character in folded if category(character) != "Cf")


def find_collisions(paths: Collection[str]) -> tuple[Collision, ...]:
    """Return the paths that collide; a file's with those of all files in a folder of its name. Takes n log n steps."""
    groups: list[list[str]] = []
    first = None
    for name, path in sorted((disk_name(path).replace("/", _INSIDE), path) for path in paths):
        if first is not None and (name == first or name.startswith(first + _INSIDE)):
            groups[-1].append(path)
        else:
            first = name
            groups.append([path])
    return tuple(tuple(sorted(group)) for group in groups if len(group) > 1)
