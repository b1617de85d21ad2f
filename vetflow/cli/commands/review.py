"""`vetflow review [CRATE] [VERSION]`: read what is still to be read, in the terminal; `--plain` prints it instead."""

from __future__ import annotations

import argparse

from vetflow.cli.output import Output
from vetflow.cli.pair import suggested_pair, waiting_pairs
from vetflow.cli.progress import Progress
from vetflow.cli.request import request_of
from vetflow.cli.showing import show_delta, show_version
from vetflow.cli.terminal import is_interactive
from vetflow.cli.world import World
from vetflow.errors import UsageError
from vetflow.review.session import Pair

SUMMARY = "review in the terminal what is still to be read, and certify it"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take where to begin."""
    parser.add_argument("crate", nargs="?", help="the crate to begin with (default: the queue)")
    parser.add_argument("version", nargs="?", metavar="VERSION", help="its version, if the queue has several")
    parser.add_argument("--base", metavar="VERSION", help="read what changed since this version, whatever is suggested")
    parser.add_argument("--plain", action="store_true", help="print it for a pager or a screen reader")
    parser.add_argument(
        "--family", action="store_true", help="print what of its repository changed in the same way, and what did not"
    )
    parser.add_argument("--key", metavar="KEY", help="the key to sign with (see `vetflow certify`)")


def run(options: argparse.Namespace, world: World, out: Output) -> int:
    """Open the review, or print what it would show where there is no terminal."""
    if options.base and not (options.crate and options.version):
        raise UsageError("--base is about one version", help="`vetflow review CRATE VERSION --base OLD`")
    if options.family:
        return _family(options, world, out)
    if options.plain or options.output_format != "human" or not is_interactive(world):
        return _print(options, world, out)
    from vetflow.cli.review import start_review  # noqa: PLC0415  brings what few commands need

    return start_review(options, world, out, _pair(options, world) if options.crate else None)


def _family(options: argparse.Namespace, world: World, out: Output) -> int:
    """Print the family of a crate: the one to be read, those like it, and the others by what differs."""
    from vetflow.app.review.delta import read_delta  # noqa: PLC0415
    from vetflow.app.review.family import family_of, relatives  # noqa: PLC0415  see above
    from vetflow.cli.render.family import family_json, family_lines  # noqa: PLC0415
    from vetflow.cli.render.review_words import WORDS  # noqa: PLC0415

    if not options.crate:
        raise UsageError("--family is about one crate", help="`vetflow review CRATE --family`")
    request = request_of(options, world)
    waiting = waiting_pairs(request, world)
    pair = suggested_pair(waiting, options.crate, options.version)
    pair = pair._replace(base=options.base) if options.base else pair
    with Progress(world) as progress:
        found = relatives(request, pair, waiting, progress)
        family = family_of(found.pairs, lambda each: read_delta(request, each, WORDS, progress))
    if options.output_format == "json":
        out.document(family_json(family, found.unread) + "\n")
    else:
        out.lines(list(family_lines(family, found.unread)))
    return 0


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
    if options.version and options.base:
        return Pair(options.crate, options.base, options.version)
    return suggested_pair(waiting_pairs(request_of(options, world), world), options.crate, options.version)
