"""Errors as lines for a person, and as cargo-vet's `{"error": ...}` object."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from vetflow.cli.output import Line, Style, Styled
from vetflow.errors import VetflowError


def as_lines(error: VetflowError) -> Iterator[Line]:
    """Yield the error, its place, its causes, its single problems and the way out."""
    first, *rest = error.message.split("\n")
    yield (Styled("error", Style.BAD), ": ", first)
    yield from _details(error, rest, "  ")
    for problem in error.related:
        yield ()
        first, *rest = problem.message.split("\n")
        yield ("  ", Styled("-", Style.BAD), " ", first)
        yield from _details(problem, rest, "    ")


def _details(error: VetflowError, more: list[str], indent: str) -> Iterator[Line]:
    for line in more:
        yield (indent, line)
    if error.place:
        yield (indent, Styled(f"at {error.place}", Style.TITLE))
    for cause in error.causes:
        yield (indent, f"because: {cause}")
    if error.help:
        yield (indent, Styled(f"help: {error.help}", Style.COMMAND))


def as_json(error: VetflowError) -> str:
    """Return one line of JSON with cargo-vet's keys; our places stand in `filename`, `line` and `column`."""
    from vetflow.cli.render.report_json import inert  # noqa: PLC0415  most people read the lines

    return inert({"error": _object(error)}, indent=None)


def _object(error: VetflowError) -> dict[str, Any]:
    found: dict[str, Any] = {"message": error.message, "severity": "error", "causes": list(error.causes)}
    if error.help:
        found["help"] = error.help
    if error.place:
        found["filename"] = error.place.file
        found["line"], found["column"] = error.place.line, error.place.column
    found["labels"] = []
    found["related"] = [_object(problem) for problem in error.related]
    return found
