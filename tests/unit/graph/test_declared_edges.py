from __future__ import annotations

from tests.unit.graph.crates import facts
from vetflow.graph.crate_facts import CrateFacts
from vetflow.graph.declared_edges import declare_edges
from vetflow.model.names import CRATES_IO
from vetflow.model.packages import Dependency, DependencyKind, Package, Targets, Workspace
from vetflow.model.version import parse_version

UNKNOWN = Targets()


def workspace(*packages: str, edges: tuple[int, ...], targets: Targets = UNKNOWN) -> Workspace:
    """A workspace whose first package depends on others; a package is `NAME VERSION`."""
    listed = [text.split(" ") for text in packages]
    return Workspace(
        packages=tuple(Package(name, parse_version(version), CRATES_IO, targets=targets) for name, version in listed),
        dependencies=(
            tuple(Dependency(edge, DependencyKind.NORMAL) for edge in edges),
            *[()] * (len(packages) - 1),
        ),
        members=(0,),
        root="/",
        nodes=tuple(range(len(packages))),
    )


NOTHING = CrateFacts(Targets(True, False, False))


def test_a_declaration_means_the_version_that_its_requirement_accepts() -> None:
    known = facts('[dependencies]\nold = { package = "crate", version = "1" }\ncrate = "2"')
    graph = declare_edges(workspace("app 1.0.0", "crate 1.5.0", "crate 2.0.0", edges=(1, 2)), [known, NOTHING, NOTHING])
    assert [(edge.dependency.key, edge.package) for edge in graph.edges[0]] == [("crate", 2), ("old", 1)]
    assert graph.undeclared == ((), (), ())


def test_a_declaration_that_the_lock_has_no_edge_for_counts_for_nothing() -> None:
    known = facts('[dependencies]\nunused = { version = "1", optional = true }')
    graph = declare_edges(workspace("app 1.0.0", "unused 1.0.0", edges=()), [known, NOTHING])
    assert graph.edges[0] == ()


def test_several_kinds_of_one_dependency_stay_apart() -> None:
    known = facts('[dependencies]\ncrate = "1"\n[build-dependencies]\ncrate = "1"')
    graph = declare_edges(workspace("app 1.0.0", "crate 1.0.0", edges=(1,)), [known, NOTHING])
    assert [edge.dependency.kind for edge in graph.edges[0]] == [DependencyKind.NORMAL, DependencyKind.BUILD]


def test_edges_that_no_known_declaration_explains_are_kept_apart() -> None:
    graph = declare_edges(workspace("app 1.0.0", "crate 1.0.0", "other 1.0.0", edges=(1, 2)), [None, NOTHING, NOTHING])
    assert (graph.edges[0], graph.undeclared[0], graph.lacking()) == ((), (1, 2), (0,))


def test_what_runs_may_be_known_from_elsewhere_when_the_facts_are_missing() -> None:
    known = workspace("app 1.0.0", edges=(), targets=Targets(True, True, False))
    graph = declare_edges(known, [None])
    assert (graph.is_proc_macro(0), graph.has_build_script(0)) == (True, False)
    graph = declare_edges(workspace("app 1.0.0", edges=()), [None])
    assert (graph.is_proc_macro(0), graph.has_build_script(0)) == (None, None)
