"""Readings of many crates: from the cache where a reading with today's rules is kept, else from what they hold.

Reading 485 archives takes seconds, so it is done by several processes, once; see `reading` and the budgets of
DESIGN.md 7. A reading is kept by the archive's checksum, or the commit, and the version of the rules. What lies in a
vendored folder is read every time: its own list of checksums is all that says what it is.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from functools import partial
from typing import Final, NamedTuple, TypeAlias

from vetflow import __version__
from vetflow.app.crate_batch import Unread, work_on_crates
from vetflow.app.crates import CrateContent
from vetflow.app.facts_at_hand import NO_LIBRARY
from vetflow.app.network import Sources
from vetflow.app.reading import Reading, read_content, rules_version
from vetflow.app.reading_codec import FORMAT, decode, encode
from vetflow.app.request import Request
from vetflow.model.names import CrateName
from vetflow.model.packages import Package
from vetflow.model.version import VetVersion
from vetflow.sources.archives import sha256
from vetflow.sources.cache import Cache

_KIND: Final = "surface"

Progress: TypeAlias = Callable[[str, int, int], None]


class Identity(NamedTuple):
    """What tells one package of Cargo.lock from another."""

    name: CrateName
    version: VetVersion
    source: str | None
    checksum: str | None

    @property
    def content(self) -> str | None:
        """What its content is known by; None where nothing vouches for that."""
        return self.checksum or (f"{self.name} {self.version.git}" if self.version.git else None)


class Readings(NamedTuple):
    """What was read, and why not for the others: a crate that is refused keeps nobody from reading the rest."""

    found: Mapping[Identity, Reading]
    lacking: Mapping[Identity, Unread]


def identity_of(package: Package) -> Identity:
    """Return what a package is known by, whatever has become known of its targets."""
    return Identity(package.name, package.version, package.source, package.checksum)


def read_packages(packages: Iterable[Package], request: Request, sources: Sources, progress: Progress) -> Readings:
    """Read packages that are not local, each once; what is not on this machine is fetched where the run may.

    Keeps what it reads in the cache, where that can be written.
    """
    wanted = {identity_of(package): package for package in packages}
    kept = {} if sources.vendored else {each: _kept(each, sources.cache) for each in wanted}
    found = {each: reading for each, reading in kept.items() if reading is not None}
    unread = {each: package for each, package in wanted.items() if each not in found and each.content}
    results = work_on_crates(
        tuple(unread.values()), partial(_read, sources.cache.folder), request, sources, progress=progress
    )
    lacking = {each: Unread("Cargo.lock has no checksum for it") for each in wanted if not each.content}
    for each, package in unread.items():
        result = results[package]
        if isinstance(result, Unread):
            lacking[each] = result
        else:
            found[each] = result
    return Readings(found, lacking)


def _kept(identity: Identity, cache: Cache) -> Reading | None:
    content = cache.read(_KIND, _key(identity.content)) if identity.content else None
    return None if content is None else decode(content)


def _key(content: str) -> str:
    # Another vetflow may see other things by the same rules.
    return sha256(f"{content} {rules_version()} {__version__} {FORMAT}".encode())


def _read(folder: str, content: CrateContent) -> Reading:
    """Read one crate and keep what was read; runs in a process of its own."""
    reading = read_content(content)
    git = content.version.git if content.version else None
    known_by = f"{content.name} {git}" if git else content.identity
    cache = Cache(folder, time.time)
    with suppress(OSError):  # a cache that cannot be written costs time, nothing else
        cache.write(_KIND, _key(known_by), encode(reading))
        if not (git or reading.facts.targets.has_library):
            cache.write(NO_LIBRARY, content.identity, b"")
    return reading
