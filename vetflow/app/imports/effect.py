"""What taking over others' audits does to a workspace: what nobody here has to read any more, and what of it runs.

Crates that run code during a build are told one by one, with how they run: other people's word counts for most there,
and nobody should find them in a number (shared spec trust 2.4).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from vetflow.app.drift import pinned_in, read_side
from vetflow.app.network import open_sources
from vetflow.app.project import Project
from vetflow.app.readings import Progress
from vetflow.app.wording import describe_step
from vetflow.graph.drift import NONE_KNOWN, Privileges
from vetflow.model.audits import Exemption
from vetflow.model.names import CrateName
from vetflow.model.packages import PackageGraph
from vetflow.model.store import Store
from vetflow.model.version import VetVersion
from vetflow.resolve.conclude import Resolution, conclude
from vetflow.resolve.import_coverage import settled_by
from vetflow.resolve.needed import best_paths
from vetflow.resolve.search import SearchMode
from vetflow.resolve.update import update_store
from vetflow.resolve.update_plan import PRUNE


class NewlyVetted(NamedTuple):
    """A package that is not vetted today and then would be. by: the entries that lead to it, in words."""

    name: CrateName
    version: VetVersion
    by: tuple[str, ...]
    privileges: Privileges


class Removable(NamedTuple):
    """An exemption that `prune` would then take out, and would not today. version: it may not be in use any more."""

    name: CrateName
    exemption: Exemption
    privileges: Privileges

    @property
    def version(self) -> VetVersion:
        """The version that is exempted."""
        return self.exemption.version


class ImportEffect(NamedTuple):
    """What changes in a workspace, by name and version."""

    newly_vetted: tuple[NewlyVetted, ...] = ()
    removable: tuple[Removable, ...] = ()


def import_effect(project: Project, graph: PackageGraph, store: Store, live: Store, progress: Progress) -> ImportEffect:
    """Compare a store with what it is together with what others publish now.

    How crates run is taken from surface.lock and from archives on this machine; nothing is downloaded to find out.
    """
    before, after = conclude(graph, store), conclude(graph, live)
    settled = settled_by(before, after).settled
    removable = tuple(_removable(before, after))
    if not settled and not removable:
        return ImportEffect()
    privileges = _privileges(project, progress)
    newly = sorted((graph.nodes[node].name, graph.nodes[node].version, _by(after, node)) for node in settled)
    return ImportEffect(
        tuple(NewlyVetted(*each, privileges.get(each[:2], NONE_KNOWN)) for each in newly),
        tuple(Removable(name, each, privileges.get((name, each.version), NONE_KNOWN)) for name, each in removable),
    )


def _by(resolution: Resolution, node: int) -> tuple[str, ...]:
    graph = resolution.audit_graphs[resolution.graph.nodes[node].name]
    paths = (path for _, path in best_paths(resolution, node, SearchMode.PREFER_EXEMPTIONS) if path is not None)
    return tuple(dict.fromkeys(describe_step(graph.step(edge)) for path in paths for edge in path.edges))


def _removable(before: Resolution, after: Resolution) -> Iterator[tuple[CrateName, Exemption]]:
    kept = {(name, each.version) for name, each in _kept(after)}
    found = [each for each in _kept(before) if (each[0], each[1].version) not in kept]
    yield from sorted(found, key=lambda each: (each[0], each[1].version))


def _kept(resolution: Resolution) -> Iterator[tuple[CrateName, Exemption]]:
    for name, rows in update_store(resolution, PRUNE).config.exemptions.items():
        yield from ((name, row) for row in rows)


def _privileges(project: Project, progress: Progress) -> Mapping[tuple[CrateName, VetVersion], Privileges]:
    """Return how packages run during a build; nothing where the graph does not come from a lock."""
    if project.locked is None:
        return {}
    quiet = project._replace(request=project.request._replace(offline=True))
    with open_sources(quiet, progress) as sources:
        side = read_side(quiet, pinned_in(quiet), sources, progress)
    return {
        (package.name, package.version): privileges
        for package, privileges in zip(side.lock.packages, side.lock.privileges, strict=True)
    }
