"""From readings to what surface.lock pins, and back to the facts that the graph needs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from vetflow.app.reading import Reading, rules_version
from vetflow.graph.crate_facts import CrateDependency, CrateFacts
from vetflow.model.names import CrateName
from vetflow.model.packages import Dependency, DependencyKind, Package, Workspace
from vetflow.model.pins import PinnedCapability, PinnedCrate, SurfaceLock
from vetflow.model.version import VetVersion
from vetflow.surface.tiers import Grade


def pin_reading(version: VetVersion, checksum: str | None, reading: Reading) -> PinnedCrate:
    """Return what is pinned of a crate by itself; whether it is in the host closure depends on the workspace."""
    kinds: dict[CrateName, DependencyKind] = {}
    for each in reading.facts.dependencies:
        kinds[each.package] = kinds.get(each.package, DependencyKind(0)) | each.kind
    build = {name for name, kind in kinds.items() if kind & DependencyKind.BUILD}
    too = {name for name in build if kinds[name] & DependencyKind.NORMAL}
    return PinnedCrate(
        version=version,
        checksum=checksum,
        targets=reading.facts.targets,
        links=reading.facts.links,
        build_only=tuple(sorted(build - too)),
        build_too=tuple(sorted(too)),
        surface=reading.digest,
        capabilities=_capabilities(reading),
        binaries=reading.binaries,
    )


def _capabilities(reading: Reading) -> tuple[PinnedCapability, ...]:
    """Return what the build-time code can do that would be worth a note if it were new, each thing once."""
    grades: dict[tuple[str, str, str], Grade] = {}
    binaries = {binary.path for binary in reading.binaries}
    for each in reading.evidence:
        if each.line is None and each.path in binaries:
            continue  # pinned by its digest
        if each.grade_when_new >= Grade.NOTE and each.tier is not None:
            key = each.tier.value, each.capability, each.detail
            grades[key] = max(each.grade_when_new, grades.get(key, Grade.NOTE))
    return tuple(PinnedCapability(*key, int(grade)) for key, grade in sorted(grades.items()))


def pin_crates(pinned: Sequence[tuple[CrateName, PinnedCrate]]) -> SurfaceLock:
    """Return the pins of a workspace made with today's rules."""
    crates: dict[CrateName, tuple[PinnedCrate, ...]] = {}
    for name, crate in pinned:
        crates[name] = (*crates.get(name, ()), crate)
    return SurfaceLock(rules_version(), crates)


def pinned_facts(workspace: Workspace, pinned: Mapping[int, PinnedCrate]) -> dict[int, CrateFacts]:
    """Return facts for the packages that are pinned, by index: enough for the host closure, and for nothing else.

    What a package depends on is in Cargo.lock; what of that is for its build script alone is pinned.
    """
    return {
        number: CrateFacts(
            crate.targets, crate.links, tuple(_edges(crate, workspace.dependencies[number], workspace.packages))
        )
        for number, crate in pinned.items()
    }


def _edges(crate: PinnedCrate, locked: Sequence[Dependency], packages: Sequence[Package]) -> list[CrateDependency]:
    names = sorted({packages[edge.package].name for edge in locked})
    normal = [name for name in names if name not in crate.build_only]
    build = [name for name in names if name in crate.build_only or name in crate.build_too]
    return [
        CrateDependency(name, name, None, kind)
        for kind, wanted in ((DependencyKind.NORMAL, normal), (DependencyKind.BUILD, build))
        for name in wanted
    ]
