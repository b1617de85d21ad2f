"""What a command wrote to the store: counts; with `--dry-run` what it would write: a diff of each file, or JSON."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from vetflow.app.changes import Change, changes_of
from vetflow.app.recording import WritePlan
from vetflow.cli.output import Line, Output, Style, Styled
from vetflow.model.findings import Finding

SCHEMA: Final = "vetflow/preview/1"
NOTHING: Final = "nothing to do: the store stays as it is"


def tell_written(
    written: WritePlan, out: Output, *, output_format: str, dry_run: bool, notes: Iterable[Finding] = ()
) -> None:
    """Say what changed in one line, before it what had to be left aside.

    Only a preview has a result: the diff, or JSON. cargo-vet's commands that write have none in any format.
    """
    tell_notes(notes, out)
    if dry_run and output_format == "json":
        out.document(_json(written))
    elif dry_run:
        out.lines(list(diff_lines(written)))
        out.message(f"nothing was written (--dry-run): {summary(changes_of(written))}" if written.changed else NOTHING)
    else:
        out.message(f"{summary(changes_of(written))} ({', '.join(written.changed)})" if written.changed else NOTHING)


def tell_notes(notes: Iterable[Finding], out: Output) -> None:
    """Write notes as messages."""
    for note in notes:
        settle = f"; {note.settle}" if note.settle else ""
        out.message(Styled(note.level.value, Style.WARN), f": {note.reason}{settle}")


def summary(changes: Iterable[Change]) -> str:
    """Count in words, as in `2 exemptions removed, 1 changed; 1 imported audits added`."""
    parts = []
    for change in changes:
        counts = ((change.added, "added"), (change.removed, "removed"), (change.altered, "changed"))
        words = ", ".join(f"{count} {what}" for count, what in counts if count)
        parts.append(f"{change.kind}: {words}")
    return "; ".join(parts) or "only the form of the files changes"


def diff_lines(written: WritePlan) -> Iterator[Line]:
    """Yield a unified diff of every file that changes."""
    for name in written.changed:
        yield from file_diff(name, written.before[name], written.after[name])


def file_diff(name: str, before: str, after: str) -> Iterator[Line]:
    """Yield a unified diff of one file."""
    from difflib import unified_diff  # noqa: PLC0415  only for a preview

    styles = {"+": Style.GOOD, "-": Style.BAD, "@": Style.FAINT}
    for line in unified_diff(before.splitlines(), after.splitlines(), f"old/{name}", f"new/{name}", lineterm=""):
        style = styles.get(line[:1])
        yield (Styled(line, style) if style else line,)


def _json(written: WritePlan) -> str:
    from vetflow.cli.render.report_json import inert  # noqa: PLC0415  most people read the sentence

    document = {
        "schema": SCHEMA,
        "files": [{"name": name, "text": written.after[name]} for name in written.changed],
        "changes": [change._asdict() for change in changes_of(written)],
    }
    return inert(document) + "\n"
