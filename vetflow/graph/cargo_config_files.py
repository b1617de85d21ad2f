"""Where cargo's configuration files are: beside and above the directory of a run, and in cargo's home."""

from __future__ import annotations

import os.path
from collections.abc import Iterator
from typing import Final

from vetflow.model.ports import FileTree

_FOLDER: Final = ".cargo"
_NAMES: Final = ("config", "config.toml")
"""In cargo's order: where both exist, the old name wins."""


def config_files(tree: FileTree, cwd: str, cargo_home: str | None) -> Iterator[str]:
    """Yield the paths of the configuration files that cargo, run in `cwd`, reads, nearest first.

    What they include is not followed.
    """
    folders = [os.path.join(folder, _FOLDER) for folder in _upwards(cwd)]
    for folder in dict.fromkeys((*folders, *([cargo_home] if cargo_home is not None else []))):
        path = next((path for name in _NAMES if tree.is_file(path := os.path.join(folder, name))), None)
        if path is not None:
            yield path


def _upwards(folder: str) -> Iterator[str]:
    yield folder
    while (parent := os.path.dirname(folder)) != folder:
        folder = parent
        yield folder
