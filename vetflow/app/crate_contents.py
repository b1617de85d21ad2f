"""The contents of published crates, for measuring: archives of this machine or the registry, verified before use."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

from vetflow.app.network import Sources
from vetflow.errors import WorkspaceError
from vetflow.model.contents import CrateFile
from vetflow.model.names import CrateName
from vetflow.model.report import CrateVersion
from vetflow.model.version import VetVersion
from vetflow.sources.archives import CrateArchive
from vetflow.sources.downloads import CrateId
from vetflow.sources.index import PublishedCrate, local_crates, look_up_crates
from vetflow.sources.tarball import MOST_UNPACKED, read_members


class RegistryCrates:
    """A `diffing.sizes.CrateContents` and a `model.ports.IndexVersions` over the registry.

    Checksums come from the index, a local registry's where it replaces crates.io. Crates of git revisions are not among
    them: their content is not published.
    """

    def __init__(self, sources: Sources) -> None:
        """Take where to get things from; nothing is asked before it is needed, and nothing twice."""
        # A vendored copy lacks files of the archive, whose checksum is what identifies the content here.
        self._sources = sources.without_vendored()
        self._crates = self._sources.crates()
        self._index: dict[CrateName, PublishedCrate | None] = {}

    def published(self, names: Collection[CrateName]) -> Mapping[CrateName, Collection[VetVersion] | None]:
        """Return all published versions of each crate; None where nobody can say, or there is no such crate."""
        index = self._look_up(names)
        return {
            name: None if crate is None else [version.version for version in crate.versions]
            for name in names
            for crate in (index[name],)
        }

    def fingerprints(self, crates: Collection[CrateVersion]) -> Mapping[CrateVersion, str]:
        """Return the checksum of each crate's archive, where the index tells it."""
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
        for member in read_members(found.content, found.stem, found.path, None, MOST_UNPACKED):
            yield CrateFile(member.path, member.executable, member.content or b"")

    def _identities(self, crates: Collection[CrateVersion]) -> dict[CrateVersion, CrateId]:
        index = self._look_up({crate.name for crate in crates if not crate.version.git})
        identities = {}
        for crate in crates:
            published = index.get(crate.name)
            version = None if crate.version.git or published is None else published.find(crate.version)
            if version is not None and version.checksum:
                identities[crate] = CrateId(crate.name, str(crate.version), version.checksum)
        return identities

    def _look_up(self, names: Collection[CrateName]) -> Mapping[CrateName, PublishedCrate | None]:
        new = sorted(set(names) - set(self._index))
        if self._sources.replaced:
            self._index |= local_crates(self._sources.replaced, new)
            new = [name for name in new if name not in self._index]
        answers = look_up_crates(self._sources.fetcher, new, self._sources.registry) if new else {}
        self._index |= {
            name: answer if isinstance(answer, PublishedCrate) else None for name, answer in answers.items()
        }
        return self._index
