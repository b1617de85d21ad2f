"""What git prints when it compares two trees: which files differ, and the hunks of each.

Names are taken from the NUL-terminated list, never from the patch, where they are quoted. The two are joined by the
hashes of the contents: hunks depend on nothing else.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Final, NamedTuple, TypeAlias

from vetflow.diffing.git import Git
from vetflow.diffing.objects import TreeId
from vetflow.errors import UndecidedError

Blobs: TypeAlias = tuple[bytes, bytes]
"""git's hashes of a file before and after."""

_PATIENCE: Final = 120.0
"""After so many seconds git is given up: it takes 5 for 3.5 million lines."""
_LISTED: Final = ("diff-tree", "-r", "--raw", "--patch", "-z", "--full-index", "--abbrev=64", "--find-renames")
_AS_TEXT: Final = ("--text", "--histogram", "--unified=3", "--no-ext-diff", "--no-textconv", "--no-color")
_BLOBS: Final = re.compile(rb"^index ([0-9a-f]+)\.\.([0-9a-f]+)", re.MULTILINE)
_NEXT_FILE: Final = b"\ndiff --git "
_FIRST_HUNK: Final = b"\n@@ -"
_ADDED, _DELETED, _RENAMED = b"A", b"D", b"R"


class Listed(NamedTuple):
    """A file that differs, by its paths in git's trees; one of them is None where there is none."""

    old: bytes | None
    new: bytes | None
    blobs: Blobs


class Listing(NamedTuple):
    """The files that differ, and the hunks by content: none where only the mode or the name is another."""

    files: tuple[Listed, ...]
    hunks: Mapping[Blobs, bytes]


def list_differences(git: Git, old: TreeId, new: TreeId, *options: str) -> Listing:
    """Compare two trees as text, with renames. options: of `git diff-tree`, about what is a difference.

    Raises UndecidedError when git fails or does not come to an end.
    """
    trees = (old.decode(), new.decode())
    try:
        printed = git.run(*_LISTED, *_AS_TEXT, *options, *trees, seconds=_PATIENCE)
    except TimeoutError:
        raise UndecidedError(f"git needs more than {_PATIENCE:.0f} seconds to compare the versions") from None
    files: list[Listed] = []
    position = 0
    while printed.startswith(b":", position):
        heading, position = _field(printed, position)
        _, _, *blobs, status = heading.split(b" ")
        first, position = _field(printed, position)
        second = first
        if status.startswith(_RENAMED):
            second, position = _field(printed, position)
        files.append(
            Listed(None if status == _ADDED else first, None if status == _DELETED else second, (blobs[0], blobs[1]))
        )
    return Listing(tuple(files), dict(_hunks(printed[position + 1 :])))


def _field(printed: bytes, start: int) -> tuple[bytes, int]:
    """Return what stands before the next NUL, and where what comes after it starts."""
    end = printed.index(b"\0", start)
    return printed[start:end], end + 1


def _hunks(patch: bytes) -> Iterator[tuple[Blobs, bytes]]:
    """Split a patch at its files. Lines within hunks start with a sign, so none of them looks like a heading."""
    for section in b"\n".join((b"", patch)).split(_NEXT_FILE)[1:]:
        start = section.find(_FIRST_HUNK)
        blobs = _BLOBS.search(section, 0, start + 1)
        if start >= 0 and blobs:
            hunks = section[start + 1 :]
            yield (blobs[1], blobs[2]), hunks if hunks.endswith(b"\n") else hunks + b"\n"
