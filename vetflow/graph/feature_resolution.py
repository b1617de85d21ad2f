"""Which features and optional dependencies a build switches on, by the rules of cargo's feature resolver.

Features are joined over everything that asks for a package. With resolver 1 that is all there is; resolvers 2 and 3
join apart what is built for the host (build dependencies, proc macros and what is below them), leave out tables of
other platforms, and leave out dependencies for development unless tests are built. Checked against cargo 1.95 on
made-up workspaces (tests/compat/test_build_scope.py).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple, TypeAlias

from vetflow.graph.cfg import holds
from vetflow.graph.declared_edges import DeclaredEdge, DeclaredGraph
from vetflow.graph.platforms import Platform
from vetflow.model.packages import DependencyKind

_DEFAULT: Final = "default"
_DEPENDENCY: Final = "dep:"

State: TypeAlias = tuple[int, bool]
"""A package, and whether it is seen as part of what is built for the host."""


class BuildRequest(NamedTuple):
    """What somebody asks cargo to build.

    packages: indices of members. dev: their tests, examples and benches, too. host: the platform that builds; targets:
    those it builds for, empty for the host itself. resolver: see `local_facts`. current: the package in whose folder
    cargo runs; resolver 1 joins what it asks for, too, even where it is not built.
    """

    packages: tuple[int, ...]
    host: Platform
    targets: tuple[Platform, ...] = ()
    dev: bool = False
    resolver: int = 1
    current: int | None = None

    @property
    def built_for(self) -> tuple[Platform, ...]:
        """The platforms that what is not for the host is built for."""
        return self.targets or (self.host,)

    @property
    def asking(self) -> tuple[int, ...]:
        """The members whose wishes for features are joined."""
        if self.resolver > 1 or self.current is None or self.current in self.packages:
            return self.packages
        return (*self.packages, self.current)


class SwitchedOn(NamedTuple):
    """What came of it: the keys of optional dependencies that are on in each state."""

    optional: Mapping[State, frozenset[str]]
    separates_host: bool

    def is_on(self, state: State, edge: DeclaredEdge) -> bool:
        """Whether the dependency of an edge that leaves a package is on; one that is not optional always is."""
        number, is_host = state
        if not edge.dependency.optional:
            return True
        return edge.dependency.key in self.optional.get((number, is_host and self.separates_host), ())


def resolve_features(graph: DeclaredGraph, request: BuildRequest, *, presume: bool) -> SwitchedOn:
    """Follow features from the requested members on; linear in the features and edges that are on.

    presume: take a package without facts to ask for all features of all it depends on, and a condition that cannot be
    decided to be fulfilled; else neither, so that everything that is on is so for certain.
    """
    resolver = _Resolver(graph, request, presume=presume)
    for number in request.asking:
        resolver.start(number)
    resolver.follow()
    optional = {state: frozenset(keys) for state, keys in resolver.optional.items()}
    return SwitchedOn(optional, request.resolver > 1)


class _Resolver:
    """The walk. It has no recursion, because features may lead on and on; the order of steps makes no difference.

    A feature value waits as (state, value), to be read in that state; a package as a state.
    """

    def __init__(self, graph: DeclaredGraph, request: BuildRequest, *, presume: bool) -> None:
        self._graph = graph
        self._request = request
        self._presume = presume
        self._separates_host = request.resolver > 1
        self._tables = [facts.feature_table() if facts else {} for facts in graph.facts]
        self._edges: dict[State, list[tuple[DeclaredEdge, State]]] = {}
        self._packages: list[State] = []
        self._values: list[tuple[State, str]] = []
        self._reached: set[State] = set()
        self._seen: set[tuple[State, str]] = set()
        self._deferred: dict[tuple[State, str], set[str]] = {}
        self.optional: dict[State, set[str]] = {}

    def start(self, number: int) -> None:
        """Ask for a member with its default features. A proc macro is wanted as such, and by its own tests."""
        states = [(number, False)]
        if self._separates_host and self._graph.is_proc_macro(number) is not False:
            states.append((number, True))
        for state in states:
            self._ask(state, (), default=True)

    def _ask(self, state: State, features: Sequence[str], *, default: bool) -> None:
        self._packages.append(state)
        self._values += [(state, feature) for feature in features]
        if default and _DEFAULT in self._tables[state[0]]:
            self._values.append((state, _DEFAULT))

    def follow(self) -> None:
        """Go on until nothing new is switched on."""
        while self._packages or self._values:
            while self._packages:
                self._enter(self._packages.pop())
            if self._values:
                self._switch_on(*self._values.pop())

    def _enter(self, state: State) -> None:
        """Ask for what a package always depends on."""
        if state in self._reached:
            return
        self._reached.add(state)
        for edge, target in self._edges_of(state):
            if not edge.dependency.optional:
                self._ask_for(edge, target)
        number, is_host = state
        for package in self._graph.undeclared[number] if self._presume else ():
            for target in {(package, is_host), (package, self._separates_host)}:
                self._ask(target, tuple(self._tables[package]), default=True)

    def _ask_for(self, edge: DeclaredEdge, target: State) -> None:
        self._ask(target, edge.dependency.features, default=edge.dependency.default_features)

    def _switch_on(self, state: State, value: str) -> None:
        """Read a feature value: a feature, `dep:KEY`, `KEY/FEATURE` or `KEY?/FEATURE`."""
        if (state, value) in self._seen:
            return
        self._seen.add((state, value))
        key, slash, feature = value.partition("/")
        if slash:
            self._switch_on_below(state, key, feature)
        elif value.startswith(_DEPENDENCY):
            self._switch_on_dependency(state, value[len(_DEPENDENCY) :])
        else:
            self._values += [(state, each) for each in self._tables[state[0]].get(value, ())]

    def _switch_on_dependency(self, state: State, key: str) -> None:
        """Switch on an optional dependency, with the features that waited for somebody to do so."""
        on = self.optional.setdefault(state, set())
        if key in on:
            return
        on.add(key)
        waited = self._deferred.pop((state, key), ())
        for edge, target in self._named(state, key):
            self._ask_for(edge, target)
            self._values += [(target, feature) for feature in waited]

    def _switch_on_below(self, state: State, key: str, feature: str) -> None:
        """Switch on a feature of a dependency; `KEY?` leaves an optional one off, but remembers the wish."""
        is_weak = key.endswith("?")
        key = key.removesuffix("?")
        for edge, target in self._named(state, key):
            if edge.dependency.optional:
                if is_weak and key not in self.optional.get(state, ()):
                    self._deferred.setdefault((state, key), set()).add(feature)
                    continue
                self._switch_on_dependency(state, key)
                if not is_weak:
                    # As before there was `dep:`: the feature of the dependency's name goes on with it.
                    self._values.append((state, key))
            self._values.append((target, feature))

    def _named(self, state: State, key: str) -> list[tuple[DeclaredEdge, State]]:
        return [(edge, target) for edge, target in self._edges_of(state) if edge.dependency.key == key]

    def _edges_of(self, state: State) -> list[tuple[DeclaredEdge, State]]:
        """Return the edges that leave a state and count for features, each with the state it leads to."""
        if state not in self._edges:
            number, is_host = state
            self._edges[state] = [
                (edge, (edge.package, is_host or to_host))
                for edge in self._graph.edges[number]
                if self._counts(state, edge)
                for to_host in self._leads_to_host(edge)
            ]
        return self._edges[state]

    def _leads_to_host(self, edge: DeclaredEdge) -> tuple[bool, ...]:
        if not self._separates_host:
            return (False,)
        is_proc_macro = self._graph.is_proc_macro(edge.package)
        if edge.dependency.kind is DependencyKind.BUILD:
            return (True,)
        return (False, True) if is_proc_macro is None else (is_proc_macro,)

    def _counts(self, state: State, edge: DeclaredEdge) -> bool:
        request = self._request
        number, is_host = state
        dependency = edge.dependency
        if dependency.kind is DependencyKind.DEV and (
            number not in request.asking or (self._separates_host and not request.dev)
        ):
            return False
        if dependency.target is None or not self._separates_host:
            return True
        for_host = is_host or dependency.kind is DependencyKind.BUILD
        platforms = (request.host,) if for_host else request.built_for
        answers = [holds(dependency.target, platform) for platform in platforms]
        return True in answers or (self._presume and None in answers)
