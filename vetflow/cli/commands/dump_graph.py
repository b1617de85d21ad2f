"""`vetflow dump-graph`: the dependency graph the verdict is about, without any policy applied."""

from __future__ import annotations

import argparse

from vetflow.app.project import open_project
from vetflow.cli.output import Output
from vetflow.cli.render import graph as render
from vetflow.cli.request import request_of
from vetflow.cli.world import World

SUMMARY = "print the dependency graph: a mermaid chart, or JSON with every node's roles"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take the depth of the chart."""
    parser.add_argument(
        "--depth", choices=render.DEPTHS, default="first-party", help="how much of the graph the chart shows"
    )


def run(options: argparse.Namespace, world: World, out: Output) -> int:
    """Print the graph; JSON always holds all of it."""
    graph = open_project(request_of(options, world)).plain_graph()
    if options.output_format == "json":
        out.document(render.as_json(graph))
    else:
        for line in render.as_mermaid(graph, options.depth):
            out.line(line)
    return 0
