"""`vetflow progress`: what was read, trusted and exempted, month by month."""

from __future__ import annotations

import argparse

from vetflow.app.progress import progress_by_month
from vetflow.cli.output import Output
from vetflow.cli.progress import Progress
from vetflow.cli.render import progress as render
from vetflow.cli.request import request_of
from vetflow.cli.world import World

SUMMARY = "show what your crates rested on month by month, from the store's git history; build-time crates apart"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take how far to look back."""
    parser.add_argument(
        "--months", type=_months, default=12, metavar="N", help="how many months, this one included (default: 12)"
    )


def run(options: argparse.Namespace, world: World, out: Output) -> int:
    """Print the months; that some have no verdict is part of the answer."""
    with Progress(world) as progress:
        moments = progress_by_month(request_of(options, world), options.months, progress=progress)
    if options.output_format == "json":
        out.document(render.as_json(moments) + "\n")
    else:
        for line in render.as_lines(moments):
            out.line(*line)
    return 0


def _months(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= 240:
        raise argparse.ArgumentTypeError(f"'{text}' is not a number from 1 to 240")
    return int(text)
