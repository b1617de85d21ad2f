"""`vetflow publishers`: a snapshot of who published the locked versions, for runs without a network."""

from __future__ import annotations

import argparse
from typing import Final

from vetflow.app.publisher_snapshot import take_snapshot
from vetflow.app.updating import Run
from vetflow.cli.output import Output, Style, Styled
from vetflow.cli.progress import Progress, waiting_for_lock
from vetflow.cli.render.report_json import inert
from vetflow.cli.request import request_of
from vetflow.cli.updating import add_dry_run
from vetflow.cli.world import World

SUMMARY = "write down in publishers.toml who published the locked versions; trusts nobody, a change is told later"
SCHEMA: Final = "vetflow/publishers/1"
_UNDECIDED: Final = 3
_MOST_NAMED: Final = 10


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take nothing but `--dry-run`."""
    add_dry_run(parser)


def run(options: argparse.Namespace, world: World, out: Output) -> int:
    """Take the snapshot; 3 when crates.io could not be asked about every crate."""
    with Progress(world) as progress:
        taken = take_snapshot(request_of(options, world), Run(options.dry_run, progress, waiting_for_lock(out)))
    rows = sum(map(len, taken.publishers.values()))
    if options.output_format == "json":
        document = {
            "schema": SCHEMA,
            "crates": len(taken.publishers),
            "versions": rows,
            "written": list(taken.written),
            "lacking": list(taken.lacking),
        }
        out.document(inert(document) + "\n")
    else:
        what = "wrote publishers.toml" if taken.written else "publishers.toml is up to date"
        if options.dry_run:
            what = "nothing is written"
        out.line(f"{what}: who published {rows} versions of {len(taken.publishers)} crates")
        if taken.lacking:
            out.line(
                Styled("not known", Style.WARN), f" (crates: {len(taken.lacking)}): {', '.join(taken.lacking[:10])}"
            )
    return _UNDECIDED if taken.lacking else 0
