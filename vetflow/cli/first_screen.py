"""Bare `vetflow` where there is no store: one screen instead of an error, and at a terminal the way to a store.

A CI job is no reader, and one whose store was lost must not turn green: it gets the error all the same.
"""

from __future__ import annotations

import argparse

from vetflow.app.first_look import first_look
from vetflow.app.request import Request
from vetflow.cli.output import Output
from vetflow.cli.progress import Progress
from vetflow.cli.render.first_look import as_lines
from vetflow.cli.terminal import is_interactive
from vetflow.cli.world import World
from vetflow.errors import NoStoreError


def show_first_screen(options: argparse.Namespace, world: World, out: Output, error: NoStoreError) -> int:
    """Show what can be said without a store, a request or a trace in the project; raises `error` where `CI` is set.

    Somebody at a terminal is then led to a store, if they want one.
    """
    request = Request(world.cwd, world.cargo_home, world.today(), offline=True, environ=world.environ)
    with Progress(world) as progress:
        look = first_look(request, progress)
    out.lines(list(as_lines(look)))
    if world.environ.get("CI", "").lower() not in {"", "0", "false"}:
        raise error
    if not is_interactive(world):
        return 0
    from vetflow.cli.guided_init import guide  # noqa: PLC0415  brings what the screen does not need

    return guide(options, world, out)
