"""What build-time code a workspace has gained since somebody pinned it: the one question `surface --check` asks.

Only growth is reported. Code that changes without being able to do more, or that goes away, is silent here; a delta
shows it. Source: shared spec users A1 and D2, DESIGN.md 6.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from enum import Enum
from typing import Final, NamedTuple

from vetflow.model.names import CrateName
from vetflow.model.packages import Targets
from vetflow.model.pins import PinnedCrate, ShippedBinary, SurfaceLock
from vetflow.model.version import VetVersion
from vetflow.surface.tiers import Grade, Tier

BUILD_TIME: Final = "build-time"
SHIPPED_BINARY: Final = "shipped-binary"
"""The capabilities of growth that is none of the taxonomy's: code begins to run, a package brings machine code."""

TIER_WORDS: Final = {
    Tier.BUILD_SCRIPT: "build script",
    Tier.PROC_MACRO: "proc macro",
    Tier.HOST_LIBRARY: "library used during the build",
}


class GrowthKind(Enum):
    """How something grew; the value is the finding's id."""

    NEW_PACKAGE = "growth/new-package"
    BECAME_BUILD_TIME = "growth/became-build-time"
    CAPABILITY = "growth/capability"
    BINARY = "growth/binary"


class Growth(NamedTuple):
    """One thing that grew. since: the versions it was compared with, none for a package that is new.

    capability, detail: what an acceptance of it names. grade: of a capability; ALERT for a binary, REVIEW for the rest.
    """

    kind: GrowthKind
    crate: CrateName
    version: VetVersion
    capability: str
    detail: str
    tier: Tier
    grade: Grade
    since: tuple[VetVersion, ...] = ()


def find_growth(pinned: SurfaceLock, now: SurfaceLock) -> tuple[Growth, ...]:
    """Return what grew, by crate and version; linear in both. now: the crates of today's Cargo.lock."""
    return tuple(
        growth
        for name, crates in sorted(now.crates.items())
        for crate in sorted(crates, key=lambda each: each.version)
        for growth in crate_growth(name, crate, _predecessors(crate, pinned.crates.get(name, ())))
    )


def _predecessors(crate: PinnedCrate, known: Sequence[PinnedCrate]) -> Sequence[PinnedCrate]:
    """Return what a crate is compared with: itself where it was pinned, else all versions that were."""
    same = [each for each in known if (each.version, each.checksum) == (crate.version, crate.checksum)]
    return same or known


def crate_growth(name: CrateName, crate: PinnedCrate, before: Sequence[PinnedCrate]) -> Iterator[Growth]:
    """Yield what one crate gained over the pinned versions of it; over nothing, if there are none."""
    since = tuple(sorted(each.version for each in before))
    appeared = GrowthKind.BECAME_BUILD_TIME if before else GrowthKind.NEW_PACKAGE
    ran = {tier for each in before for tier in tiers_of(each.targets, host=each.host)}
    for tier in tiers_of(crate.targets, host=crate.host):
        if tier not in ran:
            yield Growth(appeared, name, crate.version, BUILD_TIME, TIER_WORDS[tier], tier, Grade.REVIEW, since)
    if crate.surface not in {each.surface for each in before}:  # the same code can do the same
        yield from _new_capabilities(name, crate, before, since)
    digests = {binary.digest for each in before for binary in each.binaries}
    for binary in crate.binaries:
        if binary.digest not in digests:
            detail = binary_detail(binary)
            yield Growth(GrowthKind.BINARY, name, crate.version, SHIPPED_BINARY, detail, Tier.INPUT, Grade.ALERT, since)


def _new_capabilities(
    name: CrateName, crate: PinnedCrate, before: Sequence[PinnedCrate], since: tuple[VetVersion, ...]
) -> Iterator[Growth]:
    """Yield what the code can do that deserves a look, and did not, or deserved less of one."""
    grades: dict[tuple[str, str], int] = {}
    for each in before:
        for known in each.capabilities:
            key = known.capability, known.detail
            grades[key] = max(known.grade, grades.get(key, 0))
    for found in sorted(crate.capabilities, key=lambda each: (-each.grade, each)):
        key = found.capability, found.detail
        if found.grade >= Grade.REVIEW and found.grade > grades.get(key, 0):
            grades[key] = found.grade
            tier, grade = Tier(found.tier), Grade(found.grade)
            yield Growth(GrowthKind.CAPABILITY, name, crate.version, *key, tier, grade, since)


def binary_detail(binary: ShippedBinary) -> str:
    """Return what an acceptance of machine code names: its path and enough of its digest."""
    return f"{binary.path} {binary.digest[:16]}"


def tiers_of(targets: Targets, *, host: bool) -> tuple[Tier, ...]:
    """Return why a crate's code runs during the build. host: its library is linked into what runs then."""
    tiers = (
        (Tier.BUILD_SCRIPT, targets.build_script),
        (Tier.PROC_MACRO, targets.proc_macro),
        (Tier.HOST_LIBRARY, host and not targets.proc_macro),
    )
    return tuple(tier for tier, runs in tiers if runs)
