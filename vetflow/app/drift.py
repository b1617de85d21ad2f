"""`lock drift`: what happened to Cargo.lock since another revision, and what of it runs when the project is built."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from vetflow.app.crate_batch import Unread
from vetflow.app.growth import PinnedWorkspace, pin_workspace
from vetflow.app.known_names import known_names
from vetflow.app.network import Sources, open_sources
from vetflow.app.project import Project
from vetflow.app.readings import Progress
from vetflow.app.request import Request
from vetflow.app.surface import open_locked_project
from vetflow.app.surface_lock import find_surface_lock, read_surface_lock
from vetflow.graph.declared_edges import DeclaredGraph
from vetflow.graph.drift import DriftEvent, DriftKind, LockSide, find_drift, lock_side
from vetflow.graph.look_alikes import LookAlike
from vetflow.model.packages import Package
from vetflow.model.pins import PinnedCrate, SurfaceLock


class DriftNews(NamedTuple):
    """An event, and for a crate that was not in the graph before, the well-known name it resembles, if one."""

    event: DriftEvent
    look_alike: LookAlike | None


class Drift(NamedTuple):
    """The answer. since: the full name of the commit compared with. news: the gravest first.

    lacking: packages of today's lock that could not be read, and why: whether these run anything is unknown.
    """

    project: Project
    since: str
    news: tuple[DriftNews, ...]
    lacking: tuple[tuple[Package, Unread], ...]

    @property
    def is_tampered(self) -> bool:
        """Whether some version is not any more what it was: nothing explains that but a mistake or an attack."""
        return any(each.event.kind is DriftKind.OTHER_CHECKSUM for each in self.news)


class Side(NamedTuple):
    """A lock with what is known of its crates.

    lacking: the packages of which nothing is known, and why. pins: by package index; today: the same as surface.lock
    would have them. graph: the edges with what they mean. project: as it is seen with these facts.
    """

    project: Project
    lock: LockSide
    graph: DeclaredGraph
    pins: Mapping[int, PinnedCrate]
    today: SurfaceLock
    lacking: tuple[tuple[Package, Unread], ...]


def lock_drift(request: Request, rev: str, progress: Progress) -> Drift:
    """Compare the lock of a request with the one at `rev`; raises UsageError where there is no lock to compare.

    Archives that are not on this machine are fetched, unless the run makes no requests or is locked. What surface.lock
    says is taken from `rev` alone: what is compared with it must not vouch for itself.
    """
    request = request._replace(offline=request.offline or request.locked)
    old = open_locked_project(request._replace(rev=rev))
    new = open_locked_project(request)
    pinned = pinned_in(old)
    with open_sources(new, progress) as sources:
        before, after = (read_side(project, pinned, sources, progress) for project in (old, new))
    return Drift(new, old.commit or rev, drift_news(before, after), after.lacking)


def drift_news(before: Side, after: Side) -> tuple[DriftNews, ...]:
    """Return what happened on the way from one side to the other, the gravest first."""
    known = known_names(package.name for package in before.lock.packages)
    return tuple(
        DriftNews(event, known.resembled_by(event.crate) if event.is_new_name else None)
        for event in find_drift(before.lock, after.lock)
    )


def pinned_in(project: Project) -> SurfaceLock | None:
    """Return what the surface.lock of a project pins; None where it has none. Raises StoreError."""
    path = find_surface_lock(project.tree, project.workspace, project.store.folder)
    return None if path is None else read_surface_lock(project.tree, path, project.request.cwd)


def read_side(project: Project, pinned: SurfaceLock | None, sources: Sources, progress: Progress) -> Side:
    """Read a lock; of a crate that is pinned that is believed, of others their archives are asked."""
    return side_of(pin_workspace(project, pinned, sources, progress))


def side_of(read: PinnedWorkspace) -> Side:
    """Return what a lock is for a comparison, with what is pinned of its crates."""
    return Side(read.project, lock_side(read.graph), read.graph, read.pins, read.lock, read.lacking)
