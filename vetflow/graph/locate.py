"""Which manifest a run is about, and which workspace that manifest belongs to, by cargo's rules.

Source: shared spec graph 1 ("Root search"); cargo's own documentation of `package.workspace` and `workspace.exclude`.
"""

from __future__ import annotations

import os.path
from collections.abc import Iterator

from vetflow.errors import Place, WorkspaceError
from vetflow.formats.cargo_toml import Manifest, WorkspaceSection
from vetflow.graph.manifests import MANIFEST, Manifests
from vetflow.model.ports import FileTree


def find_start(tree: FileTree, directory: str) -> str:
    """Return the manifest that cargo would use when run in `directory`: there, or in the nearest folder above.

    Raises WorkspaceError when there is none.
    """
    for folder in _ancestors(directory):
        if tree.is_file(path := os.path.join(folder, MANIFEST)):
            return path
    raise WorkspaceError(
        f"there is no Cargo.toml in {directory} or in any folder above it",
        help="run this inside a Rust workspace, or name its manifest with `--manifest-path`",
    )


def given_start(tree: FileTree, path: str) -> str:
    """Return the manifest `--manifest-path` names, an absolute path; raises WorkspaceError if it is none."""
    path = os.path.normpath(path)
    if os.path.basename(path) != MANIFEST:
        raise WorkspaceError(
            f"the manifest path must be a path to a Cargo.toml file, and {path} is not",
            help="give the path of the file, including its name",
        )
    if not tree.is_file(path):
        raise WorkspaceError(f"manifest path {path} does not exist", place=Place(path))
    return path


class WorkspaceRoots:
    """Finds the workspaces that manifests belong to, and remembers them: several steps ask."""

    def __init__(self, manifests: Manifests, cargo_home: str | None) -> None:
        self._manifests = manifests
        self._cargo_home = cargo_home
        self._known: dict[str, Manifest | None] = {}

    def of(self, manifest: Manifest) -> Manifest | None:
        """Return the manifest of the workspace that `manifest` belongs to, None when it stands alone.

        First its own `[workspace]`, then its `package.workspace`, then the nearest folder above that has a
        `[workspace]` not excluding it, or a package that points to one; cargo's home directory ends the search.
        Raises WorkspaceError when a pointer leads nowhere.
        """
        if manifest.file not in self._known:
            self._known[manifest.file] = self._search(manifest)
        return self._known[manifest.file]

    def _search(self, manifest: Manifest) -> Manifest | None:
        if (found := self._named_by(manifest, manifest)) is not None:
            return found
        below = None
        for folder in _ancestors(os.path.dirname(manifest.directory)):
            if folder == manifest.directory or folder.endswith("/target/package"):
                break
            if below is not None and below == self._cargo_home:
                break
            below = folder
            above = self._manifests.find(os.path.join(folder, MANIFEST))
            if above is not None and (found := self._named_by(above, manifest)) is not None:
                return found
        return None

    def _named_by(self, manifest: Manifest, member: Manifest) -> Manifest | None:
        """Return the root that `manifest` (the member itself, or one above it) leads to."""
        if manifest.workspace is not None:
            excluded = is_excluded(manifest.workspace, manifest.directory, member.file)
            return None if excluded else manifest
        pointer = manifest.package.workspace if manifest.package is not None else None
        if pointer is None:
            return None
        path = os.path.normpath(os.path.join(manifest.directory, pointer, MANIFEST))
        root = self._manifests.find(path)
        if root is None or root.workspace is None:
            what = "has no [workspace]" if root is not None else "does not exist"
            raise WorkspaceError(
                f"`package.workspace` leads to {path}, which {what}",
                help="point `package.workspace` to the folder of a workspace's root, or remove it",
                place=self._manifests.place(manifest.file, "package", "workspace"),
            )
        return root


def is_excluded(workspace: WorkspaceSection, root: str, path: str) -> bool:
    """Whether a workspace excludes a path: an `exclude` is a prefix of it and no `members` entry is.

    Patterns in `members` are compared as they stand, so only an explicit entry wins over an exclusion.
    """
    if not any(_is_below(path, root, prefix) for prefix in workspace.exclude):
        return False
    return not any(_is_below(path, root, prefix) for prefix in workspace.members or ())


def _is_below(path: str, root: str, prefix: str) -> bool:
    """Whether `path` lies at or below `root`/`prefix`, compared name by name as written: `..` leads nowhere."""
    whole = os.path.join(root, prefix)
    names = [name for name in whole.split("/") if name not in {"", "."}]
    return path.split("/")[1 : len(names) + 1] == names


def _ancestors(folder: str) -> Iterator[str]:
    while True:
        yield folder
        parent = os.path.dirname(folder)
        if parent == folder:
            return
        folder = parent
