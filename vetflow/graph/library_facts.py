"""Packages without a library: what is known about them, and the graph without them.

`cargo metadata` has no edge to a package that has no library target; Cargo.lock has. For local packages the files at
hand decide. For all others a library is presumed unless there is a fact (DESIGN.md 5, shared spec graph 1).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from vetflow.formats.facts_toml import NoLibrary
from vetflow.model.names import CrateName
from vetflow.model.packages import Dependency, Package, Targets, Workspace


class LibraryFacts(NamedTuple):
    """What is known about packages that are not local.

    by_checksum: what somebody saw in an archive, keyed by its checksum in the lock; it wins. without_library: by name.
    """

    by_checksum: Mapping[str, Targets] = {}
    without_library: Mapping[CrateName, tuple[NoLibrary, ...]] = {}

    def with_targets(self, checksum: str, targets: Targets) -> LibraryFacts:
        """Return the facts with one more archive looked into."""
        return self._replace(by_checksum={**self.by_checksum, checksum: targets})

    def targets_of(self, package: Package) -> Targets:
        """Return what is known about a package, its own knowledge included."""
        if package.checksum is not None and (seen := self.by_checksum.get(package.checksum)) is not None:
            return seen
        facts = self.without_library.get(package.name, ())
        if package.targets.has_library is None and any(f.versions.matches(package.version) for f in facts):
            return package.targets._replace(has_library=False)
        return package.targets


def apply_library_facts(workspace: Workspace, facts: LibraryFacts) -> Workspace:
    """Drop edges to packages without a library and all that is reachable only through them; linear in the graph.

    workspace: from `load_workspace`, which keeps everything: with a further fact, apply the facts to it anew. (In a
    `cargo metadata` document cargo has done the same.) Members stay, whatever they are.
    """
    targets = [facts.targets_of(package) for package in workspace.packages]
    packages = [
        package if package.targets is found else package._replace(targets=found)
        for package, found in zip(workspace.packages, targets, strict=True)
    ]
    absent = {number for number, found in enumerate(targets) if found.has_library is False}
    kept = list(workspace.dependencies)
    for number, edges in enumerate(kept):
        if any(edge.package in absent for edge in edges):
            kept[number] = tuple([edge for edge in edges if edge.package not in absent])
    reached = set(workspace.members)
    waiting = [*workspace.members]
    while waiting:
        for target, _ in kept[waiting.pop()]:
            if target not in reached:
                reached.add(target)
                waiting.append(target)
    if len(reached) == len(packages):
        return workspace._replace(packages=tuple(packages), dependencies=tuple(kept))
    order = sorted(reached)
    position = {number: i for i, number in enumerate(order)}
    return workspace._replace(
        packages=tuple([packages[n] for n in order]),
        dependencies=tuple([tuple([Dependency(position[target], kinds) for target, kinds in kept[n]]) for n in order]),
        members=tuple([position[n] for n in workspace.members]),
        nodes=tuple(range(len(order))),
    )
