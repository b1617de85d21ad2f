"""What commands that bring the whole store up to date share: `--dry-run`, and how they run and report."""

from __future__ import annotations

import argparse
from collections.abc import Callable

from vetflow.app.request import Request
from vetflow.app.updating import Run, Updated
from vetflow.cli.output import Output
from vetflow.cli.progress import Progress, waiting_for_lock
from vetflow.cli.render.write_plan import tell_written
from vetflow.cli.request import request_of
from vetflow.cli.world import World


def add_dry_run(parser: argparse.ArgumentParser) -> None:
    """Declare `--dry-run`."""
    parser.add_argument("--dry-run", action="store_true", help="show what would change, and write nothing")


def run_update(
    update: Callable[[Request, Run], Updated], options: argparse.Namespace, world: World, out: Output
) -> int:
    """Run `update` as the options say, and tell what it changed; the exit code is 0 whether the result vets or not."""
    with Progress(world) as progress:
        updated = update(request_of(options, world), Run(options.dry_run, progress, waiting_for_lock(out)))
    tell_written(
        updated.written, out, output_format=options.output_format, dry_run=options.dry_run, notes=updated.notes
    )
    return 0
