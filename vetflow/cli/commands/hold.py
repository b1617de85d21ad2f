"""`vetflow hold CRATE[@VERSION] --reason TEXT --cleared-when TEXT`: read, not certified, because."""

from __future__ import annotations

import argparse

from vetflow.app.hold import hold
from vetflow.app.updating import Run
from vetflow.cli.auditor import add_who, auditor
from vetflow.cli.output import Output
from vetflow.cli.progress import Progress, waiting_for_lock
from vetflow.cli.render.decisions import tell_decisions
from vetflow.cli.request import request_of
from vetflow.cli.updating import add_dry_run
from vetflow.cli.values import crate_version, reason
from vetflow.cli.world import World
from vetflow.model.decisions import Hold

SUMMARY = "hold a crate back: you read it and do not certify it, because; shown everywhere, never vets"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take the crate, and what is said of it."""
    parser.add_argument("crate", metavar="CRATE[@VERSION]", help="the crate; with a version only that one")
    parser.add_argument("--reason", metavar="TEXT", type=reason, required=True, help="why it is not certified")
    parser.add_argument("--cleared-when", metavar="TEXT", type=reason, required=True, help="what would settle it")
    add_who(parser)
    add_dry_run(parser)


def run(options: argparse.Namespace, world: World, out: Output) -> int:
    """Write the hold down."""
    crate, version = crate_version(options.crate)
    request = request_of(options, world)
    new = Hold(options.reason, options.cleared_when, auditor(options, world).who, request.today, version)
    with Progress(world) as progress:
        written = hold(request, crate, new, Run(options.dry_run, progress, waiting_for_lock(out)))
    tell_decisions(written, out, output_format=options.output_format, dry_run=options.dry_run)
    return 0
