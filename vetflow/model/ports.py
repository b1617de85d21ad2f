"""What the core asks of the outside world: small protocols, implemented at the edges and faked in tests."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol


class FileTree(Protocol):
    """A read-only view of a directory tree: the disk, or a revision of a git repository.

    Paths are absolute and normalised (`os.path.normpath`), with `/` as separator. No method writes.
    """

    def read(self, path: str) -> bytes:
        """Return the content of a file; raises OSError (FileNotFoundError when there is none)."""
        ...

    def is_file(self, path: str) -> bool:
        """Whether `path` names a file."""
        ...

    def is_dir(self, path: str) -> bool:
        """Whether `path` names a directory."""
        ...

    def list_dir(self, path: str) -> Sequence[str]:
        """Return the names in a directory, sorted; empty when it is none."""
        ...

    def identity(self, path: str) -> str | None:
        """Return what tells a directory on disk from a copy of it; None where there is no such thing."""
        ...
