"""imports.lock: what was imported from peers, who published what, and local versions not published yet.

TOML despite its name. Grammar and order: shared spec format 4.2 and 5.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from vetflow.formats.audits_toml import audits_tables, read_audits_file
from vetflow.formats.canonical import Table, Value, entry_tables, optional_order, write_tables
from vetflow.formats.entries import Reader, is_user_id, read_file
from vetflow.model.audits import Publisher, Unpublished
from vetflow.model.names import CrateName
from vetflow.model.store import ImportsFile

HEADER: Final = "\n# cargo-vet imports lock\n"

_NOT_IN_A_COMMENT = re.compile(r"[\x00-\x08\x0a-\x1f\x7f]")
_REPLACEMENT: Final = "\ufffd"


def parse_imports_lock(text: str, file: str) -> ImportsFile:
    """Read an imports.lock; `file` is what errors call it. Raises StoreError with all problems at once."""
    return read_file(text, file, _read_imports_file)


def write_imports_lock(imports: ImportsFile) -> str:
    """Return the text cargo-vet writes for these values."""
    logins = login_comments(imports.publisher)
    tables: dict[str, Value] = {
        "unpublished": entry_tables(imports.unpublished, _unpublished_order, _unpublished_table),
        "publisher": entry_tables(imports.publisher, _publisher_order, _publisher_table),
        "audits": {name: audits_tables(audits, logins) for name, audits in sorted(imports.audits.items())},
    }
    return HEADER + write_tables({key: table for key, table in tables.items() if table})


def login_comments(publishers: Mapping[CrateName, tuple[Publisher, ...]]) -> dict[int, str]:
    """Return whose each user id is, as cargo-vet writes it behind the id: `Name (login)`, or the login alone.

    The first record of an id counts, by crate name and then in file order. Names come from crates.io as their
    owners chose them: a character that cannot stand in a TOML comment is replaced, so that none of them can
    write a line.
    """
    comments: dict[int, str] = {}
    for _, entries in sorted(publishers.items()):
        for entry in entries:
            if isinstance(entry.source, int) and entry.source not in comments:
                login = entry.user_login or ""
                comment = login if entry.user_name is None else f"{entry.user_name} ({login})"
                comments[entry.source] = _NOT_IN_A_COMMENT.sub(_REPLACEMENT, comment)
    return comments


def _read_imports_file(reader: Reader, tables: dict[str, Any]) -> ImportsFile:
    return ImportsFile(
        unpublished=reader.entries(tables, "unpublished", _read_unpublished),
        publisher=reader.entries(tables, "publisher", _read_publisher),
        audits=reader.tables(tables, "audits", read_audits_file),
    )


def _read_unpublished(reader: Reader, table: dict[str, Any]) -> Unpublished:
    return Unpublished(reader.version(table, "version"), reader.version(table, "audited_as"))


def _read_publisher(reader: Reader, table: dict[str, Any]) -> Publisher:
    """Read a row; where id and login are not both valid, `trusted-publisher` counts, as in cargo-vet."""
    version = reader.version(table, "version")
    when = reader.date(table, "when")
    user_id, login, name = table.get("user-id"), table.get("user-login"), table.get("user-name")
    if is_user_id(user_id) and type(login) is str and (name is None or type(name) is str):
        return Publisher(version, when, user_id, login, name)
    publisher = table.get("trusted-publisher")
    if type(publisher) is str:
        return Publisher(version, when, publisher)
    if is_user_id(user_id):
        reader.text(table, "user-name")
        reader.required_text(table, "user-login")
    else:
        reader.no_source(table)
    return Publisher(version, when, 0)


def _unpublished_table(entry: Unpublished) -> Table:
    return {"version": str(entry.version), "audited_as": str(entry.audited_as)}


def _publisher_table(entry: Publisher) -> Table:
    table: dict[str, Value] = {"version": str(entry.version), "when": str(entry.when)}
    if isinstance(entry.source, str):
        table["trusted-publisher"] = entry.source
        return table
    table["user-id"] = entry.source
    table["user-login"] = entry.user_login or ""
    if entry.user_name is not None:
        table["user-name"] = entry.user_name
    return table


def _unpublished_order(entry: Unpublished) -> tuple[object, ...]:
    return tuple(entry)


def _publisher_order(entry: Publisher) -> tuple[object, ...]:
    if isinstance(entry.source, str):
        return entry.version, entry.when, (1, entry.source)
    return (
        entry.version,
        entry.when,
        (0, entry.source, entry.user_login or "", optional_order(entry.user_name)),
    )
