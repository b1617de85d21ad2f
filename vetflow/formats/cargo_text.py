"""What the readers of cargo's files share: TOML errors as errors of the workspace, and all problems at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from vetflow.errors import Place, TomlError, WorkspaceError
from vetflow.formats.toml import decode_utf8, parse_toml

_TYPE_NAMES: Final = {str: "a string", bool: "a boolean", dict: "a table", list: "an array"}


class TableReader:
    """Typed access to the values of one file; what is wrong is collected in `problems`."""

    def __init__(self, text: str, file: str) -> None:
        self._text = text
        self._file = file
        self.problems: list[WorkspaceError] = []

    def note(self, message: str, *path: str | int, way_out: str | None = None) -> None:
        """Collect a problem with the value at `path`."""
        place = value_place(self._text, self._file, path)
        self.problems.append(WorkspaceError(message, help=way_out, place=place))

    def get(self, table: Mapping[str, Any], key: str, kind: type, path: Sequence[str]) -> Any:
        """Return a value of the given type, None where it is absent or wrong. `path` leads to `table`."""
        value = table.get(key)
        if value is not None and type(value) is not kind:
            self.note(f"`{'.'.join((*path, key))}` must be {_TYPE_NAMES[kind]}", *path, key)
            return None
        return value

    def strings(self, table: Mapping[str, Any], key: str, path: Sequence[str]) -> tuple[str, ...] | None:
        """Return an array of strings, None where it is absent or wrong."""
        values = self.get(table, key, list, path)
        if values is None:
            return None
        if not all(isinstance(value, str) for value in values):
            self.note(f"`{'.'.join((*path, key))}` must be an array of strings", *path, key)
            return None
        return tuple(values)

    def raise_problems(self) -> None:
        """Raise what was collected, if anything was."""
        raise_problems(self.problems, f"{self._file} has {len(self.problems)} problems", self._file)


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
    from vetflow.formats.positions import locate  # noqa: PLC0415  only errors need places

    return Place(file, *(locate(text, tuple(path)) or ()))


def raise_problems(problems: Sequence[WorkspaceError], summary: str, file: str, way_out: str | None = None) -> None:
    """Raise the one problem there is, or several as one error with a summary; return when there is none.

    A way out that all of them share is said once.
    """
    if len(problems) == 1:
        raise problems[0]
    if problems:
        for problem in problems:
            problem.help = None if problem.help == way_out else problem.help
        raise WorkspaceError(summary, help=way_out, place=Place(file), related=problems)
