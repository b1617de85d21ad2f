"""Graph order, roles and the order of propagation, as in shared spec resolver 2.2-2.3."""

from __future__ import annotations

from tests.builders import Packages, make_graph, make_workspace
from vetflow.graph.package_graph import build_graph
from vetflow.model.names import CRATES_IO
from vetflow.model.packages import Dependency, DependencyKind, Node, Package, PackageGraph, Workspace
from vetflow.model.store import Policy, PolicyTable
from vetflow.model.version import parse_version


def node(graph: PackageGraph, name: str) -> Node:
    (found,) = [node for node in graph.nodes if node.name == name]
    return found


def names(graph: PackageGraph, indices: tuple[int, ...]) -> list[str]:
    return [graph.nodes[index].name for index in indices]


def roots(graph: PackageGraph) -> list[str]:
    return [node.name for node in graph.nodes if node.is_root]


def test_nodes_are_sorted_by_name_bytes_version_and_id() -> None:
    graph = make_graph(
        {
            "members": {"root 1.0.0": ["zed 1.0.0", "Zed", "zed 2.0.0", "aa 1.10.0", "aa 1.9.0"]},
            "crates-io": {"zed 2.0.0": [], "zed 1.0.0": [], "Zed 1.0.0": [], "aa 1.10.0": [], "aa 1.9.0": []},
        }
    )
    assert [f"{node.name} {node.version}" for node in graph.nodes] == [
        "Zed 1.0.0",
        "aa 1.9.0",
        "aa 1.10.0",
        "root 1.0.0",
        "zed 1.0.0",
        "zed 2.0.0",
    ]


def test_equal_names_and_versions_are_sorted_by_id() -> None:
    one = parse_version("1.0.0")
    packages = (
        Package("aa", one, CRATES_IO, id="z"),
        Package("aa", one, None, id="b"),
        Package("root", one, None, id="a"),
    )
    normal = DependencyKind.NORMAL
    dependencies = ((), (), (Dependency(0, normal), Dependency(1, normal)))
    graph = build_graph(Workspace(packages, dependencies, (2,), "/ws", (0, 1, 2)), PolicyTable({}))
    assert [node.package.id for node in graph.nodes] == ["b", "z", "a"]
    # Edges keep the order of the document.
    assert node(graph, "root").all == (1, 0)


def test_edges_are_listed_by_kind() -> None:
    graph = make_graph(
        {
            "members": {"root 1.0.0": ["aa", "bb build", "cc dev", "dd normal dev"]},
            "crates-io": {f"{name} 1.0.0": [] for name in ("aa", "bb", "cc", "dd")},
        }
    )
    root = node(graph, "root")
    assert names(graph, root.normal) == ["aa", "dd"]
    assert names(graph, root.build) == ["bb"]
    assert names(graph, root.dev) == ["cc", "dd"]
    assert names(graph, root.normal_and_build) == ["aa", "bb", "dd"]
    assert names(graph, root.all) == ["aa", "bb", "cc", "dd"]


def test_a_member_that_another_one_depends_on_is_no_root_unless_only_for_development() -> None:
    graph = make_graph({"members": {"aa 1.0.0": ["bb", "cc dev"], "bb 1.0.0": [], "cc 1.0.0": []}})
    assert roots(graph) == ["aa", "cc"]


def test_a_build_dependency_takes_the_root_away_too() -> None:
    assert roots(make_graph({"members": {"aa 1.0.0": ["bb build"], "bb 1.0.0": []}})) == ["aa"]


def test_dev_only_is_what_only_dev_edges_lead_to() -> None:
    graph = make_graph(
        {
            "members": {"root 1.0.0": ["aa", "dd dev"]},
            "crates-io": {"aa 1.0.0": ["cc"], "cc 1.0.0": [], "dd 1.0.0": ["cc", "ee"], "ee 1.0.0": []},
        }
    )
    assert [node.name for node in graph.nodes if node.is_dev_only] == ["dd", "ee"]


def test_dev_dependencies_of_others_than_members_do_not_count() -> None:
    graph = make_graph({"members": {"root 1.0.0": ["aa"]}, "crates-io": {"aa 1.0.0": ["bb dev"], "bb 1.0.0": []}})
    assert node(graph, "aa").dev == ()
    assert names(graph, node(graph, "aa").all) == ["bb"]
    assert node(graph, "bb").is_dev_only
    assert node(graph, "bb").reverse == ()


def test_children_come_before_parents_and_dev_only_nodes_last() -> None:
    graph = make_graph(
        {
            "members": {"root 1.0.0": ["dd dev", "bb", "aa"]},
            "crates-io": {"aa 1.0.0": ["cc"], "bb 1.0.0": ["cc"], "cc 1.0.0": [], "dd 1.0.0": ["ee"], "ee 1.0.0": []},
        }
    )
    assert names(graph, graph.topological) == ["cc", "bb", "aa", "root", "ee", "dd"]


def test_dev_cycles_are_harmless() -> None:
    graph = make_graph({"members": {"aa 1.0.0": ["bb"], "bb 1.0.0": ["aa dev", "bb dev"]}})
    assert roots(graph) == ["aa"]
    assert names(graph, node(graph, "bb").reverse) == ["aa", "bb"]
    assert names(graph, graph.topological) == ["bb", "aa"]


def test_a_node_that_nothing_reaches_has_no_edges() -> None:
    graph = make_graph({"members": {"root 1.0.0": []}, "crates-io": {"aa 1.0.0": ["bb"], "bb 1.0.0": []}})
    assert node(graph, "aa").all == ()
    assert names(graph, graph.topological) == ["root"]


def test_third_party_is_what_comes_from_crates_io_exactly_or_is_declared_so() -> None:
    packages: Packages = {
        "members": {"root 1.0.0": ["aa", "bb", "cc", "dd"]},
        "crates-io": {"aa 1.0.0": []},
        "path": {"bb 1.0.0": []},
        f"git+https://git.example/cc#{'0' * 40}": {"cc 1.0.0": []},
        "registry+https://crates.example/index": {"dd 1.0.0": []},
    }
    assert [node.name for node in make_graph(packages).nodes if node.is_third_party] == ["aa"]
    yes, no = Policy(audit_as_crates_io=True), Policy(audit_as_crates_io=False)
    policy = PolicyTable({"bb": {None: yes}, "cc": {parse_version(f"1.0.0@git:{'0' * 40}"): yes}, "aa": {None: no}})
    graph = build_graph(make_workspace(packages), policy)
    assert [node.name for node in graph.nodes if node.is_third_party] == ["aa", "bb", "cc"]


def test_packages_outside_of_the_graph_are_kept_for_the_policy_checks() -> None:
    whole = make_workspace({"members": {"root 1.0.0": []}, "crates-io": {"aa 1.0.0": []}})
    graph = build_graph(whole._replace(nodes=(0,)), PolicyTable({}))
    assert [node.name for node in graph.nodes] == ["root"]
    assert [package.name for package in graph.packages] == ["root", "aa"]


def test_a_chain_of_thousands_is_no_problem() -> None:
    chain = {f"c{number:05} 1.0.0": [f"c{number + 1:05}"] for number in range(5000)}
    graph = make_graph({"members": {"root 1.0.0": ["c00000"]}, "crates-io": {**chain, "c05000 1.0.0": []}})
    assert graph.nodes[graph.topological[0]].name == "c05000"
    assert not any(node.is_dev_only for node in graph.nodes)
