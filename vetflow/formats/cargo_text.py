"""What the readers of cargo's files share: TOML errors as errors of the workspace, and all problems at once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from vetflow.errors import Place, TomlError, WorkspaceError
from vetflow.formats.toml import decode_utf8, parse_toml


def parse_workspace_toml(text: str, file: str) -> dict[str, Any]:
    """Return the tables of one of cargo's files; raises WorkspaceError with line and column."""
    try:
        return parse_toml(text, file)
    except TomlError as error:
        raise _of_workspace(error) from None


def decode_workspace_file(data: bytes, file: str) -> str:
    """Return the text of one of cargo's files; raises WorkspaceError where it is not UTF-8."""
    try:
        return decode_utf8(data, file)
    except TomlError as error:
        raise _of_workspace(error) from None


def _of_workspace(error: TomlError) -> WorkspaceError:
    return WorkspaceError(error.message, help=error.help, place=error.place, causes=error.causes)


def value_place(text: str, file: str, path: Sequence[str | int]) -> Place:
    """Return where in a file the value at `path` stands; the file alone when there is none."""
    # Only errors need places: the import would cost every run.
    from vetflow.formats.positions import locate

    return Place(file, *(locate(text, tuple(path)) or ()))


def raise_problems(
    problems: Sequence[WorkspaceError], summary: str, file: str, way_out: str | None = None
) -> None:
    """Raise the one problem there is, or several as one error with a summary; return when there is none.

    A way out that all of them share is said once.
    """
    if len(problems) == 1:
        raise problems[0]
    if problems:
        for problem in problems:
            problem.help = None if problem.help == way_out else problem.help
        raise WorkspaceError(summary, help=way_out, place=Place(file), related=problems)
