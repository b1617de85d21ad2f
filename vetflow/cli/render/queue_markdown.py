"""The queue as a checklist for an issue or a pull request: boxes, with the commands ready to be copied.

What crates and peers wrote stands there escaped: markup of theirs is no markup.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from vetflow.app.advice import RECORD
from vetflow.app.queue import Queue
from vetflow.cli.render.markdown import code, escaped
from vetflow.cli.render.queue import commands, heading, reasons, title
from vetflow.review.queue import QueueRow, SessionPlan, expected_minutes

_REASONS: Final = 3


def checklist(found: Queue, plan: SessionPlan | None) -> Iterator[str]:
    """Yield the lines: what was planned, else everything."""
    yield f"## {escaped(heading(found))}"
    yield ""
    if found.needless:
        yield f"- [ ] exemptions that are not needed any more: {len(found.needless)}, `{RECORD} prune`"
    rows = found.rows if plan is None else tuple(each.row for each in plan.planned)
    for row in rows:
        yield from _item(row, expected_minutes(row, found.rules.pace))
    if plan is not None and plan.rest:
        yield ""
        yield f"{plan.rest} more do not fit, about {round(plan.rest_minutes)} minutes."


def _item(row: QueueRow, minutes: float | None) -> Iterator[str]:
    facts = [
        "not measured" if row.lines is None else f"{row.lines:,} lines",
        *([f"{row.build_lines:,} run at build time"] if row.build_lines else []),
        *([f"about {max(1, round(minutes))} min"] if minutes is not None else []),
        *([f"risk {row.risk.points}"] if row.risk else []),
    ]
    yield f"- [ ] **{escaped(title(row))}** ({escaped(', '.join(facts))}) for {escaped(', '.join(row.needs))}"
    yield from (f"  - {escaped(reason)}" for reason in reasons(row, _REASONS))
    if not row.is_refused:
        yield f"  - {', '.join(f'`{code(command)}`' for command in commands(row))}"
