"""The imports of recorded stores: every row is among those of a receipt of the same rows, as it is written and read."""

from __future__ import annotations

from pathlib import Path

import pytest

from vetflow.errors import VetflowError
from vetflow.formats.consistency import build_store
from vetflow.formats.import_receipts import (
    Acceptance,
    AcceptedPublishers,
    Receipt,
    Receipts,
    parse_receipts,
    write_receipts,
)
from vetflow.formats.store_files import parse_store
from vetflow.model.dates import Date
from vetflow.model.store import STORE_FILES, Store
from vetflow.trust.receipts import accepted_rows, judge_imports, map_digest, publisher_words

NOBODY = Acceptance("nobody", "2026-01-15T12:00:00Z")


def store_in(folder: Path) -> Store | None:
    """Return a recorded store; None for one that is made to be refused, or whose imports are not those it names."""
    try:
        texts = {name: (folder / name).read_text() for name in STORE_FILES}
        store = build_store(parse_store("store", texts, locked=False), today=Date(2023, 1, 1), locked=False)
    except (VetflowError, OSError):
        return None
    return store if store.imports.audits.keys() <= store.config.imports.keys() else None


def receipts_of(store: Store, crates: set[str]) -> Receipts:
    receipts = {}
    for name, file in store.imports.audits.items():
        source = store.config.imports[name]
        receipts[name] = Receipt(source.url, (), map_digest(source), {}, accepted_rows(file, crates), NOBODY)
    rows = {crate: tuple(map(publisher_words, found)) for crate, found in store.imports.publisher.items()}
    return Receipts(receipts, AcceptedPublishers(rows, NOBODY))


@pytest.mark.shared
def test_each_row_is_what_was_accepted(shared: Path) -> None:
    judged = rows = 0
    for config in sorted(shared.glob("corpus/*/ws/**/supply-chain/config.toml")):
        store = store_in(config.parent)
        if store is None:
            continue
        files = store.imports.audits.values()
        crates = {crate for file in files for table in (file.audits, file.wildcard_audits) for crate in table}
        receipts = parse_receipts(write_receipts(receipts_of(store, crates)), "receipts")
        assert judge_imports(store, receipts, crates, None) == (), config
        judged += 1
        rows += sum(len(found) for receipt in receipts.receipts.values() for found in receipt.rows.values())
    assert judged > 80
    assert rows > 10_000
