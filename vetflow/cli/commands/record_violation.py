"""`vetflow record-violation CRATE VERSIONS`: state that versions of a crate do not meet criteria."""

from __future__ import annotations

import argparse

from vetflow.app.project import open_project
from vetflow.app.updating import Run
from vetflow.app.violation import record_violation
from vetflow.cli.auditor import add_who, auditor
from vetflow.cli.output import Output
from vetflow.cli.progress import Progress, waiting_for_lock
from vetflow.cli.render.write_plan import tell_written
from vetflow.cli.request import request_of
from vetflow.cli.signing import add_signing, signed
from vetflow.cli.updating import add_dry_run
from vetflow.cli.values import requirement
from vetflow.cli.world import World

SUMMARY = "state that versions of a crate do not meet criteria; whatever says otherwise then fails the check"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take crate, versions and what is said of them."""
    parser.add_argument("crate", help="the crate's name")
    parser.add_argument(
        "versions", type=requirement, help="a requirement as in Cargo.toml: 1.2.0 means ^1.2.0, =1.2.0 only that one"
    )
    parser.add_argument(
        "--criteria", action="append", default=[], metavar="NAME", help="what they do not meet (default: the store's)"
    )
    add_who(parser)
    parser.add_argument("--notes", metavar="TEXT", help="what is wrong")
    parser.add_argument("--force", action="store_true", help="also for a crate that is not in use")
    add_signing(parser)
    add_dry_run(parser)


def run(options: argparse.Namespace, world: World, out: Output) -> int:
    """Record the violation."""
    who = auditor(options, world).who
    project = open_project(request_of(options, world))
    with Progress(world) as progress:
        how = Run(options.dry_run, progress, waiting_for_lock(out))
        written = record_violation(
            project,
            options.crate,
            options.versions,
            who,
            signed(how, project, who, options=options, world=world, out=out),
            criteria=tuple(options.criteria),
            notes=options.notes,
            force=options.force,
        )
    tell_written(written, out, output_format=options.output_format, dry_run=options.dry_run)
    if options.output_format == "human":
        out.line(
            f"If you've identified a security vulnerability in {options.crate} please report it at "
            "https://github.com/rustsec/advisory-db#reporting-vulnerabilities"
        )
    return 0
