"""`vetflow who CRATE[@VERSION]`: which set of audits says what of a crate."""

from __future__ import annotations

import argparse

from vetflow.app.who import who
from vetflow.cli.output import Output
from vetflow.cli.progress import Progress
from vetflow.cli.render import who as render
from vetflow.cli.request import request_of
from vetflow.cli.world import World

SUMMARY = "show who audited a crate: your own store, your imports, and the known publishers of audit sets"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take the crate."""
    parser.add_argument(
        "crate",
        metavar="CRATE[@VERSION]",
        help="the crate, in the graph or not (default version: those in the graph)",
    )


def run(options: argparse.Namespace, world: World, out: Output) -> int:
    """Print what each set says."""
    crate, _, version = options.crate.partition("@")
    with Progress(world) as progress:
        answer = who(request_of(options, world), crate, version or None, progress=progress)
    if options.output_format == "json":
        out.document(render.as_json(answer) + "\n")
    else:
        for line in render.as_lines(answer):
            out.line(*line)
    return 0
