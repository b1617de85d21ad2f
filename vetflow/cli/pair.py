"""What a command is about where a crate is named and versions are not: what the queue suggests."""

from __future__ import annotations

from collections.abc import Sequence

from vetflow.app.request import Request
from vetflow.app.review.values import pair_of
from vetflow.cli.progress import Progress
from vetflow.cli.world import World
from vetflow.errors import NotFoundError
from vetflow.review.session import Pair


def waiting_pairs(request: Request, world: World) -> tuple[Pair, ...]:
    """Return what the queue suggests to read, the most urgent first."""
    from vetflow.app.queue import queue  # noqa: PLC0415  brings what only those need who name no versions

    with Progress(world) as progress:
        return tuple(pair_of(row) for row in queue(request, progress=progress).rows)


def suggested_pair(waiting: Sequence[Pair], crate: str, version: str | None) -> Pair:
    """Return what is to be read of a crate, of that version where one is named; a version not waiting is read whole.

    Raises NotFoundError where nothing of it waits and no version was named.
    """
    found = [pair for pair in waiting if pair.crate == crate and version in {None, pair.version}]
    if found:
        return found[0]
    if version:
        return Pair(crate, None, version)
    raise NotFoundError(
        f"there is nothing to audit of {crate}",
        help=f"name a version to read it all the same: `vetflow review {crate} VERSION`",
    )
