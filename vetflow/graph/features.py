"""Which optional dependencies of local packages that are no members are switched on.

A run takes all features, but that switches on only those of members. What a path package outside the workspace has
on follows from what the packages that depend on it ask for. Third-party packages that depend on one (because a patch
put it in the place of a published crate) ask in files that are not at hand; then the answer can be too small.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from vetflow.formats.cargo_dependencies import ManifestDependency
from vetflow.graph.local_packages import LocalPackage
from vetflow.model.packages import DependencyKind

_DEFAULT = "default"
_DEPENDENCY = "dep:"


class ActiveOptionals(NamedTuple):
    """For each folder of a package that is no member, the keys of its optional dependencies that are on.

    complete: whether nobody else can have asked for more.
    """

    keys: dict[str, set[str]]
    complete: bool

    def is_on(self, package: LocalPackage, dependency: ManifestDependency) -> bool:
        """Whether a dependency is certainly part of the graph: members take all features."""
        return package.is_member or not dependency.optional or dependency.key in self.keys.get(package.directory, ())

    def may_be_on(self, package: LocalPackage, dependency: ManifestDependency) -> bool:
        """Whether a dependency may be part of the graph."""
        return not self.complete or self.is_on(package, dependency)


def active_optionals(packages: Sequence[LocalPackage], *, is_patched: bool) -> ActiveOptionals:
    """Follow features from the members on, until nothing changes: linear in features times their depth.

    packages: all local packages. is_patched: whether some of them stand in for published crates.
    """
    others = {package.directory: _State(package) for package in packages if not package.is_member}
    members = [package for package in packages if package.is_member] if others else []
    for member in members:
        for dependency in member.dependencies:
            _request(others, dependency)
        for values in member.manifest.features.values():
            for value in values:
                _request_by_value(others, member.dependencies, value)
    changed = True
    while changed:
        before = [(len(state.features), len(state.on)) for state in others.values()]
        for state in others.values():
            state.spread(others)
        changed = before != [(len(state.features), len(state.on)) for state in others.values()]
    return ActiveOptionals({directory: state.on for directory, state in others.items()}, not is_patched)


class _State:
    """What is on in one package so far."""

    def __init__(self, package: LocalPackage) -> None:
        self._package = package
        self._built = [d for d in package.dependencies if d.kind is not DependencyKind.DEV]
        self._optional = {d.key for d in self._built if d.optional}
        self.reached = False
        self.features: set[str] = set()
        self.on: set[str] = set()

    def spread(self, others: dict[str, _State]) -> None:
        """Follow the features that are on to what they switch on, here and in dependencies."""
        if not self.reached:
            return
        declared = self._package.manifest.features
        for feature in tuple(self.features):
            if feature in declared:
                for value in declared[feature]:
                    self._follow(value, others)
            elif feature in self._optional:
                self.on.add(feature)
        for dependency in self._built:
            if not dependency.optional or dependency.key in self.on:
                _request(others, dependency)

    def _follow(self, value: str, others: dict[str, _State]) -> None:
        """Follow one value of a feature: a feature, `dep:KEY`, `KEY/FEATURE` or `KEY?/FEATURE`.

        For Cargo.lock cargo lets the form with a question mark, too, switch the dependency on.
        """
        key, slash, _ = value.partition("/")
        if value.startswith(_DEPENDENCY):
            self.on.add(value[len(_DEPENDENCY) :])
        elif not slash:
            self.features.add(value)
        else:
            self.on.add(key.rstrip("?"))
            if key in self._optional:
                self.features.add(key)
            _request_by_value(others, self._built, value)


def _request(others: dict[str, _State], dependency: ManifestDependency) -> None:
    """Ask for a dependency with the features its declaration names."""
    state = others.get(dependency.directory or "")
    if state is not None:
        state.reached = True
        state.features.update(dependency.features)
        if dependency.default_features is not False:
            state.features.add(_DEFAULT)


def _request_by_value(others: dict[str, _State], dependencies: Sequence[ManifestDependency], value: str) -> None:
    """Ask for what `KEY/FEATURE` or `KEY?/FEATURE` means."""
    key, slash, feature = value.partition("/")
    for dependency in dependencies if slash else ():
        state = others.get(dependency.directory or "")
        if dependency.key == key.rstrip("?") and state is not None:
            state.features.add(feature)
