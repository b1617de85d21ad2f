"""Audits files that somebody else published: what a newer cargo-vet wrote costs an entry, never the file.

The way of a peer's file into the store's terms has three steps, all pure: `parse_foreign_audits` for each
address of an import, `import_mapping.map_to_local` for each result, `import_mapping.merge_sources` over all
of them. Rules: shared spec format 7.2 and the behaviour of cargo-vet 0.10.3 where that is silent.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple, TypeVar

from vetflow.formats.audits_toml import (
    read_audit,
    read_criteria_entry,
    read_trusted_entry,
    read_wildcard_audit,
)
from vetflow.formats.entries import Reader, read_file
from vetflow.formats.positions import KeyPath
from vetflow.model.audits import Audit, TrustedEntry, WildcardAudit
from vetflow.model.names import SAFE_TO_DEPLOY, SAFE_TO_RUN, CrateName, CriteriaName
from vetflow.model.store import AuditsFile

_Entry = TypeVar("_Entry")
_Statement = TypeVar("_Statement", Audit, WildcardAudit, TrustedEntry)


class IgnoredEntry(NamedTuple):
    """An entry that could not be used: where it stands in the peer's file, and why."""

    path: KeyPath
    reason: str


class ForeignAudits(NamedTuple):
    """A peer's file in the peer's own terms.

    ignored_criteria and ignored_audits are what cargo-vet counts in its warnings; wildcard audits are among
    the latter, trusted entries are in neither.
    """

    audits: AuditsFile
    ignored_criteria: tuple[IgnoredEntry, ...]
    ignored_audits: tuple[IgnoredEntry, ...]


def parse_foreign_audits(text: str, file: str) -> ForeignAudits:
    """Read a peer's audits file; `file` is its address or name.

    An entry that does not parse is ignored; so is one none of whose criteria is defined there. What its
    author marked as not importable is left out. Raises StoreError only for what makes the whole file
    unreadable: no TOML, or tables that are none.
    """
    return read_file(text, file, _read_foreign)


def _read_foreign(reader: Reader, tables: Mapping[str, Any]) -> ForeignAudits:
    """Read the tables; only what is wrong with their shape reaches `reader`."""
    bad_criteria: list[IgnoredEntry] = []
    bad_audits: list[IgnoredEntry] = []
    criteria = reader.tables(tables, "criteria", _tolerant(read_criteria_entry, bad_criteria))
    defined = {name: entry for name, entry in criteria.items() if entry is not None}
    known = frozenset((*defined, SAFE_TO_RUN, SAFE_TO_DEPLOY))
    audits = reader.entries(tables, "audits", _of_known(known, read_audit, bad_audits))
    wildcard_audits = reader.entries(tables, "wildcard-audits", _of_known(known, read_wildcard_audit, bad_audits))
    trusted = reader.entries(tables, "trusted", _of_known(known, read_trusted_entry, []))
    file = AuditsFile(
        criteria={
            name: entry._replace(implies=tuple(implied for implied in entry.implies if implied in known))
            for name, entry in defined.items()
        },
        wildcard_audits=_kept(wildcard_audits, lambda _: True),
        audits=_kept(audits, lambda audit: audit.importable),
        trusted=_kept(trusted, lambda _: True),
    )
    return ForeignAudits(file, tuple(bad_criteria), tuple(bad_audits))


def _tolerant(
    read: Callable[[Reader, dict[str, Any]], _Entry], ignored: list[IgnoredEntry]
) -> Callable[[Reader, dict[str, Any]], _Entry | None]:
    """Let `read` fail for a single entry: note it as ignored and return None."""

    def read_or_ignore(reader: Reader, table: dict[str, Any]) -> _Entry | None:
        attempt = Reader()
        entry = read(attempt, {key: _without_dates(value) for key, value in table.items()})
        if attempt.problems:
            ignored.append(IgnoredEntry(reader.at, attempt.problems[0].message))
            return None
        return entry

    return read_or_ignore


def _of_known(
    known: frozenset[CriteriaName],
    read: Callable[[Reader, dict[str, Any]], _Statement],
    ignored: list[IgnoredEntry],
) -> Callable[[Reader, dict[str, Any]], _Statement | None]:
    """Read tolerantly and drop criteria nobody defined; an entry without any other is ignored."""
    read_or_ignore = _tolerant(read, ignored)

    def read_known(reader: Reader, table: dict[str, Any]) -> _Statement | None:
        entry = read_or_ignore(reader, table)
        if entry is None:
            return None
        criteria = tuple(name for name in entry.criteria if name in known)
        if criteria:
            return entry._replace(criteria=criteria)
        ignored.append(IgnoredEntry(reader.at, "none of its criteria is defined"))
        return None

    return read_known


def _kept(
    entries: Mapping[CrateName, tuple[_Entry | None, ...]], wanted: Callable[[_Entry], bool]
) -> dict[CrateName, tuple[_Entry, ...]]:
    """Drop what was ignored or is not wanted, and crates of which nothing is left."""
    kept = {crate: tuple(row for row in rows if row is not None and wanted(row)) for crate, rows in entries.items()}
    return {crate: rows for crate, rows in kept.items() if rows}


def _without_dates(value: Any) -> Any:
    """Return a value with native TOML dates and times as text.

    The store's own files must have dates in strings; in a peer's file cargo-vet takes either.
    """
    if isinstance(value, list):
        return [_without_dates(element) for element in value]
    if isinstance(value, (dt.datetime, dt.time)):
        text = value.isoformat().replace("+00:00", "Z")
        seconds, dot, fraction = text.partition(".")
        return f"{seconds}.{fraction[:6].rstrip('0')}{fraction[6:]}" if dot else text
    return value.isoformat() if isinstance(value, dt.date) else value
