"""What a recording command did, in one or two lines: what was written, and what is left to do."""

from __future__ import annotations

import argparse

from vetflow.app.live_store import Recorded
from vetflow.cli.output import Output
from vetflow.cli.render.write_plan import tell_written


def tell_recorded(recorded: Recorded, options: argparse.Namespace, out: Output) -> None:
    """Say what was written, or with `--dry-run` would be, and how many crates are left to vet."""
    tell_written(
        recorded.written, out, output_format=options.output_format, dry_run=options.dry_run, notes=recorded.notes
    )
    if options.output_format != "human":
        return
    would = "would be " if options.dry_run else ""
    where = "; `vetflow check` names them" if recorded.unvetted else ""
    out.message(f"{would}left: {recorded.unvetted} unvetted, {recorded.exempted} exempted (nobody read them){where}")
