"""Packages that a delta brings into the graph, or lets go of: what to look at before any line of source.

The payload of a recent attack was in a new dependency of crates that many trusted, and its build script ran before
anybody's code did (shared spec behaviour 0.4). So a dependency that was not there before is a finding, and a name that
looks like a well-known one is an alert.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Final, NamedTuple

from vetflow.formats.cargo_dependencies import ManifestDependency
from vetflow.formats.cargo_toml import Manifest
from vetflow.formats.positions import locate
from vetflow.graph.look_alikes import KnownNames
from vetflow.model.dates import Date
from vetflow.model.names import CrateName
from vetflow.model.packages import DependencyKind
from vetflow.model.requirement import VersionReq
from vetflow.model.version import VetVersion
from vetflow.surface.evidence import Evidence
from vetflow.surface.tiers import Grade, Tier

MANIFEST: Final = "Cargo.toml"
_YOUNG: Final = 90
"""Days. Most crates that were made for an attack were found, and removed, before that."""


class PackageFacts(NamedTuple):
    """What is known of a package that enters. version: what cargo would take today; published: the day of it.

    since: the day of the crate's first version. tiers: how it runs during the build by itself; grade: of what that can
    do, None where nobody looked; then lacking says why.
    """

    version: VetVersion | None = None
    published: Date | None = None
    since: Date | None = None
    tiers: tuple[Tier, ...] = ()
    grade: Grade | None = None
    lacking: str | None = None


class EnteringPackage(NamedTuple):
    """A package the old version does not depend on and the new one does, tests aside.

    requirements: as written. build: it is needed to build the crate, not to use it. optional: only with a feature that
    is not on by default. conditions: the platforms it is for, none for all. locked: versions the project has already.
    looks_like: well-known names it could be taken for.
    """

    name: CrateName
    requirements: tuple[VersionReq, ...]
    build: bool
    optional: bool
    conditions: tuple[str, ...]
    locked: tuple[VetVersion, ...]
    looks_like: tuple[CrateName, ...]
    facts: PackageFacts = PackageFacts()

    def grade(self, today: Date) -> Grade:
        """How much it deserves a look."""
        facts = self.facts
        if self.looks_like or facts.grade is Grade.ALERT:
            return Grade.ALERT
        if facts.tiers and facts.since is not None and facts.since.plus_days(_YOUNG) > today:
            return Grade.ALERT
        return Grade.NOTE if self.locked or self.optional else Grade.REVIEW


class PackageChanges(NamedTuple):
    """What enters and what leaves the dependencies of a crate, by name."""

    entering: tuple[EnteringPackage, ...]
    leaving: tuple[CrateName, ...]


def package_changes(
    old: Manifest, new: Manifest, *, locked: Mapping[CrateName, Collection[VetVersion]], known: KnownNames
) -> PackageChanges:
    """Compare the dependencies of two versions. locked: what the project has. known: names that are what they seem."""
    before, after = _by_package(old), _by_package(new)
    enabled = _default_features(new)
    entering = [
        EnteringPackage(
            name=name,
            requirements=tuple(dict.fromkeys(each.requirement for each in found if each.requirement)),
            build=all(each.kind is DependencyKind.BUILD for each in found),
            optional=all(each.optional and each.key not in enabled for each in found),
            conditions=_conditions(found),
            locked=tuple(sorted(locked.get(name, ()))),
            looks_like=_taken_for(name, known),
        )
        for name, found in sorted(after.items())
        if name not in before
    ]
    return PackageChanges(tuple(entering), tuple(sorted(before.keys() - after.keys())))


def package_evidence(package: EnteringPackage, new: Manifest, text: str, today: Date) -> Evidence:
    """Return a package that enters as evidence. text: of the manifest it stands in."""
    declared = next(each for each in new.dependencies if each.package == package.name)
    place = locate(text, (*declared.table, declared.key), key=True)
    line = place[0] if place else None
    sentence = "a package the old version does not depend on"
    if package.looks_like:
        sentence += f", whose name is near to {', '.join(package.looks_like)}"
    return Evidence(
        rule="dependency/new",
        capability="dependency",
        detail=package.name,
        grade=package.grade(today),
        tier=Tier.MANIFEST,
        path=MANIFEST,
        line=line,
        text=text.split("\n")[line - 1].rstrip("\r") if line else "",
        sentence=sentence,
    )


def _taken_for(name: CrateName, known: KnownNames) -> tuple[CrateName, ...]:
    resembled = known.resembled_by(name)
    return () if resembled is None else (resembled.known,)


def _by_package(manifest: Manifest) -> dict[CrateName, list[ManifestDependency]]:
    found: dict[CrateName, list[ManifestDependency]] = {}
    for each in manifest.dependencies:
        if each.kind is not DependencyKind.DEV:
            found.setdefault(each.package, []).append(each)
    return found


def _conditions(found: Collection[ManifestDependency]) -> tuple[str, ...]:
    """Return the platforms of some dependencies; none when one of them is for all."""
    conditions = [each.table[1] if each.table[0] == "target" else None for each in found]
    return () if None in conditions else tuple(sorted({each for each in conditions if each}))


def _default_features(manifest: Manifest) -> frozenset[str]:
    """Return the names that default features switch on: features, and with `dep:` the optional dependencies."""
    enabled: set[str] = set()
    left = ["default"]
    while left:
        feature = left.pop()
        if feature not in enabled:
            enabled.add(feature)
            left += [
                each.removeprefix("dep:").partition("/")[0]
                for each in manifest.features.get(feature, ())
                if "?/" not in each
            ]
    return frozenset(enabled)
