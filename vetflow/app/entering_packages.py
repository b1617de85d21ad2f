"""What is known of the packages a delta brings in: how old they are, and what of them runs during a build.

The index tells versions and days, the archive of the version cargo would take tells the rest; where a run may not ask,
or nobody answers, that is said.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from vetflow.app.crate_contents import look_up_published
from vetflow.app.crates import CrateReader
from vetflow.app.known_names import known_names
from vetflow.app.network import Sources
from vetflow.app.project import Project
from vetflow.app.reading import read_content
from vetflow.errors import VetflowError
from vetflow.formats.cargo_toml import Manifest
from vetflow.model.names import CrateName
from vetflow.model.version import VetVersion
from vetflow.review.packages import EnteringPackage, PackageChanges, PackageFacts, package_changes
from vetflow.sources.answers import Unavailable
from vetflow.sources.index import IndexAnswer, PublishedCrate, PublishedVersion
from vetflow.surface.tiers import Grade

_MOST_READ: Final = 12
"""Of so many packages the archives are read; a delta that brings more is to be looked at as a whole."""


def changed_packages(
    old: Manifest, new: Manifest, project: Project | None, reader: CrateReader, sources: Sources
) -> PackageChanges:
    """Compare the dependencies of two versions, and find out about those that enter."""
    locked = _locked(project)
    changes = package_changes(old, new, locked=locked, known=known_names(locked))
    if not changes.entering:
        return changes
    index = look_up_published([package.name for package in changes.entering], sources)
    entering = [
        package._replace(facts=_facts(package, index[package.name], reader, read=number < _MOST_READ))
        for number, package in enumerate(changes.entering)
    ]
    return changes._replace(entering=tuple(entering))


def _locked(project: Project | None) -> Mapping[CrateName, list[VetVersion]]:
    found: dict[CrateName, list[VetVersion]] = {}
    for package in project.workspace.packages if project else ():
        found.setdefault(package.name, []).append(package.version)
    return found


def _facts(package: EnteringPackage, answer: IndexAnswer, reader: CrateReader, *, read: bool) -> PackageFacts:
    if not isinstance(answer, PublishedCrate):
        reason = answer.reason if isinstance(answer, Unavailable) else "the registry has no such crate"
        return PackageFacts(lacking=reason)
    taken = _taken(package, answer)
    if taken is None:
        return PackageFacts(lacking="no published version fits")
    facts = PackageFacts(
        taken.version,
        taken.published,
        min((each.published for each in answer.versions if each.published), default=None),
    )
    if not read:
        return facts._replace(lacking=f"only the first {_MOST_READ} packages were read")
    try:
        reading = read_content(reader.version(package.name, taken.version))
    except VetflowError as error:
        return facts._replace(lacking=error.message)
    grade = max((each.grade for each in reading.evidence), default=Grade.EXPECTED)
    return facts._replace(tiers=reading.tiers(), grade=grade)


def _taken(package: EnteringPackage, crate: PublishedCrate) -> PublishedVersion | None:
    """Return the version that is locked, else the one cargo would take today."""
    fitting = [
        each
        for each in crate.versions
        if all(requirement.matches(each.version) for requirement in package.requirements)
    ]
    locked = [each for each in fitting if each.version in package.locked]
    return max(locked or [each for each in fitting if not each.yanked], key=lambda each: each.version, default=None)
