"""The host closure of real workspaces, against the walk over what cargo recorded of them.

The facts (kinds of dependencies, proc macros, build scripts) are cargo's; the graph they are joined with is vetflow's,
from Cargo.lock and manifests. The reference walks cargo's own graph, by the words of shared spec behaviour A4.
"""

from __future__ import annotations

import json
import os.path
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.compat.test_graph_corpus import cases, load
from vetflow.graph.crate_facts import CrateDependency, CrateFacts
from vetflow.graph.declared_edges import DeclaredGraph, declare_edges
from vetflow.graph.host_closure import host_closure
from vetflow.model.packages import DependencyKind, Targets
from vetflow.model.requirement import parse_requirement

pytestmark = pytest.mark.shared

KINDS = {"normal": DependencyKind.NORMAL, "build": DependencyKind.BUILD, "dev": DependencyKind.DEV}


def recorded(case: Path) -> Any:
    return json.loads((case / "graph.json").read_text())


def edges(package: Any) -> Iterator[tuple[int, str]]:
    """Yield what a recorded package depends on and how; an index alone is a normal dependency."""
    for edge in package["deps"] or ():
        if isinstance(edge, int):
            yield edge, "normal"
        else:
            yield from ((edge[0], kind) for kind, _ in edge[1])


def facts(graph: Any, package: Any) -> CrateFacts:
    """What is recorded of a package, as facts; the exact version tells which package a dependency means."""
    known = graph["packages"]
    return CrateFacts(
        Targets(True, package.get("proc_macro", False), package.get("build_script", False)),
        package.get("links"),
        tuple(
            CrateDependency(
                known[target]["name"],
                known[target]["name"],
                parse_requirement(f"={known[target]['version']}"),
                KINDS[kind],
            )
            for target, kind in edges(package)
        ),
    )


def declared(case: Path) -> DeclaredGraph:
    cwd = json.loads((case / "expect.json").read_text())["meta"].get("cwd") or "."
    graph = recorded(case)
    workspace = load(Path(os.path.normpath(case / "ws" / cwd)))
    return declare_edges(workspace, [facts(graph, package) for package in graph["packages"]])


def walk(graph: Any, *, dev: bool) -> set[tuple[int, bool]]:
    members = set(graph["workspace_members"])
    reached = {(member, False) for member in members}
    waiting = list(reached)
    while waiting:
        number, host = waiting.pop()
        for target, kind in edges(graph["packages"][number]):
            if kind == "dev" and not (dev and number in members):
                continue
            turns = kind == "build" or graph["packages"][target].get("proc_macro", False)
            state = (target, host or turns)
            if state not in reached:
                reached.add(state)
                waiting.append(state)
    return reached


@pytest.mark.parametrize("case", cases("corpus"), ids=lambda case: case.name)
def test_the_host_closure_is_the_one_of_cargos_graph(case: Path) -> None:
    graph = declared(case)
    assert not any(graph.undeclared)
    for dev in (True, False):
        reached = walk(recorded(case), dev=dev)
        closure = host_closure(graph, dev=dev)
        assert closure.is_complete
        assert closure.all == {number for number, _ in reached}
        assert closure.host == {number for number, host in reached if host}


@pytest.mark.parametrize(("dev", "host", "everything"), [(True, 362, 485), (False, 302, 466)])
def test_wasmtimes_host_closure_has_the_size_that_was_measured(
    shared: Path, dev: bool, host: int, everything: int
) -> None:
    graph = declared(shared / "corpus" / "wasmtime-2026-08-21-e6b33de5")
    closure = host_closure(graph, dev=dev)
    third_party = {number for number, package in enumerate(graph.workspace.packages) if package.source}
    assert (len(closure.host & third_party), len(closure.all & third_party)) == (host, everything)
