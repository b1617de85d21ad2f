"""The queue for people, and as a document for programs (docs/schemas/queue.json)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final

from vetflow.app.advice import RECORD
from vetflow.app.queue import Queue
from vetflow.app.wording import enumerate_words
from vetflow.cli.output import Line, Style, Styled
from vetflow.cli.render.report_json import inert
from vetflow.review.queue import QueueRow, SessionPlan, expected_minutes
from vetflow.surface.evidence import Evidence

SCHEMA: Final = "vetflow/queue/1"
_HEADINGS: Final = ("RISK", "CRATE", "CHANGE", "BUILD", "LINES", "RUN AT BUILD", "STATE")
_SHOWN: Final = 25
_REASONS: Final = 2
_INDENT: Final = "      "


def as_lines(found: Queue, plan: SessionPlan | None, *, everything: bool) -> Iterator[Line]:
    """Yield the queue as a table with the heaviest reasons under each row, or the session that was planned."""
    yield (Styled(heading(found), Style.TITLE),)
    yield from _free(found)
    if plan is not None:
        yield from _session(found, plan)
        return
    rows = found.rows if everything else found.rows[:_SHOWN]
    if rows:
        yield ()
        yield from _table(rows)
    if len(rows) < len(found.rows):
        yield (f"and {len(found.rows) - len(rows)} more: ", Styled(f"{RECORD} queue --all", Style.COMMAND))
    if rows:
        yield ()
        yield (
            "BUILD: B has a build script, P is a proc macro, L links a native library, p is linked into one of these.",
        )
        yield ("RISK only orders the rows; its parts are in --output-format json. No number vets a crate.",)


def heading(found: Queue) -> str:
    """Say how much there is to read."""
    if not found.rows:
        return f"Nothing to read: all {found.third_party} crates are vetted without exemptions"
    failing = sum(row.is_failing for row in found.rows)
    refused = sum(row.is_refused for row in found.rows)
    unknown = sum(row.lines is None and not row.is_refused for row in found.rows)
    parts = [
        f"{len(found.rows)} to read for {found.third_party} crates",
        f"{'at least ' if unknown or refused else ''}{found.lines:,} lines",
        f"{failing} of them fail the check" if failing else "the check passes by exemptions",
        *([f"{unknown} could not be measured"] if unknown else []),
        *([f"{refused} must not be built"] if refused else []),
    ]
    return ", ".join(parts)


def title(row: QueueRow) -> str:
    """Name what is to be read."""
    delta = row.delta
    return f"{delta.name} {delta.version}" if delta.base is None else f"{delta.name} {delta.base} -> {delta.version}"


def commands(row: QueueRow) -> tuple[str, str]:
    """Return the command that shows a row's code, and the one that records that it was read."""
    versions = [str(each) for each in (row.delta.base, row.delta.version) if each is not None]
    words = " ".join([row.delta.name, *versions])
    wanted = "".join(f" --criteria {each}" for each in row.needs)
    return f"{RECORD} {'diff' if row.delta.base else 'inspect'} {words}", f"{RECORD} certify {words}{wanted}"


def reasons(row: QueueRow, most: int) -> Iterator[str]:
    """Yield the heaviest parts of a row's risk, and what else somebody should know before reading."""
    if row.hold:
        yield f"held: {row.hold.reason}; cleared when {row.hold.cleared_when}"
    if row.is_refused:
        yield f"nobody can read it, so do not build it: {row.lacking}"
    elif row.lacking:
        yield f"{'nothing is known of what it does' if row.risk is None else 'not measured'}: {row.lacking}"
    if row.risk:
        yield from (f"{part.points} {part.reason}" for part in row.risk.parts[:most])
    if row.others:
        yield f"audited by {enumerate_words(row.others)}, in criteria of their own"


def _free(found: Queue) -> Iterator[Line]:
    if found.needless:
        number = len(found.needless)
        yield (
            f"Free: {number} exemption{' is' if number == 1 else 's are'} not needed any more: ",
            Styled(f"{RECORD} prune", Style.COMMAND),
        )


def _session(found: Queue, plan: SessionPlan) -> Iterator[Line]:
    if not plan.planned:
        yield ("nothing of it fits into that time",)
    else:
        yield ()
        for number, each in enumerate(plan.planned, 1):
            yield (
                f"{number:3}. ",
                Styled(title(each.row), Style.TITLE),
                f", about {_minutes(each.minutes)}{_kind(each.row)}",
            )
            yield from ((_INDENT, Styled(reason, Style.FAINT)) for reason in reasons(each.row, _REASONS))
            yield from ((_INDENT, Styled(command, Style.COMMAND)) for command in commands(each.row))
        yield ()
        yield (f"About {_minutes(plan.minutes)} in all, at {found.rules.pace.lines:g} lines a minute.",)
    left = [
        *([f"{plan.rest} that do not fit (about {_minutes(plan.rest_minutes)})"] if plan.rest else []),
        *([f"{plan.unmeasured} that could not be measured"] if plan.unmeasured else []),
    ]
    if left:
        yield (f"Left: {enumerate_words(left)}.",)


