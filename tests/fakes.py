"""Fakes of vetflow's ports that tests of several folders share."""

from __future__ import annotations

import os.path
from collections.abc import Mapping, Sequence

from vetflow.model.dates import Date

FIXED_DAY = Date(2026, 1, 15)
"""The day on which every test runs that does not bring its own."""
FIXED_MOMENT = 1_768_478_400
"""Noon of that day, in seconds since 1970."""


class MemoryTree:
    """A `FileTree` held in a mapping from path to content; directories exist by what lies in them."""

    def __init__(self, files: Mapping[str, bytes | str]) -> None:
        self._files = {
            os.path.normpath(path): text.encode() if isinstance(text, str) else text for path, text in files.items()
        }
        self._folders = {"/"}
        for path in self._files:
            while (path := os.path.dirname(path)) != "/":
                self._folders.add(path)

    def read(self, path: str) -> bytes:
        try:
            return self._files[os.path.normpath(path)]
        except KeyError:
            raise FileNotFoundError(2, "No such file or directory", path) from None

    def is_file(self, path: str) -> bool:
        return os.path.normpath(path) in self._files

    def is_dir(self, path: str) -> bool:
        return os.path.normpath(path) in self._folders

    def list_dir(self, path: str) -> Sequence[str]:
        folder = os.path.normpath(path).rstrip("/") + "/"
        inside = (name[len(folder) :] for name in (*self._files, *self._folders) if name.startswith(folder))
        return sorted({name.split("/", 1)[0] for name in inside if name})

    def identity(self, path: str) -> str | None:
        return None
