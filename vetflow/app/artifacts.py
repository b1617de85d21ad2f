"""Which archive a version is, by its digest: what a signature binds beside the words of an entry."""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Mapping

from vetflow.app.network import open_sources
from vetflow.app.project import Project
from vetflow.model.names import CRATES_IO, CrateName
from vetflow.model.version import VetVersion


class Artifacts:
    """Digests of archives: those that Cargo.lock pins, those cargo has downloaded, those the index knows.

    They are asked in this order, and the index only by `fetch`, so that nobody waits for the network with the store
    locked.
    """

    def __init__(self, project: Project) -> None:
        self._project = project
        self._found = {
            (package.name, str(package.version)): f"sha256:{package.checksum}"
            for package in project.workspace.packages
            if package.source == CRATES_IO and package.checksum
        }

    def fetch(
        self, crates: Collection[tuple[CrateName, VetVersion]], progress: Callable[[str, int, int], None]
    ) -> None:
        """Learn the digests of all versions of crates of which one of these versions is not known otherwise.

        A locked run asks only what earlier runs have kept. What cannot be had stays unknown.
        """
        unknown: dict[CrateName, list[VetVersion]] = {}
        for name, version in crates:
            if self._known(name, version) is None:
                unknown.setdefault(name, []).append(version)
        if not unknown:
            return
        from vetflow.app.crate_contents import RegistryCrates  # noqa: PLC0415  few versions are not in the lock

        request = self._project.request
        quiet = self._project._replace(request=request._replace(offline=request.offline or request.locked))
        with open_sources(quiet, progress) as sources:
            index = RegistryCrates(sources).look_up(unknown)
        for name, crate in index.items():
            for published in crate.versions if crate else ():
                if published.checksum:
                    self._found.setdefault((name, str(published.version)), f"sha256:{published.checksum}")

    def of(self, name: CrateName, versions: Collection[VetVersion]) -> Mapping[str, str]:
        """Return the digests of versions as a statement has them; versions nobody knows are left out."""
        found = {str(version): self._known(name, version) for version in versions}
        return {version: digest for version, digest in found.items() if digest is not None}

    def _known(self, name: CrateName, version: VetVersion) -> str | None:
        if version.git:
            return f"git:{version.git}"
        return self._found.get((name, str(version))) or self._downloaded(name, str(version))

    def _downloaded(self, name: CrateName, version: str) -> str | None:
        """Return the digest of an archive that cargo has fetched, and has verified then."""
        from vetflow.sources.archives import download_caches, sha256  # noqa: PLC0415  few versions are not in the lock

        for folder in download_caches(self._project.request.cargo_home):
            path = os.path.join(folder, f"{name}-{version}.crate")
            if os.path.dirname(path) == folder and os.path.isfile(path):
                with open(path, "rb") as file:
                    digest = f"sha256:{sha256(file.read())}"
                self._found[name, version] = digest
                return digest
        return None
