"""The working tree: files as they lie on disk."""

from __future__ import annotations

import os
from collections.abc import Sequence


class DiskTree:
    """A `vetflow.model.ports.FileTree` over the file system; symbolic links are followed, as cargo does.

    Nothing is remembered: the graph asks for each file once, and a check reads no folder twice.
    """

    def read(self, path: str) -> bytes:
        """Return the content of a file; raises OSError."""
        with open(path, "rb", buffering=0) as file:
            return file.read()

    def is_file(self, path: str) -> bool:
        """Whether `path` names a file."""
        return os.path.isfile(path)

    def is_dir(self, path: str) -> bool:
        """Whether `path` names a directory."""
        return os.path.isdir(path)

    def list_dir(self, path: str) -> Sequence[str]:
        """Return the names in a directory, sorted; empty when it is none."""
        try:
            return sorted(os.listdir(path))
        except (FileNotFoundError, NotADirectoryError):
            return ()

    def identity(self, path: str) -> str | None:
        """Return device and inode number of a directory; None when there is none."""
        try:
            status = os.stat(path)
        except OSError:
            return None
        return f"{status.st_dev}:{status.st_ino}"
