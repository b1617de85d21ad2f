"""`vetflow policy require CRITERIA...`: more criteria for what the workspace's members depend on."""

from __future__ import annotations

import argparse
from typing import Final

from vetflow.app.policy_require import require_criteria
from vetflow.cli.output import Output
from vetflow.cli.progress import waiting_for_lock
from vetflow.cli.render import policy_require as render
from vetflow.cli.render.write_plan import NOTHING, diff_lines
from vetflow.cli.request import request_of
from vetflow.cli.updating import add_dry_run
from vetflow.cli.world import World
from vetflow.resolve.required_policy import Scope

SUMMARY = "require criteria of what your packages depend on: writes cargo-vet's policy tables for every member"
_SCOPES: Final = {None: Scope.SHIPPED, "dev": Scope.DEV, "build": Scope.BUILD}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take the criteria and of which dependencies they are required."""
    parser.add_argument("action", choices=("require",), help="ask for more than is required already, never for less")
    parser.add_argument("criteria", nargs="+", metavar="CRITERIA", help="criteria to require")
    parser.add_argument(
        "--for",
        dest="scope",
        metavar="dev|build|MEMBER",
        help="only of dev dependencies, only of members' build dependencies, or only of what one member depends on "
        "(default: of everything that members depend on outside development)",
    )
    add_dry_run(parser)


def run(options: argparse.Namespace, world: World, out: Output) -> int:
    """Write the tables and say what that means; the exit code is 0 whether the result vets or not."""
    scope = _SCOPES.get(options.scope, Scope.SHIPPED)
    required = require_criteria(
        request_of(options, world),
        tuple(options.criteria),
        scope,
        member=None if options.scope in _SCOPES else options.scope,
        dry_run=options.dry_run,
        waiting=waiting_for_lock(out),
    )
    if options.output_format == "json":
        out.document(render.as_json(required, dry_run=options.dry_run) + "\n")
        return 0
    out.lines(list(diff_lines(required.written) if options.dry_run else render.table_lines(required)))
    out.lines(list(render.consequence_lines(required, scope)))
    if not required.written.changed:
        out.message(NOTHING)
    else:
        out.message("nothing was written (--dry-run)" if options.dry_run else "wrote config.toml")
    return 0
