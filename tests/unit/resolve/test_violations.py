from __future__ import annotations

import pytest

from tests.builders import (
    audits_file,
    delta,
    exempt,
    full,
    make_store,
    published,
    trust,
    violation,
    wildcard,
)
from vetflow.model.report import AuditConflict, Conflict, ExemptionConflict
from vetflow.model.store import Store
from vetflow.resolve.entries import EntryIndex
from vetflow.resolve.violations import find_conflicts


def conflicts(store: Store) -> tuple[Conflict, ...]:
    return find_conflicts(EntryIndex(store).of("aa"), store.criteria)


@pytest.mark.parametrize(
    ("denied", "claimed", "contradicts"),
    [
        (["safe-to-deploy"], ["safe-to-deploy"], True),
        (["safe-to-deploy"], ["safe-to-run"], False),
        (["safe-to-run"], ["safe-to-deploy"], True),
        (["ca", "cb"], ["ca", "cc"], True),
        (["safe-to-deploy", "safe-to-run"], ["safe-to-run"], True),
        (["ca"], ["cb", "safe-to-deploy"], False),
    ],
)
def test_an_entry_contradicts_a_violation_when_it_claims_one_of_the_denied_criteria(
    denied: list[str], claimed: list[str], contradicts: bool
) -> None:
    criteria: dict[str, tuple[str, ...]] = {"ca": (), "cb": (), "cc": ()}
    store = make_store(criteria=criteria, audits={"aa": [violation("*", *denied), full("2.0.0", *claimed)]})
    assert bool(conflicts(store)) == contradicts
    store = make_store(
        criteria=criteria,
        audits={"aa": [violation("*", *denied)]},
        exemptions={"aa": [exempt("2.0.0", *claimed)]},
    )
    assert bool(conflicts(store)) == contradicts


@pytest.mark.parametrize(
    ("versions", "base", "version", "contradicts"),
    [
        ("=1.0.0", "1.0.0", "3.0.0", True),
        ("=3.0.0", "1.0.0", "3.0.0", True),
        ("=2.0.0", "1.0.0", "3.0.0", False),
    ],
)
def test_a_delta_contradicts_by_either_end_but_not_by_what_lies_between(
    versions: str, base: str, version: str, contradicts: bool
) -> None:
    store = make_store(audits={"aa": [violation(versions), delta(base, version)]})
    assert bool(conflicts(store)) == contradicts


def test_wildcard_audits_trusted_entries_and_other_violations_are_never_held_against_a_violation() -> None:
    store = make_store(
        audits={"aa": [violation("*"), violation(">1")]},
        wildcard_audits={"aa": [wildcard(1)]},
        trusted={"aa": [trust(1)]},
        publishers={"aa": [published("2.0.0", by=1)]},
    )
    assert conflicts(store) == ()


def test_violations_of_other_crates_do_not_matter() -> None:
    store = make_store(audits={"aa": [full("1.0.0")], "bb": [violation("*"), full("1.0.0")]})
    assert conflicts(store) == ()


def test_a_violation_counts_even_when_it_is_not_importable() -> None:
    store = make_store(audits={"aa": [violation("*", importable=False), full("1.0.0")]})
    assert len(conflicts(store)) == 1


def test_conflicts_come_imports_first_and_exemptions_before_audits() -> None:
    theirs, foreign = violation("^1"), full("1.1.0")
    ours, own, exemption = violation("1.1.0"), full("1.2.0"), exempt("1.1.0")
    store = make_store(
        audits={"aa": [own, ours]},
        exemptions={"aa": [exemption]},
        imports={
            "zebra": audits_file(audits={"aa": [foreign]}),
            "ant": audits_file(audits={"aa": [theirs]}),
        },
    )
    assert conflicts(store) == (
        ExemptionConflict("ant", theirs, exemption),
        AuditConflict("ant", theirs, "zebra", foreign),
        AuditConflict("ant", theirs, None, own),
        ExemptionConflict(None, ours, exemption),
        AuditConflict(None, ours, "zebra", foreign),
        AuditConflict(None, ours, None, own),
    )
