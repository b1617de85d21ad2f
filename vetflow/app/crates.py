"""The content of a crate, wherever what a user typed says it is: a version, a git revision, a folder, a `.crate` file.

A version's archive is verified before anything of it is read: against Cargo.lock where the crate is locked, else
against the index, also outside any workspace. What is not on this machine is downloaded, where the run may.
"""

from __future__ import annotations

import os
from typing import NamedTuple

from vetflow.app.crate_contents import look_up_published
from vetflow.app.network import Sources
from vetflow.app.project import Project, open_project
from vetflow.app.request import Request
from vetflow.errors import NotFoundError, Place, UndecidedError, WorkspaceError
from vetflow.formats.cargo_toml import parse_manifest
from vetflow.formats.toml import decode_utf8
from vetflow.graph.locate import find_start
from vetflow.model.contents import CrateFiles
from vetflow.model.names import CrateName
from vetflow.model.packages import Package
from vetflow.model.version import VetVersion
from vetflow.project.disk import DiskTree
from vetflow.sources.answers import Unavailable
from vetflow.sources.archives import LARGEST_ARCHIVE, CrateArchive, LocalCrate, sha256
from vetflow.sources.downloads import CrateId
from vetflow.sources.folders import FolderContent, read_folder, read_vendored, tree_hash
from vetflow.sources.git_packages import read_git_package
from vetflow.sources.index import PublishedCrate, PublishedVersion
from vetflow.sources.refusal import refuse
from vetflow.sources.tarball import read_crate, read_stem

_MANIFEST = "Cargo.toml"
_ARCHIVE = ".crate"


class CrateContent(NamedTuple):
    """A crate in memory, verified as far as anybody vouches for it.

    version: None where only a workspace around a folder knows it. identity: tells this content from any other: an
    archive's sha-256, a commit with the package's folder, else the hash of the tree. origin: where it was taken from
    and what vouches for it, in words. left_out: what a folder or commit has that is no content of the crate, each as a
    noun phrase with its path.
    """

    name: CrateName
    version: VetVersion | None
    files: CrateFiles
    identity: str
    origin: str
    left_out: tuple[str, ...] = ()


def is_path(text: str) -> bool:
    """Whether a word names a folder or an archive and not a crate or version: by its form, not by what is there."""
    return text in {".", ".."} or text.endswith(_ARCHIVE) or os.sep in text or "/" in text


class CrateReader:
    """Gets the content of crates for one run."""

    def __init__(self, request: Request, sources: Sources, project: Project | None = None) -> None:
        """Take the request, where to get things from, and its workspace if it was opened already."""
        self._request = request
        self._sources = sources
        self._project = project
        self._looked = project is not None

    def version(self, name: CrateName, version: VetVersion) -> CrateContent:
        """Return a version of a crate, also one of a git revision.

        Raises NotFoundError when there is no such version, UndecidedError when this run cannot have it,
        RefusedArchiveError for what must not be read.
        """
        if version.git:
            return read_revision(name, version, self._request)
        package = self._locked(name, version)
        if package is not None:
            return self.locked(package)
        crate, words = self._published(name, version)
        return read_found(crate, version, self._find(crate), f"checksum from the index{words}")

    def locked(self, package: Package) -> CrateContent:
        """Return the content of a package that Cargo.lock has with a checksum, or from git; raises as `version`."""
        if package.version.git:
            return read_revision(package.name, package.version, self._request)
        crate = crate_id(package)
        return read_found(crate, package.version, self._find(crate), "checksum from Cargo.lock")

    def path(self, path: str) -> CrateContent:
        """Return the crate in a folder or a `.crate` file, relative to the current directory.

        Raises NotFoundError when there is none, RefusedArchiveError for what must not be read, TomlError or
        WorkspaceError for a manifest that cannot be read.
        """
        full = os.path.normpath(os.path.join(self._request.cwd, path))
        try:
            if os.path.isdir(full):
                content = read_folder(full)
                identity, origin = tree_hash(content.files), f"the folder {path}, as it is now"
            else:
                archive = _read_archive(full, path)
                content = FolderContent(read_crate(archive, read_stem(archive, full), full))
                identity, origin = sha256(archive), f"the file {path}, whose checksum was compared with nothing"
        except OSError as error:
            raise NotFoundError(
                f"there is no crate to read at {path}",
                help="name the folder of an unpacked crate, or a `.crate` file",
                place=Place(path),
                causes=(error.strerror or str(error),),
            ) from error
        name, version = _name_of(content.files, full)
        return CrateContent(name, version, content.files, identity, origin, content.left_out)

    def _locked(self, name: CrateName, version: VetVersion) -> Package | None:
        if not self._looked:
            self._project, self._looked = project_if_any(self._request), True
        workspace = None if self._project is None else self._project.locked or self._project.workspace
        found = [
            package
            for package in (workspace.packages if workspace else ())
            if package.name == name and package.version == version and package.checksum
        ]
        return found[0] if found else None

    def _published(self, name: CrateName, version: VetVersion) -> tuple[CrateId, str]:
        """Return a version as the index has it, and what else it says of it."""
        answer = look_up_published([name], self._sources)[name]
        if isinstance(answer, Unavailable):
            raise UndecidedError(
                f"nobody can tell the checksum of {name} {version}: Cargo.lock lacks it, and the index cannot be asked",
                help="try again with the network, or give the path of a `.crate` file",
                causes=(answer.reason,),
            )
        published = answer.find(version) if isinstance(answer, PublishedCrate) else None
        if published is None or published.checksum is None:
            raise NotFoundError(f"the registry has no {name} {version}", help=_near(name, version, answer))
        return CrateId(name, str(version), published.checksum), ", where it is yanked" if published.yanked else ""

    def _find(self, crate: CrateId) -> LocalCrate:
        crates = self._sources.crates()
        if (found := crates.find(crate)).crate is None:
            reasons = self._sources.download([crate])
            found = crates.find(crate)
        if found.crate is None:
            raise UndecidedError(
                f"the archive of {crate.name} {crate.version} is not on this machine",
                help="run it again with the network, or `cargo fetch`",
                causes=(*reasons.values(), *(finding.reason for finding in found.findings)),
            )
        return found.crate


