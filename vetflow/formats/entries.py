"""Reading fields out of plain tables, and collecting what is wrong with them.

`Reader` is what the readers of all files share: one method for every kind of field cargo-vet's files have. A
problem is noted and a placeholder returned, so that one pass finds all problems of a file; whoever reads must
look at `problems` before using the values. Types are compared exactly, as the store holds thousands of fields
and `bool` is no number.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final, NamedTuple, TypeGuard, TypeVar

from vetflow.errors import Place, StoreError, TomlError
from vetflow.formats.positions import KeyPath, locate
from vetflow.formats.spelling import spell_key, spell_string
from vetflow.formats.toml import parse_toml
from vetflow.model.audits import PublisherSource
from vetflow.model.dates import Date, DateSyntaxError, parse_date
from vetflow.model.version import VersionSyntaxError, VetVersion, parse_version

_Value = TypeVar("_Value")

_NO_VERSION: Final = parse_version("0.0.0")
_NO_DATE: Final = Date(0, 1, 1)
_MAX_USER_ID: Final = 2**63 - 1
_SHOWN: Final = 40

_STRING_OR_LIST: Final = "a string or a list of strings"
VERSION_HELP: Final = "write a version such as `1.2.3`, or `1.2.3@git:` and the 40 hex digits of a commit"
_DATE_HELP: Final = 'write a day as a string, for example `"2026-01-31"`'
_UNKNOWN_HELP: Final = "remove it: cargo-vet refuses the whole file; what is for people goes into `notes`"
_SOURCE_HELP: Final = 'say who published: `user-id = 123`, or `trusted-publisher = "github:OWNER/REPO"`'


class Problem(NamedTuple):
    """Something wrong with the value at `path`, or with its key when `of_key`."""

    path: KeyPath
    message: str
    help: str | None
    of_key: bool = False


class Reader:
    """Reads the fields of a file's tables.

    at: the path of the table being read. problems: what was wrong so far.
    """

    __slots__ = ("at", "problems")

    def __init__(self) -> None:
        self.at: KeyPath = ()
        self.problems: list[Problem] = []

    def entries(
        self,
        table: Mapping[str, Any],
        key: str,
        read: Callable[[Reader, dict[str, Any]], _Value],
    ) -> dict[str, tuple[_Value, ...]]:
        """Read the arrays of tables `[[key.NAME]]`, each entry with `read`; names without entries vanish."""
        result = {}
        parent = self.at
        for name, rows in self.table(table, key).items():
            values = []
            if type(rows) is not list:
                header = _dotted((*parent, key, name))
                self.wrong_type((key, name), rows, "a list of tables", f"write `[[{header}]]`")
                continue
            for index, row in enumerate(rows):
                self.at = (*parent, key, name, index)
                if type(row) is dict:
                    values.append(read(self, row))
                else:
                    self.wrong_type((), row, "a table")
            self.at = parent
            if values:
                result[name] = tuple(values)
        return result

    def tables(
        self,
        table: Mapping[str, Any],
        key: str,
        read: Callable[[Reader, dict[str, Any]], _Value],
    ) -> dict[str, _Value]:
        """Read the tables `[key.NAME]`, each with `read`."""
        result = {}
        parent = self.at
        for name, row in self.table(table, key).items():
            if type(row) is dict:
                self.at = (*parent, key, name)
                result[name] = read(self, row)
                self.at = parent
            else:
                self.wrong_type((key, name), row, "a table", f"write `[{_dotted((*parent, key, name))}]`")
        return result

    def rows(
        self, table: Mapping[str, Any], key: str, read: Callable[[Reader, dict[str, Any]], _Value]
    ) -> tuple[_Value, ...]:
        """Read the array of tables `[[key]]`, each with `read`."""
        rows = table.get(key, [])
        if type(rows) is not list:
            self.wrong_type((key,), rows, "a list of tables", "write it with two brackets on either side")
            return ()
        found = []
        parent = self.at
        for number, row in enumerate(rows):
            self.at = (*parent, key, number)
            if type(row) is dict:
                found.append(read(self, row))
            else:
                self.wrong_type((), row, "a table")
        self.at = parent
        return tuple(found)

    def choice(self, table: Mapping[str, Any], key: str, choices: Mapping[str, _Value], default: _Value) -> _Value:
        """Return what one of the words stands for, `default` where there is none."""
        value = table.get(key)
        if value is None:
            return default
        if type(value) is not str or value not in choices:
            words = ", ".join(f'"{word}"' for word in choices)
            self.note((key,), f"expected one of {words}", f"write one of {words}")
            return default
        return choices[value]

    def table(self, table: Mapping[str, Any], key: str) -> dict[str, Any]:
        """Return the table at `key`, an empty one where there is none."""
        value = table.get(key)
        if type(value) is dict:
            return value
        if value is not None:
            self.wrong_type((key,), value, "a table")
        return {}

    def text(self, table: Mapping[str, Any], key: str) -> str | None:
        """Return an optional string."""
        value = table.get(key)
        if value is None or type(value) is str:
            return value
        self.wrong_type((key,), value, "a string")
        return None

    def required_text(self, table: Mapping[str, Any], key: str) -> str | None:
        """Return a string that must be there."""
        if key not in table:
            self.missing(key)
        return self.text(table, key)

    def flag(self, table: Mapping[str, Any], key: str) -> bool | None:
        """Return an optional boolean."""
        value = table.get(key)
        if value is None or type(value) is bool:
            return value
        self.wrong_type((key,), value, "a boolean", "write `true` or `false`, without quotes")
        return None

    def strings(self, table: Mapping[str, Any], key: str) -> tuple[str, ...]:
        """Return an optional "string or list of strings" as a tuple, empty where it is absent."""
        value = table.get(key)
        if type(value) is str:
            return (value,)
        if value is None:
            return ()
        if type(value) is list:
            return self.string_list(table, key)
        self.wrong_type((key,), value, _STRING_OR_LIST)
        return ()

    def string_list(self, table: Mapping[str, Any], key: str) -> tuple[str, ...]:
        """Return an optional list of strings, which may not be spelled as a single string."""
        value = table.get(key, [])
        if type(value) is not list:
            self.wrong_type((key,), value, "a list", 'write a list, for example `["a"]`')
            return ()
        for index, element in enumerate(value):
            if type(element) is not str:
                self.wrong_type((key, index), element, "a string")
        return tuple(value)

    def string_map(self, table: Mapping[str, Any], key: str) -> dict[str, tuple[str, ...]]:
        """Return an optional table of "string or list of strings"."""
        rows = self.table(table, key)
        parent = self.at
        self.at = (*parent, key)
        result = {name: self.strings(rows, name) for name in rows}
        self.at = parent
        return result

    def required_strings(self, table: Mapping[str, Any], key: str) -> tuple[str, ...]:
        """Return a "string or list of strings" that must be there."""
        if key not in table:
            self.missing(key)
        return self.strings(table, key)

    def version(self, table: Mapping[str, Any], key: str) -> VetVersion:
        """Return a version that must be there."""
        value = table.get(key)
        if type(value) is not str:
            self.missing_or_wrong_type(table, key, "a version", VERSION_HELP)
            return _NO_VERSION
        try:
            return parse_version(value)
        except VersionSyntaxError as error:
            self.note((key,), str(error), VERSION_HELP)
            return _NO_VERSION

    def date(self, table: Mapping[str, Any], key: str) -> Date:
        """Return a date that must be there."""
        value = table.get(key)
        if type(value) is not str:
            self.missing_or_wrong_type(table, key, "a date in a string", _DATE_HELP)
            return _NO_DATE
        try:
            return parse_date(value)
        except DateSyntaxError as error:
            self.note((key,), str(error), _DATE_HELP)
            return _NO_DATE

    def source(self, table: Mapping[str, Any]) -> PublisherSource:
        """Return who published, by `user-id` or else `trusted-publisher`: one must be there and valid."""
        if is_user_id(user_id := table.get("user-id")):
            return user_id
        if type(publisher := table.get("trusted-publisher")) is str:
            return publisher
        self.no_source(table)
        return 0

    def no_source(self, table: Mapping[str, Any]) -> None:
        """Note that nothing in the table says who published."""
        for key, wanted in (("user-id", "a number from 0 to 2^63-1"), ("trusted-publisher", "a string")):
            if key in table:
                self.wrong_type((key,), table[key], wanted, _SOURCE_HELP)
                return
        self.note((), "missing field `user-id` or `trusted-publisher`", _SOURCE_HELP)

    def only_keys(self, table: Mapping[str, Any], allowed: Mapping[str, None], way_out: str = _UNKNOWN_HELP) -> None:
        """Note every key that is not allowed, naming those that are, in their order."""
        if table.keys() <= allowed.keys():
            return
        expected = ", ".join(f"`{key}`" for key in allowed)
        for key in table:
            if key not in allowed:
                self.note(
                    (key,),
                    f"unknown field `{key}`, expected one of {expected}",
                    way_out,
                    of_key=True,
                )

    def missing(self, key: str, help_: str | None = None) -> None:
        """Note that a required key is not there."""
        self.note((), f"missing field `{key}`", f"add it: {help_}" if help_ else f"add `{key}`")

    def missing_or_wrong_type(self, table: Mapping[str, Any], key: str, expected: str, help_: str) -> None:
        """Note that a required value is not there or not of the type expected."""
        if key in table:
            self.wrong_type((key,), table[key], expected, help_)
        else:
            self.missing(key, help_)

    def wrong_type(self, path: KeyPath, value: object, expected: str, help_: str | None = None) -> None:
        """Note that a value has the wrong type."""
        message = f"invalid type: {_describe(value)}, expected {expected}"
        self.note(path, message, help_ or f"write {expected}")

    def note(self, path: KeyPath, message: str, help_: str | None, *, of_key: bool = False) -> None:
        """Note a problem at `path`, counted from the table being read."""
        self.problems.append(Problem((*self.at, *path), message, help_, of_key))


def is_user_id(value: object) -> TypeGuard[int]:
    """Whether a value can be a crates.io user id."""
    return type(value) is int and 0 <= value <= _MAX_USER_ID


def read_file(text: str, file: str, read: Callable[[Reader, dict[str, Any]], _Value]) -> _Value:
    """Parse a store file and read its tables with `read`; raises StoreError with every problem."""
    try:
        tables = parse_toml(text, file)
    except TomlError as error:
        raise StoreError(error.message, help=error.help, place=error.place) from None
    reader = Reader()
    value = read(reader, tables)
    if not reader.problems:
        return value
    errors = [_to_error(problem, text, file) for problem in reader.problems]
    if len(errors) == 1:
        raise errors[0]
    raise StoreError(f"{file} has {len(errors)} problems", place=Place(file), related=errors)


def _to_error(problem: Problem, text: str, file: str) -> StoreError:
    path = problem.path
    position = locate(text, path, key=problem.of_key)
    place = Place(file, *position) if position else Place(file, 1, 1)
    label = _dotted(path[:-1] if problem.of_key else path)
    message = f"{label}: {problem.message}" if label else problem.message
    return StoreError(message, help=problem.help, place=place)


def _dotted(path: KeyPath) -> str:
    """Return a path as it stands in a header."""
    return ".".join(spell_key(part) for part in path if isinstance(part, str))


def _describe(value: object) -> str:
    """Name the type of a TOML value, and the value itself where it is short."""
    if isinstance(value, str):
        shown = spell_string(value)
        return f"string {shown if len(shown) <= _SHOWN else shown[:_SHOWN] + '…'}"
    if isinstance(value, bool):
        return f"boolean `{str(value).lower()}`"
    if isinstance(value, int):
        return f"integer `{value}`"
    if isinstance(value, float):
        return f"floating point `{value}`"
    return "list" if isinstance(value, list) else "table" if isinstance(value, dict) else "date or time"
