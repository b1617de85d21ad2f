"""`vetflow init`: a store for a workspace that has none."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from typing import Final

from vetflow.app.init import Initialized, init
from vetflow.app.updating import Run
from vetflow.app.wording import enumerate_words
from vetflow.cli.output import Line, Output, Style, Styled
from vetflow.cli.progress import Progress, waiting_for_lock
from vetflow.cli.render.write_plan import tell_notes, tell_written
from vetflow.cli.request import request_of
from vetflow.cli.world import World

_MOST_SETS: Final = 3
SUMMARY = "create supply-chain/ with everything exempted, so that `check` passes and nothing new comes in unnoticed"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take only `--dry-run`."""
    parser.add_argument("--dry-run", action="store_true", help="show what would be written, and write nothing")


def run(options: argparse.Namespace, world: World, out: Output) -> int:
    """Create the store and say what it means."""
    with Progress(world) as progress:
        made = init(request_of(options, world), Run(options.dry_run, progress, waiting_for_lock(out)))
    if options.dry_run or options.output_format == "json":
        tell_written(made.written, out, output_format=options.output_format, dry_run=options.dry_run, notes=made.notes)
        return 0
    tell_notes(made.notes, out)
    out.lines(list(_summary(made)))
    return 0


def _summary(made: Initialized) -> Iterator[Line]:
    """Yield the five lines: what was written, what it vouches for, what of that runs, what may settle it, what next."""
    policies = f" (policies: {made.audited_as})" if made.audited_as else ""
    yield ("wrote ", Styled(made.folder, Style.TITLE), f": {', '.join(made.written.changed)}{policies}")
    yield (f"exempted crates: {len(made.exempted)}; `check` passes, and nobody has read them",)
    yield (f"of those run code when you build: {_build_time(made)}",)
    others = f"others have read them: the audits of {_best(made)}" if made.importable else "others may have read them"
    yield (f"{others}; ", Styled("vetflow imports coverage", Style.COMMAND), " says who settles what")
    yield ("next: commit the folder; ", Styled("vetflow suggest", Style.COMMAND), " lists what to read, least first")


def _best(made: Initialized) -> str:
    """Return the sets that settle most, and how much that is."""
    best = made.importable[:_MOST_SETS]
    return enumerate_words([f"{name} settle {count}" for name, count in best])


def _build_time(made: Initialized) -> str:
    unknown = len(made.exempted) - made.known
    if not unknown:
        return str(made.running)
    if not made.known:
        return "not known, their archives are not on this machine"
    return f"{made.running}; not known of {unknown}, whose archives are not on this machine"
