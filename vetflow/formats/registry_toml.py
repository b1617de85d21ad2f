"""The registry of publishers of audit sets: cargo-vet's `registry.toml`, and ours, which says more of each.

Shared spec format 7.7. `[registry.NAME]` needs `url`. The other keys are vetflow's, and any further one is
ignored: `successor` (where the set lives on when what stands at `url` is stale), `about` (one sentence on who
they are) and `newest-entry` (the day of the last change of the set that was known when the file was written).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from vetflow.formats.entries import Reader, read_file
from vetflow.model.dates import Date
from vetflow.model.names import ImportName


class AuditPublisher(NamedTuple):
    """Somebody who publishes audits for others. urls: what cargo-vet would import under this name."""

    urls: tuple[str, ...]
    successor: str | None = None
    about: str | None = None
    newest_entry: Date | None = None


def parse_registry(text: str, file: str) -> Mapping[ImportName, AuditPublisher]:
    """Read a registry, ours or cargo-vet's; raises StoreError with the place of every problem."""
    return read_file(text, file, _read_registry)


def _read_registry(reader: Reader, tables: Mapping[str, Any]) -> Mapping[ImportName, AuditPublisher]:
    if "registry" not in tables:
        reader.missing("registry", "a table `[registry.NAME]` for each publisher")
    return dict(sorted(reader.tables(tables, "registry", _read_publisher).items()))


def _read_publisher(reader: Reader, table: dict[str, Any]) -> AuditPublisher:
    return AuditPublisher(
        urls=reader.required_strings(table, "url"),
        successor=reader.text(table, "successor"),
        about=reader.text(table, "about"),
        newest_entry=reader.date(table, "newest-entry") if "newest-entry" in table else None,
    )
