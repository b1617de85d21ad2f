"""The family of a crate: what else in the queue is from its repository or its revision, to be read together with it.

Where a crate says it comes from decides who is looked at side by side, and about nothing else.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import NamedTuple

from vetflow.app.crate_batch import Unread, work_on_crates
from vetflow.app.crates import CrateContent
from vetflow.app.network import open_sources
from vetflow.app.project import open_project
from vetflow.app.readings import Progress
from vetflow.app.request import Request
from vetflow.app.review.values import Delta
from vetflow.app.surface import foreign_packages, require_locked
from vetflow.errors import NotFoundError
from vetflow.review.batch import Origin, origin
from vetflow.review.families import Family, Member, Shape, family
from vetflow.review.session import Pair


class Relatives(NamedTuple):
    """Deltas of one repository or revision, the one that was asked for first. unread: crates nobody could look into."""

    pairs: tuple[Pair, ...]
    unread: tuple[str, ...]


def relatives(request: Request, pair: Pair, waiting: Iterable[Pair], progress: Progress) -> Relatives:
    """Find the family of a delta among what is waiting to be read; each of them is read and verified for that.

    Raises NotFoundError for a whole version: it has no change to be compared.
    """
    if pair.base is None:
        raise NotFoundError(
            f"{pair.crate} {pair.version} is to be read whole",
            help="families are of changes: name a base to start from",
        )
    project = require_locked(open_project(request))
    deltas = {each[::2]: each for each in (*waiting, pair) if each.base is not None}
    packages = [each for each in foreign_packages(project) if (each.name, str(each.version)) in deltas]
    with open_sources(project, progress) as sources:
        origins = work_on_crates(packages, _origin, request, sources, progress=progress)
    found = {deltas[each.name, str(each.version)]: origins[each] for each in packages}
    own = found.get(pair)
    unread = tuple(each.crate for each, claimed in found.items() if isinstance(claimed, Unread))
    related = [each for each, claimed in found.items() if each != pair and _is_related(own, claimed)]
    return Relatives((pair, *related), unread)


def family_of(pairs: Iterable[Pair], read: Callable[[Pair], Delta]) -> Family:
    """Put deltas side by side. read: reads and compares one."""
    return family([shape_of(read(pair)) for pair in pairs])


def shape_of(delta: Delta) -> Shape:
    """Return a delta as a family compares it."""
    return Shape(Member(delta.pair, delta.diff, delta.old, delta.new, delta.plan, delta.findings))


def _origin(content: CrateContent) -> Origin:
    return origin(content.files)


def _is_related(own: Origin | Unread | None, other: Origin | Unread) -> bool:
    if not isinstance(own, Origin) or not isinstance(other, Origin):
        return False
    return any(one is not None and one == another for one, another in zip(own, other, strict=True))
