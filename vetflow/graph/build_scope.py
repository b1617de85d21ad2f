"""What one `cargo build` compiles: which packages for the machine that builds, and which for the target.

The same states as in `host_closure`, but only along dependencies that are on: with the features that are switched on,
on the platforms at hand, and build dependencies only of packages that have a build script. Programs that are left out
because a feature they require is off count as built.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Final

from vetflow.graph.cfg import holds
from vetflow.graph.declared_edges import DeclaredEdge, DeclaredGraph
from vetflow.graph.feature_resolution import BuildRequest, State, SwitchedOn, resolve_features
from vetflow.graph.host_closure import CompiledPackages
from vetflow.graph.platforms import Platform
from vetflow.model.packages import DependencyKind

_BUILT: Final = (DependencyKind.NORMAL, DependencyKind.BUILD)


def build_scope(graph: DeclaredGraph, request: BuildRequest) -> CompiledPackages:
    """Compute what is compiled; linear in the graph, for each target."""
    unclear: set[str] = set()
    states = _compiled(graph, request, unclear, presume=True)
    everything = frozenset(number for number, _ in states)
    lacking = tuple(number for number in graph.lacking() if number in everything)
    if lacking or unclear or any(graph.undeclared):
        certain = _compiled(graph, request, unclear, presume=False)
    else:
        certain = states
    host, known = (frozenset(number for number, is_host in found if is_host) for found in (states, certain))
    return CompiledPackages(everything, host, host - known, lacking, frozenset(unclear))


def _compiled(graph: DeclaredGraph, request: BuildRequest, unclear: set[str], *, presume: bool) -> set[State]:
    """Return the states reached; adds conditions that cannot be decided to `unclear`."""
    switched_on = resolve_features(graph, request, presume=presume)
    walks = [_Walk(graph, request, switched_on, target, presume=presume) for target in request.built_for]
    states = {state for walk in walks for state in walk.run()}
    unclear.update(condition for walk in walks for condition in walk.unclear)
    return states


class _Walk:
    """The walk for one target. presume: take what is not known for what makes the answer larger; else smaller."""

    def __init__(
        self, graph: DeclaredGraph, request: BuildRequest, switched_on: SwitchedOn, target: Platform, *, presume: bool
    ) -> None:
        self._graph = graph
        self._request = request
        self._switched_on = switched_on
        self._target = target
        self._presume = presume
        self.unclear: set[str] = set()

    def run(self) -> set[State]:
        """Return everything that is compiled."""
        reached: set[State] = set()
        waiting = list(self._roots())
        while waiting:
            state = waiting.pop()
            if state not in reached:
                reached.add(state)
                waiting += self._below(state)
        return reached

    def _roots(self) -> Iterator[State]:
        """Yield what was asked for, and what its tests need besides: no test of a mere dependency is built.

        Tests inside a proc macro are compiled for the host, those in files of their own for the target.
        """
        for number in self._request.packages:
            is_proc_macro = self._is(self._graph.is_proc_macro(number))
            yield number, is_proc_macro
            if self._request.dev:
                for state in {(number, is_proc_macro), (number, False)}:
                    yield state
                    yield from self._below(state, (DependencyKind.DEV,))

    def _is(self, answer: bool | None) -> bool:
        return self._presume if answer is None else answer

    def _below(self, state: State, kinds: Collection[DependencyKind] = _BUILT) -> Iterator[State]:
        """Yield what has to be compiled for a library and for the build script of its package."""
        number, is_host = state
        for edge in self._graph.edges[number]:
            kind = edge.dependency.kind
            if kind in kinds and self._is_compiled(state, edge):
                is_proc_macro = self._graph.is_proc_macro(edge.package)
                yield edge.package, is_host or kind is DependencyKind.BUILD or is_proc_macro is True
                if is_proc_macro is None and self._presume:
                    yield edge.package, True
        for package in self._graph.undeclared[number] if self._presume else ():
            yield package, is_host
            yield package, True

    def _is_compiled(self, state: State, edge: DeclaredEdge) -> bool:
        number, is_host = state
        is_build = edge.dependency.kind is DependencyKind.BUILD
        if is_build and not self._is(self._graph.has_build_script(number)):
            return False
        platform = self._request.host if is_build or is_host else self._target
        return self._is_here(edge.dependency.target, platform) and self._switched_on.is_on(state, edge)

    def _is_here(self, condition: str | None, platform: Platform) -> bool:
        answer = True if condition is None else holds(condition, platform)
        if answer is None and condition is not None:
            self.unclear.add(condition)
        return self._is(answer)
