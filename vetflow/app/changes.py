"""What a write changes in a store, counted: how many entries of each kind come, go, or say something else."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple, TypeAlias

from vetflow.app.recording import WritePlan
from vetflow.formats.store_files import AUDITS, StoreFiles, parse_store
from vetflow.model.audits import Audit
from vetflow.model.names import CrateName

_Entries: TypeAlias = Mapping[Hashable, Sequence[Any]]
"""Entries by what makes one the successor of another: the crate and the version, say."""


class Change(NamedTuple):
    """A kind of entries, in the plural, and what happens to how many of them."""

    kind: str
    added: int
    removed: int
    altered: int


def changes_of(written: WritePlan) -> tuple[Change, ...]:
    """Count what changes, kind by kind; kinds that stay as they are are left out."""
    before, after = (
        {kind: _by_key(rows) for kind, rows in _rows(_parsed(texts))} for texts in (written.before, written.after)
    )
    changes = (_change(kind, before[kind], after[kind]) for kind in before)
    return tuple(change for change in changes if change.added or change.removed or change.altered)


def _parsed(texts: Mapping[str, str]) -> StoreFiles:
    """Read the files; of a store that was not there before all of them are empty."""
    return parse_store("", {**texts, AUDITS: texts[AUDITS] or "[audits]"}, locked=False)


def _change(kind: str, before: _Entries, after: _Entries) -> Change:
    added = removed = altered = 0
    for key in before.keys() | after.keys():
        old, new = before.get(key, ()), after.get(key, ())
        gone, come = _without(old, new), _without(new, old)
        altered += min(gone, come)
        removed += max(0, gone - come)
        added += max(0, come - gone)
    return Change(kind, added, removed, altered)


def _without(some: Sequence[Any], others: Sequence[Any]) -> int:
    """Count the entries that have no equal among the others, each of which accounts for one."""
    left = list(others)
    count = 0
    for entry in some:
        if entry in left:
            left.remove(entry)
        else:
            count += 1
    return count


def _by_key(rows: Iterator[tuple[Hashable, Any]]) -> _Entries:
    entries: dict[Hashable, list[Any]] = {}
    for key, entry in rows:
        entries.setdefault(key, []).append(entry)
    return entries


def _rows(files: StoreFiles) -> Iterator[tuple[str, Iterator[tuple[Hashable, Any]]]]:
    """Yield the kinds of entries, each with its entries and their keys."""
    config, audits, imports = files.config, files.audits, files.imports
    yield "exemptions", _keyed(config.exemptions, lambda row: row.version)
    yield "audits", _keyed(audits.audits, _subject)
    yield "wildcard audits", _keyed(audits.wildcard_audits, lambda row: row.source)
    yield "trusted publishers", _keyed(audits.trusted, lambda row: row.source)
    yield "policies", (((name, key), row) for name, rows in config.policy.by_name.items() for key, row in rows.items())
    yield "imports", iter(config.imports.items())
    yield (
        "imported audits",
        (
            ((peer, *key), row)
            for peer, file in imports.audits.items()
            for keyed in (_keyed(file.audits, _subject), _keyed(file.wildcard_audits, lambda row: row.source))
            for key, row in keyed
        ),
    )
    yield "publisher rows", _keyed(imports.publisher, lambda row: row.version)
    yield "unpublished versions", _keyed(imports.unpublished, lambda row: row.version)


def _keyed(
    tables: Mapping[CrateName, Sequence[Any]], key: Callable[[Any], Hashable]
) -> Iterator[tuple[tuple[Hashable, ...], Any]]:
    return (((name, key(row)), row) for name, rows in tables.items() for row in rows)


def _subject(audit: Audit) -> Hashable:
    return audit.kind, audit.version, audit.base, str(audit.violation)
