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
    verb = "would be" if options.dry_run else "are"
    if recorded.unvetted:
        crates = (
            "1 crate is" if recorded.unvetted == 1 and not options.dry_run else f"{recorded.unvetted} crates {verb}"
        )
        out.message(f"{crates} left unvetted; `vetflow check` names them")
    else:
        out.message(f"no crates {verb} left unvetted")
