"""Where a locked package must come from to be what a manifest asks for, with `[patch]` applied.

Source: shared spec graph 1; cargo 1.95 for git references and patched sources.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

from vetflow.formats.cargo_dependencies import ManifestDependency
from vetflow.formats.cargo_lock import LockEntry
from vetflow.formats.source_id import GIT, canonical_repository, parse_git_source
from vetflow.model.names import CRATES_IO

_CRATES_IO_NAMES: Final = frozenset(("crates-io", CRATES_IO.removeprefix("registry+")))
_REGISTRIES: Final = ("registry+", "sparse+")


class Patch(NamedTuple):
    """One entry of `[patch]`: source is the registry name or URL whose package it replaces, file where it stands."""

    source: str
    dependency: ManifestDependency
    file: str


def patches_of(file: str, tables: Mapping[str, Sequence[ManifestDependency]]) -> list[Patch]:
    """Return the patches that a root manifest or one of cargo's configuration files declares."""
    return [Patch(source, dependency, file) for source, table in tables.items() for dependency in table]


class SourceFit:
    """Whether an entry of Cargo.lock can be what a manifest asks for: same kind of source, patches applied.

    Registries other than crates.io are told apart from it, not from each other: their URLs are in cargo's
    configuration.
    """

    def __init__(self, patches: Sequence[Patch]) -> None:
        self._patches: dict[str, list[Patch]] = {}
        for patch in patches:
            self._patches.setdefault(patch.dependency.package, []).append(patch)

    def fits(self, dependency: ManifestDependency, entry: LockEntry, directory: str | None) -> bool:
        """Whether a lock entry is from where the dependency, or a patch of it, says.

        directory: the folder of the path package that the entry is, if it is one.
        """
        if self.is_from(dependency, entry, directory):
            return True
        return any(
            self.is_from(patch.dependency, entry, directory)
            for patch in self._patches.get(dependency.package, ())
            if _is_patched(dependency, patch.source)
        )

    def is_from(self, dependency: ManifestDependency, entry: LockEntry, directory: str | None) -> bool:
        """Whether a lock entry is from where a dependency says, patches left aside."""
        source = entry.source
        if dependency.git is not None:
            return source is not None and source.startswith(GIT) and parse_git_source(source) == dependency.git
        if dependency.directory is not None:
            return source is None and directory == dependency.directory
        if dependency.registry is not None:
            return source is not None and source.startswith(_REGISTRIES) and source != CRATES_IO
        return source == CRATES_IO


def _is_patched(dependency: ManifestDependency, patched: str) -> bool:
    """Whether a patch of the source `patched`, a registry's name or a URL, concerns a dependency."""
    if dependency.directory is not None:
        return False
    if dependency.git is not None:
        return canonical_repository(patched) == dependency.git.repository
    if dependency.registry is None:
        return patched in _CRATES_IO_NAMES
    return patched == dependency.registry or ("://" in patched and patched not in _CRATES_IO_NAMES)
