"""`vetflow init`: a store for a workspace that has none."""

from __future__ import annotations

import argparse

from vetflow.app.init import init
from vetflow.app.updating import Run
from vetflow.cli.output import Output
from vetflow.cli.progress import Progress, waiting_for_lock
from vetflow.cli.render.initialized import initialized_lines
from vetflow.cli.render.write_plan import tell_notes, tell_written
from vetflow.cli.request import request_of
from vetflow.cli.world import World

SUMMARY = "create supply-chain/ with everything exempted, so that `check` passes and nothing new comes in unnoticed"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take only `--dry-run`."""
    parser.add_argument("--dry-run", action="store_true", help="show what would be written, and write nothing")


def run(options: argparse.Namespace, world: World, out: Output) -> int:
    """Create the store and say what it means."""
    with Progress(world) as progress:
        made = init(request_of(options, world), Run(options.dry_run, progress, waiting_for_lock(out)))
    if options.dry_run or options.output_format == "json":
        tell_written(made.written, out, output_format=options.output_format, dry_run=options.dry_run, notes=made.notes)
        return 0
    tell_notes(made.notes, out)
    out.lines(list(initialized_lines(made)))
    return 0
