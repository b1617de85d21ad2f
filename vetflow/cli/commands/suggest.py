"""`vetflow suggest`: what to read next, the least first; exemptions are counted as not vetted."""

from __future__ import annotations

import argparse

from vetflow.app.suggest import Suggested, suggest_backlog
from vetflow.cli.output import Output, Style, Styled
from vetflow.cli.progress import Progress
from vetflow.cli.render.report_json import report_json
from vetflow.cli.render.suggestions import failure_lines, suggestion_lines
from vetflow.cli.request import request_of
from vetflow.cli.world import World
from vetflow.errors import UsageError

SUMMARY = "suggest audits for everything that is exempted or not vetted, those with the least to read first"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take nothing of its own."""


def run(options: argparse.Namespace, world: World, out: Output) -> int:
    """Print the suggestions; the exit code is 0 also when there are some, as cargo-vet's is.

    Raises UsageError where cargo-vet crashes: what people read says who else audited a crate, which --locked forbids.
    """
    if options.locked and not options.frozen and options.output_format == "human":
        raise UsageError(
            "suggest asks what others have audited, and --locked says not to",
            help="leave --locked out, use --output-format json, or add --frozen to work with what is on this machine",
        )
    with Progress(world) as progress:
        result = suggest_backlog(
            request_of(options, world),
            progress=progress,
            with_hints=options.output_format == "human",
            with_registry=not options.no_registry_suggestions,
        )
    for note in result.notes:
        out.message(Styled(note.level.value, Style.WARN), f": {note.reason}")
    if options.output_format == "json":
        _print_json(result, out)
    elif result.suggest is None:
        out.line("Nothing to suggest: everything is vetted without exemptions, or a violation has to be settled first")
    else:
        for line in suggestion_lines(result.suggest, result.resolution.store.criteria, result.hints):
            out.line(*line)
    return 0


def _print_json(result: Suggested, out: Output) -> None:
    resolution = result.resolution
    out.document(report_json(resolution.conclusion, resolution.graph, resolution.store.criteria, result.suggest))
    for sentence in failure_lines(result.suggest) if result.suggest else ():
        out.message(Styled("warning", Style.WARN), f": {sentence}")
