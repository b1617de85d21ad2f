"""policy-baseline.toml: what was in breach of the rules on the day they were adopted, and until when that only warns.

Machine-written, by `policy init`; the list only ever shrinks. A breach is known by its finding's id and sentence, so
that a new version of a crate is a new breach.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from vetflow.formats.canonical import Value, write_tables
from vetflow.formats.entries import Reader, read_file
from vetflow.model.dates import Date
from vetflow.model.rules import Backlog

BACKLOG: Final = "policy-baseline.toml"
_HEADER: Final = "\n# vetflow: what the rules of vetflow.toml only warn of for a time; this list only shrinks\n"
_WAY_OUT: Final = "`vetflow policy init` writes the file"


def parse_backlog(text: str, file: str) -> Backlog:
    """Read the file; `file` is what errors call it. Raises StoreError with all problems at once."""
    return read_file(text, file, _read)


def write_backlog(findings: Iterable[tuple[str, str]], until: Date) -> str:
    """Return the text for findings, each an id and a sentence; it depends on nothing but their content."""
    tables: dict[str, Value] = {
        "until": str(until),
        "known": tuple(f"{id_} {why}" for id_, why in sorted(set(findings))),
    }
    return _HEADER + write_tables(tables)


def _read(reader: Reader, tables: dict[str, Any]) -> Backlog:
    reader.only_keys(tables, dict.fromkeys(("until", "known")), _WAY_OUT)
    parted = (str(line).partition(" ") for line in reader.string_list(tables, "known"))
    return Backlog(frozenset((id_, reason) for id_, _, reason in parted), reader.date(tables, "until"))
