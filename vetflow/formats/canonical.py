"""Plain tables to the text `cargo vet fmt` would leave: headers, entries, arrays and inline tables.

The rules are shared spec format 5. What stands in a table, and in which order, is decided by the modules of
the single files. They sort by code points, as Python does: that is the same as sorting by UTF-8 bytes.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final, TypeAlias, TypeGuard, TypeVar

from vetflow.formats.spelling import spell_key, spell_string


class UserId:
    """A crates.io user id, with the comment that says whose it is where that is known."""

    __slots__ = ("comment", "id")

    def __init__(self, id: int, comment: str | None) -> None:  # noqa: A002  it is an id
        self.id = id
        self.comment = comment


Value: TypeAlias = "str | bool | int | UserId | tuple[str, ...] | Table | list[Table]"
"""What stands behind a key: arrays of strings are tuples, arrays of tables are lists and never empty."""
Table: TypeAlias = Mapping[str, Value]

_Entry = TypeVar("_Entry")

_MAX_ARRAY: Final = 80
_MAX_INLINE_TABLE: Final = 120
_INLINE_KEY: Final = "dependency-criteria"
"""Tables of this name are written on one line where they fit; cargo-vet does not ask what they are. So a
crate, an import or a criterion that happens to be called that is too."""


def write_tables(tables: Table) -> str:
    """Return the body of a file: an empty line before every table, none at the end."""
    chunks: list[str] = []
    _write_table(tables, "", "", chunks)
    return "".join(chunks)


def one_or_many(strings: tuple[str, ...]) -> str | tuple[str, ...]:
    """Return the value cargo-vet writes for a field that may be a string or a list of them."""
    return strings[0] if len(strings) == 1 else strings


def entry_tables(
    entries: Mapping[str, tuple[_Entry, ...]],
    order: Callable[[_Entry], tuple[object, ...]],
    to_table: Callable[[_Entry], Table],
) -> dict[str, list[Table]]:
    """Return entries by name as arrays of tables, both sorted; names without entries are left out."""
    return {
        name: [to_table(entry) for entry in (sorted(rows, key=order) if len(rows) > 1 else rows)]
        for name, rows in sorted(entries.items())
        if rows
    }


def optional_order(text: str | None) -> tuple[bool, str]:
    """Return the sort key of an optional text: absent first."""
    return (text is not None, text or "")


def _write_table(table: Table, path: str, header: str, chunks: list[str]) -> None:
    """Append a table and all tables in it. A header without keys of its own is left out if tables follow."""
    lines: list[str] = []
    below: list[tuple[str, Table | list[Table]]] = []
    for key, value in table.items():
        if type(value) is str:  # nearly all values of a store, which is written in every locked check
            lines.append(f"{spell_key(key)} = {spell_string(value)}\n")
        elif _has_header(value, key):
            below.append((key, value))
        else:
            lines.append(_line(key, value))
    if lines or header.startswith("[[") or (header and not below):
        chunks.append(f"\n{header}\n" if header else "\n")
        chunks += lines
    for key, inner in below:
        inner_path = f"{path}.{spell_key(key)}" if path else spell_key(key)
        if isinstance(inner, list):
            for entry in inner:
                _write_table(entry, inner_path, f"[[{inner_path}]]", chunks)
        else:
            _write_table(inner, inner_path, f"[{inner_path}]", chunks)


def _has_header(value: Value, key: str) -> TypeGuard[Table | list[Table]]:
    """Whether a value stands under a header of its own, as all tables but short ones of `_INLINE_KEY` do."""
    if not isinstance(value, (dict, list)):
        return False
    return key != _INLINE_KEY or len(key) + 3 + len(_inline(value)) > _MAX_INLINE_TABLE


def _line(key: str, value: Value) -> str:
    spelled = _inline(value)
    if isinstance(value, UserId):
        if value.comment is not None:
            spelled = f"{spelled} # {value.comment}"
    elif isinstance(value, (tuple, list)) and len(key) + 3 + len(spelled) > _MAX_ARRAY:
        spelled = "[\n" + "".join(f"    {_inline(element)},\n" for element in value) + "]"
    return f"{spell_key(key)} = {spelled}\n"


def _inline(value: Value) -> str:
    """Return a value on one line (strings may bring line breaks of their own)."""
    if isinstance(value, str):
        return spell_string(value)
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, UserId):
        return str(value.id)
    if isinstance(value, (tuple, list)):
        return f"[{', '.join(map(_inline, value))}]"
    if not value:
        return "{}"
    return "{ " + ", ".join(f"{spell_key(key)} = {_inline(inner)}" for key, inner in value.items()) + " }"
