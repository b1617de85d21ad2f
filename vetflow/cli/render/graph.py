"""The dependency graph as cargo-vet prints it: a mermaid chart for people, an array of nodes for programs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from vetflow.cli.render.report_json import pretty
from vetflow.model.packages import Node, PackageGraph

DEPTHS: Final = ("roots", "workspace", "first-party", "first-party-and-directs", "full")


def as_json(graph: PackageGraph) -> str:
    """Return every node with its roles and dependency lists (indices), in graph order."""
    return pretty(
        [
            {
                "name": node.name,
                "version": str(node.version),
                "normal_deps": list(node.normal),
                "build_deps": list(node.build),
                "dev_deps": list(node.dev),
                "normal_and_build_deps": list(node.normal_and_build),
                "all_deps": list(node.all),
                "reverse_deps": list(node.reverse),
                "is_workspace_member": node.is_member,
                "is_third_party": node.is_third_party,
                "is_root": node.is_root,
                "is_dev_only": node.is_dev_only,
            }
            for node in graph.nodes
        ],
    )


def as_mermaid(graph: PackageGraph, depth: str) -> Iterator[str]:
    """Yield the lines of a chart of the nodes that `depth` selects, each in the first group that fits it."""
    selected = [index for index, node in enumerate(graph.nodes) if _selected(node, depth)]
    visible = set(selected)
    if depth == "first-party-and-directs":
        visible.update(dependency for index in selected for dependency in graph.nodes[index].all)
    yield "graph LR"
    shown: set[int] = set()
    for group, fits, opening, closing in (
        ("roots", lambda node: node.is_root, "{", "}"),
        ("workspace-members", lambda node: node.is_member, "[/", "/]"),
        ("first-party", lambda node: not node.is_third_party, "[", "]"),
        ("third-party", lambda _: True, "(", ")"),
    ):
        yield f"    subgraph {group}"
        for index in sorted(visible - shown):
            node = graph.nodes[index]
            if fits(node):
                shown.add(index)
                yield f"        node{index}{opening}{node.name}:{node.version}{closing}"
        yield "    end"
    for index in selected:
        for dependency in graph.nodes[index].all:
            if dependency in visible:
                yield f"    node{index} --> node{dependency}"


def _selected(node: Node, depth: str) -> bool:
    if depth == "roots":
        return node.is_root
    if depth == "workspace":
        return node.is_root or node.is_member
    return depth == "full" or not node.is_third_party
