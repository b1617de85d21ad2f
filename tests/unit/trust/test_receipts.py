"""Rows of imports.lock against receipts: among the accepted ones, or a finding."""

from __future__ import annotations

from typing import Any

import pytest

from tests.builders import audits_file, full, make_store, published, violation, wildcard
from tests.signers import ADDRESS, judge_of, key_of, line_of
from vetflow.formats.import_receipts import Acceptance, AcceptedPublishers, Receipt, Receipts
from vetflow.model.store import AuditsFile, Store
from vetflow.trust.receipts import (
    ImportFlaw,
    accepted_rows,
    judge_imports,
    map_digest,
    publisher_words,
    publishers_text,
    receipt_text,
)
from vetflow.trust.sshsig import AUDIT_NAMESPACE, IMPORT_NAMESPACE

CRATES = frozenset({"anvil", "bellows"})
ENTRIES = audits_file(
    audits={"anvil": [full("1.0.0", who=("Bert",)), violation("<0.9")], "bellows": [full("2.0.0", "safe-to-run")]},
    wildcard_audits={"anvil": [wildcard(7)]},
)
UNSIGNED = Acceptance(ADDRESS, "2026-01-15T12:00:00Z")
ROW = published("1.0.0", 7)


def store_of(imported: AuditsFile, **more: Any) -> Store:
    return make_store(criteria={"crypto": ()}, imports={"peer": imported}, **more)


def receipt_of(store: Store, imported: AuditsFile = ENTRIES) -> Receipt:
    source = store.config.imports["peer"]
    return Receipt(source.url, ("ab",), map_digest(source), {}, accepted_rows(imported, CRATES), UNSIGNED)


def flaws(store: Store, receipts: Receipts, **more: Any) -> list[ImportFlaw]:
    return [problem.flaw for problem in judge_imports(store, receipts, CRATES, more.get("judge"))]


def judged(imported: AuditsFile) -> list[ImportFlaw]:
    """Judge an imports.lock when `ENTRIES` were accepted."""
    store = store_of(imported)
    return flaws(store, Receipts({"peer": receipt_of(store)}))


def test_what_was_accepted_is_fine_and_so_is_less_of_it() -> None:
    assert judged(ENTRIES) == []
    assert judged(ENTRIES._replace(wildcard_audits={}, audits={"anvil": ENTRIES.audits["anvil"]})) == []
    narrowed = full("1.0.0", "safe-to-run", who=("Bert",))
    assert judged(ENTRIES._replace(audits={"anvil": (narrowed, violation("<0.9"))})) == []


@pytest.mark.parametrize(
    ("entry", "wanted"),
    [
        (full("1.0.1", who=("Bert",)), ImportFlaw.FORGED),
        (full("1.0.0", "safe-to-deploy", "crypto", who=("Bert",)), ImportFlaw.WIDENED),
        (full("1.0.0", "undefined", who=("Bert",)), ImportFlaw.WIDENED),
        (full("1.0.0", who=("Mallory",)), ImportFlaw.EDITED),
        (full("1.0.0", who=("Bert",))._replace(notes="new"), ImportFlaw.EDITED),
        (full("1.0.0", who=("Bert",))._replace(aggregated_from=("https://x.example",)), ImportFlaw.EDITED),
    ],
)
def test_every_other_row_is_named(entry: Any, wanted: ImportFlaw) -> None:
    assert judged(ENTRIES._replace(audits={"anvil": (entry, violation("<0.9"))})) == [wanted]


def test_wildcards_are_rows_like_others() -> None:
    assert judged(ENTRIES._replace(wildcard_audits={"anvil": (wildcard(8),)})) == [ImportFlaw.FORGED]
    assert judged(ENTRIES._replace(wildcard_audits={"anvil": (wildcard(7, end="2027-01-01"),)})) == [ImportFlaw.FORGED]


