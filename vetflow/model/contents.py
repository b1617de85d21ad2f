"""What a crate holds: its regular files, read and verified, in memory."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple, TypeAlias


class CrateFile(NamedTuple):
    """A regular file. path: below the crate's root, with `/`."""

    path: str
    executable: bool
    content: bytes


CrateFiles: TypeAlias = Mapping[str, CrateFile]
"""The files of a crate by path. Directories, and whatever else an archive may name, are not among them."""
