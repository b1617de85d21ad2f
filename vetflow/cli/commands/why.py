"""`vetflow why CRATE [VERSION]`: how a crate comes in, and what is required of it by whom."""

from __future__ import annotations

import argparse

from vetflow.app.why import why
from vetflow.cli.output import Output
from vetflow.cli.render import why as render
from vetflow.cli.request import request_of
from vetflow.cli.world import World

SUMMARY = "show the ways from your packages to a crate, and the policies that set what is required of it"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take crate and version."""
    parser.add_argument("crate", help="the crate's name")
    parser.add_argument("version", nargs="?", help="one of its versions in the graph")
    parser.add_argument("--dependents", action="store_true", help="show instead what depends on it directly")


def run(options: argparse.Namespace, world: World, out: Output) -> int:
    """Print the ways to each version."""
    answers = why(request_of(options, world), options.crate, options.version)
    if options.output_format == "json":
        out.document(render.as_json(answers) + "\n")
    elif options.dependents:
        out.lines([line for line, _ in render.dependents(answers)])
    else:
        out.lines(list(render.as_lines(answers)))
    return 0
