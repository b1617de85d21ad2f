"""What one store says and another does not; the command's tests have the rest."""

from __future__ import annotations

from typing import Any

import pytest

from tests.builders import exempt, full, make_store, trust, violation
from vetflow.model.audits import Exemption
from vetflow.model.store import EMPTY_STORE, Import, Policy, Store
from vetflow.trust.store_changes import ChangeKind, StoreChange, store_changes


def audited(*entries: Any) -> Store:
    return make_store(audits={"anvil": list(entries)})


def the_change(before: Store, after: Store) -> StoreChange:
    (found,) = store_changes(before, after)
    return found


def test_equal_stores_have_no_changes_in_whatever_order() -> None:
    assert store_changes(audited(full("1.0.0"), full("2.0.0")), audited(full("2.0.0"), full("1.0.0"))) == ()


def test_of_two_equal_entries_one_may_go() -> None:
    change = the_change(audited(full("1.0.0"), full("1.0.0")), audited(full("1.0.0")))
    assert (change.kind, change.subject) == (ChangeKind.REMOVED, "anvil 1.0.0")


@pytest.mark.parametrize(
    ("before", "after", "wanted"),
    [
        (exempt("1.0.0", "safe-to-run"), exempt("1.0.0", "safe-to-deploy"), ChangeKind.WIDENED),
        (exempt("1.0.0", "safe-to-deploy"), exempt("1.0.0", "safe-to-run"), ChangeKind.NARROWED),
        (exempt("1.0.0"), exempt("1.0.0")._replace(notes="why"), ChangeKind.CHANGED),
        (exempt("1.0.0"), exempt("1.0.0", suggest=False), ChangeKind.CHANGED),
    ],
)
def test_an_exemption_may_let_more_pass(before: Exemption, after: Exemption, wanted: ChangeKind) -> None:
    stores = (make_store(exemptions={"anvil": [each]}) for each in (before, after))
    assert the_change(*stores).kind is wanted


def test_trust_that_ends_later_is_wider_and_says_from_when_to_when() -> None:
    stores = (make_store(trusted={"anvil": [trust(7, end=end)]}) for end in ("2026-01-01", "2026-06-01"))
    change = the_change(*stores)
    assert (change.kind, change.detail) == (ChangeKind.WIDENED, "end: 2026-01-01 -> 2026-06-01")


def test_violations_are_a_kind_of_their_own_and_stand_before_audits() -> None:
    changes = store_changes(EMPTY_STORE, audited(full("1.0.0"), violation("<2")))
    assert [change.entries for change in changes] == ["violations", "audits"]


def test_imports_and_policies_tell_what_changed_in_them() -> None:
    source = Import(("https://peer.example",))
    configs = (EMPTY_STORE.config._replace(imports={"peer": source._replace(exclude=out)}) for out in ((), ("anvil",)))
    stores = [EMPTY_STORE._replace(config=config) for config in configs]
    assert the_change(*stores).detail == "exclude: none -> anvil"
    policies = (Policy(), Policy(audit_as_crates_io=True, dependency_criteria={"anvil": ("a", "b")}))
    stores = [make_store(policy={"app": each}) for each in policies]
    assert the_change(*stores).detail == "audit-as-crates-io: none -> yes; dependency-criteria: none -> anvil = a+b"


def test_the_default_criterion_is_a_setting() -> None:
    config = EMPTY_STORE.config._replace(default_criteria="safe-to-run")
    change = the_change(EMPTY_STORE, EMPTY_STORE._replace(config=config))
    assert (change.entries, change.detail) == ("settings", "safe-to-run, was safe-to-deploy")
