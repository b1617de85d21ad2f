"""Which criteria an audit is for: the guess and the choice (shared spec resolver 12.1)."""

from __future__ import annotations

import pytest

from tests.builders import (
    Packages,
    delta,
    exempt,
    full,
    make_graph,
    make_store,
    unpublished,
    violation,
)
from vetflow.errors import NotFoundError
from vetflow.model.store import Policy, Store
from vetflow.model.version import parse_version
from vetflow.resolve.certify_criteria import chosen_criteria, guess_criteria

GRAPH: Packages = {"members": {"root 0.1.0": ["aa", "bb dev"]}, "crates-io": {"aa 2.0.0": [], "bb 1.0.0": []}}
DEPLOY, RUN = ("safe-to-deploy",), ("safe-to-run",)


def guess(
    store: Store, version: str, base: str | None = None, crate: str = "aa", *, live: bool = False
) -> tuple[str, ...]:
    start = None if base is None else parse_version(base)
    return guess_criteria(make_graph(GRAPH, store), store, crate, start, parse_version(version), live=live)


def test_a_full_audit_is_for_what_the_version_lacks() -> None:
    assert guess(make_store(), "2.0.0") == DEPLOY
    assert guess(make_store(), "1.0.0", crate="bb") == RUN


def test_an_audit_of_another_version_is_for_what_deltas_from_there_hold() -> None:
    store = make_store(audits={"aa": [delta("1.0.0", "2.0.0", "safe-to-run")]})
    assert guess(store, "1.0.0") == RUN
    assert guess(store, "1.5.0") == ()


def test_a_delta_is_for_what_its_base_has_and_its_end_lacks() -> None:
    store = make_store(
        criteria={"sure": (), "other": ()},
        policy={"root": Policy(criteria=("sure", "other", "safe-to-run"))},
        audits={"aa": [full("1.0.0", "sure", "safe-to-deploy")]},
    )
    assert guess(store, "2.0.0", "1.0.0") == ("safe-to-run", "sure")
    assert guess(store, "2.0.0", "1.5.0") == ()


def test_where_nothing_is_lacking_the_backlog_decides() -> None:
    assert guess(make_store(exemptions={"aa": [exempt("2.0.0")], "bb": [exempt("1.0.0")]}), "2.0.0") == DEPLOY


def test_what_the_check_lacks_counts_before_the_backlog() -> None:
    store = make_store(exemptions={"aa": [exempt("2.0.0", "safe-to-run")]})
    assert guess(store, "2.0.0") == DEPLOY
    assert guess(store, "1.0.0", crate="bb") == RUN


def test_the_backlog_of_the_live_state_takes_old_unpublished_rows_for_missing() -> None:
    rows = {"aa": [unpublished("2.0.0", "1.0.0")]}
    store = make_store(audits={"aa": [full("1.0.0")], "bb": [full("1.0.0")]}, unpublished=rows)
    assert guess(store, "2.0.0", "1.0.0", live=True) == DEPLOY
    assert guess(store, "2.0.0", "1.0.0", live=False) == ()


def test_an_audit_that_helps_nowhere_has_no_guess() -> None:
    assert guess(make_store(audits={"aa": [full("2.0.0")], "bb": [full("1.0.0")]}), "2.0.0") == ()
    assert guess(make_store(), "1.0.0", crate="elsewhere") == ()


def test_contradicted_violations_leave_nothing_to_guess() -> None:
    assert guess(make_store(audits={"aa": [full("2.0.0"), violation("*")]}), "2.0.0") == ()


def test_a_choice_is_recorded_minimally_and_in_index_order() -> None:
    criteria = make_store(criteria={"zz": (), "aa": ("safe-to-run",)}).criteria
    assert chosen_criteria(criteria, ["zz", "safe-to-run", "safe-to-deploy"]) == ("safe-to-deploy", "zz")
    assert chosen_criteria(criteria, ["aa", "safe-to-run"]) == ("aa",)
    assert chosen_criteria(criteria, []) == ()


def test_an_unknown_choice_is_named_with_what_there_is() -> None:
    with pytest.raises(NotFoundError, match="'nope' is not a valid criteria name") as caught:
        chosen_criteria(make_store(criteria={"zz": ()}).criteria, ["safe-to-run", "nope"])
    assert caught.value.help == "the possible criteria are [safe-to-run, safe-to-deploy, zz]"
