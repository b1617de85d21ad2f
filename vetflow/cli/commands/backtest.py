"""`vetflow backtest --since DAY`: what the policy would have stopped or asked a review for, and the minutes of that."""

from __future__ import annotations

import argparse
from typing import Final

from vetflow.app.backtest.walk import Wanted, backtest
from vetflow.cli.output import Output
from vetflow.cli.progress import Progress
from vetflow.cli.render import backtest as render
from vetflow.cli.request import moment, request_of
from vetflow.cli.world import World
from vetflow.errors import UsageError
from vetflow.formats.time_span import TimeSpanError, parse_time_span
from vetflow.model.dates import DateSyntaxError, parse_date
from vetflow.trust.moments import MomentError, parse_moment

SUMMARY = (
    "walk the history of Cargo.lock and say what the policy would have stopped or asked a review for, when, and the "
    "minutes that would have cost; nothing is checked out or written"
)
_YEAR: Final = "12 months"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take the time that is meant, and the rules."""
    parser.add_argument(
        "--since",
        metavar="DAY",
        default=_YEAR,
        help="the first day, such as 2026-01-31, or how far to look back, such as `6 months` (default: 12 months)",
    )
    parser.add_argument(
        "--policy",
        metavar="FILE",
        help="judge by this file, in the form of vetflow.toml (default: the workspace's own as it is today; strict "
        "rules where there is none)",
    )
    parser.add_argument("--profile", metavar="NAME", help="judge by a stricter set of rules of that file")
    parser.add_argument(
        "--with-incident",
        action="store_true",
        help="also inject an attack on the newest lock, as the one on arrayref of August 2026 was, and say what it "
        "would have met",
    )


def run(options: argparse.Namespace, world: World, out: Output) -> int:
    """Print what would have happened; the exit code is 0 whatever that is: it has happened otherwise."""
    now = moment(options, world)
    wanted = Wanted(_since(options.since, now), options.policy, options.profile, options.with_incident)
    with Progress(world) as progress:
        found = backtest(request_of(options, world), wanted, now, progress)
    if options.output_format == "json":
        out.document(render.as_json(found) + "\n")
    else:
        out.lines(list(render.as_lines(found)))
    return 0


def _since(text: str, now: int) -> int:
    """Return the moment a day begins, or so long ago; raises UsageError."""
    try:
        return parse_moment(f"{parse_date(text)}T00:00:00Z")
    except (DateSyntaxError, MomentError):
        pass
    try:
        return max(0, now - parse_time_span(text))
    except TimeSpanError:
        raise UsageError(
            f"'{text}' is no day and no span of time",
            help="write for example `--since 2026-01-31` or `--since '6 months'`",
        ) from None
