"""`vetflow ci [--base REV] [--rev REV]`: everything about a proposal in one report, with one decision."""

from __future__ import annotations

import argparse
import gc
from typing import Final

from vetflow.app.ci.answer import Answer, Wanted, answer
from vetflow.cli.output import Output
from vetflow.cli.progress import Progress
from vetflow.cli.request import moment, request_of
from vetflow.cli.world import World

SUMMARY = "answer a pull request: nothing to do, review this, or stop; by the base's rules and keys, without a checkout"
FORMATS: Final = ("human", "json", "github", "sarif", "junit", "markdown")
_FAILED: Final = 1
_UNDECIDED: Final = 3


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take what is compared with what."""
    parser.add_argument(
        "--base",
        metavar="REV",
        help="what the proposal is to go into, whose rules and keys count "
        "(default: origin/$GITHUB_BASE_REF where that is set; else the workspace is judged by itself)",
    )
    parser.add_argument("--profile", metavar="NAME", help="judge by a stricter set of rules of vetflow.toml")
    parser.add_argument(
        "--audits", metavar="REV", help="where audits for this proposal were made, to say which of them still hold"
    )


def run(options: argparse.Namespace, world: World, out: Output) -> int:
    """Answer; 1 when something fails, 3 when nothing does and something could not be decided."""
    target = world.environ.get("GITHUB_BASE_REF")
    wanted = Wanted(options.base or (f"origin/{target}" if target else None), options.profile, options.audits)
    # A short life with many small values that stay: collecting garbage among them costs a fifth of it.
    gc.disable()
    with Progress(world) as progress:
        found = answer(request_of(options, world), wanted, moment(options, world), progress)
    gc.enable()
    _print(found, options.output_format, out)
    if found.failed:
        return _FAILED
    return _UNDECIDED if found.undecided else 0


def _print(found: Answer, output_format: str, out: Output) -> None:
    from vetflow.cli.render import ci_documents as documents  # noqa: PLC0415  brings json

    match output_format:
        case "json":
            out.document(documents.as_json(found) + "\n")
        case "github":
            from vetflow.cli.render.github import workflow_commands  # noqa: PLC0415  one format is needed per run

            out.document(workflow_commands(documents.findings_of_answer(found)))
        case "sarif":
            from vetflow.cli.render.sarif import sarif  # noqa: PLC0415  one format is needed per run

            out.document(sarif(documents.findings_of_answer(found)))
        case "junit":
            out.document(documents.as_junit(found))
        case "markdown":
            for line in documents.as_markdown(found):
                out.line(line)
        case _:
            from vetflow.cli.render.ci import as_lines  # noqa: PLC0415  one format is needed per run

            out.lines(list(as_lines(found)))