def _kind(row: QueueRow) -> str:
    return (
        f", {row.build_lines:,} of {row.lines:,} lines run at build time"
        if row.build_lines
        else f", {row.lines:,} lines"
    )


def _minutes(minutes: float) -> str:
    whole = max(1, round(minutes))
    return f"{whole:,} minute{'' if whole == 1 else 's'}"


def _table(rows: Sequence[QueueRow]) -> Iterator[Line]:
    cells = [_HEADINGS, *map(_cells, rows)]
    widths = [max(len(row[column]) for row in cells) for column in range(len(_HEADINGS))]
    right = {0, 4, 5}

    def padded(row: tuple[str, ...]) -> str:
        aligned = (
            f"{cell:>{w}}" if i in right else f"{cell:{w}}" for i, (cell, w) in enumerate(zip(row, widths, strict=True))
        )
        return "  ".join(aligned).rstrip()

    yield (Styled(padded(_HEADINGS), Style.FAINT),)
    for row, line in zip(rows, cells[1:], strict=True):
        yield (padded(line),)
        yield from ((_INDENT, Styled(reason, Style.FAINT)) for reason in reasons(row, _REASONS))


def _cells(row: QueueRow) -> tuple[str, ...]:
    delta = row.delta
    return (
        "?" if row.risk is None else str(row.risk.points),
        delta.name,
        f"{delta.base or '(none)'} > {delta.version}",
        row.build.letters,
        "?" if row.lines is None else f"{row.lines:,}",
        "?" if row.build_lines is None else f"{row.build_lines:,}",
        ", ".join(_state(row)),
    )


def _state(row: QueueRow) -> Iterator[str]:
    if row.is_refused:
        yield "refused"
    if row.hold:
        yield "held"
    yield "fails" if row.is_failing else "exempted"
    if row.dev_only:
        yield "dev only"


def as_json(found: Queue, plan: SessionPlan | None) -> str:
    """Return the queue as a document with a schema."""
    document: dict[str, Any] = {
        "schema": SCHEMA,
        "third_party": found.third_party,
        "lines": found.lines,
        "needless_exemptions": [{"crate": each.name, "version": str(each.version)} for each in found.needless],
        "rows": [_row(row, found) for row in found.rows],
        "session": None if plan is None else _plan(plan, found.rows),
        "notes": [note.reason for note in found.notes],
    }
    return inert(document)


def _row(row: QueueRow, found: Queue) -> dict[str, Any]:
    minutes = expected_minutes(row, found.rules.pace)
    show, record = commands(row)
    return {
        "crate": row.delta.name,
        "base": None if row.delta.base is None else str(row.delta.base),
        "version": str(row.delta.version),
        "criteria": list(row.needs),
        "failing": row.is_failing,
        "dev_only": row.dev_only,
        "used_by": list(row.used_by),
        "build": row.build.letters,
        "lines": row.lines,
        "build_lines": row.build_lines,
        "minutes": None if minutes is None else round(minutes, 1),
        "risk": None if row.risk is None else row.risk.points,
        "parts": [part._asdict() for part in row.risk.parts] if row.risk else [],
        "findings": [_finding(each) for each in row.evidence],
        "accepted": row.accepted,
        "others": None if found.locked else list(row.others),
        "published": None if row.published is None else str(row.published),
        "hold": None if row.hold is None else {"reason": row.hold.reason, "cleared_when": row.hold.cleared_when},
        "lacking": row.lacking,
        "refused": row.is_refused,
        "commands": [show, record],
    }


def _finding(evidence: Evidence) -> dict[str, Any]:
    return {
        "id": evidence.rule,
        "capability": evidence.capability,
        "detail": evidence.detail,
        "grade": int(evidence.grade),
        "path": evidence.path,
        "line": evidence.line,
        "evidence": evidence.text,
        "reason": evidence.sentence,
    }


def _plan(plan: SessionPlan, rows: Iterable[QueueRow]) -> dict[str, Any]:
    places = {id(row): place for place, row in enumerate(rows)}
    return {
        "rows": [places[id(each.row)] for each in plan.planned],
        "minutes": round(plan.minutes, 1),
        "left": plan.rest,
        "left_minutes": round(plan.rest_minutes, 1),
        "unmeasured": plan.unmeasured,
    }
