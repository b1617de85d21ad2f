"""`vetflow diff-store REV`: what the store says otherwise than at a revision, entry by entry and crate by crate."""

from __future__ import annotations

import argparse

from vetflow.app.diff_store import diff_store
from vetflow.cli.output import Output
from vetflow.cli.render import store_difference as render
from vetflow.cli.request import request_of
from vetflow.cli.world import World

SUMMARY = "show what the store says otherwise than at a revision, and which locked crates rest on something else now"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take the revision."""
    parser.add_argument(
        "since", metavar="REV", help="the commit, branch or tag to compare with; --rev names the other side"
    )


def run(options: argparse.Namespace, world: World, out: Output) -> int:
    """Print the difference; the exit code is 0 whether there is any or not."""
    difference = diff_store(request_of(options, world), options.since)
    if options.output_format == "json":
        out.document(render.as_json(difference) + "\n")
    else:
        out.lines(list(render.as_lines(difference)))
    return 0
