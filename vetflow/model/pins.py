"""What `surface.lock` pins: for each crate, what of it runs when the project is built, and what that can do.

Plain values, so that a file written by a newer set of rules is still understood: capabilities and tiers are words,
grades are numbers (see `surface.tiers`).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from vetflow.model.names import CrateName
from vetflow.model.packages import Targets
from vetflow.model.version import VetVersion


class PinnedCapability(NamedTuple):
    """Something build-time code of a crate can do. tier: `T1` to `T5`. capability, detail: what acceptances name."""

    tier: str
    capability: str
    detail: str
    grade: int


class ShippedBinary(NamedTuple):
    """Machine code in a package. digest: the sha-256 of the file in lower-case hex."""

    path: str
    digest: str


class PinnedCrate(NamedTuple):
    """One crate of Cargo.lock.

    checksum: of its archive; None for a git revision, which the version names. build_only, build_too: the packages it
    depends on only for its build script, and also for it (names, whatever their features and platforms). host: it was
    linked into something that runs during the build when the file was written. surface: digest of its build-time
    files; None where it has none, as are capabilities and binaries then.
    """

    version: VetVersion
    checksum: str | None
    targets: Targets
    links: str | None = None
    build_only: tuple[CrateName, ...] = ()
    build_too: tuple[CrateName, ...] = ()
    host: bool = False
    surface: str | None = None
    capabilities: tuple[PinnedCapability, ...] = ()
    binaries: tuple[ShippedBinary, ...] = ()


class SurfaceLock(NamedTuple):
    """The file. rules: the version of the rules that found the capabilities. crates: by name."""

    rules: str
    crates: Mapping[CrateName, tuple[PinnedCrate, ...]] = {}

    def targets_by_checksum(self) -> dict[str, Targets]:
        """Return what is known of the targets of each archive."""
        return {each.checksum: each.targets for row in self.crates.values() for each in row if each.checksum}
