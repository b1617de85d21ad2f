"""Cargo.lock as a graph: which entries count, and what their dependency strings refer to.

Follows how cargo 1.95 reads a lock back (shared spec graph 1): an entry without a source counts only when there is a
path package of its name; a reference that is ambiguous, or leads to no entry, counts for nothing.
"""

from __future__ import annotations

from collections.abc import Sequence

from vetflow.formats.cargo_lock import LockEntry, Lockfile
from vetflow.formats.source_id import without_revision
from vetflow.graph.local_packages import LocalPackage
from vetflow.model.names import CrateName
from vetflow.model.version import VetVersion


class LockIndex:
    """Entries by number (their position in the lock).

    directories: for each entry the folder of the path package it is, None otherwise. is_live: whether cargo regards
    the entry at all.
    """

    def __init__(self, lock: Lockfile, local: Sequence[LocalPackage]) -> None:
        self.file = lock.file
        self.entries = lock.entries
        self.directories: list[str | None] = []
        self.is_live: list[bool] = []
        self._by_name: dict[CrateName, dict[str, list[int]]] = {}
        self._references: dict[str, int | None] = {}
        self._local: dict[tuple[CrateName, VetVersion], int] = {}
        folders: dict[CrateName, dict[VetVersion, str]] = {}
        for package in local:
            folders.setdefault(package.name, {})[package.version] = package.directory
        for number, entry in enumerate(lock.entries):
            versions = folders.get(entry.name) if entry.source is None else None
            directory = versions.get(entry.version) if versions is not None else None
            # With one path package of the name, cargo takes an entry of another version for a stale form of it.
            live = entry.source is not None or directory is not None or (versions is not None and len(versions) == 1)
            self.directories.append(directory)
            self.is_live.append(live)
            if live:
                self._by_name.setdefault(entry.name, {}).setdefault(entry.semver, []).append(number)
            if entry.source is None:
                self._local[entry.name, entry.version] = number

    def of_package(self, package: LocalPackage) -> int | None:
        """Return the entry of a path package: of its name and version, without a source."""
        return self._local.get((package.name, package.version))

    def named(self, name: CrateName) -> list[LockEntry]:
        """Return all entries of a name that count."""
        return [self.entries[n] for numbers in self._by_name.get(name, {}).values() for n in numbers]

    def targets(self, number: int) -> list[int]:
        """Return what an entry's dependencies refer to, as far as they refer to anything.

        An entry that `[replace]` replaced has one edge, to what replaced it.
        """
        known = self._references
        entry = self.entries[number]
        found = []
        for text in entry.dependencies if entry.replace is None else (entry.replace,):
            target = known[text] if text in known else self.find(text)
            if target is not None:
                found.append(target)
        return found

    def find(self, reference: str) -> int | None:
        """Return the entry that `NAME`, `NAME VERSION` or `NAME VERSION (SOURCE)` refers to."""
        if reference not in self._references:
            self._references[reference] = self._search(reference)
        return self._references[reference]

    def _search(self, reference: str) -> int | None:
        name, _, rest = reference.partition(" ")
        semver, _, source = rest.partition(" ")
        versions = self._by_name.get(name, {})
        if not semver:
            if len(versions) != 1:
                return None
            (semver,) = versions
        numbers = versions.get(semver, [])
        if source:
            wanted = source.strip("()")
            numbers = [n for n in numbers if without_revision(self.entries[n].source or "") == wanted]
        elif len(numbers) > 1:
            # A reference without a source means a path package where there is one.
            numbers = [n for n in numbers if self.entries[n].source is None]
        return numbers[0] if len(numbers) == 1 else None
