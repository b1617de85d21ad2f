"""`vetflow prune`: take out of the store what the verdict does not need."""

from __future__ import annotations

import argparse
from functools import partial

from vetflow.app.prune import prune
from vetflow.cli.output import Output
from vetflow.cli.updating import add_dry_run, run_update
from vetflow.cli.world import World

SUMMARY = "remove exemptions, imports and audits that nothing needs, preferring imported audits to exemptions"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take what is to be spared."""
    parser.add_argument("--no-imports", action="store_true", help="spare unneeded imports")
    parser.add_argument("--no-exemptions", action="store_true", help="spare unneeded exemptions")
    parser.add_argument("--no-audits", action="store_true", help="spare unneeded audits that are not importable")
    add_dry_run(parser)


def run(options: argparse.Namespace, world: World, out: Output) -> int:
    """Prune, and count what went."""
    pruned = partial(
        prune,
        exemptions=not options.no_exemptions,
        imports=not options.no_imports,
        audits=not options.no_audits,
    )
    return run_update(pruned, options, world, out)
