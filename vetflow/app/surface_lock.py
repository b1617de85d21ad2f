"""Where a workspace's surface.lock is, and what it says: in the store, else beside Cargo.lock."""

from __future__ import annotations

import os.path
from typing import TYPE_CHECKING

from vetflow.errors import StoreError
from vetflow.model.packages import Workspace
from vetflow.model.ports import FileTree
from vetflow.model.store import SURFACE_LOCK

if TYPE_CHECKING:  # a check of a project without the file needs none of it
    from vetflow.model.pins import SurfaceLock


def find_surface_lock(tree: FileTree, workspace: Workspace, store: str) -> str | None:
    """Return the path of the file a run reads; None where nobody has written one. store: the store's folder."""
    places = (os.path.join(folder, SURFACE_LOCK) for folder in (store, workspace.root))
    return next((path for path in places if tree.is_file(path)), None)


def surface_lock_folder(tree: FileTree, workspace: Workspace, store: str) -> str:
    """Return the folder the file is written to: the store's, the workspace's root as long as there is no store."""
    return store if tree.is_dir(store) else workspace.root


def read_surface_lock(tree: FileTree, path: str, cwd: str) -> SurfaceLock:
    """Read the file; raises StoreError. cwd: what errors name it relative to."""
    from vetflow.formats.surface_lock import parse_surface_lock  # noqa: PLC0415  not every project has one
    from vetflow.formats.toml import decode_utf8  # noqa: PLC0415

    name = os.path.relpath(path, cwd)
    try:
        content = tree.read(path)
    except OSError as error:
        raise StoreError(f"{name} cannot be read", causes=(error.strerror or str(error),)) from error
    return parse_surface_lock(decode_utf8(content, name), name)