def test_a_violation_that_is_gone_is_named_while_its_crate_is_in_use() -> None:
    without = ENTRIES._replace(audits={"anvil": (full("1.0.0", who=("Bert",)),)})
    assert judged(without) == [ImportFlaw.VIOLATION_GONE]
    store = store_of(without)
    receipts = Receipts({"peer": receipt_of(store)})
    assert judge_imports(store, receipts, frozenset({"bellows"}), None) == ()


def test_an_import_without_a_receipt_is_named_once_and_an_empty_one_never() -> None:
    assert flaws(store_of(ENTRIES), Receipts()) == [ImportFlaw.NO_RECEIPT]
    assert flaws(store_of(audits_file()), Receipts()) == []


def test_publishers_are_accepted_one_by_one() -> None:
    store = store_of(audits_file(), publishers={"anvil": [ROW]})
    assert flaws(store, Receipts()) == [ImportFlaw.PUBLISHER]
    accepted = AcceptedPublishers({"anvil": (publisher_words(ROW),)}, UNSIGNED)
    assert flaws(store, Receipts({}, accepted)) == []
    other = store_of(audits_file(), publishers={"anvil": [ROW._replace(source=8)]})
    assert flaws(other, Receipts({}, accepted)) == [ImportFlaw.PUBLISHER]


class TestSignatures:
    JUDGE = judge_of(line_of(options=f'namespaces="{IMPORT_NAMESPACE}"'))

    def signed(self, receipt: Receipt, namespace: str = IMPORT_NAMESPACE, number: int = 1) -> Receipt:
        armour = key_of(number).sign(receipt_text("peer", receipt).encode(), namespace)
        return receipt._replace(acceptance=receipt.acceptance._replace(signature=armour))

    def test_a_signed_receipt_counts_and_every_change_of_it_is_noticed(self) -> None:
        store = store_of(ENTRIES)
        receipt = self.signed(receipt_of(store))
        assert flaws(store, Receipts({"peer": receipt}), judge=self.JUDGE) == []
        changes: list[dict[str, Any]] = [
            {"bodies": ("cd",)},
            {"criteria": {"crypto": "sha256:ab"}},
            {"keys": "x"},
            {"rows": {**receipt.rows, "anvil": receipt.rows["anvil"][:1]}},
            {"acceptance": receipt.acceptance._replace(by="bert@example.org")},
            {"acceptance": receipt.acceptance._replace(at="2026-01-14T12:00:00Z")},
            {"acceptance": receipt.acceptance._replace(signature=None)},
        ]
        for change in changes:
            found = flaws(store, Receipts({"peer": receipt._replace(**change)}), judge=self.JUDGE)
            assert ImportFlaw.BAD_RECEIPT in found, change

    def test_only_a_key_for_imports_counts(self) -> None:
        store = store_of(ENTRIES)
        for receipt in (
            self.signed(receipt_of(store), namespace=AUDIT_NAMESPACE),
            self.signed(receipt_of(store), number=2),
        ):
            assert flaws(store, Receipts({"peer": receipt}), judge=self.JUDGE) == [ImportFlaw.BAD_RECEIPT]
        good = Receipts({"peer": self.signed(receipt_of(store))})
        assert flaws(store, good, judge=judge_of()) == [ImportFlaw.BAD_RECEIPT]

    def test_the_receipt_of_publishers_is_signed_for_itself(self) -> None:
        store = store_of(audits_file(), publishers={"anvil": [ROW]})
        accepted = AcceptedPublishers({"anvil": (publisher_words(ROW),)}, UNSIGNED)
        assert flaws(store, Receipts({}, accepted), judge=self.JUDGE) == [ImportFlaw.BAD_RECEIPT]
        armour = key_of().sign(publishers_text(accepted).encode(), IMPORT_NAMESPACE)
        signed = accepted._replace(acceptance=UNSIGNED._replace(signature=armour))
        assert flaws(store, Receipts({}, signed), judge=self.JUDGE) == []
