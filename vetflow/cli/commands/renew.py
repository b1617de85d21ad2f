"""`vetflow renew CRATE | --expiring`: let wildcard audits hold for another year."""

from __future__ import annotations

import argparse

from vetflow.app.project import open_project
from vetflow.app.renew import Renewed, renew_crate, renew_expiring
from vetflow.app.updating import Run
from vetflow.cli.auditor import own_name
from vetflow.cli.output import Output, Style, Styled
from vetflow.cli.progress import Progress, waiting_for_lock
from vetflow.cli.render.write_plan import tell_written
from vetflow.cli.request import request_of
from vetflow.cli.signing import add_signing, signed
from vetflow.cli.updating import add_dry_run
from vetflow.cli.world import World
from vetflow.errors import UsageError

SUMMARY = "let wildcard audits hold for a year from today, except those with `renew = false`"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take the crate, or that all which expire are meant."""
    parser.add_argument("crate", nargs="?", help="renew all of this crate, whether they expire or not")
    parser.add_argument("--expiring", action="store_true", help="renew what has ended or ends within six weeks")
    parser.add_argument(
        "--include-inactive", action="store_true", help="with --expiring: also crates that publish nothing any more"
    )
    add_signing(parser)
    add_dry_run(parser)


def run(options: argparse.Namespace, world: World, out: Output) -> int:
    """Renew, and name what was renewed; that there is nothing to renew is no failure."""
    if (options.crate is None) != options.expiring:
        raise UsageError("say what to renew: either CRATE or --expiring", help="`vetflow renew --expiring`")
    request = request_of(options, world)
    with Progress(world) as progress:
        how = Run(options.dry_run, progress, waiting_for_lock(out))
        how = signed(how, open_project(request), own_name(world), options=options, world=world, out=out)
        if options.expiring:
            renewed = renew_expiring(request, how, include_inactive=options.include_inactive)
        else:
            renewed = renew_crate(request, options.crate, how)
    if options.crate and not renewed.audits:
        out.message(
            Styled("warning", Style.WARN),
            f": there are no wildcard audits of {options.crate} to renew; those with `renew = false` are left alone",
        )
    tell_written(renewed.written, out, output_format=options.output_format, dry_run=options.dry_run)
    if options.output_format == "human" and not options.dry_run:
        _name(renewed, out)
    return 0


def _name(renewed: Renewed, out: Output) -> None:
    """Write a line for each renewed audit, with its publisher as far as known."""
    if not renewed.audits:
        return
    out.line(f"Updated wildcard audits for the following crates and publishers to expire on {renewed.end}:")
    for due in renewed.audits:
        source = due.audit.source
        row = renewed.publishers.get(source)
        if isinstance(source, str):
            name = source
        elif row is None or row.user_login is None:
            name = f"id={source}"
        else:
            name = f"{row.user_name} ({row.user_login})" if row.user_name else row.user_login
        out.line(f"  {due.crate}: {name}")
