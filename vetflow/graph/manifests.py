"""The manifests of a workspace, each read once, and where in them things stand."""

from __future__ import annotations

from functools import lru_cache
from typing import Final

from vetflow.errors import Place, WorkspaceError
from vetflow.formats.cargo_dependencies import ManifestDependency
from vetflow.formats.cargo_text import decode_workspace_file, value_place
from vetflow.formats.cargo_toml import Manifest, parse_manifest
from vetflow.model.ports import FileTree

MANIFEST: Final = "Cargo.toml"

_parse: Final = lru_cache(maxsize=1_024)(parse_manifest)
"""Revisions of a project have most of their manifests in common."""


class Manifests:
    """Reads manifests of one tree and remembers them: discovery asks for the same ones again and again."""

    def __init__(self, tree: FileTree) -> None:
        self.tree = tree
        self._known: dict[str, Manifest | None] = {}

    def find(self, path: str) -> Manifest | None:
        """Return the manifest at `path`, None when there is no such file; raises WorkspaceError if it is malformed."""
        try:
            return self._known[path]
        except KeyError:
            manifest = self._read(path)
            self._known[path] = manifest
            return manifest

    def _read(self, path: str) -> Manifest | None:
        try:
            data = self.tree.read(path)
        except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
            return None
        except OSError as error:
            raise WorkspaceError(
                f"{path} cannot be read", place=Place(path), causes=[error.strerror or str(error)]
            ) from None
        return _parse(decode_workspace_file(data, path), path)

    def place(self, file: str, *path: str) -> Place:
        """Return where in a manifest a value stands. Reads the file again: only errors ask for it."""
        return value_place(self.tree.read(file).decode(), file, path)

    def dependency_place(self, manifest: Manifest, dependency: ManifestDependency) -> Place:
        """Return where a manifest declares a dependency."""
        return self.place(manifest.file, *dependency.table, dependency.key)
