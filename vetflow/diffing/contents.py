"""What a crate holds, and how much of it there is to read: the same as what cargo-vet counts."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from vetflow.model.contents import CrateFile
from vetflow.model.suggestions import CrateDelta, DiffStat

ALWAYS_TEXT: Final = (".rs", ".toml")
"""Suffixes of files that are text whatever is in them. The compiler accepts a NUL in a comment or a string; to git, and
so to cargo-vet, a file with a NUL near its beginning is binary and has no lines to read."""
_NOT_COUNTED: Final = frozenset({"Cargo.lock", ".cargo_vcs_info.json", ".cargo-ok"})
_REWRITTEN: Final = "Cargo.toml"
_LOOKED_AT: Final = 8000
"""In so many bytes from the beginning git looks for a NUL."""


def not_counted(delta: CrateDelta) -> frozenset[str]:
    """Return the paths that do not count: what cargo writes and never builds.

    With a git revision that includes the manifest, which cargo rewrites when it packs one; the original is counted.
    """
    has_revision = any(end.version.git for end in delta.ends())
    return _NOT_COUNTED | {_REWRITTEN} if has_revision else _NOT_COUNTED


def count_whole(delta: CrateDelta, files: Iterable[CrateFile]) -> DiffStat:
    """Return the size of a whole version: all its lines, as if each of them was inserted. Binary files have none."""
    left_out = not_counted(delta)
    counted = [_lines(file) for file in files if file.path not in left_out]
    return DiffStat(sum(counted), 0, len(counted))


def _lines(file: CrateFile) -> int:
    content = file.content
    if not content or (b"\0" in content[:_LOOKED_AT] and not file.path.endswith(ALWAYS_TEXT)):
        return 0
    return content.count(b"\n") + (not content.endswith(b"\n"))
