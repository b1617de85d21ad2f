"""What an observed build did, as lines and as JSON."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import groupby
from typing import Any, Final

from vetflow.app.observe import Observation
from vetflow.cli.output import Line, Style, Styled
from vetflow.surface.observed.acts import Act, Kind
from vetflow.surface.observed.record import Author, Record, Row
from vetflow.surface.observed.units import PackageId, Role

_SCHEMA: Final = "vetflow/observe/1"
_STYLES: Final[Mapping[Kind, Style]] = {
    Kind.READ: Style.BAD,
    Kind.NETWORK: Style.BAD,
    Kind.WRITE: Style.WARN,
    Kind.PROGRAM: Style.WARN,
    Kind.KERNEL: Style.BAD,
}
_WENT_THROUGH: Final[Mapping[Kind, str]] = {
    Kind.READ: "opened: nothing of yours lies there",
    Kind.NETWORK: "reached nothing: there is no network",
    Kind.WRITE: "done, in the sandbox alone",
    Kind.PROGRAM: "ran, in the sandbox",
    Kind.KERNEL: "done, in the sandbox",
}
_NOT_THERE: Final = "ENOENT"
_LONGEST: Final = 300
_ONCE: Final = "This is what it did this time: code may wait for another machine, day or user."


def as_lines(seen: Observation, command: str) -> Iterator[Line]:
    """Yield the report: what was seen, by author; then what it rests on and what it does not say."""
    record = seen.record
    if record is None:
        yield (Styled("blocked, not recorded: ", Style.WARN), f"`{command}` had no network and no secrets.")
        yield (f"What it tried is not known: {seen.unrecorded}",)
    elif record.rows:
        yield (Styled(f"`{command}` did more than compile:", Style.TITLE),)
        for author, rows in groupby(record.rows, key=lambda row: _name(row.author)):
            yield ()
            yield (Styled(author, Style.TITLE),)
            for row in rows:
                yield from _row_lines(row)
        yield ()
    else:
        yield (f"`{command}`: nothing but compiling was seen.",)
    yield from _standing(seen)


def _row_lines(row: Row) -> Iterator[Line]:
    act = row.act
    times = f" ({row.times} times)" if row.times > 1 else ""
    yield "  ", Styled(f"{act.kind.value:<8}", _STYLES[act.kind]), f"{_what(act)}: {outcome(act)}{times}"
    if row.author.macros:
        yield (f"          by the compiler, or by a macro of {_packages(row.author.macros)}",)
    yield "          ", Styled(f"record line {row.line}: {row.evidence}", Style.FAINT)


def _standing(seen: Observation) -> Iterator[Line]:
    record = seen.record
    if seen.exit:
        why = ", which may be because of what was blocked" if record and record.rows else ""
        yield (f"The build failed (exit status {seen.exit}){why}: what it would have done afterwards was not seen.",)
    if record is not None:
        yield from _gaps(record)
        yield (f"{record.calls} calls were recorded. {_ONCE}",)
    if not seen.filtered:
        yield ("io_uring was not refused on this machine; what is done through it leaves no record.",)


def _gaps(record: Record) -> Iterator[Line]:
    if record.unread:
        yield (f"Lines of the record that could not be understood: {record.unread}",)
    if record.left_out:
        yield (f"Further acts that are not listed: {record.left_out}",)
    if not record.is_whole and not record.unread:
        yield ("The record ends before the build does.",)


def outcome(act: Act) -> str:
    """Return what came of an act, in words."""
    if act.leaves:
        return "done, and it left the sandbox"
    blocked = "not there" if act.error == _NOT_THERE else f"blocked ({act.error})"
    words = blocked if act.error else _WENT_THROUGH[act.kind]
    return f"{words}; it carried a planted secret" if act.carries else words


def _what(act: Act) -> str:
    what = act.what if len(act.what) <= _LONGEST else f"{act.what[:_LONGEST]}…"
    return f"looked for {what}" if act.kind is Kind.PROGRAM and act.is_minor else what


def _name(author: Author) -> str:
    if author.role is None:
        return "a process that nobody knows the origin of"
    if author.package is None:
        return author.role.value
    package = f"{author.package.name} {author.package.version}"
    if author.role is Role.COMPILER:
        return f"{package} (while it was compiled)"
    return f"{package} ({author.role.value})"


def _packages(packages: tuple[PackageId, ...]) -> str:
    return ", ".join(f"{package.name} {package.version}" for package in packages)


def as_json(seen: Observation, command: str) -> str:
    """Return the report as a document of `docs/schemas/observe.json`."""
    from vetflow.cli.render.report_json import inert  # noqa: PLC0415  most people read the lines

    record = seen.record
    document = {
        "schema": _SCHEMA,
        "command": command,
        "exit": seen.exit,
        "recorded": record is not None,
        "unrecorded": seen.unrecorded or None,
        "complete": seen.is_complete,
        "calls": record.calls if record else 0,
        "left_out": record.left_out if record else 0,
        "rows": [_row(row) for row in record.rows] if record else [],
    }
    return inert(document) + "\n"


def _row(row: Row) -> dict[str, Any]:
    act, author = row.act, row.author
    return {
        "role": author.role.value if author.role else None,
        "package": author.package._asdict() if author.package else None,
        "suspects": [package._asdict() for package in author.macros],
        "kind": act.kind.value,
        "what": act.what,
        "outcome": "left" if act.leaves else "blocked" if act.error else "contained",
        "error": act.error,
        "carries_planted_secret": act.carries,
        "times": row.times,
        "line": row.line,
        "evidence": row.evidence,
    }
