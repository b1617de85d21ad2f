"""The project a run looks at: the tree it is read from, its packages, the place of its store."""

from __future__ import annotations

import os.path
import re
from functools import lru_cache
from typing import NamedTuple

from vetflow.app.facts_at_hand import facts_at_hand
from vetflow.app.request import Request
from vetflow.errors import Place, UndecidedError
from vetflow.graph.cargo_config import read_graph_config
from vetflow.graph.filter import filter_graph, parse_filter
from vetflow.graph.library_facts import LibraryFacts, apply_library_facts
from vetflow.graph.locate import find_start, given_start
from vetflow.graph.package_graph import build_graph
from vetflow.graph.store_place import StorePlace, store_place
from vetflow.graph.workspace import LOCK, load_workspace
from vetflow.model.findings import Finding
from vetflow.model.packages import Package, PackageGraph, Workspace
from vetflow.model.ports import FileTree
from vetflow.model.store import PolicyTable
from vetflow.project.disk import DiskTree
from vetflow.store.open import OpenedStore, open_store


class Project(NamedTuple):
    """A workspace as a request sees it.

    tree: where manifests, lock and store are read from. commit: full name of the commit it is, if it is one.
    locked: the workspace with everything Cargo.lock holds; None when the graph is cargo's own answer, which leaves out
    packages without a library by itself. facts: what is known about those; notes: what has to be said about the facts.
    """

    request: Request
    tree: FileTree
    workspace: Workspace
    store: StorePlace
    commit: str | None = None
    locked: Workspace | None = None
    facts: LibraryFacts = LibraryFacts()
    notes: tuple[Finding, ...] = ()

    def graph(self, policy: PolicyTable) -> PackageGraph:
        """Return the graph under a policy, with the request's filters applied; raises UsageError for a bad filter."""
        graph = build_graph(self.workspace, policy)
        filters = tuple(map(parse_filter, self.request.filters))
        return filter_graph(graph, filters) if filters else graph

    def plain_graph(self) -> PackageGraph:
        """Return the graph without any policy: what `dump-graph` shows."""
        return self.graph(PolicyTable({}))

    def open_store(self, *, locked: bool) -> OpenedStore:
        """Open the store; raises StoreError."""
        return open_store(self.tree, self.store.folder, today=self.request.today, locked=locked)

    def with_facts(self, facts: LibraryFacts) -> Project:
        """Return the project as it is seen with more facts about libraries; unchanged where cargo gave the graph."""
        if self.locked is None:
            return self
        return self._replace(facts=facts, workspace=apply_library_facts(self.locked, facts))

    def lock_file(self) -> str | None:
        """Return the absolute path of Cargo.lock, None when the graph does not come from it."""
        return None if self.locked is None else os.path.join(self.workspace.root, LOCK)

    def lock_place(self, package: Package) -> Place | None:
        """Return where Cargo.lock lists a package, as seen from the current directory; None without a lock file."""
        lock = self.lock_file()
        if lock is None:
            return None
        line = _lock_lines(self.tree.read(lock)).get((package.name, str(package.version.semver)))
        return Place(os.path.relpath(lock, self.request.cwd), line)


def open_project(request: Request, *, with_pins: bool = True) -> Project:
    """Find and read the workspace a request is about. with_pins: believe what surface.lock says of its crates.

    The graph comes from the given metadata document, from cargo where only cargo can tell (feature flags, `paths`
    overrides) or where the request says so, from Cargo.lock and the manifests otherwise. Raises WorkspaceError, and
    UndecidedError where cargo is needed and is not there.
    """
    tree, commit = _tree(request)
    if request.metadata:
        from vetflow.formats.cargo_metadata import parse_metadata  # noqa: PLC0415  brings json, which costs 6 ms

        return _project(request, tree, parse_metadata(request.metadata.text, request.metadata.name), commit)
    start = _start(tree, request)
    config = read_graph_config(tree, request.cwd, request.cargo_home)
    if request.graph == "cargo" or request.cargo.words() or config.override:
        return _project(request, tree, _ask_cargo(request, config.override), commit)
    locked = load_workspace(tree, start, config, request.cargo_home)
    project = _project(request, tree, locked, commit, from_lock=True)
    known = facts_at_hand(request, tree, locked, project.store.folder if with_pins else None)
    return project._replace(notes=known.notes).with_facts(known.facts)


@lru_cache(maxsize=2)
def _lock_lines(lock: bytes) -> dict[tuple[str, str], int]:
    """Return the line on which each package of a Cargo.lock begins, by name and version."""
    text = lock.decode().replace("\r\n", "\n")
    lines: dict[tuple[str, str], int] = {}
    number, at = 1, 0
    for match in re.finditer(r'^name = "([^"\n]+)"\nversion = "([^"\n]+)"$', text, re.MULTILINE):
        number += text.count("\n", at, match.start())
        at = match.start()
        lines.setdefault((match[1], match[2]), number)
    return lines


def _tree(request: Request) -> tuple[FileTree, str | None]:
    if request.rev is None:
        return DiskTree(), None
    from vetflow.project.revision import open_revision  # noqa: PLC0415  brings GitPython, dearer than a whole check

    tree = open_revision(request.cwd, request.rev)
    return tree, tree.commit


def _start(tree: FileTree, request: Request) -> str:
    if request.manifest_path is None:
        return find_start(tree, request.cwd)
    return given_start(tree, os.path.join(request.cwd, request.manifest_path))


def _project(
    request: Request, tree: FileTree, workspace: Workspace, commit: str | None, *, from_lock: bool = False
) -> Project:
    return Project(
        request=request,
        tree=tree,
        workspace=workspace,
        store=store_place(workspace, request.store_path, request.cwd),
        commit=commit,
        locked=workspace if from_lock else None,
    )


def _ask_cargo(request: Request, override: Place | None) -> Workspace:
    reason = (
        ", ".join(request.cargo.words())
        or (f"the `paths` override at {override}" if override else "")
        or "--graph cargo"
    )
    if request.graph == "lock":
        raise UndecidedError(
            f"only cargo can tell the graph with {reason}, and --graph lock excludes asking it",
            help="leave --graph lock out, or pass a saved document with --cargo-metadata",
        )
    if request.rev:
        raise UndecidedError(
            f"only cargo can tell the graph with {reason}, and cargo cannot look into a git revision",
            help="check the revision out, or pass a saved document with --cargo-metadata",
        )
    from vetflow.project.cargo import run_cargo_metadata  # noqa: PLC0415  brings subprocess and json

    return run_cargo_metadata(
        request.cwd, request.manifest_path, request.cargo, frozen=request.frozen, reason=reason, environ=request.environ
    )
