"""What the manifests at hand say about a build: facts about local packages, what is built, how features are joined."""

from __future__ import annotations

import os.path
from collections.abc import Mapping
from typing import Final, NamedTuple

from vetflow.errors import WorkspaceError
from vetflow.formats.cargo_toml import Manifest
from vetflow.graph.crate_facts import CrateFacts, declared_facts
from vetflow.graph.inheritance import Inheritance
from vetflow.graph.locate import WorkspaceRoots
from vetflow.graph.manifests import MANIFEST, Manifests
from vetflow.graph.member_globs import PatternError, expand_member
from vetflow.model.packages import Workspace
from vetflow.model.ports import FileTree

_RESOLVERS: Final = {"1": 1, "2": 2, "3": 3}
_RESOLVER_OF_EDITION: Final = {"2015": 1, "2018": 1, "2021": 2}
_NEWEST_RESOLVER: Final = 3


class LocalFacts(NamedTuple):
    """What is known without looking into any crate.

    packages: facts by index, of every package that has a manifest in the tree. default_members: what a plain `cargo
    build` in the root of the workspace builds. resolver: the version of the rules by which features are joined.
    root_package: the package in the root, if there is one.
    """

    packages: Mapping[int, CrateFacts]
    default_members: tuple[int, ...]
    resolver: int
    root_package: int | None = None


def read_local_facts(tree: FileTree, workspace: Workspace, cargo_home: str | None = None) -> LocalFacts:
    """Read the manifests of a workspace that came from its lock, once more for what only a build asks of them.

    Raises WorkspaceError where one of them is malformed; reading the workspace has raised most of these before.
    """
    manifests = Manifests(tree)
    inheritance = Inheritance(manifests, WorkspaceRoots(manifests, cargo_home))
    facts = {}
    folders = {}
    for number, package in enumerate(workspace.packages):
        manifest = manifests.find(package.manifest) if package.manifest is not None else None
        if manifest is not None:
            facts[number] = declared_facts(manifest, package.targets, inheritance.dependencies(manifest))
            folders[manifest.directory] = number
    root = manifests.find(os.path.join(workspace.root, MANIFEST))
    named = [folders[folder] for folder in _default_folders(manifests, root) if folder in folders]
    root_package = folders.get(workspace.root)
    if not named and root_package is not None:
        named = [root_package]
    resolver = _resolver(root, inheritance)
    return LocalFacts(facts, tuple(named) or workspace.members, resolver, root_package)


def _default_folders(manifests: Manifests, root: Manifest | None) -> dict[str, None]:
    """Return the folders that `default-members` names, in its order."""
    section = root.workspace if root is not None else None
    if root is None or section is None or section.default_members is None:
        return {}
    try:
        found = [expand_member(manifests.tree, root.directory, pattern) for pattern in section.default_members]
    except PatternError as error:
        place = manifests.place(root.file, "workspace", "default-members")
        raise WorkspaceError(f"`workspace.default-members` has an invalid pattern: {error}", place=place) from None
    return dict.fromkeys(folder for folders in found for folder in folders)


def _resolver(root: Manifest | None, inheritance: Inheritance) -> int:
    """Return what the root says, else what its package's edition implies; a virtual workspace stays with the oldest."""
    section = root.workspace if root is not None else None
    package = root.package if root is not None else None
    stated = (section and section.resolver) or (package and package.resolver)
    if stated:
        return _RESOLVERS.get(stated, _NEWEST_RESOLVER)
    if root is None or package is None:
        return 1
    return _RESOLVER_OF_EDITION.get(inheritance.edition(root) or "", _NEWEST_RESOLVER)
