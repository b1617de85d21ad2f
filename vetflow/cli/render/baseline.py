"""What `baseline` pinned: lines for people, a document for programs (docs/schemas/baseline.json)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from vetflow.app.baseline import Baseline
from vetflow.app.growth import growth_sentence
from vetflow.app.wording import count_of
from vetflow.cli.output import Line, Style, Styled
from vetflow.cli.render.report_json import inert
from vetflow.surface.tiers import Grade

SCHEMA: Final = "vetflow/baseline/1"


def as_lines(written: Baseline, *, dry_run: bool) -> Iterator[Line]:
    """Yield what is pinned, and what of it would have been asked about."""
    if written.idle is not None:
        yield (
            Styled("note", Style.WARN),
            f": {written.idle} is from before there was a store and is not read any more",
        )
    if written.before == written.after:
        yield (f"{written.path} is up to date: nothing to write",)
        return
    rows = [crate for crates in written.lock.crates.values() for crate in crates]
    running = sum(bool(row.targets.build_script or row.targets.proc_macro) for row in rows)
    capabilities = sum(each.grade >= Grade.REVIEW for row in rows for each in row.capabilities)
    yield (f"{written.path}: {count_of(len(rows), 'crate')}, {running} of them run code when you build,",)
    yield (f"{count_of(capabilities, 'capability', 'capabilities')} that deserve a look; nobody has to have read them",)
    if written.grown:
        yield ()
        yield (Styled(f"Newly taken as known ({len(written.grown)})", Style.TITLE),)
        for growth in written.grown:
            yield (f"  {growth.crate} {growth.version}: {growth_sentence(growth)}",)
    yield ()
    if dry_run:
        yield ("nothing was written (--dry-run)",)
    else:
        yield (
            "Commit the file. `vetflow surface --check` fails from now on when build-time code appears or can do more.",
        )


def as_json(written: Baseline, *, dry_run: bool) -> str:
    """Return the answer as a document with a schema."""
    return inert(
        {
            "schema": SCHEMA,
            "file": written.path,
            "written": written.before != written.after and not dry_run,
            "text": written.after if dry_run else None,
            "growth": [
                {
                    "id": growth.kind.value,
                    "name": growth.crate,
                    "version": str(growth.version),
                    "capability": growth.capability,
                    "detail": growth.detail,
                    "grade": int(growth.grade),
                }
                for growth in written.grown
            ],
        }
    )
