"""A workspace as the `cargo metadata` document that describes it, for the real cargo-vet."""

from __future__ import annotations

from typing import Any

from vetflow.model.packages import Dependency, DependencyKind, Workspace

_KINDS = {DependencyKind.NORMAL: None, DependencyKind.BUILD: "build", DependencyKind.DEV: "dev"}
_UNSET = (
    "license",
    "license_file",
    "description",
    "metadata",
    "publish",
    "readme",
    "repository",
    "homepage",
    "documentation",
    "links",
    "default_run",
    "rust_version",
)
_EMPTY = ("dependencies", "targets", "authors", "categories", "keywords")


def metadata_document(workspace: Workspace) -> dict[str, Any]:
    """Return the document; only what cargo-vet looks at is filled in."""
    members = [workspace.packages[index].id for index in workspace.members]
    return {
        "packages": [_package(workspace, index) for index in range(len(workspace.packages))],
        "workspace_members": members,
        "workspace_default_members": members,
        "resolve": {"nodes": [_node(workspace, index) for index in workspace.nodes], "root": None},
        "target_directory": "/ws/target",
        "version": 1,
        "workspace_root": workspace.root,
        "metadata": None,
    }


def _package(workspace: Workspace, index: int) -> dict[str, Any]:
    package = workspace.packages[index]
    return {
        **dict.fromkeys(_UNSET),
        **{key: [] for key in _EMPTY},
        "name": package.name,
        "version": package.version.semver.text,
        "id": package.id,
        "source": package.source,
        "features": {},
        "edition": "2021",
        "manifest_path": f"/ws/{package.name}/Cargo.toml",
    }


def _node(workspace: Workspace, index: int) -> dict[str, Any]:
    edges = workspace.dependencies[index]
    return {
        "id": workspace.packages[index].id,
        "dependencies": [],
        "features": [],
        "deps": [_edge(workspace, edge) for edge in edges],
    }


def _edge(workspace: Workspace, edge: Dependency) -> dict[str, Any]:
    package = workspace.packages[edge.package]
    kinds = [name for kind, name in _KINDS.items() if kind in edge.kinds]
    return {
        "name": package.name,
        "pkg": package.id,
        "dep_kinds": [{"kind": kind, "target": None} for kind in kinds],
    }
