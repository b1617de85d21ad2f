"""Who records an audit: `--who`, or whoever git is configured for."""

from __future__ import annotations

import argparse
from typing import NamedTuple

from vetflow.cli.world import World
from vetflow.errors import VetflowError
from vetflow.project.identity import git_identity


class Auditor(NamedTuple):
    """who: as it is recorded. names: as the statement to be certified names them."""

    who: tuple[str, ...]
    names: tuple[str, ...]


def add_who(parser: argparse.ArgumentParser) -> None:
    """Declare `--who`."""
    parser.add_argument(
        "--who", action="append", default=[], metavar="WHO", help="who says so, again for several (default: git's user)"
    )


def auditor(options: argparse.Namespace, world: World) -> Auditor:
    """Return who records; raises NotFoundError when nobody is named and git knows nobody either."""
    if options.who:
        return Auditor(tuple(options.who), tuple(options.who))
    user = git_identity(world.cwd, world.environ)
    return Auditor((str(user),), (user.name,))


def own_name(world: World) -> tuple[str, ...]:
    """Return who git says works here, to sign what names nobody; nothing when git does not know."""
    try:
        return (str(git_identity(world.cwd, world.environ)),)
    except VetflowError:
        return ()
