"""Whether a lock says enough about each package, and says the same as the index, an archive and an earlier lock.

Pure: whoever calls this brings what the index and the archives say. A checksum that differs anywhere is always a
failure: a published version never changes (shared spec trust 3.3).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from shlex import quote
from typing import Final, TypeAlias

from vetflow.errors import Place
from vetflow.formats.source_id import GIT, without_revision
from vetflow.model.findings import Finding, Level
from vetflow.model.names import CRATES_IO
from vetflow.model.packages import Package

PlaceOf: TypeAlias = Callable[[Package], Place | None]
"""Where Cargo.lock lists a package."""

_UPDATE: Final = "restore Cargo.lock from version control, then `cargo update -p {name}`"
_STOP: Final = "do not build; find out who changed it, and restore Cargo.lock from version control"


def lock_findings(packages: Collection[Package], place: PlaceOf, expected: Collection[str] = ()) -> Iterator[Finding]:
    """Yield what a lock by itself leaves open: checksums that are missing, sources nobody expects, doubled versions.

    expected: sources besides crates.io that are known and meant, as Cargo.lock writes them, without git revisions.
    """
    for package in packages:
        if package.source is None:
            continue
        yield from _of_source(package, package.source, place, expected)
    counts = Counter((package.name, package.version.semver) for package in packages)
    for package in packages:
        if package.source is not None and counts[package.name, package.version.semver] > 1:
            reason = f"{_named(package)} is in Cargo.lock more than once, here from {package.source}"
            yield Finding("lock/duplicate", Level.WARN, place(package), reason, f"cargo tree -i {quote(package.name)}")


def index_findings(found: Mapping[Package, str | None], absent: Iterable[Package], place: PlaceOf) -> Iterator[Finding]:
    """Yield packages that the index does not have, or has with another checksum. found: its checksums."""
    for package, checksum in found.items():
        if package.checksum is not None and checksum is not None and checksum != package.checksum:
            reason = f"the index has {_named(package)} with the checksum {checksum}, Cargo.lock with {package.checksum}"
            yield Finding("lock/index-checksum", Level.FAIL, place(package), reason, _STOP)
    for package in absent:
        reason = f"the index has no {_named(package)}: it was never published there, or was removed"
        yield Finding("lock/not-published", Level.FAIL, place(package), reason, _STOP)


def archive_findings(other: Mapping[Package, str], place: PlaceOf) -> Iterator[Finding]:
    """Yield packages of which there are archives, and none with the checksum of the lock. other: why, in words."""
    for package, why in other.items():
        reason = f"there is an archive of {_named(package)}, and it is not the one that Cargo.lock means: {why}"
        yield Finding("lock/archive-checksum", Level.FAIL, place(package), reason, _STOP)


def changed_checksums(old: Iterable[Package], new: Iterable[Package], place: PlaceOf) -> Iterator[Finding]:
    """Yield versions that an earlier lock has from the same source with another checksum, or that lost theirs."""
    before = {(package.name, package.version, package.source): package.checksum for package in old}
    for package in new:
        known = before.get((package.name, package.version, package.source))
        if known is not None and known != package.checksum:
            reason = f"the checksum of {_named(package)} was {known} and is {package.checksum or 'not there any more'}"
            yield Finding("lock/checksum-changed", Level.FAIL, place(package), reason, _STOP)


def _of_source(package: Package, source: str, place: PlaceOf, expected: Collection[str]) -> Iterator[Finding]:
    if source.startswith(GIT):
        if not package.version.git:
            reason = f"{_named(package)} is from git, and Cargo.lock does not say which commit: {source}"
            yield Finding(
                "lock/not-pinned", Level.FAIL, place(package), reason, _UPDATE.format(name=quote(package.name))
            )
    elif package.checksum is None:
        reason = f"Cargo.lock has no checksum of {_named(package)}: anything could be built in its place"
        yield Finding(
            "lock/missing-checksum", Level.FAIL, place(package), reason, _UPDATE.format(name=quote(package.name))
        )
    if source != CRATES_IO and without_revision(source) not in expected:
        reason = f"{_named(package)} does not come from crates.io, but from {source}"
        yield Finding("lock/unexpected-source", Level.WARN, place(package), reason)


def _named(package: Package) -> str:
    return f"{package.name} {package.version.semver}"
