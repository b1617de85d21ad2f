"""`vetflow review [CRATE] [VERSION]`: read what is still to be read, in the terminal; `--plain` prints it instead."""

from __future__ import annotations

import argparse

from vetflow.app.desk import pair_of
from vetflow.cli.output import Output
from vetflow.cli.progress import Progress
from vetflow.cli.request import request_of
from vetflow.cli.showing import show_delta, show_version
from vetflow.cli.terminal import is_interactive
from vetflow.cli.world import World
from vetflow.errors import NotFoundError, UsageError
from vetflow.review.session import Pair

SUMMARY = "review in the terminal what is still to be read, and certify it"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take where to begin."""
    parser.add_argument("crate", nargs="?", help="the crate to begin with (default: the queue)")
    parser.add_argument("version", nargs="?", metavar="VERSION", help="its version, if the queue has several")
    parser.add_argument("--base", metavar="VERSION", help="read what changed since this version, whatever is suggested")
    parser.add_argument("--plain", action="store_true", help="print it for a pager or a screen reader")
    parser.add_argument("--key", metavar="KEY", help="the key to sign with (see `vetflow certify`)")


def run(options: argparse.Namespace, world: World, out: Output) -> int:
    """Open the review, or print what it would show where there is no terminal."""
    if options.base and not (options.crate and options.version):
        raise UsageError("--base is about one version", help="`vetflow review CRATE VERSION --base OLD`")
    if options.plain or options.output_format != "human" or not is_interactive(world):
        return _print(options, world, out)
    from vetflow.cli.review import start_review  # noqa: PLC0415  brings what few commands need

    return start_review(options, world, out, _pair(options, world) if options.crate else None)


def _print(options: argparse.Namespace, world: World, out: Output) -> int:
    """Print the queue, or the review of one crate, in the words of `queue`, `diff` and `inspect`."""
    from vetflow.app.queue import queue  # noqa: PLC0415  see above
    from vetflow.app.review_crates import Wanted  # noqa: PLC0415
    from vetflow.cli.render import queue as render  # noqa: PLC0415

    request, as_json = request_of(options, world), options.output_format == "json"
    if options.crate is None:
        with Progress(world) as progress:
            found = queue(request, progress=progress)
        if as_json:
            out.document(render.as_json(found, None) + "\n")
        else:
            out.lines(list(render.as_lines(found, None, everything=True)))
        return 0
    pair = _pair(options, world)
    versions = (pair.version,) if pair.base is None else (pair.base, pair.version)
    show = show_version if pair.base is None else show_delta
    show(request, Wanted(pair.crate, versions), world, out, as_json=as_json, everything=False)
    return 0


def _pair(options: argparse.Namespace, world: World) -> Pair:
    """Return what is to be reviewed of a crate: what was asked for, else what the queue suggests."""
    from vetflow.app.queue import queue  # noqa: PLC0415  see above

    crate, version, base = options.crate, options.version, options.base
    if version and base:
        return Pair(crate, base, version)
    with Progress(world) as progress:
        rows = queue(request_of(options, world), progress=progress).rows
    pairs = [pair_of(row) for row in rows]
    found = [pair for pair in pairs if pair.crate == crate and version in {None, pair.version}]
    if found:
        return found[0]
    if version:
        return Pair(crate, None, version)
    raise NotFoundError(
        f"there is nothing to audit of {crate}",
        help=f"name a version to read it all the same: `vetflow review {crate} VERSION`",
    )