def crate_id(package: Package) -> CrateId:
    """Return what identifies the archive of a locked package."""
    return CrateId(package.name, str(package.version), package.checksum or "")


def read_found(crate: CrateId, version: VetVersion, found: LocalCrate, voucher: str) -> CrateContent:
    """Read a crate that is on this machine. voucher: what its checksum is from. Raises RefusedArchiveError, OSError."""
    if isinstance(found, CrateArchive):
        files = read_crate(found.content, found.stem, found.path)
        return CrateContent(crate.name, version, files, crate.checksum, f"the archive {found.path}, {voucher}")
    files = read_vendored(found)
    # Only who vendored it knows whether these are the files of the archive.
    origin = f"the vendored package {found.path}, as its own list of checksums has it"
    return CrateContent(crate.name, version, files, tree_hash(files), origin)


def read_revision(name: CrateName, version: VetVersion, request: Request) -> CrateContent:
    """Read a package from the git repositories cargo has fetched; raises UndecidedError, RefusedArchiveError."""
    package = read_git_package(name, version.git, request.cargo_home, request.environ)
    where = f" in {package.folder}" if package.folder else ""
    return CrateContent(
        name=name,
        version=version,
        files=package.content.files,
        identity=f"{version.git}:{package.folder}",
        origin=f"commit {version.git}{where}, from {package.repository}",
        left_out=package.content.left_out,
    )


def project_if_any(request: Request) -> Project | None:
    """Return the workspace a run was started in; None outside any."""
    if request.manifest_path is None and request.metadata is None:
        try:
            find_start(DiskTree(), request.cwd)
        except WorkspaceError:  # then the index vouches for what Cargo.lock would
            return None
    return open_project(request)


def _read_archive(path: str, shown: str) -> bytes:
    with open(path, "rb") as file:
        content = file.read(LARGEST_ARCHIVE + 1)
    if len(content) > LARGEST_ARCHIVE:
        refuse(shown, f"it has more than {LARGEST_ARCHIVE} bytes")
    return content


def _name_of(files: CrateFiles, where: str) -> tuple[CrateName, VetVersion | None]:
    manifest = files.get(_MANIFEST)
    place = os.path.join(where, _MANIFEST)
    if manifest is None:
        raise NotFoundError(f"there is no {_MANIFEST} in {where}: it is no crate", place=Place(where))
    package = parse_manifest(decode_utf8(manifest.content, place), place).package
    if package is None:
        raise NotFoundError(f"the manifest of {where} has no [package]: it is no crate", place=Place(place))
    return package.name, package.version


def _near(name: CrateName, version: VetVersion, answer: object) -> str:
    if not isinstance(answer, PublishedCrate):
        return f"there is no crate called {name}"
    return f"the versions around it: {', '.join(str(each.version) for each in _around(answer.versions, version))}"


def _around(versions: tuple[PublishedVersion, ...], version: VetVersion) -> tuple[PublishedVersion, ...]:
    below = sum(each.version < version for each in versions)
    return versions[max(0, below - 3) : below + 3]
