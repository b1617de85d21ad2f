"""`vetflow check`: the verdict. Exit code 0 when every third-party crate is vetted, 1 when not."""

from __future__ import annotations

import argparse
import gc
from typing import Final

from vetflow.app.check import Check, check_live, check_locked, notes_of
from vetflow.cli.output import Output, Style, Styled
from vetflow.cli.request import request_of
from vetflow.cli.world import World
from vetflow.model.findings import Finding

SUMMARY = "say whether every third-party crate is vetted, as cargo-vet does, without cargo and without any request"
FORMATS: Final = ("human", "json", "github", "sarif")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take nothing of its own."""


def run(options: argparse.Namespace, world: World, out: Output) -> int:
    """Judge and print the verdict in the format asked for."""
    request = request_of(options, world)
    if request.locked or request.rev:
        # A short life with many small values that stay: collecting garbage among them, now or when the process ends,
        # costs a twentieth of it.
        gc.disable()
        result = check_locked(request)
        gc.freeze()
        gc.enable()
    else:
        from vetflow.cli.progress import Progress, waiting_for_lock  # noqa: PLC0415  a locked check fetches nothing

        with Progress(world) as progress:
            result = check_live(
                request,
                progress=progress,
                waiting=waiting_for_lock(out),
                with_suggestions=options.output_format in {"human", "json"},
            )
    _print(result, options.output_format, out)
    if result.written:
        out.message(f"brought up to date: {', '.join(result.written)}")
    return 0 if result.succeeded else 1


def _print(result: Check, output_format: str, out: Output) -> None:
    match output_format:
        case "json":
            from vetflow.cli.render.report_json import report_json  # noqa: PLC0415  json costs 6 ms

            resolution = result.resolution
            out.document(
                report_json(resolution.conclusion, resolution.graph, resolution.store.criteria, result.suggest)
            )
        case "github":
            from vetflow.app.findings import findings_of  # noqa: PLC0415  one format is needed per run
            from vetflow.cli.render.github import workflow_commands  # noqa: PLC0415

            out.document(workflow_commands(findings_of(result)))
        case "sarif":
            from vetflow.app.findings import findings_of  # noqa: PLC0415  one format is needed per run
            from vetflow.cli.render.sarif import sarif  # noqa: PLC0415

            out.document(sarif(findings_of(result)))
        case _:
            from vetflow.cli.render.verdict import verdict_lines  # noqa: PLC0415  one format is needed per run

            for pieces in verdict_lines(result):
                out.line(*pieces)
            for note in notes_of(result):
                out.message(Styled(note.level.value, Style.WARN), f": {_sentence(note)}")


def _sentence(note: Finding) -> str:
    where = f" ({note.place})" if note.place else ""
    return f"{note.reason}{where}{f'; {note.settle}' if note.settle else ''}"
