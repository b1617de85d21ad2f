"""Small graphs of crates from their manifests, without a lock: what is declared is what is there."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from vetflow.formats.cargo_toml import Manifest, parse_manifest
from vetflow.graph.crate_facts import CrateFacts, declared_facts, published_facts
from vetflow.graph.declared_edges import DeclaredGraph, declare_edges
from vetflow.model.names import CRATES_IO, CrateName
from vetflow.model.packages import Dependency, DependencyKind, Package, Workspace
from vetflow.model.version import parse_version

_VERSION = parse_version("1.0.0")
_SCRIPT = 'build = "build.rs"'


def manifest(text: str, name: CrateName = "crate") -> Manifest:
    """Return a manifest; `text` is what it has after the name in [package]."""
    return parse_manifest(f'[package]\nname = "{name}"\n{text}', f"/{name}/Cargo.toml")


def facts(text: str, *paths: str) -> CrateFacts:
    """Return the facts about a published crate with a library and the files `paths`."""
    return published_facts(manifest(text), ("src/lib.rs", *paths))


def crate_graph(
    crates: Mapping[CrateName, str],
    members: Collection[CrateName] = ("app",),
    unknown: Collection[CrateName] = (),
) -> DeclaredGraph:
    """Return the graph of crates, all of version 1.0.0, each with the text of its manifest as `manifest` takes it.

    members: those that are local; of them dependencies for development count, too. unknown: those about which there are
    no facts; that they depend on something is in the lock, and so known.
    """
    names = list(crates)
    known: list[CrateFacts | None] = []
    dependencies = []
    for name, text in crates.items():
        read = manifest(text, name)
        own = published_facts(read, ("src/lib.rs",))
        if name in members:
            own = declared_facts(read, own.targets, read.dependencies)
        known.append(None if name in unknown else own)
        targets = {names.index(each.package) for each in own.dependencies}
        dependencies.append(tuple(Dependency(target, DependencyKind.NORMAL) for target in sorted(targets)))
    workspace = Workspace(
        packages=tuple(Package(name, _VERSION, None if name in members else CRATES_IO) for name in names),
        dependencies=tuple(dependencies),
        members=tuple(names.index(name) for name in members),
        root="/app",
        nodes=tuple(range(len(names))),
    )
    return declare_edges(workspace, known)


def named(graph: DeclaredGraph, numbers: Collection[int]) -> set[CrateName]:
    """Return the names of packages."""
    return {graph.workspace.packages[number].name for number in numbers}


def needs(*names: CrateName, section: str = "dependencies") -> str:
    """Return a table with plain dependencies on version 1 of crates."""
    return f"[{section}]\n" + "".join(f'{name} = "1"\n' for name in names)


def script(more: str = "") -> str:
    """Return the text of a crate with a build script."""
    return f"{_SCRIPT}\n{more}"


def proc_macro(more: str = "") -> str:
    """Return the text of a proc macro."""
    return f"[lib]\nproc-macro = true\n{more}"
