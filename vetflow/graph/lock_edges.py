"""The edges of the graph, from lock and manifests together.

For local packages (members and path packages) each declared dependency is matched to an edge of the lock; for all
others the lock is the only word there is, and it does not tell build dependencies from normal ones: their edges count
as normal, which the verdict does not distinguish (shared spec graph 2).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

from vetflow.formats.cargo_dependencies import ManifestDependency
from vetflow.graph.features import ActiveOptionals
from vetflow.graph.local_packages import LocalPackage, LocalPackages
from vetflow.graph.lock_index import LockIndex
from vetflow.graph.patches import SourceFit
from vetflow.graph.stale import Disagreements
from vetflow.model.packages import DependencyKind

_NORMAL: Final = int(DependencyKind.NORMAL)


class Edges(NamedTuple):
    """What came of matching.

    targets: for each reached lock entry the entries it depends on, and how, as the number of a DependencyKind (flags
    are slow to join). local: the packages that lock entries
    are. declared: for each local entry its declarations with the entry each one means.
    """

    targets: dict[int, dict[int, int]]
    local: dict[int, LocalPackage]
    declared: dict[int, list[tuple[ManifestDependency, int]]]


def match_edges(
    packages: LocalPackages,
    index: LockIndex,
    fit: SourceFit,
    active: ActiveOptionals,
    disagreements: Disagreements,
) -> Edges:
    """Walk from the members along matched edges; linear in edges and declarations.

    active: which optional dependencies of packages that are no members are on. What lock and manifests
    disagree on (rules 1 to 3) goes to `disagreements`. Raises WorkspaceError only where a manifest is malformed.
    """
    matcher = _Matcher(packages, index, fit, active, disagreements)
    matcher.walk()
    return Edges(matcher.targets, matcher.local, matcher.declared)


class _Matcher:
    """State of one walk. `_waiting` holds reached entries whose edges are not known yet."""

    def __init__(
        self,
        packages: LocalPackages,
        index: LockIndex,
        fit: SourceFit,
        active: ActiveOptionals,
        disagreements: Disagreements,
    ) -> None:
        self._packages = packages
        self._index = index
        self._fit = fit
        self._active = active
        self._disagreements = disagreements
        self._waiting: list[int] = []
        self.targets: dict[int, dict[int, int]] = {}
        self.local: dict[int, LocalPackage] = {}
        self.declared: dict[int, list[tuple[ManifestDependency, int]]] = {}

    def walk(self) -> None:
        """Compute the edges of the members' entries and of all that they reach."""
        for member in self._packages.members:
            number = self._entry_of(member)
            if number is not None:
                self._waiting.append(number)
        while self._waiting:
            number = self._waiting.pop()
            if number in self.targets:
                continue
            directory = self._index.directories[number]
            package = self._packages.find(directory) if directory is not None else None
            if package is not None:
                self.local[number] = package
                targets = self._match(number, package)
            else:
                locked = self._index.targets(number)
                targets = dict.fromkeys(locked, _NORMAL)
                if len(locked) < len(self._index.entries[number].dependencies):
                    self._disagreements.note_dangling(self._index.entries[number])
            self.targets[number] = targets
            self._waiting.extend(targets)

    def _entry_of(self, package: LocalPackage) -> int | None:
        number = self._index.of_package(package)
        if number is None:
            self._disagreements.note_absent(package)
        return number

    def _match(self, number: int, package: LocalPackage) -> dict[int, int]:
        """Match what a local package declares to the edges the lock has for it."""
        locked = self._index.targets(number)
        by_name: dict[str, list[int]] = {}
        for target in locked:
            by_name.setdefault(self._index.entries[target].name, []).append(target)
        matched: dict[int, int] = {}
        declared = self.declared[number] = []
        wrong: set[str] = set()
        for dependency in self._considered(package):
            named = by_name.get(dependency.package, ())
            if not self._active.is_on(package, dependency):
                # It may be off: an edge that another declaration explains is no sign that it is on.
                named = [target for target in named if target not in matched]
            choose = self._choose if dependency.directory is None else self._choose_path
            chosen = choose(package, dependency, named)
            if chosen is not None:
                matched[chosen] = matched.get(chosen, 0) | int(dependency.kind)
                declared.append((dependency, chosen))
            elif self._active.is_on(package, dependency):
                wrong.add(dependency.package)
        for target in locked:
            entry = self._index.entries[target]
            # An edge that fits no declaration of its name was told with that declaration.
            if target not in matched and entry.name not in wrong:
                self._disagreements.note_undeclared(package, entry)
        return matched

    def _considered(self, package: LocalPackage) -> list[ManifestDependency]:
        """Return the declarations that can be part of the graph, those that certainly are first."""
        if package.is_member:
            return list(package.dependencies)
        active = self._active
        built = [d for d in package.dependencies if d.kind is not DependencyKind.DEV]
        possible = [d for d in built if not active.is_on(package, d) and active.may_be_on(package, d)]
        return [*[d for d in built if active.is_on(package, d)], *possible]

    def _choose(self, package: LocalPackage, dependency: ManifestDependency, locked: Sequence[int]) -> int | None:
        """Return the locked package a declaration means: of several that fit the lowest version, as cargo does.

        locked: the edges of the lock that lead to packages of the right name.
        """
        entries, directories = self._index.entries, self._index.directories
        requirement = dependency.requirement
        fitting = [
            target
            for target in locked
            if (requirement is None or requirement.matches(entries[target].version))
            and self._fit.fits(dependency, entries[target], directories[target])
        ]
        if len(fitting) > 1:
            return min(fitting, key=lambda target: entries[target].version)
        if not fitting and self._active.is_on(package, dependency):
            self._disagreements.note_unmatched(package, dependency, [entries[target] for target in locked])
        return fitting[0] if fitting else None

    def _choose_path(self, package: LocalPackage, dependency: ManifestDependency, locked: Sequence[int]) -> int | None:
        """Return the lock entry of a path dependency: its manifest decides which one, the lock has to follow."""
        if not self._active.is_on(package, dependency):
            directories = self._index.directories
            return next((t for t in locked if directories[t] == dependency.directory), None)
        target = self._packages.find(dependency.directory or "")
        if target is None:
            wrong = f"path dependency `{dependency.key}` has no package at {dependency.directory}"
        elif target.name != dependency.package:
            wrong = f"the package at {target.directory} is named `{target.name}`, not `{dependency.package}`"
        elif dependency.requirement is not None and not dependency.requirement.matches(target.version):
            wrong = (
                f"`{package.name}` depends on `{target.name} {dependency.requirement}`, "
                f"but the package at {target.directory} has version {target.version}"
            )
        else:
            number = self._entry_of(target)
            if number is None or number in locked:
                return number
            self._disagreements.note_unmatched(package, dependency, [])
            return None
        way_out = "correct the dependency, or the package it leads to"
        self._disagreements.note_dependency(package, dependency, wrong, way_out)
        return None
