"""`vetflow diff CRATE A B`: what changed between two versions, what runs during a build first."""

from __future__ import annotations

import argparse

from vetflow.app.crates import is_path
from vetflow.cli.output import Output
from vetflow.cli.request import request_of
from vetflow.cli.showing import add_showing, show_delta, show_elsewhere
from vetflow.cli.world import World
from vetflow.errors import UsageError

SUMMARY = "show what changed between two versions of a crate, what runs during a build first"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take the crate and both versions."""
    parser.add_argument("crate", help="the crate's name; left out where both versions are paths")
    end = "a version, `VERSION@git:REVISION`, or the path of an unpacked crate or of a `.crate` file"
    parser.add_argument("version1", metavar="OLD", help=f"{end}: to compare with")
    parser.add_argument("version2", metavar="NEW", nargs="?", help=f"{end}: to be read")
    add_showing(parser, modes="local, diff.rs or custom_url=TEMPLATE with {package}, {version1} and {version2}")


def run(options: argparse.Namespace, world: World, out: Output) -> int:
    """Show the delta, and remember it for `certify`."""
    from vetflow.app.review_crates import Wanted  # noqa: PLC0415  not for a mode that only has an address

    crate, ends = options.crate, (options.version1, options.version2)
    if options.version2 is None:
        crate, ends = None, (options.crate, options.version1)
        if not all(map(is_path, ends)):
            raise UsageError(
                "diff takes a crate and two versions, or two paths",
                help="`vetflow diff CRATE OLD NEW`; a path has a `/` or ends in `.crate`",
            )
    request = request_of(options, world)
    if show_elsewhere(options, request, out, crate, ends):
        return 0
    wanted = Wanted(crate, ends, options.host_library)
    show_delta(request, wanted, world, out, as_json=options.output_format == "json", everything=options.all)
    return 0
