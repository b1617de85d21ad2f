"""The packages of a workspace that are source code at hand: members, and path packages they lead to."""

from __future__ import annotations

import os.path
from collections.abc import Iterable
from typing import NamedTuple

from vetflow.errors import WorkspaceError
from vetflow.formats.cargo_dependencies import ManifestDependency
from vetflow.formats.cargo_toml import Manifest
from vetflow.graph.inheritance import Inheritance
from vetflow.graph.local_targets import local_targets
from vetflow.graph.manifests import MANIFEST, Manifests
from vetflow.graph.members import Membership
from vetflow.model.names import CrateName
from vetflow.model.packages import Targets
from vetflow.model.version import VetVersion


class LocalPackage(NamedTuple):
    """A package with its manifest, inheritance applied."""

    manifest: Manifest
    name: CrateName
    version: VetVersion
    dependencies: tuple[ManifestDependency, ...]
    is_member: bool

    @property
    def directory(self) -> str:
        """The folder of its manifest."""
        return self.manifest.directory


class LocalPackages:
    """Finds local packages by folder and remembers them."""

    def __init__(self, manifests: Manifests, inheritance: Inheritance, membership: Membership) -> None:
        self._manifests = manifests
        self._inheritance = inheritance
        self._member_files = {manifest.file for manifest in membership.members}
        self._known: dict[str, LocalPackage | None] = {}
        self.members = [self._make(manifest) for manifest in membership.members]
        self._known = {member.directory: member for member in self.members}

    def find(self, directory: str) -> LocalPackage | None:
        """Return the package in a folder, None when there is no manifest or only a virtual one.

        Raises WorkspaceError when the manifest is malformed.
        """
        if directory not in self._known:
            manifest = self._manifests.find(os.path.join(directory, MANIFEST))
            has_package = manifest is not None and manifest.package is not None
            self._known[directory] = self._make(manifest) if manifest is not None and has_package else None
        return self._known[directory]

    def _make(self, manifest: Manifest) -> LocalPackage:
        return LocalPackage(
            manifest=manifest,
            name=manifest.package.name if manifest.package is not None else "",
            version=self._inheritance.version(manifest),
            dependencies=self._inheritance.dependencies(manifest),
            is_member=manifest.file in self._member_files,
        )

    def targets(self, package: LocalPackage) -> Targets:
        """Return what of a package cargo compiles; raises WorkspaceError where cargo would refuse it."""
        edition = self._inheritance.edition(package.manifest)
        return local_targets(self._manifests.tree, package.manifest, edition)

    def closure(self, also: Iterable[str]) -> list[LocalPackage]:
        """Return the members and every path package they lead to, by dependencies of any kind.

        also: more folders to start from, those of patches. What cannot be read is left out: whether somebody needs it
        is for the lock to say. This is the set by which cargo recognises entries of Cargo.lock as path packages.
        """
        found = {member.directory: member for member in self.members}
        rest = [d.directory for member in self.members for d in member.dependencies if d.directory]
        rest += also
        while rest:
            directory = rest.pop()
            if directory in found:
                continue
            try:
                package = self.find(directory)
            except WorkspaceError:
                continue
            if package is not None:
                found[directory] = package
                rest += [d.directory for d in package.dependencies if d.directory]
        return list(found.values())
