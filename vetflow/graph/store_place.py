"""Where the store of a workspace is: `--store-path`, then `metadata.vet`, then `supply-chain` beside Cargo.lock."""

from __future__ import annotations

import os.path
from typing import Final, NamedTuple

from vetflow.model.packages import Workspace

DEFAULT_STORE: Final = "supply-chain"


class StorePlace(NamedTuple):
    """The store's folder, absolute.

    depends_on_cwd: `metadata.vet` gives a relative path and the run was not started in the workspace's root. Such a
    path is relative to the process's directory, not to the manifest (cargo-vet behaviour), so the same workspace has
    its store elsewhere when started elsewhere: worth a warning.
    """

    folder: str
    depends_on_cwd: bool = False


def store_place(workspace: Workspace, given: str | None, cwd: str) -> StorePlace:
    """Return where the store has to be (shared spec format 10); whether it exists is not looked at.

    given: `--store-path`. cwd: absolute; what relative paths are relative to.
    """
    if given is not None:
        return StorePlace(os.path.join(cwd, given))
    path = workspace.store_path
    if path is None:
        return StorePlace(os.path.join(workspace.root, DEFAULT_STORE))
    return StorePlace(os.path.join(cwd, path), not os.path.isabs(path) and cwd != workspace.root)
