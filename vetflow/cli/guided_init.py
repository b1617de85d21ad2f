"""From the first screen to a store, with somebody at the terminal: what it would say, whose audits, then the writing.

Nothing is written before it was asked for, step by step; whoever answers no, or leaves with ctrl+c, keeps what was
written up to then, and each step is the plain command that is named with it.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence

from vetflow.app.imports.add import import_audits
from vetflow.app.init import Initialized, init
from vetflow.app.updating import Run
from vetflow.cli.output import Output, Style, Styled
from vetflow.cli.progress import Progress, waiting_for_lock
from vetflow.cli.prompts import choose_some, confirm
from vetflow.cli.render.initialized import initialized_lines
from vetflow.cli.render.write_plan import tell_notes, tell_written
from vetflow.cli.request import request_of
from vetflow.cli.world import World
from vetflow.errors import VetflowError
from vetflow.model.names import ImportName


def guide(options: argparse.Namespace, world: World, out: Output) -> int:
    """Lead to a store, and on to the review; returns the exit code: to stop is no failure."""
    out.line()
    question = "begin a store now? first a look at whose audits would settle what here; nothing is written yet"
    if not confirm(world, out, question):
        return 0
    with Progress(world) as progress:
        planned = init(request_of(options, world), Run(dry_run=True, progress=progress, waiting=waiting_for_lock(out)))
    imports = _choose(planned, world, out)
    files = ", ".join(planned.written.changed)
    if not confirm(world, out, f"write {planned.folder}: {files}? (`vetflow init`)"):
        return 0
    with Progress(world) as progress:
        made = init(request_of(options, world), Run(dry_run=False, progress=progress, waiting=waiting_for_lock(out)))
    tell_notes(made.notes, out)
    out.lines(list(initialized_lines(made)))
    _import(imports, options, world, out)
    if not confirm(world, out, "read what is still to be read? (`vetflow review`)"):
        return 0
    from vetflow.cli.review import start_review  # noqa: PLC0415  brings what the steps before do not need

    options.key = None
    return start_review(options, world, out, None)


def _choose(planned: Initialized, world: World, out: Output) -> Sequence[ImportName]:
    """Let somebody choose whose audits to import, those that settle most first."""
    count = len(planned.exempted)
    if not planned.importable:
        out.line(f"third-party crates: {count}; no set of audits that could be had settles any of them")
        return ()
    rows = [f"{name:<24} settles {settled} of {count}" for name, settled in planned.importable]
    out.line(f"third-party crates: {count}. ", Styled("vetflow imports coverage NAME", Style.COMMAND), " says more")
    chosen = choose_some(world, out, "whose audits are to count? all of theirs will, also what they write later", rows)
    return [planned.importable[number][0] for number in chosen]


def _import(names: Sequence[ImportName], options: argparse.Namespace, world: World, out: Output) -> None:
    """Import one after the other, each after a question; one that cannot be had stops nobody."""
    for name in names:
        what = "changes config.toml and imports.lock, and drops exemptions that are not needed any more"
        if not confirm(world, out, f"import {name}? {what} (`vetflow import {name}`)"):
            continue
        try:
            with Progress(world) as progress:
                run = Run(dry_run=False, progress=progress, waiting=waiting_for_lock(out))
                updated = import_audits(request_of(options, world), run, name, ())
        except VetflowError as error:
            out.message(Styled("warning", Style.WARN), f": {name} was not imported: {error.message}")
        else:
            tell_written(updated.written, out, output_format="human", dry_run=False, notes=updated.notes)
