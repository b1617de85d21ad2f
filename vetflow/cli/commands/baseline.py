"""`vetflow baseline`: pin what runs when this project is built, so that only growth is asked about from now on."""

from __future__ import annotations

import argparse

from vetflow.app.baseline import write_baseline
from vetflow.app.updating import Run
from vetflow.cli.output import Output
from vetflow.cli.progress import Progress, waiting_for_lock
from vetflow.cli.render import baseline as render
from vetflow.cli.request import request_of
from vetflow.cli.updating import add_dry_run
from vetflow.cli.world import World

SUMMARY = "write surface.lock: it pins what runs when you build, and `surface --check` then asks about growth alone"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take `--dry-run`."""
    add_dry_run(parser)


def run(options: argparse.Namespace, world: World, out: Output) -> int:
    """Write the file and say what it pins."""
    with Progress(world) as progress:
        written = write_baseline(request_of(options, world), Run(options.dry_run, progress, waiting_for_lock(out)))
    if options.output_format == "json":
        out.document(render.as_json(written, dry_run=options.dry_run) + "\n")
    else:
        out.lines(list(render.as_lines(written, dry_run=options.dry_run)))
    return 0
