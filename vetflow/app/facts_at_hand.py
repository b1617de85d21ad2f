"""What is known about packages before any archive is opened: what vetflow ships, surface.lock, what earlier runs saw.

A package without a library drops out of the graph and needs no audit. Somebody may have written surface.lock for just
that, so its word alone is only taken where the archive is not here to ask, and then it is said.
"""

from __future__ import annotations

import os.path
import sys
from collections.abc import Iterable
from typing import NamedTuple

from vetflow.app.request import Request
from vetflow.app.shipped import shipped_path
from vetflow.app.surface_lock import find_surface_lock, read_surface_lock
from vetflow.errors import Place, StoreError
from vetflow.formats.facts_toml import parse_facts
from vetflow.graph.library_facts import LibraryFacts
from vetflow.model.findings import Finding, Level
from vetflow.model.packages import Package, Targets, Workspace
from vetflow.model.ports import FileTree
from vetflow.sources.cache import cache_folder, list_entries

NO_LIBRARY = "nolibrary"
"""The kind of cache entries, empty and named by the checksum of an archive that was seen to have no library."""


class FactsAtHand(NamedTuple):
    """The facts, and what has to be said about them."""

    facts: LibraryFacts
    notes: tuple[Finding, ...] = ()


def facts_at_hand(request: Request, tree: FileTree, workspace: Workspace, store: str | None) -> FactsAtHand:
    """Collect the facts for a workspace as its Cargo.lock tells it.

    store: its folder, by which surface.lock is found; None leaves that file aside. Raises StoreError when it is bad.
    """
    path = shipped_path("facts.toml")
    with open(path, encoding="utf-8") as file:
        shipped = parse_facts(file.read(), path)
    seen = list_entries(cache_folder(request.environ, sys.platform, request.cache_dir), NO_LIBRARY)
    facts = LibraryFacts(dict.fromkeys(seen, Targets(has_library=False)), shipped)
    lock = None if store is None else find_surface_lock(tree, workspace, store)
    if lock is None:
        return FactsAtHand(facts)
    pinned = read_surface_lock(tree, lock, request.cwd).targets_by_checksum()
    merged = facts._replace(by_checksum={**facts.by_checksum, **pinned})
    dropped = [
        package
        for package in workspace.packages
        if (found := pinned.get(package.checksum or "")) and not found.has_library and package.checksum not in seen
    ]
    if not dropped:
        return FactsAtHand(merged)
    return FactsAtHand(merged, _confirm(request, tree, dropped, Place(os.path.relpath(lock, request.cwd))))


def _confirm(request: Request, tree: FileTree, dropped: Iterable[Package], place: Place) -> tuple[Finding, ...]:
    """Hold what surface.lock says against the archives of this machine; say what could not be held against any."""
    from vetflow.sources.archives import download_caches, find_archive  # noqa: PLC0415  rarely a package has no library
    from vetflow.sources.cargo_config import crates_io_folder  # noqa: PLC0415
    from vetflow.sources.crate_targets import read_targets  # noqa: PLC0415

    replaced = crates_io_folder(tree, request.cwd, request.cargo_home)
    folders = (*((replaced,) if replaced else ()), *download_caches(request.cargo_home))
    unconfirmed = []
    for package in dropped:
        found = find_archive(package.name, str(package.version), package.checksum or "", folders).crate
        if found is None:
            unconfirmed.append(f"{package.name} {package.version}")
        elif read_targets(found).has_library:
            raise StoreError(
                f"{place.file} says that {package.name} {package.version} has no library, and its archive has one",
                help="find out who wrote that; `vetflow baseline` writes the file anew",
                place=place,
            )
    if not unconfirmed:
        return ()
    reason = f"left out because {place.file} says that they have no library: {', '.join(unconfirmed)}"
    return (Finding("graph/unconfirmed", Level.NOTE, place, reason, "`cargo fetch` brings the archives to confirm it"),)
