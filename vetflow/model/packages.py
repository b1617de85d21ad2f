"""Packages and the dependency graph the verdict is about.

`Workspace` is what Cargo.lock and manifests, or a `cargo metadata` document, say. `PackageGraph` is what cargo-vet
computes from it: nodes in graph order with their roles. Lists of node indices are in metadata order throughout, because
cargo-vet's reports follow it.
"""

from __future__ import annotations

from enum import IntFlag
from typing import NamedTuple

from vetflow.model.names import CrateName
from vetflow.model.upstream import CrateDescription
from vetflow.model.version import VetVersion


class DependencyKind(IntFlag):
    """How a package depends on another; one edge may be several kinds at once."""

    NORMAL = 1
    BUILD = 2
    DEV = 4


class Targets(NamedTuple):
    """What of a package cargo compiles and runs at build time, where somebody looked: None is "not known"."""

    has_library: bool | None = None
    proc_macro: bool | None = None
    build_script: bool | None = None


class Package(NamedTuple):
    """One package of the resolved graph.

    version: as cargo-vet compares it, with `@git:REV` for a git source.
    source: the source text of Cargo.lock or cargo metadata; None for a path package.
    checksum: the sha-256 of its archive from Cargo.lock, lower-case hex; None where the lock has none.
    manifest: path of its Cargo.toml where it is local. about: from a metadata document only; `app.descriptions` reads
    it from manifests.
    """

    name: CrateName
    version: VetVersion
    source: str | None
    checksum: str | None = None
    manifest: str | None = None
    targets: Targets = Targets()
    about: CrateDescription = CrateDescription()
    id: str = ""
    """Tie breaker of graph order: the package id of cargo metadata, the source text otherwise."""


class Dependency(NamedTuple):
    """An edge of the resolved graph: index of the package depended on, and how."""

    package: int
    kinds: DependencyKind


class Workspace(NamedTuple):
    """The resolved workspace before roles are computed.

    packages: all of them; dependencies: for each package its edges, in order; nodes: the indices that are part of the
    resolved graph (a metadata document may list packages that are not). members: indices in metadata order.
    root: directory of the workspace, for the store's default place. root_package: index of the root package, if any.
    store_path: `metadata.vet` `store.path`, as written; described in `graph.store_place`.
    """

    packages: tuple[Package, ...]
    dependencies: tuple[tuple[Dependency, ...], ...]
    members: tuple[int, ...]
    root: str
    nodes: tuple[int, ...]
    store_path: str | None = None


class Node(NamedTuple):
    """One node of the graph. Dependency tuples hold node indices in metadata order.

    reverse: who depends on it (dev included), in the order cargo-vet records it.
    """

    package: Package
    normal: tuple[int, ...]
    build: tuple[int, ...]
    dev: tuple[int, ...]
    normal_and_build: tuple[int, ...]
    all: tuple[int, ...]
    reverse: tuple[int, ...]
    is_member: bool
    is_third_party: bool
    is_root: bool
    is_dev_only: bool

    @property
    def name(self) -> CrateName:
        """The package's name."""
        return self.package.name

    @property
    def version(self) -> VetVersion:
        """The package's version as cargo-vet compares it."""
        return self.package.version


class PackageGraph(NamedTuple):
    """The dependency graph in graph order (name bytes, version, id).

    topological: node indices, children before parents, dev-only nodes last (shared spec resolver 2.3).
    packages: every package of the workspace, also those that are no node: what policy checks look at.
    """

    nodes: tuple[Node, ...]
    topological: tuple[int, ...]
    packages: tuple[Package, ...]
