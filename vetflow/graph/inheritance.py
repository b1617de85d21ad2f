"""What a package takes from its workspace: dependencies, version and edition marked `workspace = true`."""

from __future__ import annotations

from vetflow.errors import WorkspaceError
from vetflow.formats.cargo_dependencies import ManifestDependency
from vetflow.formats.cargo_toml import NO_VERSION, Manifest, WorkspaceSection
from vetflow.graph.locate import WorkspaceRoots
from vetflow.graph.manifests import Manifests
from vetflow.model.version import VetVersion


class Inheritance:
    """Answers with inheritance applied. A package that inherits nothing costs no search for its root."""

    def __init__(self, manifests: Manifests, roots: WorkspaceRoots) -> None:
        self._manifests = manifests
        self._roots = roots
        self._dependencies: dict[str, tuple[ManifestDependency, ...]] = {}

    def dependencies(self, manifest: Manifest) -> tuple[ManifestDependency, ...]:
        """Return the declared dependencies in cargo's order, none of them marked `inherited` any more.

        Raises WorkspaceError when there is no root, or it does not have the dependency.
        """
        known = self._dependencies.get(manifest.file)
        if known is None:
            known = manifest.dependencies
            if any(dependency.inherited for dependency in known):
                known = self._resolve(manifest)
            self._dependencies[manifest.file] = known
        return known

    def _resolve(self, manifest: Manifest) -> tuple[ManifestDependency, ...]:
        shared = self._workspace(manifest, "dependencies").dependencies
        resolved = []
        for own in manifest.dependencies:
            if not own.inherited:
                resolved.append(own)
                continue
            base = shared.get(own.key)
            if base is None:
                raise WorkspaceError(
                    f"dependency `{own.key}` is not in `workspace.dependencies`",
                    help="add it there, or write its version here",
                    place=self._manifests.dependency_place(manifest, own),
                )
            resolved.append(
                base._replace(
                    table=own.table,
                    kind=own.kind,
                    optional=own.optional,
                    features=base.features + own.features,
                    default_features=_merged_defaults(base.default_features, own.default_features),
                )
            )
        return tuple(resolved)

    def version(self, manifest: Manifest) -> VetVersion:
        """Return the version of the manifest's package; raises WorkspaceError when it cannot be inherited."""
        package = manifest.package
        if package is None:
            return NO_VERSION
        if package.version is not None:
            return package.version
        version = self._workspace(manifest, "version").version
        if version is None:
            raise WorkspaceError(
                "the version is inherited, but there is no `workspace.package.version`",
                help="add it to the workspace's manifest, or write the version here",
                place=self._manifests.place(manifest.file, "package", "version"),
            )
        return version

    def edition(self, manifest: Manifest) -> str | None:
        """Return the edition of the manifest's package, None where its workspace does not state it."""
        if manifest.package is None or manifest.package.edition is not None:
            return manifest.package and manifest.package.edition
        return self._workspace(manifest, "edition").edition

    def _workspace(self, manifest: Manifest, what: str) -> WorkspaceSection:
        root = self._roots.of(manifest)
        if root is None or root.workspace is None:
            raise WorkspaceError(
                f"{manifest.file} inherits its {what} from a workspace, but belongs to none",
                help="write the values here, or set `package.workspace`",
                place=self._manifests.place(manifest.file, "package"),
            )
        return root.workspace


def _merged_defaults(base: bool | None, own: bool | None) -> bool | None:
    """Default features as cargo merges them before the 2024 edition: a member can switch them on, not off."""
    return True if own and base is False else base
