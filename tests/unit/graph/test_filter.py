"""`--filter-graph`, as in shared spec resolver 2.4; the grammar was checked against the real parser's source."""

from __future__ import annotations

import pytest

from tests.builders import make_graph
from vetflow.errors import UsageError
from vetflow.graph.filter import filter_graph, parse_filter
from vetflow.model.packages import PackageGraph

REV = "0" * 40


def graph() -> PackageGraph:
    return make_graph(
        {
            "members": {"root 1.0.0": ["lib", "tiny 1.0.0", "dev dev"], "lib 2.0.0": ["tiny 2.0.0"]},
            "crates-io": {"tiny 1.0.0": [], "tiny 2.0.0": ["deep"], "deep 1.0.0": [], "dev 1.0.0": []},
        }
    )


def kept(*filters: str) -> list[str]:
    found = filter_graph(graph(), [parse_filter(text) for text in filters])
    return [f"{node.name} {node.version}" for node in found.nodes]


ALL = ["deep 1.0.0", "dev 1.0.0", "lib 2.0.0", "root 1.0.0", "tiny 1.0.0", "tiny 2.0.0"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("exclude(name(nothing))", ALL),
        ("include(name(root))", ["root 1.0.0"]),
        ("exclude(name(tiny))", ["dev 1.0.0", "lib 2.0.0", "root 1.0.0"]),
        ("exclude(version(2.0.0))", ["dev 1.0.0", "root 1.0.0", "tiny 1.0.0"]),
        ("exclude(is_dev_only(true))", ["deep 1.0.0", "lib 2.0.0", "root 1.0.0", "tiny 1.0.0", "tiny 2.0.0"]),
        ("include(is_workspace_member(true))", ["lib 2.0.0", "root 1.0.0"]),
        ("include(is_third_party(false))", ["lib 2.0.0", "root 1.0.0"]),
        ("exclude(is_root(true))", ["deep 1.0.0", "lib 2.0.0", "tiny 2.0.0"]),
        ("include(any(name(root),name(lib)))", ["lib 2.0.0", "root 1.0.0"]),
        (
            "exclude(all(name(tiny),version(1.0.0)))",
            ["deep 1.0.0", "dev 1.0.0", "lib 2.0.0", "root 1.0.0", "tiny 2.0.0"],
        ),
        ("include(not(name(lib)))", ["dev 1.0.0", "root 1.0.0", "tiny 1.0.0"]),
        ("include(is_third_party(true))", []),
    ],
)
def test_what_a_filter_keeps(text: str, expected: list[str]) -> None:
    assert kept(text) == expected


def test_a_node_has_to_pass_every_filter() -> None:
    assert kept("exclude(name(lib))", "exclude(is_dev_only(true))") == ["root 1.0.0", "tiny 1.0.0"]


def test_roles_are_not_computed_anew() -> None:
    found = filter_graph(graph(), [parse_filter("exclude(name(root))")])
    assert [(node.name, node.is_root, node.reverse) for node in found.nodes] == [
        ("deep", False, (2,)),
        ("lib", False, ()),
        ("tiny", False, (1,)),
    ]
    assert [found.nodes[index].name for index in found.topological] == ["deep", "tiny", "lib"]
    assert len(found.packages) == 6


def test_dev_edges_are_followed() -> None:
    assert "dev 1.0.0" in kept("exclude(name(lib))")


@pytest.mark.parametrize(
    "text",
    [
        " include( name( root ) ) ",
        "include(\tname(root))\n",
        "include( any( name(root) ,\n name(other) ) )",
        "include(all(name(root),is_root( true )))",
        f"exclude(any(version( 9.9.9@git:{REV} ),not(name(root))))",
    ],
)
def test_blanks_may_stand_around_tokens(text: str) -> None:
    assert kept(text) == ["root 1.0.0"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", "`include(` or `exclude(` at column 1"),
        ("name(root)", "`include(` or `exclude(` at column 1"),
        ("include (name(root))", "`include(` or `exclude(` at column 1"),
        ("include(name(root)", "`)` at column 19"),
        ("include(name(root)))", "the end at column 20"),
        ("include(name(root) x)", "`)` at column 20"),
        ("include(any())", "`version(`"),
        ("include(any(name(a),))", "`version(`"),
        ("include(not(name(a),name(b)))", "`)` at column 20"),
        ("include(name())", "a name at column 14"),
        ("include(name(a b))", "`)` at column 16"),
        (
            "include(version(1.0))",
            "a version (unexpected end of input while parsing minor version number) at column 17",
        ),
        ("include(is_root(yes))", "`true` or `false` at column 17"),
        ("include(is_root(truex))", "`)` at column 21"),
        ("include(eq(name(a),name(b)))", "`any(`"),
        ("include(" + "not(" * 200, "less nesting"),
    ],
)
def test_what_is_no_filter_is_refused_with_the_column(text: str, expected: str) -> None:
    with pytest.raises(UsageError) as raised:
        parse_filter(text)
    assert f"expected {expected}" in raised.value.message or expected in raised.value.message
