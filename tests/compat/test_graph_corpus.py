"""The graph without cargo against what the real cargo said, on small made-up workspaces and on real ones."""

from __future__ import annotations

import json
import os.path
from pathlib import Path
from typing import Any

import pytest

from vetflow.errors import WorkspaceError
from vetflow.formats.facts_toml import parse_facts
from vetflow.graph.cargo_config import read_graph_config
from vetflow.graph.library_facts import LibraryFacts, apply_library_facts
from vetflow.graph.locate import find_start
from vetflow.graph.package_graph import build_graph
from vetflow.graph.workspace import load_workspace
from vetflow.model.names import CRATES_IO
from vetflow.model.packages import DependencyKind, Node, Workspace
from vetflow.model.store import PolicyTable
from vetflow.project.disk import DiskTree

REPOSITORY = Path(__file__).resolve().parents[2]
SHARED = REPOSITORY.parent / "shared"
DEV, OTHER = int(DependencyKind.DEV), int(DependencyKind.NORMAL)

pytestmark = pytest.mark.shared


def load(folder: Path) -> Workspace:
    """Read a workspace as a run in `folder` does, with the facts that are shipped."""
    tree = DiskTree()
    facts = (REPOSITORY / "audits" / "facts.toml").read_text()
    start = find_start(tree, str(folder))
    workspace = load_workspace(tree, start, read_graph_config(tree, str(folder), None))
    return apply_library_facts(workspace, LibraryFacts(without_library=parse_facts(facts, "facts.toml")))


def cases(folder: str) -> list[Path]:
    """The recorded cases, none where there is no record: the first test says so."""
    return sorted(path.parent for path in SHARED.glob(f"{folder}/*/expect.json") if "-mut-" not in path.parent.name)


def test_the_records_are_there(shared: Path) -> None:
    assert len(cases("fixtures/graph")) == 42
    assert len(cases("corpus")) >= 50


def as_recorded(node: Node) -> dict[str, object]:
    """A node as `dump-graph --output-format json` has it."""
    return {
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


@pytest.mark.parametrize("case", cases("fixtures/graph"), ids=lambda case: case.name)
def test_a_small_workspace_is_read_or_refused_as_cargo_does(case: Path) -> None:
    expected = json.loads((case / "expect.json").read_text())
    folder = case / "ws" / expected["cwd"]
    if expected["refused"]:
        with pytest.raises(WorkspaceError):
            load(folder)
    else:
        graph = build_graph(load(folder), PolicyTable({}))
        assert [as_recorded(node) for node in graph.nodes] == expected["graph"]


@pytest.mark.parametrize("case", cases("corpus"), ids=lambda case: case.name)
def test_a_real_workspace_has_the_packages_edges_members_and_root_that_cargo_found(case: Path) -> None:
    meta = json.loads((case / "expect.json").read_text())["meta"]
    recorded = json.loads((case / "graph.json").read_text())
    workspace = load(Path(os.path.normpath(case / "ws" / (meta.get("cwd") or "."))))
    assert [(package.name, str(package.version.semver), package.source) for package in workspace.packages] == [
        (package["name"], package["version"], CRATES_IO if package["source"] == "crates.io" else package["source"])
        for package in recorded["packages"]
    ]
    assert [[(edge.package, mask(int(edge.kinds))) for edge in edges] for edges in workspace.dependencies] == [
        [recorded_edge(edge) for edge in package["deps"] or ()] for package in recorded["packages"]
    ]
    assert list(workspace.members) == recorded["workspace_members"]
    assert workspace.root == os.path.normpath(case / "ws" / recorded["workspace_root"])


def mask(kinds: int) -> int:
    """Join normal and build edges, which Cargo.lock does not tell apart."""
    return (OTHER if kinds & ~DEV else 0) | (kinds & DEV)


def recorded_edge(edge: Any) -> tuple[int, int]:
    """A recorded dependency: an index, meaning a normal one, or an index with its kinds."""
    if isinstance(edge, int):
        return edge, OTHER
    index, kinds = edge
    return index, (OTHER if any(kind != "dev" for kind, _ in kinds) else 0) | (
        DEV if any(kind == "dev" for kind, _ in kinds) else 0
    )
