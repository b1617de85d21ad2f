"""`vetflow gc`: remove from vetflow's own cache what has not been used for long."""

from __future__ import annotations

import argparse

from vetflow.app.gc import Collected, collect_garbage
from vetflow.cli.output import Output
from vetflow.cli.request import request_of
from vetflow.cli.world import World
from vetflow.sources.cache import DAYS_KEPT

SUMMARY = "remove what vetflow fetched and has not used for long; cargo-vet's own cache is left alone"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take the age."""
    parser.add_argument(
        "--max-package-age-days",
        metavar="DAYS",
        type=float,
        default=float(DAYS_KEPT),
        help=f"remove what was not used for so long (default: {DAYS_KEPT})",
    )
    parser.add_argument("--clean", action="store_true", help="remove everything; it is fetched again when needed")


def run(options: argparse.Namespace, world: World, out: Output) -> int:
    """Sweep, and say what went."""
    days = 0.0 if options.clean else options.max_package_age_days
    collected = collect_garbage(request_of(options, world), days)
    if options.output_format == "json":
        out.document(_json(collected))
    elif collected.swept.files:
        size = collected.swept.size / 1_000_000
        out.line(f"removed from {collected.folder}: {size:.1f} MB (files: {collected.swept.files})")
    else:
        out.line(f"nothing to remove from {collected.folder}")
    return 0


def _json(collected: Collected) -> str:
    import json  # noqa: PLC0415  most people read the sentence

    document = {"schema": "vetflow/gc/1", "folder": collected.folder, **collected.swept._asdict()}
    return json.dumps(document, indent=2) + "\n"
