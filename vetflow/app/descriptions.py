"""How packages describe themselves: for the question whether they are published, and for people."""

from __future__ import annotations

import os.path
from collections.abc import Mapping
from typing import Any

from vetflow.app.project import Project
from vetflow.errors import TomlError
from vetflow.formats.cargo_text import decode_workspace_file
from vetflow.formats.toml import decode_utf8, parse_toml
from vetflow.model.contents import CrateFiles
from vetflow.model.names import CRATES_IO
from vetflow.model.report import CrateVersion
from vetflow.model.upstream import CrateDescription
from vetflow.surface.walk import MANIFEST


def descriptions(project: Project) -> dict[CrateVersion, CrateDescription]:
    """Return description and repository of every package from elsewhere: from cargo's answer, or from its manifest.

    A package of a git repository or another registry describes itself only in cargo's answer.
    """
    inherited = _workspace_package(project)
    return {
        CrateVersion(package.name, package.version): _read(project, package.manifest, inherited)
        if project.locked is not None and package.manifest
        else package.about
        for package in project.workspace.packages
        if package.source != CRATES_IO
    }


def own_description(files: CrateFiles) -> str | None:
    """Return what a published crate says of itself; None where it says nothing, or its manifest cannot be read."""
    try:
        manifest = parse_toml(decode_utf8(files[MANIFEST].content, MANIFEST), MANIFEST)
    except (KeyError, TomlError):
        return None
    return _value(_table(manifest, "package").get("description"), None)


def _workspace_package(project: Project) -> Mapping[str, Any]:
    """Return `[workspace.package]` of the root manifest, what members inherit from."""
    if project.locked is None:
        return {}
    root = _manifest(project, os.path.join(project.workspace.root, "Cargo.toml"))
    return _table(_table(root, "workspace"), "package")


def _read(project: Project, manifest: str, inherited: Mapping[str, Any]) -> CrateDescription:
    package = _table(_manifest(project, manifest), "package")
    return CrateDescription(*(_value(package.get(key), inherited.get(key)) for key in ("description", "repository")))


def _value(own: object, inherited: object) -> str | None:
    if isinstance(own, dict) and own.get("workspace") is True:
        own = inherited
    return own if isinstance(own, str) else None


def _manifest(project: Project, path: str) -> Mapping[str, Any]:
    return parse_toml(decode_workspace_file(project.tree.read(path), path), path)


def _table(table: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    found = table.get(key)
    return found if isinstance(found, dict) else {}
