"""import-receipts.toml: what somebody accepted of each import, row by row, and of what crates.io says of publishers.

A row of imports.lock that is not among the accepted ones was not accepted by anybody, however it came there. The file
is written by commands, in the form of the store's files; `vetflow.trust.receipts` says what it means.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, NamedTuple

from vetflow.errors import StoreError
from vetflow.formats.canonical import Table, Value, one_or_many, write_tables
from vetflow.formats.entries import Reader, read_file
from vetflow.model.names import CrateName, CriteriaName, ImportName

RECEIPTS: Final = "import-receipts.toml"
HEADER: Final = "\n# vetflow import receipts: what was accepted of what others say\n"
VERSION: Final = 1

_TOP: Final = dict.fromkeys(("version", "receipt", "publishers"))
_RECEIPT: Final = dict.fromkeys(
    ("url", "body", "map", "keys", "accepted-by", "accepted-at", "signature", "criteria", "rows"),
)
_PUBLISHERS: Final = dict.fromkeys(("accepted-by", "accepted-at", "signature", "rows"))
_ROW: Final = dict.fromkeys(("what", "criteria", "digest"))
_WAY_OUT: Final = "remove it, or update vetflow: it could be meant to limit what was accepted"


class AcceptedRow(NamedTuple):
    """A row that was accepted, in the store's own criteria.

    what: its subject in words. digest: of everything else it says, its criteria left out.
    """

    what: str
    criteria: tuple[CriteriaName, ...]
    digest: str


class Acceptance(NamedTuple):
    """Who accepted something (an e-mail address, or how git names them), when, and their signature where they sign."""

    by: str
    at: str
    signature: str | None = None


class Receipt(NamedTuple):
    """What was accepted of one import.

    url: its addresses; bodies: the sha-256 of what stood at each. map: the digest of how it was imported. criteria: of
    the peer's criteria, the digest of what each meant. rows: by crate, of the crates that were in use. keys: the
    `allowed_signers` by which the peer's own signatures are judged, where it publishes any.
    """

    url: tuple[str, ...]
    bodies: tuple[str, ...]
    map: str
    criteria: Mapping[CriteriaName, str]
    rows: Mapping[CrateName, tuple[AcceptedRow, ...]]
    acceptance: Acceptance
    keys: str | None = None


class AcceptedPublishers(NamedTuple):
    """Rows of `[[publisher.CRATE]]` that were accepted, in words, by crate."""

    rows: Mapping[CrateName, tuple[str, ...]]
    acceptance: Acceptance


class Receipts(NamedTuple):
    """The whole file."""

    receipts: Mapping[ImportName, Receipt] = {}
    publishers: AcceptedPublishers | None = None


def parse_receipts(text: str, file: str) -> Receipts:
    """Read the file; `file` is what errors call it. Raises StoreError with every problem."""
    return read_file(text, file, _read_receipts)


def write_receipts(receipts: Receipts) -> str:
    """Return the one text that says this."""
    tables: dict[str, Value] = {"version": VERSION}
    if receipts.receipts:
        tables["receipt"] = {name: _receipt_table(receipt) for name, receipt in sorted(receipts.receipts.items())}
    if receipts.publishers is not None:
        rows: Table = {crate: tuple(sorted(set(found))) for crate, found in sorted(receipts.publishers.rows.items())}
        tables["publishers"] = {**_acceptance_table(receipts.publishers.acceptance), "rows": rows}
    return HEADER + write_tables(tables)


def _read_receipts(reader: Reader, tables: Mapping[str, Any]) -> Receipts:
    if tables.get("version") != VERSION:
        raise StoreError(f"{RECEIPTS} is not of version {VERSION}", help="update vetflow, or restore the file")
    reader.only_keys(tables, _TOP, _WAY_OUT)
    receipts = reader.tables(tables, "receipt", _read_receipt)
    publishers = None
    if "publishers" in tables:
        table = reader.table(tables, "publishers")
        reader.at = ("publishers",)
        reader.only_keys(table, _PUBLISHERS, _WAY_OUT)
        publishers = AcceptedPublishers(reader.string_map(table, "rows"), _read_acceptance(reader, table))
        reader.at = ()
    return Receipts(receipts, publishers)


def _read_receipt(reader: Reader, table: dict[str, Any]) -> Receipt:
    reader.only_keys(table, _RECEIPT, _WAY_OUT)
    return Receipt(
        url=reader.required_strings(table, "url"),
        bodies=reader.required_strings(table, "body"),
        map=reader.required_text(table, "map") or "",
        criteria={name: "".join(digest) for name, digest in reader.string_map(table, "criteria").items()},
        rows=reader.entries(table, "rows", _read_row),
        acceptance=_read_acceptance(reader, table),
        keys=reader.text(table, "keys"),
    )


def _read_row(reader: Reader, table: dict[str, Any]) -> AcceptedRow:
    reader.only_keys(table, _ROW, _WAY_OUT)
    return AcceptedRow(
        reader.required_text(table, "what") or "",
        reader.strings(table, "criteria"),
        reader.required_text(table, "digest") or "",
    )


def _read_acceptance(reader: Reader, table: Mapping[str, Any]) -> Acceptance:
    return Acceptance(
        reader.required_text(table, "accepted-by") or "",
        reader.required_text(table, "accepted-at") or "",
        reader.text(table, "signature"),
    )


def _receipt_table(receipt: Receipt) -> Table:
    rows: dict[str, Value] = {
        crate: [_row_table(row) for row in sorted(set(found))] for crate, found in sorted(receipt.rows.items()) if found
    }
    tables: dict[str, Value] = {
        "url": one_or_many(receipt.url),
        "body": one_or_many(receipt.bodies),
        "map": receipt.map,
        **({} if receipt.keys is None else {"keys": receipt.keys}),
        **_acceptance_table(receipt.acceptance),
    }
    if receipt.criteria:
        tables["criteria"] = dict(sorted(receipt.criteria.items()))
    if rows:
        tables["rows"] = rows
    return tables


def _row_table(row: AcceptedRow) -> Table:
    criteria: Table = {"criteria": one_or_many(row.criteria)}
    return {"what": row.what, **criteria, "digest": row.digest}


def _acceptance_table(acceptance: Acceptance) -> dict[str, Value]:
    table: dict[str, Value] = {"accepted-by": acceptance.by, "accepted-at": acceptance.at}
    return table if acceptance.signature is None else {**table, "signature": acceptance.signature}
