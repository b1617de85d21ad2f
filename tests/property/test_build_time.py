"""What is not known never makes the build-time closure smaller: on random workspaces, with facts taken away."""

from __future__ import annotations

from collections.abc import Collection

from hypothesis import given
from hypothesis import strategies as st

from tests.compat.build_worlds import CONDITIONS, BuildWorld, draw_world
from vetflow.formats.cargo_toml import parse_manifest
from vetflow.graph.build_scope import build_scope
from vetflow.graph.cfg import holds
from vetflow.graph.crate_facts import declared_facts, published_facts
from vetflow.graph.declared_edges import DeclaredGraph, declare_edges
from vetflow.graph.feature_resolution import BuildRequest
from vetflow.graph.host_closure import CompiledPackages, host_closure
from vetflow.graph.platforms import known_triples, platform_of
from vetflow.model.names import CRATES_IO
from vetflow.model.packages import Dependency, DependencyKind, Package, Workspace
from vetflow.model.version import parse_version

NOWHERE = platform_of("sparc64-unknown-nowhere")

seeds = st.integers(0, 2**32)
requests = st.builds(
    BuildRequest,
    packages=st.just((0,)),
    host=st.sampled_from(["x86_64-unknown-linux-gnu", "aarch64-apple-darwin"]).map(platform_of),
    targets=st.sampled_from([(), ("x86_64-pc-windows-msvc",)]).map(lambda names: tuple(map(platform_of, names))),
    dev=st.booleans(),
    resolver=st.sampled_from([1, 2]),
    current=st.none(),
)


def graph_of(world: BuildWorld, unknown: Collection[int] = ()) -> DeclaredGraph:
    """Return the graph of a world in which everything that is declared is there. unknown: crates without facts."""
    made = [*world.members, *world.crates]
    files = dict(world.files())
    facts = []
    for package in made:
        folder = package.folder or f"registry/{package.name}-{package.version}"
        manifest = parse_manifest(files[f"{folder}/Cargo.toml"], f"/{folder}/Cargo.toml")
        own = published_facts(manifest, {"src/lib.rs"} | ({"build.rs"} if package.build_script else set()))
        facts.append(own if package.folder is None else declared_facts(manifest, own.targets, manifest.dependencies))
    workspace = Workspace(
        packages=tuple(
            Package(each.name, parse_version(each.version), None if each.folder else CRATES_IO) for each in made
        ),
        dependencies=tuple(
            tuple(
                Dependency(target, DependencyKind.NORMAL)
                for target in sorted(
                    {made.index(d.on) for d in each.dependencies if each.folder or d.section != "dev-dependencies"}
                )
            )
            for each in made
        ),
        members=tuple(range(len(world.members))),
        root="/",
        nodes=tuple(range(len(made))),
    )
    return declare_edges(workspace, [None if number in unknown else own for number, own in enumerate(facts)])


def without_facts(world: BuildWorld, drawn: Collection[int]) -> DeclaredGraph:
    """Return the graph with nothing known about some of the crates; members are always known."""
    first = len(world.members)
    return graph_of(world, {first + number % len(world.crates) for number in drawn})


def assert_encloses(guess: CompiledPackages, truth: CompiledPackages) -> None:
    assert guess.all >= truth.all
    assert guess.host >= truth.host >= guess.host - guess.presumed


@given(seeds, st.sets(st.integers(0, 20), max_size=4), st.booleans())
def test_the_host_closure_encloses_the_true_one_when_facts_are_missing(seed: int, drawn: set[int], dev: bool) -> None:
    world = draw_world(seed)
    guess = host_closure(without_facts(world, drawn), dev=dev)
    assert_encloses(guess, host_closure(graph_of(world), dev=dev))
    assert guess.is_complete or guess.lacking


@given(seeds, st.sets(st.integers(0, 20), max_size=4), requests)
def test_the_scope_of_a_build_encloses_the_true_one_when_facts_are_missing(
    seed: int, drawn: set[int], request: BuildRequest
) -> None:
    world = draw_world(seed)
    assert_encloses(build_scope(without_facts(world, drawn), request), build_scope(graph_of(world), request))


@given(seeds, requests, st.sampled_from(known_triples()))
def test_the_scope_for_an_unknown_platform_encloses_that_for_any_other(
    seed: int, request: BuildRequest, triple: str
) -> None:
    graph = graph_of(draw_world(seed))
    guess = build_scope(graph, request._replace(targets=(NOWHERE,)))
    # A table for one platform by name is for that one alone, whatever else is unknown of another.
    truth = build_scope(graph, request._replace(targets=(platform_of(triple)._replace(triple=NOWHERE.triple),)))
    assert_encloses(guess, truth)


@given(seeds, requests)
def test_a_build_compiles_no_more_than_the_widest_reading(seed: int, request: BuildRequest) -> None:
    graph = graph_of(draw_world(seed))
    scope, widest = build_scope(graph, request), host_closure(graph, dev=request.dev)
    assert scope.all <= widest.all
    # What is below a proc macro that is built for its own sake is, in the widest reading, for the target.
    if not graph.is_proc_macro(0):
        assert scope.host <= widest.host


@given(st.sampled_from(CONDITIONS), st.sampled_from(known_triples()))
def test_what_is_certain_of_an_unknown_platform_is_true_of_each(condition: str, triple: str) -> None:
    certain = holds(condition, NOWHERE)
    platform = platform_of(triple)._replace(triple=NOWHERE.triple)
    assert certain is None or certain is holds(condition, platform)
