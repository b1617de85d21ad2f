"""`vetflow aggregate FILE`: merge several sets of audits into one, for others to import."""

from __future__ import annotations

import argparse

from vetflow.app.aggregate import aggregate
from vetflow.cli.output import Output
from vetflow.cli.progress import Progress
from vetflow.cli.render.write_plan import tell_notes
from vetflow.cli.request import request_of
from vetflow.cli.world import World

SUMMARY = "print one audits.toml made of several, for others to import; works outside of any project"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take the list."""
    parser.add_argument("sources", metavar="FILE", help="a file with the address of an audits.toml on each line")


def run(options: argparse.Namespace, world: World, out: Output) -> int:
    """Print the merged file, in either output format: it is a document already."""
    with Progress(world) as progress:
        merged = aggregate(request_of(options, world), options.sources, progress)
    tell_notes(merged.notes, out)
    out.document(merged.text)
    return 0
