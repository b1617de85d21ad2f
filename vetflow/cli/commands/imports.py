"""`vetflow imports coverage [NAME...]`: what sets of audits would settle here."""

from __future__ import annotations

import argparse
import re
from typing import Final

from vetflow.app.import_coverage import CriteriaMapping, WhatIf, import_coverage
from vetflow.cli.output import Output
from vetflow.cli.progress import Progress
from vetflow.cli.render import import_coverage as render
from vetflow.cli.request import request_of
from vetflow.cli.world import World
from vetflow.errors import UsageError

SUMMARY = "show what each import and each known publisher of audits settles, and what is left; writes nothing"
_MAPPING: Final = re.compile(r"([^:=]+):([^=]+)=([^=]+)\Z")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take the sets, and what to try out."""
    parser.add_argument("action", choices=("coverage",), help="what each set settles, and what is left")
    parser.add_argument("names", nargs="*", metavar="NAME", help="imports or publishers (default: all that are known)")
    parser.add_argument(
        "--criteria-map",
        metavar="PEER:THEIRS=OURS",
        action="append",
        default=[],
        help="try out what happens if a peer's criterion counts as one of yours (may be repeated)",
    )
    parser.add_argument(
        "--require",
        metavar="CRITERIA",
        action="append",
        default=[],
        help="try out what happens if every member requires it, too (may be repeated)",
    )


def run(options: argparse.Namespace, world: World, out: Output) -> int:
    """Print what each set settles."""
    what_if = WhatIf(tuple(map(_mapping, options.criteria_map)), tuple(options.require))
    with Progress(world) as progress:
        coverage = import_coverage(request_of(options, world), options.names, what_if, progress=progress)
    if options.output_format == "json":
        out.document(render.as_json(coverage) + "\n")
    else:
        for line in render.as_lines(coverage):
            out.line(*line)
    return 0


def _mapping(text: str) -> CriteriaMapping:
    match = _MAPPING.match(text)
    if match is None:
        raise UsageError(
            f"--criteria-map '{text}' is not PEER:THEIRS=OURS",
            help="for example google:ub-risk-2=memory-ok",
        )
    return CriteriaMapping(*match.groups())
