"""`vetflow merge-driver BASE OURS THEIRS PATH`, which git calls, and `vetflow merge-driver install`."""

from __future__ import annotations

import argparse
from typing import Final

from vetflow.app.merge_driver import install_driver, merge_file
from vetflow.cli.output import Output, Style, Styled
from vetflow.cli.request import request_of
from vetflow.cli.updating import add_dry_run
from vetflow.cli.world import World
from vetflow.errors import UsageError
from vetflow.project.merge_settings import ATTRIBUTES

SUMMARY = "merge a file of the store entry by entry, for git; `install` tells git to ask for that"
_INSTALL: Final = "install"
_FILES: Final = 4


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take the three files and the path, or `install`."""
    parser.add_argument(
        "files",
        nargs="+",
        metavar="FILE",
        help="what git gives as %%O %%A %%B %%P: the common ancestor, ours (which is overwritten), theirs, and the "
        "path in the repository; or `install`, which writes .gitattributes and .git/config",
    )
    add_dry_run(parser)


def run(options: argparse.Namespace, world: World, out: Output) -> int:
    """Merge or install; the exit code is 1 when somebody must decide, as git expects of a merge driver."""
    if options.files == [_INSTALL]:
        return _install(options, world, out)
    if len(options.files) != _FILES:
        raise UsageError(
            "merge-driver takes four files", help="git calls it as `vetflow merge-driver %O %A %B %P`; see `install`"
        )
    merged = merge_file(world.cwd, *options.files)
    name = options.files[-1]
    for conflict in merged.conflicts:
        out.message(Styled("conflict", Style.BAD), f" in {name}: {conflict.what}: {conflict.reason}")
    if merged.way_out:
        out.message(f"  {merged.way_out}")
    return 1 if merged.conflicts else 0


def _install(options: argparse.Namespace, world: World, out: Output) -> int:
    missing = install_driver(request_of(options, world), dry_run=options.dry_run)
    if not missing.attributes and not missing.settings:
        out.message("git merges the store's files with vetflow already")
        return 0
    for line in missing.attributes:
        out.line(f"{ATTRIBUTES}: {line}")
    for key, value in missing.settings.items():
        out.line(f"git config {key} '{value}'")
    if options.dry_run:
        out.message("nothing was written (--dry-run)")
    elif missing.attributes:
        out.message(f"written; commit the {ATTRIBUTES} of the store: others run `vetflow merge-driver install` once")
    return 0
