"""`vetflow explain-audit CRATE [VERSION] [CRITERIA]`: the audits that lead to a version."""

from __future__ import annotations

import argparse

from vetflow.app.explain_audit import explain_audit
from vetflow.cli.output import Output
from vetflow.cli.progress import Progress
from vetflow.cli.render.explanation import lines
from vetflow.cli.request import request_of
from vetflow.cli.world import World
from vetflow.model.names import SAFE_TO_DEPLOY

SUMMARY = "show which audits certify a version of a crate, from nothing to that version"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take crate, version and criterion."""
    parser.add_argument("crate", help="the crate's name, in the graph or not")
    parser.add_argument("version", nargs="?", help="the version; not needed when the workspace has just one")
    parser.add_argument("criteria", nargs="?", default=SAFE_TO_DEPLOY, help="the criterion (default: safe-to-deploy)")


def run(options: argparse.Namespace, world: World, out: Output) -> int:
    """Print the explanation; also when the version is not certified, which is an answer."""
    with Progress(world) as progress:
        request = request_of(options, world)
        explanation = explain_audit(request, options.crate, options.version, options.criteria, progress=progress)
    for line in lines(explanation):
        out.line(line)
    return 0
