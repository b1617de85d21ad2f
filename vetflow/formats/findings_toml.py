"""findings.toml: findings somebody accepts, and crates somebody holds back. vetflow's own file beside the store's.

`[[accept.CRATE]]` and `[[hold.CRATE]]`, written by commands in the form of the store's files; see `model.decisions`.
"""

from __future__ import annotations

from typing import Any, Final

from vetflow.formats.canonical import Table, Value, entry_tables, one_or_many, optional_order, write_tables
from vetflow.formats.entries import Reader, read_file
from vetflow.model.decisions import Acceptance, Decisions, Hold

HEADER: Final = "\n# vetflow findings: accepted (accept) and crates held back (hold); neither vets anything\n"

_TOP: Final = dict.fromkeys(("accept", "hold"))
_ACCEPT: Final = dict.fromkeys(("version", "capability", "detail", "reason", "by", "until"))
_HOLD: Final = dict.fromkeys(("version", "reason", "cleared-when", "by", "since"))
_WAY_OUT: Final = "remove it: what vetflow does not know could be meant to limit the entry"


def parse_findings(text: str, file: str) -> Decisions:
    """Read a findings.toml; `file` is what errors call it. Raises StoreError with all problems at once."""
    return read_file(text, file, _read_decisions)


def write_findings(decisions: Decisions) -> str:
    """Return the text for decisions; it depends on nothing but their content."""
    tables: dict[str, Value] = {
        "accept": entry_tables(decisions.acceptances, _acceptance_order, _acceptance_table),
        "hold": entry_tables(decisions.holds, _hold_order, _hold_table),
    }
    return HEADER + write_tables({key: table for key, table in tables.items() if table})


def _read_decisions(reader: Reader, tables: dict[str, Any]) -> Decisions:
    reader.only_keys(tables, _TOP, _WAY_OUT)
    return Decisions(
        acceptances=reader.entries(tables, "accept", _read_acceptance),
        holds=reader.entries(tables, "hold", _read_hold),
    )


def _read_acceptance(reader: Reader, table: dict[str, Any]) -> Acceptance:
    reader.only_keys(table, _ACCEPT, _WAY_OUT)
    return Acceptance(
        capability=reader.required_text(table, "capability") or "",
        detail=reader.text(table, "detail"),
        reason=reader.required_text(table, "reason") or "",
        by=reader.required_strings(table, "by"),
        version=reader.version(table, "version") if "version" in table else None,
        until=reader.date(table, "until") if "until" in table else None,
    )


def _read_hold(reader: Reader, table: dict[str, Any]) -> Hold:
    reader.only_keys(table, _HOLD, _WAY_OUT)
    return Hold(
        reason=reader.required_text(table, "reason") or "",
        cleared_when=reader.required_text(table, "cleared-when") or "",
        by=reader.required_strings(table, "by"),
        since=reader.date(table, "since"),
        version=reader.version(table, "version") if "version" in table else None,
    )


def _acceptance_order(entry: Acceptance) -> tuple[object, ...]:
    return (
        _text_order(entry.version),
        entry.capability,
        optional_order(entry.detail),
        _text_order(entry.until),
        entry.reason,
        entry.by,
    )


def _hold_order(entry: Hold) -> tuple[object, ...]:
    return _text_order(entry.version), entry.since, entry.reason, entry.cleared_when, entry.by


def _text_order(value: object) -> tuple[bool, str]:
    return optional_order(None if value is None else str(value))


def _acceptance_table(entry: Acceptance) -> Table:
    return {
        **_optional("version", entry.version),
        "capability": entry.capability,
        **_optional("detail", entry.detail),
        "reason": entry.reason,
        "by": one_or_many(entry.by),
        **_optional("until", entry.until),
    }


def _hold_table(entry: Hold) -> Table:
    return {
        **_optional("version", entry.version),
        "reason": entry.reason,
        "cleared-when": entry.cleared_when,
        "by": one_or_many(entry.by),
        "since": str(entry.since),
    }


def _optional(key: str, value: object) -> dict[str, Value]:
    return {} if value is None else {key: str(value)}
