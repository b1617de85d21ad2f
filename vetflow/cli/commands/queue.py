"""`vetflow queue`: everything nobody has read yet, the most urgent first; with `--minutes` what fits into an hour."""

from __future__ import annotations

import argparse
from typing import Final

from vetflow.app.queue import Queue, queue
from vetflow.cli.output import Output, Style, Styled
from vetflow.cli.progress import Progress
from vetflow.cli.render import queue as render
from vetflow.cli.request import request_of
from vetflow.cli.world import World
from vetflow.errors import UsageError
from vetflow.review.queue import SessionPlan, plan_session

SUMMARY = "list everything nobody has read yet, the most urgent first, and plan a session that fits"
FORMATS: Final = ("human", "json", "markdown")
_UNDECIDED: Final = 3


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take the time there is."""
    parser.add_argument(
        "--minutes", metavar="N", help="plan a session of so many minutes: build-time code first, then what takes least"
    )
    parser.add_argument(
        "--all", action="store_true", help="show every row (default: the first ones, and how many more)"
    )


def run(options: argparse.Namespace, world: World, out: Output) -> int:
    """Print the queue; the exit code is 0 also when there is something in it, and 3 when something is refused."""
    minutes = None if options.minutes is None else _minutes(options.minutes)
    with Progress(world) as progress:
        found = queue(request_of(options, world), progress=progress)
    plan = None if minutes is None else plan_session(found.rows, minutes, found.rules.pace)
    _print(found, plan, options, out)
    for note in found.notes:
        out.message(Styled(note.level.value, Style.WARN), f": {note.reason}")
    return _UNDECIDED if any(row.is_refused for row in found.rows) else 0


def _minutes(text: str) -> int:
    if not (text.isascii() and text.isdigit() and 0 < int(text[:6]) == int(text)):
        raise UsageError(f"--minutes '{text}' is no number of minutes", help="for example --minutes 60")
    return int(text)


def _print(found: Queue, plan: SessionPlan | None, options: argparse.Namespace, out: Output) -> None:
    match options.output_format:
        case "json":
            out.document(render.as_json(found, plan) + "\n")
        case "markdown":
            from vetflow.cli.render.queue_markdown import checklist  # noqa: PLC0415  one format is needed per run

            for line in checklist(found, plan):
                out.line(line)
        case _:
            out.lines(list(render.as_lines(found, plan, everything=options.all)))
