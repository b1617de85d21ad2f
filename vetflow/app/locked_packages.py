"""The packages of a lock, and what the index says of them: with what is on this machine first."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Final, NamedTuple

from vetflow.app.crate_contents import look_up_published
from vetflow.app.network import Sources
from vetflow.app.project import Project
from vetflow.app.request import Request
from vetflow.formats.cargo_lock import parse_lock
from vetflow.formats.cargo_text import decode_workspace_file
from vetflow.model.names import CRATES_IO, CrateName
from vetflow.model.packages import Package
from vetflow.model.ports import FileTree
from vetflow.model.version import VetVersion
from vetflow.sources.answers import Unavailable
from vetflow.sources.index import PublishedCrate, PublishedVersion, cached_crates

_OLD_COPY: Final = "what this machine has of the index does not know it"


class IndexedPackages(NamedTuple):
    """What the index says of locked packages of crates.io.

    found: each with its version there. absent: those that the index does not have. lacking: of which nobody can tell in
    this run, and why. versions: what of each crate can be had, yanked versions left out, in ascending order. moments:
    when its versions were published, seconds since 1970, as far as that is known.
    """

    found: Mapping[Package, PublishedVersion]
    absent: tuple[Package, ...]
    lacking: Mapping[Package, str]
    versions: Mapping[CrateName, Sequence[VetVersion]]
    moments: Mapping[CrateName, Sequence[int]] = {}


def locked_packages(project: Project) -> tuple[Package, ...]:
    """Return all packages of Cargo.lock, in its order; where the graph does not come from it, those of the graph.

    Other than the graph's, these are also packages that nothing here needs.
    """
    lock = project.lock_file()
    return project.workspace.packages if lock is None else read_lock_packages(project.tree, lock)


def read_lock_packages(tree: FileTree, lock: str) -> tuple[Package, ...]:
    """Return all packages of a lock file; raises WorkspaceError, and OSError where there is none."""
    return _packages(tree.read(lock), lock)


@lru_cache(maxsize=2)
def _packages(content: bytes, lock: str) -> tuple[Package, ...]:
    """Read a lock that several questions of one run are about."""
    entries = parse_lock(decode_workspace_file(content, lock), lock).entries
    return tuple(Package(entry.name, entry.version, entry.source, entry.checksum) for entry in entries)


def look_up_packages(packages: Iterable[Package], request: Request, sources: Sources) -> IndexedPackages:
    """Return what the index says of the packages of crates.io among `packages`.

    cargo's own copy is taken where it has the version with the very checksum: another registry's copy may lie beside
    it. For all others the registry is asked, or in a run without requests what an earlier one kept.
    """
    published = [package for package in packages if package.source == CRATES_IO]
    names: dict[CrateName, list[Package]] = {}
    for package in published:
        names.setdefault(package.name, []).append(package)
    cached = {} if sources.replaced else cached_crates(request.cargo_home, names)
    known = {name: crate for name, crate in cached.items() if all(_agrees(crate, each) for each in names[name])}
    answers = {**known, **look_up_published([name for name in names if name not in known], sources)}
    found, absent, lacking = {}, [], {}
    for package in published:
        answer = answers[package.name]
        row = answer.find(package.version) if isinstance(answer, PublishedCrate) else None
        if isinstance(answer, Unavailable) and package.name in cached and _agrees(cached[package.name], package):
            row = cached[package.name].find(package.version)
        if row is not None:
            found[package] = row
        elif isinstance(answer, Unavailable):
            lacking[package] = answer.reason
        elif request.offline or request.frozen:
            lacking[package] = _OLD_COPY
        else:
            absent.append(package)
    rows = {name: answer.versions for name, answer in answers.items() if isinstance(answer, PublishedCrate)}
    versions = {name: tuple(row.version for row in known if not row.yanked) for name, known in rows.items()}
    moments = {name: [at for row in known if (at := row.published_at) is not None] for name, known in rows.items()}
    return IndexedPackages(found, tuple(absent), lacking, versions, moments)


def _agrees(crate: PublishedCrate, package: Package) -> bool:
    row = crate.find(package.version)
    return row is not None and row.checksum is not None and row.checksum == package.checksum
