"""`vetflow inspect CRATE VERSION`: the code of a whole version, what runs during a build first."""

from __future__ import annotations

import argparse

from vetflow.app.crates import is_path
from vetflow.cli.output import Output
from vetflow.cli.request import request_of
from vetflow.cli.showing import add_showing, show_elsewhere, show_version
from vetflow.cli.world import World
from vetflow.errors import UsageError

SUMMARY = "show the code of a version of a crate, what runs during a build first"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take the crate and its version."""
    parser.add_argument("crate", help="the crate's name, or the path of an unpacked crate or of a `.crate` file")
    parser.add_argument("version", nargs="?", help="a version, `VERSION@git:REVISION`, or a path")
    add_showing(parser, modes="local, crates.io, diff.rs or custom_url=TEMPLATE with {package} and {version}")


def run(options: argparse.Namespace, world: World, out: Output) -> int:
    """Show the version, and remember it for `certify`."""
    from vetflow.app.review_crates import Wanted  # noqa: PLC0415  not for a mode that only has an address

    crate, version = options.crate, options.version
    if version is None:
        crate, version = None, options.crate
        if not is_path(version):
            raise UsageError(
                f"couldn't guess what version of {version} to inspect, please specify",
                help=f"`vetflow inspect {version} VERSION`",
            )
    request = request_of(options, world)
    if show_elsewhere(options, request, out, crate, (version,)):
        return 0
    wanted = Wanted(crate, (version,), options.host_library)
    show_version(request, wanted, world, out, as_json=options.output_format == "json", everything=options.all)
    return 0
