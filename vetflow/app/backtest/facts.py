"""What is known of every package that was ever in a lock: what of it runs during a build, and since when it is there.

All of them are looked up together, in batches: each archive and each crate of the index is asked once, whatever the
number of commits. What was read is kept by checksum (`readings`), so that only the first run over a history reads.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Final, NamedTuple

from vetflow.app.crate_batch import Unread
from vetflow.app.locked_packages import look_up_packages
from vetflow.app.network import Sources
from vetflow.app.pins import pin_reading
from vetflow.app.reading import rules_version
from vetflow.app.readings import Identity, Progress, identity_of, read_packages
from vetflow.app.request import Request
from vetflow.model.names import CrateName
from vetflow.model.packages import Package, Targets
from vetflow.model.pins import PinnedCrate, SurfaceLock
from vetflow.sources.index import PublishedVersion

_BATCH: Final = 256
"""So many crates are read before what was read is reduced to pins: a reading is far larger."""


class PastFacts(NamedTuple):
    """What is known, by package; for the others why nothing is.

    published: what the index says of a version. undated: versions without a moment, and why. moments: when the versions
    of a crate were published, in no order.
    """

    pins: Mapping[Identity, PinnedCrate]
    lacking: Mapping[Identity, Unread]
    published: Mapping[Identity, PublishedVersion]
    undated: Mapping[Identity, str]
    moments: Mapping[CrateName, Sequence[int]]

    def pin_of(self, package: Package) -> PinnedCrate | Unread:
        """Return what is known of the code of a package, or why nothing is."""
        identity = identity_of(package)
        return self.pins.get(identity) or self.lacking.get(identity, Unread("no lock that was read has it"))

    def published_at(self, package: Package) -> int | None:
        """Return when a package was published, seconds since 1970, where the index tells it."""
        row = self.published.get(identity_of(package))
        return None if row is None else row.published_at

    def targets(self) -> dict[str, Targets]:
        """Return what is known of the targets of each archive."""
        return {each.checksum: pin.targets for each, pin in self.pins.items() if each.checksum}


def gather_past(
    packages: Collection[Package], pinned: SurfaceLock | None, request: Request, sources: Sources, progress: Progress
) -> PastFacts:
    """Find out about packages, which are not local; archives are fetched where the run may.

    pinned: today's surface.lock, believed where it was written with today's rules.
    """
    pins = _pinned(packages, pinned)
    lacking: dict[Identity, Unread] = {}
    unread = [package for package in packages if identity_of(package) not in pins]
    for start, batch in _batches(unread):

        def told(what: str, done: int, total: int, start: int = start) -> None:
            read = what == "crates read"
            progress(what, start + done if read else done, len(unread) if read else total)

        readings = read_packages(batch, request, sources.without_vendored(), told)
        lacking |= readings.lacking
        pins |= {each: pin_reading(each.version, each.checksum, found) for each, found in readings.found.items()}
    indexed = look_up_packages(packages, request, sources.without_vendored())
    published = {identity_of(package): row for package, row in indexed.found.items()}
    undated = {identity_of(package): why for package, why in indexed.lacking.items()}
    undated |= {identity_of(package): "the index does not have it any more" for package in indexed.absent}
    undated |= {each: "the index does not say when" for each, row in published.items() if row.published_at is None}
    return PastFacts(pins, lacking, published, undated, indexed.moments)


def _pinned(packages: Collection[Package], pinned: SurfaceLock | None) -> dict[Identity, PinnedCrate]:
    """Return what surface.lock says of packages, those alone that a checksum or a commit identifies."""
    if pinned is None or pinned.rules != rules_version():
        return {}
    known = {(name, row.version, row.checksum): row for name, rows in pinned.crates.items() for row in rows}
    found = ((identity_of(each), known.get((each.name, each.version, each.checksum))) for each in packages)
    return {identity: row for identity, row in found if row is not None and identity.content}


def _batches(packages: Sequence[Package]) -> Iterator[tuple[int, Sequence[Package]]]:
    for start in range(0, len(packages), _BATCH):
        yield start, packages[start : start + _BATCH]
