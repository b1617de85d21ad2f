"""`vetflow surface [CRATE[@VERSION] | PATH]`: what runs on the machine that builds, and what that code can do."""

from __future__ import annotations

import argparse
import gc
from typing import Final

from vetflow.app.crates import is_path
from vetflow.app.request import Request
from vetflow.cli.output import Output
from vetflow.cli.progress import Progress
from vetflow.cli.request import request_of
from vetflow.cli.values import crate_version
from vetflow.cli.world import World
from vetflow.errors import UsageError

SUMMARY = "show what runs on this machine when you build, crate by crate, and what that code can do; needs no store"
FORMATS: Final = ("human", "json", "github", "sarif")

_GROWN: Final = 1
_UNDECIDED: Final = 3


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take what to look at, and which build is meant."""
    parser.add_argument(
        "what",
        nargs="?",
        metavar="CRATE[@VERSION]|PATH",
        help="one crate, or the folder of an unpacked one, or a `.crate` file (default: the whole workspace)",
    )
    parser.add_argument(
        "--target", metavar="TRIPLE", action="append", default=[], help="count what a build for this platform compiles"
    )
    parser.add_argument("--dev", action="store_true", help="count tests, examples and benches, too")
    parser.add_argument(
        "--check",
        action="store_true",
        help="compare with surface.lock; exit code 1 when build-time code appeared or can do more",
    )


def run(options: argparse.Namespace, world: World, out: Output) -> int:
    """Show the surface, 3 when a crate of it is refused; with `--check` say what grew."""
    request = request_of(options, world)
    if options.check:
        if options.what or options.target or options.dev:
            raise UsageError("--check is about the whole Cargo.lock", help="leave out crate, --target and --dev")
        return _check(request, options, world, out)
    if options.output_format not in {"human", "json"}:
        raise UsageError(f"--output-format {options.output_format} is for `surface --check`")
    if options.what is None:
        return _workspace(request, options, world, out)
    if options.target or options.dev:
        raise UsageError("--target and --dev say which build of a workspace is meant", help="leave out the crate")
    return _crate(request, options, world, out)


def _workspace(request: Request, options: argparse.Namespace, world: World, out: Output) -> int:
    from vetflow.app.surface import Scope, ways_to, workspace_surface  # noqa: PLC0415  one of three views is needed
    from vetflow.cli.render import surface as render  # noqa: PLC0415

    # A short life with many small values that stay: collecting garbage among them costs a fifth of it.
    gc.disable()
    with Progress(world) as progress:
        survey = workspace_surface(request, Scope(tuple(options.target), options.dev), progress)
    ways = ways_to(survey)
    gc.enable()
    if options.output_format == "json":
        out.document(render.as_json(survey, ways) + "\n")
    else:
        out.lines(list(render.as_lines(survey, ways)))
    return _UNDECIDED if survey.refused else 0


def _crate(request: Request, options: argparse.Namespace, world: World, out: Output) -> int:
    from vetflow.app.crate_surface import ReviewedCrate, review_crate, review_path  # noqa: PLC0415  one of three views is needed
    from vetflow.cli.render import crate_surface as render  # noqa: PLC0415

    with Progress(world) as progress:
        if is_path(options.what):
            crates: tuple[ReviewedCrate, ...] = (review_path(request, options.what, progress),)
        else:
            crates = review_crate(request, *crate_version(options.what), progress)
    if options.output_format == "json":
        out.document(render.as_json(crates) + "\n")
        return 0
    for number, crate in enumerate(crates):
        if number:
            out.line()
        out.lines(list(render.as_lines(crate)))
    return 0


def _check(request: Request, options: argparse.Namespace, world: World, out: Output) -> int:
    from vetflow.app.growth import check_growth, findings_of_growth  # noqa: PLC0415  one of three views is needed
    from vetflow.cli.render import growth as render  # noqa: PLC0415

    with Progress(world) as progress:
        checked = check_growth(request, progress)
    match options.output_format:
        case "json":
            out.document(render.as_json(checked) + "\n")
        case "github":
            from vetflow.cli.render.github import workflow_commands  # noqa: PLC0415  one format is needed per run

            out.document(workflow_commands(findings_of_growth(checked)))
        case "sarif":
            from vetflow.cli.render.sarif import sarif  # noqa: PLC0415  one format is needed per run

            out.document(sarif(findings_of_growth(checked)))
        case _:
            out.lines(list(render.as_lines(checked)))
    if checked.failing:
        return _GROWN
    return _UNDECIDED if checked.lacking else 0
