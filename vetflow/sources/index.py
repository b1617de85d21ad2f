"""The sparse index of a registry: which versions of a crate are published, and their checksums.

The format is cargo's: one JSON object for each version, a line each (The Cargo Book, "Index Format"). An
index is static files behind a CDN, so crates are looked up side by side, and unchanged ones cost a short
answer.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Collection, Iterable, Mapping
from typing import Any, Final, NamedTuple, TypeAlias

from vetflow.model.dates import Date
from vetflow.model.names import CrateName
from vetflow.model.version import VersionSyntaxError, VetVersion, parse_version
from vetflow.sources.answers import LARGEST_TEXT, Answer, Ask, Fetcher, Found, Missing, Unavailable
from vetflow.sources.endpoints import DOWNLOAD, INDEX
from vetflow.sources.timestamps import utc_day, utc_seconds

_CRATE_NAME: Final = re.compile(r"[0-9A-Za-z_-]+\Z")
_CHECKSUM: Final = re.compile(r"[0-9a-f]{64}\Z")
_DOWNLOAD_PATH: Final = "/{crate}/{version}/download"
_MARKERS: Final = ("{crate}", "{version}", "{prefix}", "{lowerprefix}", "{sha256-checksum}")


class PublishedVersion(NamedTuple):
    """A version in the index. checksum: sha-256 of its archive.

    published: the day, where it is known; published_at: the moment, in seconds since 1970.
    """

    version: VetVersion
    checksum: str | None
    yanked: bool
    published: Date | None
    published_at: int | None = None


class PublishedCrate(NamedTuple):
    """A crate in the index, with at least one version, in ascending order; yanked ones are among them.

    name: as the index spells it; the lookup does not care about case.
    """

    name: CrateName
    versions: tuple[PublishedVersion, ...]

    def find(self, version: VetVersion) -> PublishedVersion | None:
        """Return what the index says of one version."""
        return next((published for published in self.versions if published.version == version), None)


IndexAnswer: TypeAlias = PublishedCrate | Missing | Unavailable
"""`Missing`: the registry has no such crate."""


def look_up_crates(fetcher: Fetcher, names: Iterable[CrateName], index: str = INDEX) -> Mapping[CrateName, IndexAnswer]:
    """Return what the index at the URL `index` says of each crate."""
    urls = {name: index + _path(name) for name in dict.fromkeys(names)}
    asked = [name for name in urls if _CRATE_NAME.match(name)]
    answers = fetcher.fetch_all([Ask(urls[name]) for name in asked], "published versions", _published)
    found = dict(zip(asked, answers, strict=True))
    # What can be no crate's name is in no registry, and is made no address of.
    return {name: found.get(name, Missing(url)) for name, url in urls.items()}


def kept_crates(
    fetcher: Fetcher, versions: Mapping[CrateName, Collection[VetVersion]], index: str = INDEX
) -> Mapping[CrateName, PublishedCrate]:
    """Return what earlier runs kept of what the index says, of the crates of which that knows all of `versions`.

    Asks nobody. What an index says of a version does not change, yanking apart; newer versions may be missing here.
    """
    found = {}
    for name, wanted in versions.items():
        copy = fetcher.kept(index + _path(name)) if _CRATE_NAME.match(name) else None
        known = None if copy is None else _published(copy)
        if isinstance(known, PublishedCrate) and {row.version for row in known.versions}.issuperset(wanted):
            found[name] = known
    return found


def local_crates(folder: str, names: Iterable[CrateName]) -> Mapping[CrateName, PublishedCrate]:
    """Return what the index of a local registry says, of the crates it has; nothing for folders without an index.

    folder: what replaces crates.io in cargo's configuration. The file format is that of the index on the network.
    """
    found = {}
    for name in names:
        path = os.path.join(folder, "index", *_path(name).split("/"))
        try:
            with open(path, "rb") as file:
                answer = _published(Found(path, file.read(LARGEST_TEXT)))
        except OSError:
            continue
        if isinstance(answer, PublishedCrate):
            found[name] = answer
    return found


def cached_crates(cargo_home: str, names: Iterable[CrateName]) -> Mapping[CrateName, PublishedCrate]:
    """Return what cargo kept of the indexes it asked, of the crates it asked about; possibly old, without a request.

    Several registries may know a name: take from the answer only the version whose checksum is the lock's. Cargo's
    format: a header, then version and JSON in turns, each ended by a NUL.
    """
    indexes = os.path.join(cargo_home, "registry", "index")
    try:
        folders = [os.path.join(indexes, name, ".cache") for name in sorted(os.listdir(indexes))]
    except OSError:  # cargo has asked nobody yet
        return {}
    found = {}
    for name in filter(_CRATE_NAME.match, names):
        rows: list[bytes] = []
        for folder in folders:
            try:
                with open(os.path.join(folder, *_path(name).split("/")), "rb") as file:
                    rows += [part for part in file.read(LARGEST_TEXT).split(b"\0") if part.startswith(b"{")]
            except OSError:
                continue
        answer = _published(Found(name, b"\n".join(rows)))
        if isinstance(answer, PublishedCrate):
            found[name] = answer
    return found


def download_template(fetcher: Fetcher, index: str) -> str | Missing | Unavailable:
    """Return how to make a crate's address for downloading: see `download_url`. crates.io's is known."""
    if index == INDEX:
        return DOWNLOAD
    answer = fetcher.fetch(Ask(index + "config.json"))
    if not isinstance(answer, Found):
        return answer
    try:
        template = json.loads(answer.content)["dl"]
    except (ValueError, RecursionError, KeyError, TypeError):
        template = None
    return template if isinstance(template, str) else Unavailable(answer.url, "it is no index's configuration")


def download_url(template: str, name: CrateName, version: str, checksum: str) -> str:
    """Return the address of an archive: `template` with its markers filled in, as cargo does."""
    if not any(marker in template for marker in _MARKERS):
        template += _DOWNLOAD_PATH
    prefix = _prefix(name)
    for marker, value in zip(_MARKERS, (name, version, prefix, prefix.lower(), checksum), strict=True):
        template = template.replace(marker, value)
    return template


def _path(name: CrateName) -> str:
    return f"{_prefix(name)}/{name}".lower()


def _prefix(name: CrateName) -> str:
    if len(name) < 3:
        return str(len(name))
    return f"3/{name[0]}" if len(name) == 3 else f"{name[:2]}/{name[2:4]}"


def _published(answer: Answer) -> IndexAnswer:
    if not isinstance(answer, Found):
        return answer
    try:
        rows = [json.loads(line) for line in answer.content.splitlines() if line.strip()]
        names = [row["name"] for row in rows]
        versions = [_version(row) for row in rows]
    except (ValueError, RecursionError, KeyError, TypeError):
        return Unavailable(answer.url, "the answer is no file of an index")
    # The last one wins, as with cargo-vet; one that is no version is as good as not published.
    distinct = {published.version: published for published in versions if published is not None}
    if not distinct:
        return Missing(answer.url)
    return PublishedCrate(str(names[0]), tuple(distinct[version] for version in sorted(distinct)))


def _version(row: Mapping[str, Any]) -> PublishedVersion | None:
    try:
        version = parse_version(row["vers"])
    except VersionSyntaxError:
        return None
    if version.git:  # a spelling of cargo-vet's files, no version of a registry
        return None
    checksum = row.get("cksum")
    return PublishedVersion(
        version=version,
        checksum=checksum if isinstance(checksum, str) and _CHECKSUM.match(checksum) else None,
        yanked=row.get("yanked") is True,
        published=utc_day(row.get("pubtime")),
        published_at=utc_seconds(row.get("pubtime")),
    )
