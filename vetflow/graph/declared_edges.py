"""The edges of the graph with what the packages' own manifests say about them, as far as these are known."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from vetflow.graph.crate_facts import CrateDependency, CrateFacts
from vetflow.model.packages import Dependency, Package, Workspace


class DeclaredEdge(NamedTuple):
    """A declared dependency, and the package of the graph that it means."""

    dependency: CrateDependency
    package: int


class DeclaredGraph(NamedTuple):
    """A workspace, and for each of its packages, by index: its facts and its edges.

    facts: None where they are missing. edges: in the order of the manifest; a package appears once for each declaration
    that means it. undeclared: what no known declaration explains, because facts are missing or a replacement took
    place; such an edge may be of either kind, and hold under any condition.
    """

    workspace: Workspace
    facts: tuple[CrateFacts | None, ...]
    edges: tuple[tuple[DeclaredEdge, ...], ...]
    undeclared: tuple[tuple[int, ...], ...]

    def is_proc_macro(self, number: int) -> bool | None:
        """Whether a package is a proc macro; None where nobody looked."""
        facts = self.facts[number]
        return (facts.targets if facts else self.workspace.packages[number].targets).proc_macro

    def has_build_script(self, number: int) -> bool | None:
        """Whether a package has a build script; None where nobody looked."""
        facts = self.facts[number]
        return (facts.targets if facts else self.workspace.packages[number].targets).build_script

    def lacking(self) -> tuple[int, ...]:
        """Return the packages without facts, in the order of the workspace."""
        return tuple(number for number in self.workspace.nodes if self.facts[number] is None)


def declare_edges(workspace: Workspace, facts: Sequence[CrateFacts | None]) -> DeclaredGraph:
    """Join the edges of a workspace with the facts about its packages; linear in both.

    facts: for each package of the workspace, None where they are missing. A declaration means each package of its name
    that its requirement accepts among those the package has an edge to; that is one, unless requirements overlap.
    """
    edges, undeclared = [], []
    for package_facts, locked in zip(facts, workspace.dependencies, strict=True):
        matched = tuple(_match(package_facts, locked, workspace.packages)) if package_facts else ()
        explained = {edge.package for edge in matched}
        edges.append(matched)
        undeclared.append(tuple([edge.package for edge in locked if edge.package not in explained]))
    return DeclaredGraph(workspace, tuple(facts), tuple(edges), tuple(undeclared))


def _match(facts: CrateFacts, locked: Sequence[Dependency], packages: Sequence[Package]) -> Iterator[DeclaredEdge]:
    by_name: dict[str, list[int]] = {}
    for target, _ in locked:
        by_name.setdefault(packages[target].name, []).append(target)
    for dependency in facts.dependencies:
        requirement = dependency.requirement
        for target in by_name.get(dependency.package, ()):
            if requirement is None or requirement.matches(packages[target].version):
                yield DeclaredEdge(dependency, target)
