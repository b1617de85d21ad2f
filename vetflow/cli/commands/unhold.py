"""`vetflow unhold CRATE[@VERSION]`: what held a crate back is settled."""

from __future__ import annotations

import argparse

from vetflow.app.hold import unhold
from vetflow.app.updating import Run
from vetflow.cli.output import Output
from vetflow.cli.progress import Progress, waiting_for_lock
from vetflow.cli.render.decisions import tell_decisions
from vetflow.cli.request import request_of
from vetflow.cli.updating import add_dry_run
from vetflow.cli.values import crate_version
from vetflow.cli.world import World

SUMMARY = "take back what holds a crate back"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take the crate."""
    parser.add_argument("crate", metavar="CRATE[@VERSION]", help="the crate; without a version all holds on it")
    add_dry_run(parser)


def run(options: argparse.Namespace, world: World, out: Output) -> int:
    """Remove the hold."""
    crate, version = crate_version(options.crate)
    with Progress(world) as progress:
        run = Run(options.dry_run, progress, waiting_for_lock(out))
        written = unhold(request_of(options, world), crate, version, run)
    tell_decisions(written, out, output_format=options.output_format, dry_run=options.dry_run)
    return 0
