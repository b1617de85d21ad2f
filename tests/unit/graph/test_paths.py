from __future__ import annotations

from tests.builders import make_graph
from vetflow.graph.filter import filter_graph, parse_filter
from vetflow.graph.paths import shortest_paths
from vetflow.model.packages import PackageGraph


def graph() -> PackageGraph:
    return make_graph(
        {
            "members": {"app 1.0.0": ["lib", "mid build"], "lib 1.0.0": ["far normal dev"], "tool 1.0.0": ["tiny dev"]},
            "crates-io": {"far 1.0.0": ["tiny"], "mid 1.0.0": ["tiny"], "tiny 1.0.0": []},
        }
    )


def number(graph: PackageGraph, name: str) -> int:
    return [node.name for node in graph.nodes].index(name)


def ways(graph: PackageGraph, target: str, limit: int = 9) -> list[str]:
    """The paths as text: names, with the kinds of the edge between two of them."""
    found = []
    for path in shortest_paths(graph, number(graph, target), limit):
        names = [graph.nodes[index].name for index in path.nodes]
        steps = [f" -{int(kind)}-> {name}" for kind, name in zip(path.kinds, names[1:], strict=True)]
        found.append(names[0] + "".join(steps))
    return found


def test_each_root_tells_its_shortest_ways_and_the_shortest_comes_first() -> None:
    assert ways(graph(), "tiny") == ["tool -4-> tiny", "app -2-> mid -1-> tiny"]


def test_edges_tell_all_their_kinds() -> None:
    assert ways(graph(), "far") == ["app -1-> lib -5-> far"]


def test_equally_short_ways_come_in_graph_order_up_to_the_limit() -> None:
    diamond = make_graph(
        {
            "members": {"app 1.0.0": ["cc", "aa", "bb"]},
            "crates-io": {"aa 1.0.0": ["zz"], "bb 1.0.0": ["zz"], "cc 1.0.0": ["zz"], "zz 1.0.0": []},
        }
    )
    expected = ["app -1-> aa -1-> zz", "app -1-> bb -1-> zz", "app -1-> cc -1-> zz"]
    assert ways(diamond, "zz") == expected
    assert ways(diamond, "zz", 2) == expected[:2]


def test_a_root_is_its_own_way() -> None:
    assert ways(graph(), "app") == ["app"]


def test_where_a_filter_took_the_root_away_members_take_its_place() -> None:
    filtered = filter_graph(graph(), [parse_filter("exclude(name(app))")])
    assert ways(filtered, "far") == ["lib -5-> far"]


def test_what_nothing_depends_on_has_no_way() -> None:
    lonely = make_graph({"members": {"app 1.0.0": []}, "crates-io": {"tiny 1.0.0": []}})
    assert ways(lonely, "tiny") == []
