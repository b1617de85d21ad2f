"""The members of a workspace: which packages they are, in cargo's order, and that they agree on their root.

Source: shared spec graph 1 and the order in which cargo 1.95 finds members; rule (5) of its refusals.
"""

from __future__ import annotations

import os.path
from typing import NamedTuple

from vetflow.errors import Place, WorkspaceError
from vetflow.formats.cargo_text import raise_problems
from vetflow.formats.cargo_toml import Manifest, WorkspaceSection
from vetflow.graph.inheritance import Inheritance
from vetflow.graph.locate import WorkspaceRoots, is_excluded
from vetflow.graph.manifests import MANIFEST, Manifests
from vetflow.graph.member_globs import PatternError, expand_member


class Membership(NamedTuple):
    """What a run is about.

    start: the manifest the run was started with. root: the manifest that decides on patches and the lock: the
    workspace's, or `start` where there is no workspace. members: manifests with a package, in cargo's order.
    """

    start: Manifest
    root: Manifest
    members: tuple[Manifest, ...]


def find_members(manifests: Manifests, roots: WorkspaceRoots, inheritance: Inheritance, start: str) -> Membership:
    """Find the workspace of the manifest at `start` and all its members.

    Raises WorkspaceError: a manifest is missing or malformed, a member belongs to another workspace, two workspaces
    or two packages of one name meet, or `start` is no member of what it takes for its workspace.
    """
    manifest = manifests.find(start)
    if manifest is None:
        raise WorkspaceError(f"manifest path {start} does not exist", place=Place(start))
    root = roots.of(manifest)
    if root is None or root.workspace is None:
        if manifest.package is None:
            raise WorkspaceError(
                f"{start} has neither a [package] nor a [workspace]",
                help="run this in the folder of a package or of a workspace",
                place=Place(start),
            )
        return Membership(manifest, manifest, (manifest,))
    discovery = _Discovery(manifests, roots, inheritance, root, root.workspace)
    discovery.discover()
    discovery.validate(manifest)
    members = tuple([member for member in discovery.found.values() if member.package is not None])
    if not members:
        raise WorkspaceError(
            f"{root.file} is virtual, and its workspace has no members",
            help="list packages in `workspace.members`",
            place=manifests.place(root.file, "workspace"),
        )
    return Membership(manifest, root, members)


class _Request(NamedTuple):
    """A manifest that may become a member, and which value of which manifest leads to it."""

    path: str
    what: str
    origin: Manifest
    where: tuple[str, ...]
    is_dependency: bool


class _Discovery:
    """The walk from `workspace.members` along path dependencies."""

    def __init__(
        self,
        manifests: Manifests,
        roots: WorkspaceRoots,
        inheritance: Inheritance,
        root: Manifest,
        workspace: WorkspaceSection,
    ) -> None:
        self._manifests = manifests
        self._roots = roots
        self._inheritance = inheritance
        self._root = root
        self._workspace = workspace
        self.found: dict[str, Manifest] = {}
        """By path, virtual manifests included: they are an error only after everything else was found."""

    def discover(self) -> None:
        where = ("workspace", "members")
        for pattern in self._workspace.members or ():
            try:
                folders = expand_member(self._manifests.tree, self._root.directory, pattern)
            except PatternError as error:
                raise WorkspaceError(
                    f"`{pattern}` in `workspace.members` is not a valid pattern: {error}",
                    place=self._manifests.place(self._root.file, *where),
                ) from None
            for folder in folders:
                path = os.path.join(folder, MANIFEST)
                self._add(_Request(path, f"workspace member `{pattern}`", self._root, where, False))
        self._add(_Request(self._root.file, "the workspace", self._root, ("workspace",), False))

    def _add(self, request: _Request) -> None:
        """Add the package asked for and, depth first, the path dependencies that thereby become members."""
        stack = [request]
        while stack:
            request = stack.pop()
            path = request.path
            if path in self.found or (request.is_dependency and not self._belongs(request)):
                continue
            if is_excluded(self._workspace, self._root.directory, path):
                continue
            manifest = self._load(request)
            self.found[path] = manifest
            dependencies = [
                _Request(
                    os.path.join(dependency.directory, MANIFEST),
                    f"path dependency `{dependency.key}`",
                    manifest,
                    (*dependency.table, dependency.key),
                    True,
                )
                for dependency in self._inheritance.dependencies(manifest)
                if dependency.directory is not None
            ]
            stack.extend(reversed(dependencies))

    def _belongs(self, request: _Request) -> bool:
        """Whether a path dependency is a member: below the root, or because its own search leads to this root."""
        if request.path.startswith(f"{self._root.directory.rstrip('/')}/"):
            return True
        return self._roots.of(self._load(request)) is self._root

    def _load(self, request: _Request) -> Manifest:
        manifest = self._manifests.find(request.path)
        if manifest is None:
            raise WorkspaceError(
                f"{request.what} has no manifest: {request.path} does not exist",
                help="correct or remove the entry that leads there, or `exclude` the folder",
                place=self._manifests.place(request.origin.file, *request.where),
            )
        return manifest

    def validate(self, start: Manifest) -> None:
        """Refuse what cargo refuses about members that are all found."""
        problems = [*self._foreign_members(), *self._same_names()]
        if start.file not in self.found:
            problems.append(
                WorkspaceError(
                    f"{start.file} believes it is in the workspace of {self._root.file}, which does not list it",
                    help="add it to `workspace.members` or `workspace.exclude` there, or give it a [workspace]",
                    place=Place(start.file),
                )
            )
        raise_problems(problems, "the workspace is not consistent", self._root.file)

    def _foreign_members(self) -> list[WorkspaceError]:
        problems = []
        for manifest in self.found.values():
            if manifest is self._root:
                continue
            if manifest.workspace is not None:
                problems.append(
                    WorkspaceError(
                        f"a member of the workspace of {self._root.file} has its own [workspace]",
                        help="remove that table, or `exclude` the folder from the outer workspace",
                        place=self._manifests.place(manifest.file, "workspace"),
                    )
                )
                continue
            root = self._roots.of(manifest)
            if root is not self._root:
                leads = "to no workspace" if root is None else f"to {root.file}"
                problems.append(
                    WorkspaceError(
                        f"a member of the workspace of {self._root.file} is found to belong {leads}",
                        help="set `package.workspace` there to the folder of the workspace it belongs to",
                        place=Place(manifest.file),
                    )
                )
        return problems

    def _same_names(self) -> list[WorkspaceError]:
        problems = []
        by_name: dict[str, Manifest] = {}
        for manifest in self.found.values():
            if manifest.package is None:
                continue
            first = by_name.setdefault(manifest.package.name, manifest)
            if first is not manifest:
                problems.append(
                    WorkspaceError(
                        f"two members are named `{manifest.package.name}`: the other one is {first.file}",
                        help="rename one of them",
                        place=self._manifests.place(manifest.file, "package", "name"),
                    )
                )
        return problems
