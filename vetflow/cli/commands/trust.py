"""`vetflow trust CRATE [ID] | --all ID`: trust who published a crate, instead of reading it."""

from __future__ import annotations

import argparse

from vetflow.app.live_store import LiveStore
from vetflow.app.trust import Trust, Window, open_trust, open_trust_all, record_trust, trust_backlog, trust_crate
from vetflow.app.updating import Run
from vetflow.cli.auditor import own_name
from vetflow.cli.output import Output, Style, Styled
from vetflow.cli.progress import Progress, waiting_for_lock
from vetflow.cli.prompts import choose_criteria
from vetflow.cli.render.recorded import tell_recorded
from vetflow.cli.render.short_list import short_list
from vetflow.cli.request import request_of
from vetflow.cli.signing import add_signing, signed
from vetflow.cli.updating import add_dry_run
from vetflow.cli.values import date
from vetflow.cli.world import World
from vetflow.errors import UsageError
from vetflow.resolve.certify_criteria import chosen_criteria

SUMMARY = "trust a publisher with a crate, or with all crates of the backlog that only they published"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take crate and publisher, or the publisher alone."""
    parser.add_argument("crate", nargs="?", help="the crate's name")
    parser.add_argument(
        "publisher", nargs="?", help="login of a user, or github:OWNER/REPO; not needed when there was only one"
    )
    parser.add_argument("--all", metavar="ID", help="trust them with every crate that fails or is exempted")
    parser.add_argument(
        "--allow-multiple-publishers", action="store_true", help="with --all: also crates that others published, too"
    )
    parser.add_argument("--criteria", action="append", default=[], metavar="NAME", help="trust them for this")
    parser.add_argument("--start-date", type=date, metavar="DATE", help="from when (default: their first publication)")
    parser.add_argument("--end-date", type=date, metavar="DATE", help="until before when (default: in a year)")
    parser.add_argument("--notes", metavar="TEXT", help="why")
    add_signing(parser)
    add_dry_run(parser)


def run(options: argparse.Namespace, world: World, out: Output) -> int:
    """Record the trust."""
    if (options.crate is None) == (options.all is None):
        raise UsageError("say whom to trust with what: either CRATE [ID] or --all ID")
    with Progress(world) as progress:
        how = Run(options.dry_run, progress, waiting_for_lock(out))
        live, trust = _decide(options, world, how)
    for crate in trust.skipped:
        out.message(
            Styled("warning", Style.WARN),
            f": left out {crate}, which others published, too; --allow-multiple-publishers takes it in",
        )
    criteria = live.store.criteria
    crates = short_list(list(trust.periods))
    names = tuple(options.criteria) or choose_criteria(
        world, out, f"what to trust {trust.publisher} for ({crates})", criteria, trust.criteria
    )
    how = signed(how, live.project, own_name(world), options=options, world=world, out=out)
    recorded = record_trust(live, trust, chosen_criteria(criteria, names), options.notes, how)
    tell_recorded(recorded, options, out)
    return 0


def _decide(options: argparse.Namespace, world: World, how: Run) -> tuple[LiveStore, Trust]:
    request = request_of(options, world)
    window = Window(options.start_date, options.end_date)
    if options.all is None:
        live = open_trust(request, options.crate, how)
        return live, trust_crate(live, options.crate, options.publisher, window)
    live = open_trust_all(request, how)
    return live, trust_backlog(live, options.all, window, allow_others=options.allow_multiple_publishers)
