"""What a session remembers of a file that was marked as viewed: its hunks, and who read them where."""

from __future__ import annotations

from typing import Final

from vetflow.app.review.values import Delta, seen_file
from vetflow.review.hunk_memory import hunks_of, roles
from vetflow.review.session import HunksRead

_MOST_HUNKS: Final = 2_000
"""More in one file was made by a program, and nobody meets them again; the session is read at each start."""


def hunks_read(delta: Delta, path: str, who: str, at: str) -> HunksRead | None:
    """Return what to remember of a file; None where nothing of it is shown line by line, or too much.

    Parses the whole file.
    """
    patch = delta.diff.file(path)
    if patch is None or not patch.applies:
        return None
    found = hunks_of(patch, delta.old, delta.new, roles(delta.plan)[path])
    is_kept = 0 < len(found) <= _MOST_HUNKS
    return HunksRead(seen_file(delta.pair.crate, patch), delta.pair, found, who, at) if is_kept else None
