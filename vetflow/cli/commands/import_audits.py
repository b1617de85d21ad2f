"""`vetflow import NAME [URL...]`: let the audits of somebody else count."""

from __future__ import annotations

import argparse
from functools import partial

from vetflow.app.imports.add import import_audits
from vetflow.cli.output import Output
from vetflow.cli.updating import add_dry_run, run_update
from vetflow.cli.world import World

SUMMARY = "import somebody's audits: a registered publisher by name, anybody by the address of their audits.toml"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take a name and addresses."""
    parser.add_argument("name", metavar="NAME", help="what the import is called; without URL, whom to look up")
    parser.add_argument("url", metavar="URL", nargs="*", help="where the audits.toml stands, several are merged")
    add_dry_run(parser)


def run(options: argparse.Namespace, world: World, out: Output) -> int:
    """Import, and count what that changed."""
    imported = partial(import_audits, name=options.name, urls=tuple(options.url))
    code = run_update(imported, options, world, out)
    if options.locked and not options.dry_run:
        out.message("imports.lock does not have it yet: `vetflow check` without --locked fetches it")
    return code
