"""`vetflow add-exemption CRATE VERSION`: let a version pass that nobody has read."""

from __future__ import annotations

import argparse

from vetflow.app.exemption import add_exemption
from vetflow.app.updating import Run
from vetflow.cli.output import Output
from vetflow.cli.progress import Progress, waiting_for_lock
from vetflow.cli.render.write_plan import tell_written
from vetflow.cli.request import request_of
from vetflow.cli.updating import add_dry_run
from vetflow.cli.values import version
from vetflow.cli.world import World

SUMMARY = "exempt a version of a crate from review; `vetflow regenerate exemptions` does this for all at once"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take crate, version and what is said of them."""
    parser.add_argument("crate", help="the crate's name")
    parser.add_argument("version", type=version, help="the version to exempt")
    parser.add_argument(
        "--criteria", action="append", default=[], metavar="NAME", help="what to exempt from (default: the store's)"
    )
    parser.add_argument("--notes", metavar="TEXT", help="why, or until when")
    parser.add_argument("--no-suggest", action="store_true", help="`suggest` is not to list the version")
    parser.add_argument("--force", action="store_true", help="also for a crate that is not in use")
    add_dry_run(parser)


def run(options: argparse.Namespace, world: World, out: Output) -> int:
    """Add the exemption."""
    with Progress(world) as progress:
        written = add_exemption(
            request_of(options, world),
            options.crate,
            options.version,
            Run(options.dry_run, progress, waiting_for_lock(out)),
            criteria=tuple(options.criteria),
            notes=options.notes,
            suggest=not options.no_suggest,
            force=options.force,
        )
    tell_written(written, out, output_format=options.output_format, dry_run=options.dry_run)
    return 0
