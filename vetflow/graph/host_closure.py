"""The host closure: which packages are compiled for, and so run on, the machine that builds.

The walk of shared spec behaviour A4, over states (package, for the host or not). It is the widest reading: all members,
all features of them, all targets. What one build really compiles is in `build_scope`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from vetflow.graph.declared_edges import DeclaredGraph
from vetflow.model.packages import DependencyKind


class CompiledPackages(NamedTuple):
    """Packages as indices of the workspace.

    all: everything that is compiled. host: what of it is compiled for the machine that builds. Where facts are missing
    the answer errs large; presumed: the part of `host` that is there only because something is not known. lacking: the
    packages whose facts are missing, among `all`. While there are some, no number here is the last word: whether they
    have a build script is not known either. unclear: conditions (`cfg`, target triples) that could not be decided and
    count as fulfilled.
    """

    all: frozenset[int]
    host: frozenset[int]
    presumed: frozenset[int] = frozenset()
    lacking: tuple[int, ...] = ()
    unclear: frozenset[str] = frozenset()

    @property
    def is_complete(self) -> bool:
        """Whether nothing had to be presumed."""
        return not (self.lacking or self.unclear)


def host_closure(graph: DeclaredGraph, *, dev: bool) -> CompiledPackages:
    """Compute the host closure; linear in the graph.

    dev: whether members' dependencies for development count; those of other packages never do.
    """
    reached = _walk(graph, dev=dev, presume=True)
    everything = frozenset(number for number, _ in reached)
    host = frozenset(number for number, is_host in reached if is_host)
    lacking = tuple(number for number in graph.lacking() if number in everything)
    known = _walk(graph, dev=dev, presume=False) if lacking or any(graph.undeclared) else reached
    return CompiledPackages(everything, host, host - {number for number, is_host in known if is_host}, lacking)


def _walk(graph: DeclaredGraph, *, dev: bool, presume: bool) -> set[tuple[int, bool]]:
    """Return the states reached. presume: take what is not known for what leads to more of them."""
    members = frozenset(graph.workspace.members)
    reached = {(number, False) for number in members}
    waiting = list(reached)
    while waiting:
        number, is_host = waiting.pop()
        for target, kind in _edges(graph, number, presume=presume):
            if kind is DependencyKind.DEV and not (dev and number in members):
                continue
            is_proc_macro = graph.is_proc_macro(target)
            built = kind is DependencyKind.BUILD or (presume if is_proc_macro is None else is_proc_macro)
            state = (target, is_host or built)
            if state not in reached:
                reached.add(state)
                waiting.append(state)
    return reached


def _edges(graph: DeclaredGraph, number: int, *, presume: bool) -> Iterator[tuple[int, DependencyKind]]:
    """Yield what a package depends on and how, with each kind of an edge apart."""
    for edge in graph.edges[number]:
        yield edge.package, edge.dependency.kind
    for target in graph.undeclared[number]:
        yield target, DependencyKind.NORMAL
        if presume:
            yield target, DependencyKind.BUILD
