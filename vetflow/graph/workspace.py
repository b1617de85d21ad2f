"""A workspace from Cargo.lock and its manifests, without cargo: the entry to everything in this folder that reads.

The steps: find root and members (`locate`, `members`), read the lock (`lock_index`), match what manifests declare to
it (`lock_edges`), refuse what does not fit (`stale`, `overrides`, `extern_names`), and number the packages as
`cargo metadata` would. Checked against cargo 1.95 on real and made-up workspaces (tests/compat/test_graph_corpus.py).
"""

from __future__ import annotations

import os.path
from typing import Final

from vetflow.errors import Place, WorkspaceError
from vetflow.formats.cargo_lock import LockEntry, Lockfile, parse_lock
from vetflow.formats.cargo_text import decode_workspace_file, raise_problems
from vetflow.formats.cargo_toml import Manifest
from vetflow.formats.metadata_vet import read_store_path
from vetflow.formats.source_id import GIT, parse_git_source
from vetflow.graph.cargo_config import NO_CONFIG, GraphConfig
from vetflow.graph.cycles import require_acyclic
from vetflow.graph.extern_names import check_extern_names
from vetflow.graph.features import active_optionals
from vetflow.graph.inheritance import Inheritance
from vetflow.graph.local_packages import LocalPackages
from vetflow.graph.locate import WorkspaceRoots
from vetflow.graph.lock_edges import Edges, match_edges
from vetflow.graph.lock_index import LockIndex
from vetflow.graph.manifests import Manifests
from vetflow.graph.members import Membership, find_members
from vetflow.graph.overrides import check_patches, check_replacements
from vetflow.graph.patches import SourceFit, patches_of
from vetflow.graph.stale import UPDATE, Disagreements
from vetflow.model.packages import Dependency, DependencyKind, Package, Targets, Workspace
from vetflow.model.ports import FileTree

LOCK: Final = "Cargo.lock"

_KINDS: Final = [DependencyKind(number) for number in range(8)]


def load_workspace(
    tree: FileTree, start: str, config: GraphConfig = NO_CONFIG, cargo_home: str | None = None
) -> Workspace:
    """Read the workspace that the manifest at `start` (absolute) belongs to, with all features of its members.

    config: what cargo's configuration adds; its `override` must have been dealt with. The result holds everything the
    lock has, also what only a package without a library leads to: `library_facts` takes that away.
    Raises WorkspaceError where cargo would refuse to go on with `--locked`: rules (1) to (6) of shared spec graph 1,
    as many problems at once as do not follow from each other.
    """
    manifests = Manifests(tree)
    roots = WorkspaceRoots(manifests, cargo_home)
    inheritance = Inheritance(manifests, roots)
    membership = find_members(manifests, roots, inheritance, start)
    root = membership.root
    lock = _read_lock(tree, root.directory)
    packages = LocalPackages(manifests, inheritance, membership)
    patches = [*patches_of(root.file, root.patches), *config.patches]
    overrides = [*[patch.dependency for patch in patches], *[r.dependency for r in root.replacements]]
    stand_ins = {dependency.directory for dependency in overrides if dependency.directory is not None}
    local = packages.closure(sorted(stand_ins))
    index = LockIndex(lock, local)
    fit = SourceFit(patches)
    disagreements = Disagreements(manifests, index)
    active = active_optionals(local, is_patched=not stand_ins.isdisjoint(filter(None, index.directories)))
    edges = match_edges(packages, index, fit, active, disagreements)
    targets = {number: packages.targets(package) for number, package in edges.local.items()}
    disagreements.problems += check_extern_names(edges, targets)
    if not disagreements.problems:
        # With edges missing, what they lead to would all seem unneeded.
        disagreements.note_unneeded(edges.targets)
    check_patches(
        patches,
        packages=packages,
        lock=lock,
        index=index,
        fit=fit,
        reached=edges.targets,
        disagreements=disagreements,
    )
    check_replacements(root, index, fit, disagreements)
    problems = disagreements.problems
    summary = f"Cargo.lock is out of date: it disagrees with the manifests in {len(problems)} places"
    raise_problems(problems, summary, lock.file, UPDATE)
    workspace = _assemble(membership, index, edges, targets)
    require_acyclic(workspace)
    return workspace


def _read_lock(tree: FileTree, root: str) -> Lockfile:
    path = os.path.join(root, LOCK)
    try:
        data = tree.read(path)
    except FileNotFoundError:
        raise WorkspaceError(
            f"there is no Cargo.lock in {root}",
            help="run `cargo generate-lockfile` and commit it",
            place=Place(path),
        ) from None
    except OSError as error:
        raise WorkspaceError(
            f"{path} cannot be read", place=Place(path), causes=[error.strerror or str(error)]
        ) from None
    return parse_lock(decode_workspace_file(data, path), path)


def _assemble(membership: Membership, index: LockIndex, edges: Edges, targets: dict[int, Targets]) -> Workspace:
    """Return the workspace: number the packages in cargo's order and rewrite the edges with it."""
    entries = index.entries
    replaced = {n: index.find(e.replace) for n in edges.targets if (e := entries[n]).replace is not None}
    order = sorted([n for n in edges.targets if n not in replaced], key=lambda n: _package_order(entries[n]))
    position: dict[int | None, int] = {number: i for i, number in enumerate(order)}
    position.update({number: position[target] for number, target in replaced.items()})
    dependencies = []
    for number in order:
        kinds: dict[int, int] = {}
        for target, kind in edges.targets[number].items():
            kinds[position[target]] = kinds.get(position[target], 0) | kind
        dependencies.append(tuple([Dependency(target, _KINDS[kinds[target]]) for target in sorted(kinds)]))
    by_file = {package.manifest.file: position[number] for number, package in edges.local.items()}
    manifests = {number: package.manifest.file for number, package in edges.local.items()}
    return Workspace(
        packages=tuple([_package(entries[n], manifests.get(n), targets.get(n, Targets())) for n in order]),
        dependencies=tuple(dependencies),
        members=tuple([by_file[member.file] for member in membership.members]),
        root=membership.root.directory,
        nodes=tuple(range(len(order))),
        store_path=_store_path(membership.root, membership.start),
    )


def _package(entry: LockEntry, manifest: str | None, targets: Targets) -> Package:
    return Package(
        entry.name,
        entry.version,
        entry.source,
        entry.checksum,
        manifest,
        targets,
        id=entry.source or "",
    )


def _store_path(root: Manifest, start: Manifest) -> str | None:
    """Read `metadata.vet` of the workspace and of the package the run was started in."""
    workspace = root.workspace.vet if root.workspace is not None else None
    package = start.package.vet if start.package is not None else None
    return read_store_path(workspace, package, root.file, start.file)


_REFERENCES: Final = ("tag=", "branch=", "rev=")


def _package_order(entry: LockEntry) -> tuple[object, ...]:
    """Return cargo's sort key of packages: name, version, then source, with paths first and git last."""
    source = entry.source
    if source is None:
        key: tuple[object, ...] = (0,)
    elif source.startswith(GIT):
        git = parse_git_source(source)
        kind = next((i for i, word in enumerate(_REFERENCES) if git.reference.startswith(word)), 3)
        key = (3, kind, git.reference, git.repository)
    else:
        key = (1 + source.startswith("sparse+"), source)
    return (entry.name, entry.version[:5], key)
