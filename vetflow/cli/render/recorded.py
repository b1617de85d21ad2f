"""What a recording command did, in one or two lines: what was written, and what is left to do."""

from __future__ import annotations

import argparse

from vetflow.app.live_store import Recorded
from vetflow.cli.output import Output
from vetflow.cli.render.write_plan import tell_written


def tell_recorded(recorded: Recorded, options: argparse.Namespace, out: Output) -> None:
    """Say what was written, or with `--dry-run` would be, and how many crates are left unvetted."""
    tell_written(recorded.written, out, output_format=options.output_format, dry_run=options.dry_run)
    if options.output_format != "human":
        return
    if recorded.unvetted == 0:
        out.message("every crate vets" if not options.dry_run else "every crate would vet")
    else:
        crates = "1 crate" if recorded.unvetted == 1 else f"{recorded.unvetted} crates"
        out.message(f"left unvetted: {crates}; `vetflow check` names them")
