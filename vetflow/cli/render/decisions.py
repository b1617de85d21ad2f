"""What a command wrote to findings.toml; with `--dry-run` what it would write, as a diff or as JSON."""

from __future__ import annotations

from typing import Final

from vetflow.app.decisions import DecisionsWritten
from vetflow.cli.output import Output
from vetflow.cli.render.report_json import inert
from vetflow.cli.render.write_plan import file_diff
from vetflow.model.store import FINDINGS

SCHEMA: Final = "vetflow/preview/1"


def tell_decisions(written: DecisionsWritten, out: Output, *, output_format: str, dry_run: bool) -> None:
    """Say in one line what became of the file; a preview has the diff or the document before it."""
    changed = written.before != written.after
    if dry_run and output_format == "json":
        files = [{"name": FINDINGS, "text": written.after}] if changed else []
        out.document(inert({"schema": SCHEMA, "files": files, "changes": []}) + "\n")
    elif dry_run:
        out.lines(list(file_diff(FINDINGS, written.before or "", written.after)))
        out.message("nothing was written (--dry-run)")
    else:
        out.message(f"wrote {FINDINGS}" if changed else f"nothing to do: {FINDINGS} stays as it is")
