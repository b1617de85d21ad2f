"""The contents of published crates, for measuring: archives of this machine or the registry, verified before use."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping

from vetflow.app.network import Sources
from vetflow.errors import WorkspaceError
from vetflow.model.contents import CrateFile
from vetflow.model.names import CRATES_IO, CrateName
from vetflow.model.packages import Package
from vetflow.model.report import CrateVersion
from vetflow.model.version import VetVersion
from vetflow.sources.archives import CrateArchive
from vetflow.sources.downloads import CrateId
from vetflow.sources.index import IndexAnswer, PublishedCrate, kept_crates, local_crates, look_up_crates
from vetflow.sources.inflate import MOST_UNPACKED
from vetflow.sources.tarball import read_members


class RegistryCrates:
    """A `diffing.sizes.CrateContents` and a `model.ports.IndexVersions` over the registry.

    Checksums come from Cargo.lock where it has the crate, else from the index, a local registry's where it replaces
    crates.io. Crates of git revisions are not among them: their content is not published.
    """

    def __init__(self, sources: Sources, locked: Iterable[Package] = ()) -> None:
        """Take where to get things from and what is locked; nothing is asked before it is needed, and nothing twice."""
        self._locked = {
            CrateVersion(package.name, package.version): CrateId(package.name, str(package.version), package.checksum)
            for package in locked
            if package.checksum and package.source == CRATES_IO
        }
        # A vendored copy lacks files of the archive, whose checksum is what identifies the content here.
        self._sources = sources.without_vendored()
        self._crates = self._sources.crates()
        self._index: dict[CrateName, PublishedCrate | None] = {}
        self._asked: set[tuple[CrateName, VetVersion]] = set()

    def published(
        self, versions: Mapping[CrateName, Collection[VetVersion]]
    ) -> Mapping[CrateName, Collection[VetVersion] | None]:
        """Return all published versions of each crate; None where nobody can say, or there is no such crate."""
        index = self.look_up(versions)
        return {
            name: None if crate is None else [version.version for version in crate.versions]
            for name in versions
            for crate in (index[name],)
        }

    def fingerprints(self, crates: Collection[CrateVersion]) -> Mapping[CrateVersion, str]:
        """Return the checksum of each crate's archive, where Cargo.lock or the index tells it."""
        return {crate: identity.checksum for crate, identity in self._identities(crates).items()}

    def obtain(self, crates: Collection[CrateVersion]) -> Mapping[CrateVersion, str]:
        """Download what is not on this machine; return why, for crates that cannot be had."""
        identities = self._identities(crates)
        reasons = self._sources.download(identities.values())
        lacking = {
            crate: "it is a git revision, whose content is not published"
            if crate.version.git
            else "it is not in the index"
            for crate in crates
            if crate not in identities
        }
        return lacking | {crate: reasons[known] for crate, known in identities.items() if known in reasons}

    def files(self, crate: CrateVersion) -> Iterator[CrateFile]:
        """Yield the files of a crate that was obtained; raises WorkspaceError, also in the middle a refused archive."""
        found = self._crates.find(self._identities([crate])[crate]).crate
        if not isinstance(found, CrateArchive):
            raise WorkspaceError(f"the archive of {crate.name} {crate.version} is gone")
        for member in read_members(found.content, found.stem, found.path, lambda _: True, MOST_UNPACKED):
            yield CrateFile(member.path, member.executable, member.content or b"")

    def _identities(self, crates: Collection[CrateVersion]) -> dict[CrateVersion, CrateId]:
        """Return what identifies crates: the index's checksum, as for cargo-vet; where it cannot say, Cargo.lock's."""
        wanted: dict[CrateName, list[VetVersion]] = {}
        for crate in crates:
            if not crate.version.git:
                wanted.setdefault(crate.name, []).append(crate.version)
        index = self.look_up(wanted) if wanted else {}
        identities = {}
        for crate in crates:
            published = None if crate.version.git else index.get(crate.name)
            version = published.find(crate.version) if published else None
            if version is not None and version.checksum:
                identities[crate] = CrateId(crate.name, str(crate.version), version.checksum)
            elif crate in self._locked:
                identities[crate] = self._locked[crate]
        return identities

    def look_up(
        self, versions: Mapping[CrateName, Collection[VetVersion]]
    ) -> Mapping[CrateName, PublishedCrate | None]:
        """Return what the index says of crates; a copy of an earlier run will do where it knows all of `versions`."""
        pairs = {(name, version) for name, wanted in versions.items() for version in wanted}
        names = {name for name, _ in pairs - self._asked} | (versions.keys() - self._index.keys())
        self._asked |= pairs
        kept: Mapping[CrateName, PublishedCrate] = {}
        if not self._sources.replaced:
            new = {name: versions[name] for name in names}
            kept = kept_crates(self._sources.fetcher, new, self._sources.registry)
        answers = {**kept, **look_up_published(sorted(names - kept.keys()), self._sources)}
        self._index |= {
            name: answer if isinstance(answer, PublishedCrate) else None for name, answer in answers.items()
        }
        return self._index


def look_up_published(names: Collection[CrateName], sources: Sources) -> Mapping[CrateName, IndexAnswer]:
    """Return what the index says of each crate: a local registry's where it has the crate, else that on the network."""
    found: dict[CrateName, IndexAnswer] = {}
    if sources.replaced:
        found |= local_crates(sources.replaced, names)
    if new := [name for name in names if name not in found]:
        found |= look_up_crates(sources.fetcher, new, sources.registry)
    return found
