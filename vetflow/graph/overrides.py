"""`[patch]` and `[replace]` against the lock: what is declared must be used or listed as unused, and the reverse.

Rule (5) of shared spec graph 1, and what cargo 1.95 compares of two locks.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from vetflow.formats.cargo_dependencies import ManifestDependency
from vetflow.formats.cargo_lock import LockEntry, Lockfile
from vetflow.formats.cargo_toml import Manifest
from vetflow.graph.local_packages import LocalPackage, LocalPackages
from vetflow.graph.lock_index import LockIndex
from vetflow.graph.patches import Patch, SourceFit
from vetflow.graph.stale import Disagreements
from vetflow.model.names import CRATES_IO


def check_patches(
    patches: Sequence[Patch],
    *,
    packages: LocalPackages,
    lock: Lockfile,
    index: LockIndex,
    fit: SourceFit,
    reached: Collection[int],
    disagreements: Disagreements,
) -> None:
    """Note patches that lead nowhere, patches the lock does not know, and unused ones that nobody declares.

    reached: the lock entries that are part of the graph.
    """
    for patch in patches:
        dependency = patch.dependency
        if dependency.directory is not None:
            package = packages.find(dependency.directory)
            if package is None or not _is_package(dependency, package):
                disagreements.note_patch(
                    patch.file,
                    dependency,
                    f"there is no package `{dependency.package}` that fits this patch at {dependency.directory}",
                    "correct the path, or remove the patch",
                )
                continue
            known = index.of_package(package) in reached or any(
                unused.source is None and (unused.name, unused.version) == (package.name, package.version)
                for unused in lock.unused_patches
            )
        else:
            entries = [*[index.entries[number] for number in reached], *lock.unused_patches]
            known = any(_is_locked(dependency, entry, fit) for entry in entries)
        if not known:
            message = f"Cargo.lock does not have this patch of `{dependency.package}`"
            disagreements.note_patch(patch.file, dependency, message)
    for unused in lock.unused_patches:
        # Without a source it counts only if it is a path package; then it was found above.
        if unused.source and not any(_is_locked(patch.dependency, unused, fit) for patch in patches):
            disagreements.note_lock(f"Cargo.lock lists an unused patch `{unused.name}` that no manifest declares")


def check_replacements(root: Manifest, index: LockIndex, fit: SourceFit, disagreements: Disagreements) -> None:
    """Note replacements the lock does not apply, and those it applies without being asked."""
    declared = [(_parse_spec(replacement.spec), replacement.dependency) for replacement in root.replacements]
    for number, entry in enumerate(index.entries):
        if not index.is_live[number]:
            continue
        asked = next((d for spec, d in declared if _is_replaced(spec, entry)), None)
        target = index.find(entry.replace) if entry.replace is not None else None
        name = f"{entry.name} {entry.semver}"
        if asked is None and entry.replace is not None:
            disagreements.note_lock(f"Cargo.lock replaces `{name}`, which no manifest asks for")
        elif asked is not None and (
            target is None or not fit.is_from(asked, index.entries[target], index.directories[target])
        ):
            message = f"Cargo.lock does not replace `{name}` as asked here"
            disagreements.note_patch(root.file, asked, message)


def _is_package(dependency: ManifestDependency, package: LocalPackage) -> bool:
    requirement = dependency.requirement
    return package.name == dependency.package and (requirement is None or requirement.matches(package.version))


def _is_locked(dependency: ManifestDependency, entry: LockEntry, fit: SourceFit) -> bool:
    """Whether a lock entry is what a patch from git or a registry leads to."""
    requirement = dependency.requirement
    return (
        entry.name == dependency.package
        and (requirement is None or requirement.matches(entry.version))
        and fit.is_from(dependency, entry, None)
    )


def _parse_spec(spec: str) -> tuple[str, str, bool]:
    """Return name, version and whether a registry is named, of `NAME:VERSION` or `URL#NAME:VERSION`."""
    url, hash_, rest = spec.rpartition("#")
    name, _, semver = rest.replace("@", ":").partition(":")
    if hash_ and not semver:
        name, semver = url.rstrip("/").rpartition("/")[2], name
    return name, semver, bool(hash_)


def _is_replaced(spec: tuple[str, str, bool], entry: LockEntry) -> bool:
    name, semver, has_url = spec
    return (
        entry.name == name
        and (entry.semver == semver or entry.semver.startswith(f"{semver}."))
        and (entry.source is not None if has_url else entry.source == CRATES_IO)
    )
