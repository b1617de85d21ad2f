"""What a build compiles, against what the real cargo plans for it, on random workspaces.

`cargo build --unit-graph` prints everything cargo would compile, and for what; nothing is compiled. A target is always
named, because only then does cargo say which units are for the host.
"""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from tests.compat.build_worlds import draw_world
from tests.oracle import find_cargo
from vetflow.formats.cargo_toml import parse_manifest
from vetflow.graph.build_scope import build_scope
from vetflow.graph.crate_facts import CrateFacts, published_facts
from vetflow.graph.declared_edges import DeclaredGraph, declare_edges
from vetflow.graph.feature_resolution import BuildRequest
from vetflow.graph.local_facts import LocalFacts, read_local_facts
from vetflow.graph.platforms import PLATFORM_KEYS, known_triples, platform_of
from vetflow.graph.workspace import load_workspace
from vetflow.model.packages import Package
from vetflow.project.disk import DiskTree

HOST = "x86_64-unknown-linux-gnu"
TARGETS = (HOST, "x86_64-pc-windows-msvc")
SEEDS = 4
WORLDS_PER_SEED = 4

pytestmark = pytest.mark.cargo_vet


class Compiled(NamedTuple):
    """Packages as `NAME VERSION`: what is compiled, what of it for the host, and which build scripts run."""

    all: frozenset[str]
    host: frozenset[str]
    scripts: frozenset[str]


class Cargo:
    """cargo in one folder, with a home of its own and no network."""

    def __init__(self, folder: Path, home: Path) -> None:
        self._folder = folder
        self._environment = {
            **os.environ,
            "CARGO_HOME": str(home),
            "CARGO_NET_OFFLINE": "true",
            "RUSTC_BOOTSTRAP": "1",  # the plan of a build is printed by nightly cargos only, or by those that play one
        }

    def run(self, *words: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [str(find_cargo()), *words],
            cwd=self._folder,
            env=self._environment,
            capture_output=True,
            text=True,
            check=False,
        )

    def planned(self, target: str, *, dev: bool) -> Compiled:
        words = ("build", "--unit-graph", "-Z", "unstable-options", "--locked", "--target", target)
        plan = self.run(*words, *(["--all-targets"] if dev else []))
        assert plan.returncode == 0, plan.stderr
        units: list[Any] = json.loads(plan.stdout)["units"]
        scripts = [unit for unit in units if "custom-build" in unit["target"]["kind"]]
        code = [unit for unit in units if "custom-build" not in unit["target"]["kind"]]
        return Compiled(
            frozenset(_label(unit["pkg_id"]) for unit in code),
            frozenset(_label(unit["pkg_id"]) for unit in code if unit["platform"] is None),
            frozenset(_label(unit["pkg_id"]) for unit in scripts),
        )


def _label(package_id: str) -> str:
    """Read `URL#NAME@VERSION`, or `URL/NAME#VERSION`."""
    url, _, rest = package_id.rpartition("#")
    return rest.replace("@", " ") if "@" in rest else f"{url.rpartition('/')[2]} {rest}"


def declared(folder: Path) -> tuple[DeclaredGraph, LocalFacts]:
    """Return what vetflow knows of a workspace whose crates all lie in its folder `registry`."""
    tree = DiskTree()
    workspace = load_workspace(tree, str(folder / "Cargo.toml"))
    local = read_local_facts(tree, workspace)
    facts = [local.packages.get(n) or _facts(folder, package) for n, package in enumerate(workspace.packages)]
    return declare_edges(workspace, facts), local


def _facts(folder: Path, package: Package) -> CrateFacts:
    crate = folder / "registry" / f"{package.name}-{package.version}"
    manifest = crate / "Cargo.toml"
    paths = {str(path.relative_to(crate)) for path in crate.rglob("*")}
    return published_facts(parse_manifest(manifest.read_text(), str(manifest)), paths)


def computed(graph: DeclaredGraph, local: LocalFacts, target: str, *, dev: bool) -> Compiled:
    request = BuildRequest(
        packages=local.default_members,
        host=platform_of(HOST),
        targets=(platform_of(target),),
        dev=dev,
        resolver=local.resolver,
        current=local.root_package,
    )
    scope = build_scope(graph, request)
    assert scope.is_complete
    assert not scope.presumed
    labels = [f"{package.name} {package.version}" for package in graph.workspace.packages]
    return Compiled(
        frozenset(labels[number] for number in scope.all),
        frozenset(labels[number] for number in scope.host),
        frozenset(labels[number] for number in scope.all if graph.has_build_script(number)),
    )


@pytest.mark.parametrize("seed", range(1, SEEDS + 1))
def test_a_build_compiles_what_cargo_plans_to(cargo_vet: Path, tmp_path: Path, seed: int) -> None:
    compared = 0
    for number in range(WORLDS_PER_SEED):
        folder = tmp_path / str(number)
        for path, text in draw_world(1000 * seed + number).files():
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / path).write_text(text)
        cargo = Cargo(folder, tmp_path / "home")
        if cargo.run("generate-lockfile").returncode:
            continue
        graph, local = declared(folder)
        for target in TARGETS:
            for dev in (False, True):
                told = f"{folder}, target {target}, dev {dev}"
                assert computed(graph, local, target, dev=dev) == cargo.planned(target, dev=dev), told
        compared += 1
    assert compared >= WORLDS_PER_SEED // 2


@pytest.mark.parametrize("triple", known_triples())
def test_the_table_of_platforms_is_what_rustc_says(cargo_vet: Path, triple: str) -> None:
    printed = subprocess.run(
        ["rustc", "--print", "cfg", "--target", triple], capture_output=True, text=True, check=True
    ).stdout
    said: dict[str, set[str]] = {}
    for line in printed.splitlines():
        key, equals, value = line.partition("=")
        if equals and key in PLATFORM_KEYS:
            said.setdefault(key, set()).add(value.strip('"'))
    values = platform_of(triple).values or {}
    assert {key: set(found) for key, found in values.items()} == said
