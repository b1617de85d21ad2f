"""Crates that are needed and not on this machine: downloaded, verified, and kept under their own checksum.

No archive is used whose sha-256 is not the one Cargo.lock or the index demands, wherever it lay. A crate that
cannot be had is reported and never stands in the way of the others.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from typing import Final, NamedTuple

from vetflow.model.names import CrateName
from vetflow.sources.answers import Answer, Ask, Fetcher, Found, Missing
from vetflow.sources.archives import LARGEST_ARCHIVE, ArchiveSearch, CrateArchive, find_archive, sha256
from vetflow.sources.cache import Cache
from vetflow.sources.index import download_url

_KIND: Final = "crates"
_NO_NETWORK: Final = "this run makes no requests"


class CrateId(NamedTuple):
    """A published crate. version: as the registry spells it; checksum: the sha-256 its archive must have."""

    name: CrateName
    version: str
    checksum: str


class Crates:
    """The crates this machine has or can get."""

    def __init__(self, folders: tuple[str, ...], cache: Cache) -> None:
        """Take the folders of cargo to look into, in order (see `archives`), and our own cache."""
        self._folders = folders
        self._cache = cache

    def find(self, crate: CrateId) -> ArchiveSearch:
        """Return a crate that is on this machine, in cargo's folders or in the cache; what was left aside."""
        search = find_archive(crate.name, crate.version, crate.checksum, self._folders)
        if search.crate is not None:
            return search
        content = self._cache.read(_KIND, crate.checksum)
        if content is None or sha256(content) != crate.checksum:
            return search
        path = self._cache.path(_KIND, crate.checksum)
        return search._replace(crate=CrateArchive(path, f"{crate.name}-{crate.version}", content))

    def packed_size(self, crate: CrateId) -> int:
        """Return how large the archive seems to be that `find` would read; 0 for none. Opens nothing."""
        name = f"{crate.name}-{crate.version}.crate"
        places = [*(os.path.join(folder, name) for folder in self._folders), self._cache.path(_KIND, crate.checksum)]
        return next((os.path.getsize(place) for place in places if os.path.isfile(place)), 0)

    def download(self, crates: Iterable[CrateId], fetcher: Fetcher | None, template: str) -> Mapping[CrateId, str]:
        """Download what of `crates` is not on this machine; return why, for those that could not be had.

        fetcher: None in a run that makes no requests. template: see `index.download_url`. Afterwards `find`
        finds the others. An archive is held in memory only until it is stored.
        """
        missing = [crate for crate in dict.fromkeys(crates) if self.find(crate).crate is None]
        if fetcher is None:
            return dict.fromkeys(missing, _NO_NETWORK)
        by_url = {download_url(template, *crate): crate for crate in missing}
        asks = [Ask(url, largest=LARGEST_ARCHIVE, keep=False) for url in by_url]
        reasons = fetcher.fetch_all(asks, "crates", lambda answer: self._store(by_url[answer.url], answer))
        return {crate: why for crate, why in zip(by_url.values(), reasons, strict=True) if why is not None}

    def _store(self, crate: CrateId, answer: Answer) -> str | None:
        """Verify and store an archive; return why that cannot be done."""
        if isinstance(answer, Missing):
            return "the registry has no archive of this version"
        if not isinstance(answer, Found):
            return answer.reason
        found = sha256(answer.content)
        if found != crate.checksum:
            return f"what the registry sent has the sha-256 {found} and not {crate.checksum}: it was not used"
        try:
            self._cache.write(_KIND, crate.checksum, answer.content)
        except OSError as error:
            return f"it could not be stored in {self._cache.folder}: {error.strerror or error}"
        return None
