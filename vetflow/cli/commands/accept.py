"""`vetflow accept CRATE[@VERSION] FINDING --reason TEXT`: this finding was looked at, and is as it should be."""

from __future__ import annotations

import argparse

from vetflow.app.accept import AcceptedFinding, accept
from vetflow.app.updating import Run
from vetflow.cli.auditor import add_who, auditor
from vetflow.cli.output import Output
from vetflow.cli.progress import Progress, waiting_for_lock
from vetflow.cli.render.decisions import tell_decisions
from vetflow.cli.request import request_of
from vetflow.cli.updating import add_dry_run
from vetflow.cli.values import crate_version, date, reason
from vetflow.cli.world import World

SUMMARY = "accept a finding of `surface`, so that only what is new is asked about; no audit, and it vets nothing"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take the finding and what is said of it."""
    parser.add_argument("crate", metavar="CRATE[@VERSION]", help="the crate; with a version only that one")
    parser.add_argument("finding", help="a finding's id, a capability, or CAPABILITY:DETAIL, as `surface` shows them")
    parser.add_argument("--reason", metavar="TEXT", type=reason, required=True, help="why it is as it should be")
    parser.add_argument("--until", metavar="DATE", type=date, help="the last day on which it stays accepted")
    add_who(parser)
    add_dry_run(parser)


def run(options: argparse.Namespace, world: World, out: Output) -> int:
    """Write the acceptance down."""
    crate, version = crate_version(options.crate)
    by = auditor(options, world).who
    finding = AcceptedFinding(crate, version, options.finding, options.reason, by, options.until)
    with Progress(world) as progress:
        run = Run(options.dry_run, progress, waiting_for_lock(out))
        accepted = accept(request_of(options, world), finding, run)
    for each in accepted.acceptances:
        detail = "every detail" if each.detail is None else each.detail
        out.message(f"accepted of {options.crate}: {each.capability}: {detail}")
    tell_decisions(accepted.written, out, output_format=options.output_format, dry_run=options.dry_run)
    return 0
