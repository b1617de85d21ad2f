"""Whether somebody is there to look at screens."""

from __future__ import annotations

from vetflow.cli.world import World


def is_interactive(world: World) -> bool:
    """Whether input and output are terminals, and such that can show screens."""
    return world.stdin.isatty() and world.stdout.isatty() and world.environ.get("TERM", "dumb") != "dumb"
