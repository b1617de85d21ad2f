"""signatures.toml: the statements people signed about entries of audits.toml, beside which it lies.

One `[[signature]]` for each: `crate`, `claim` (the id of what is claimed), `signer` (an e-mail address), `statement`
and `signature` (armoured SSHSIG). Several may be about one claim. Sorted, so that merges of two branches are as easy as
those of audits.toml. `audience` names the project for statements that only one project may use.

What the texts say is the business of `vetflow.trust`; here they are only kept.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final, NamedTuple

from vetflow.errors import StoreError
from vetflow.formats.canonical import Table, Value, write_tables
from vetflow.formats.entries import Reader, read_file
from vetflow.model.names import CrateName

SIGNATURES: Final = "signatures.toml"
HEADER: Final = "\n# vetflow signatures file\n"
VERSION: Final = 1

_TOP: Final = dict.fromkeys(("version", "audience", "signature"))
_KEYS: Final = dict.fromkeys(("crate", "claim", "signer", "statement", "signature"))


class SignatureRow(NamedTuple):
    """One signature. The natural order is that of the file."""

    crate: CrateName
    claim: str
    signer: str
    statement: str
    signature: str


class SignaturesFile(NamedTuple):
    """The whole file. rows: sorted, each once."""

    rows: tuple[SignatureRow, ...] = ()
    audience: str | None = None


def parse_signatures(text: str, file: str) -> SignaturesFile:
    """Read the file; `file` is what errors call it. Raises StoreError with every problem."""
    return read_file(text, file, _read_signatures)


def write_signatures(signatures: SignaturesFile) -> str:
    """Return the one text that says this."""
    tables: dict[str, Value] = {"version": VERSION}
    if signatures.audience is not None:
        tables["audience"] = signatures.audience
    rows: list[Table] = [row._asdict() for row in sorted(set(signatures.rows))]
    if rows:
        tables["signature"] = rows
    return HEADER + write_tables(tables)


def with_rows(signatures: SignaturesFile, rows: Iterable[SignatureRow]) -> SignaturesFile:
    """Return the file with more signatures."""
    return signatures._replace(rows=tuple(sorted({*signatures.rows, *rows})))


def _read_signatures(reader: Reader, tables: Mapping[str, Any]) -> SignaturesFile:
    if tables.get("version") != VERSION:
        raise StoreError(
            f"signatures.toml is not of version {VERSION}", help="update vetflow, or restore the file if it was damaged"
        )
    reader.only_keys(tables, _TOP)
    audience = reader.text(tables, "audience")
    rows = tables.get("signature", [])
    if type(rows) is not list:
        reader.wrong_type(("signature",), rows, "a list of tables", "write `[[signature]]`")
        rows = []
    return SignaturesFile(tuple(sorted({_read_row(reader, index, row) for index, row in enumerate(rows)})), audience)


def _read_row(reader: Reader, index: int, row: Any) -> SignatureRow:
    reader.at = ("signature", index)
    if type(row) is not dict:
        reader.wrong_type((), row, "a table")
        row = {}
    reader.only_keys(row, _KEYS)
    values = [reader.required_text(row, key) or "" for key in _KEYS]
    reader.at = ()
    return SignatureRow(*values)
