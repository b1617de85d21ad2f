"""Trust in a publisher: who, from when to when, and with which crates (shared spec resolver 12.1, 12.2)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pytest

from tests.builders import DEPLOY, Packages, exempt, full, make_graph, make_store, published, trust, violation
from vetflow.errors import NotFoundError, UsageError
from vetflow.model.audits import Publisher, TrustedEntry
from vetflow.model.dates import Date, parse_date
from vetflow.model.store import Policy, Store
from vetflow.resolve.conclude import conclude
from vetflow.resolve.publisher_trust import (
    TrustAll,
    TrustPeriod,
    identifier,
    new_wildcard_audit,
    only_publisher,
    trust_all,
    trust_period,
    with_trust,
)

TODAY = Date(2025, 6, 15)
WORKFLOW = "github:anvil/anvil"
ROWS = (
    published("1.0.0", by=1, on="2024-01-01"),
    published("1.1.0", by=2, on="2023-01-01"),
    published("2.0.0", by=1, on="2023-06-01"),
    published("3.0.0", by=WORKFLOW, on="2025-01-01"),
)


def test_a_publisher_is_named_by_login_or_by_the_text_of_the_trusted_publisher() -> None:
    assert [identifier(row) for row in ROWS] == ["user1", "user2", "user1", WORKFLOW]


def test_the_only_publisher_need_not_be_named() -> None:
    assert only_publisher("anvil", [ROWS[0], ROWS[2]]) == "user1"


def test_one_of_several_publishers_must_be_named() -> None:
    with pytest.raises(NotFoundError, match="'anvil' has multiple known publishers") as caught:
        only_publisher("anvil", ROWS)
    assert caught.value.help == f"it was published by {WORKFLOW}, user1, user2"


def test_without_known_publishers_nobody_can_be_trusted() -> None:
    with pytest.raises(NotFoundError, match="'anvil' has no known publishers, so cannot be trusted"):
        only_publisher("anvil", [])


def test_trust_reaches_from_the_first_publication_to_a_year_from_today() -> None:
    assert trust_period("anvil", ROWS, "user1", TODAY) == TrustPeriod(1, Date(2023, 6, 1), Date(2026, 6, 15))
    assert trust_period("anvil", ROWS, WORKFLOW, TODAY).source == WORKFLOW


def test_both_ends_can_be_chosen() -> None:
    start, end = Date(2020, 1, 1), Date(2040, 1, 1)
    assert trust_period("anvil", ROWS, "user1", TODAY, start=start, end=end) == TrustPeriod(1, start, end)


def test_who_never_published_the_crate_cannot_be_trusted_with_it() -> None:
    with pytest.raises(NotFoundError, match="'user9' has not published any relevant version of 'anvil'"):
        trust_period("anvil", ROWS, "user9", TODAY)


@pytest.mark.parametrize(("chosen", "renew"), [(True, False), (False, None)])
def test_a_wildcard_audit_whose_end_was_chosen_is_not_to_be_renewed(chosen: bool, renew: bool | None) -> None:
    period = TrustPeriod(1, Date(2023, 6, 1), Date(2026, 6, 15))
    audit = new_wildcard_audit(period, DEPLOY, ("Me",), "notes", TODAY, end_was_chosen=chosen)
    assert (audit.source, audit.start, audit.end) == period
    assert (audit.renew, audit.who, audit.notes, audit.criteria) == (renew, ("Me",), "notes", DEPLOY)


def test_a_wildcard_audit_may_not_reach_further_than_a_year() -> None:
    period = TrustPeriod(1, Date(2023, 6, 1), Date(2026, 6, 16))
    with pytest.raises(UsageError, match="end date of 2026-06-16 is too far in the future") as caught:
        new_wildcard_audit(period, DEPLOY, (), None, TODAY, end_was_chosen=True)
    assert "2026-06-15" in (caught.value.help or "")


def trusting(start: str, end: str, notes: str | None = None, *old: TrustedEntry) -> tuple[TrustedEntry, ...]:
    """Return the entries after trusting user 1 for a period."""
    return with_trust(old, TrustPeriod(1, parse_date(start), parse_date(end)), DEPLOY, notes)


def test_new_trust_is_appended() -> None:
    other = trust(2)
    assert trusting("2020-01-01", "2025-01-01", None, other) == (other, trust(1))


def test_an_equal_entry_of_a_shorter_period_is_extended_and_keeps_its_notes() -> None:
    old = trust(1, start="2021-01-01", end="2024-01-01")._replace(notes="why")
    assert trusting("2020-01-01", "2025-01-01", None, trust(2), old, trust(3)) == (
        trust(2),
        trust(1)._replace(notes="why"),
        trust(3),
    )


@pytest.mark.parametrize(
    ("old", "notes"),
    [
        (trust(1, start="2019-01-01"), None),
        (trust(1, end="2026-01-01"), None),
        (trust(1, "safe-to-run"), None),
        (trust(2), None),
        (trust(1), "new notes"),
    ],
    ids=["begins before", "ends after", "other criteria", "somebody else", "notes would be lost"],
)
def test_anything_else_stays_beside_the_new_entry(old: TrustedEntry, notes: str | None) -> None:
    assert trusting("2020-01-01", "2025-01-01", notes, old) == (old, trust(1)._replace(notes=notes))


GRAPH: Packages = {
    "members": {"root 0.1.0": ["aa", "bb", "cc", "dd dev"]},
    "crates-io": {f"{name} 1.0.0": [] for name in ("aa", "bb", "cc", "dd")},
}
PUBLISHERS: Mapping[str, Sequence[Publisher]] = {
    "aa": [published("1.0.0", by=1)],
    "bb": [published("1.0.0", by=1), published("0.9.0", by=2)],
    "cc": [published("1.0.0", by=2)],
    "dd": [published("1.0.0", by=1)],
}
RUN, DEPLOY_AND_RUN = 0b1, 0b11


def trusted_all(store: Store, who: str = "user1", *, allow_others: bool = False) -> TrustAll:
    rows = {name: tuple(found) for name, found in PUBLISHERS.items()}
    return trust_all(conclude(make_graph(GRAPH, store), store), rows, who, allow_others=allow_others)


def test_crates_that_others_published_too_are_skipped_unless_that_is_allowed() -> None:
    assert trusted_all(make_store()) == TrustAll(("aa", "dd"), ("bb",), DEPLOY_AND_RUN)
    assert trusted_all(make_store(), allow_others=True) == TrustAll(("aa", "bb", "dd"), (), DEPLOY_AND_RUN)


def test_only_crates_that_lack_something_are_meant_with_what_they_lack() -> None:
    audits = {"aa": [full("1.0.0")], "bb": [full("1.0.0")]}
    assert trusted_all(make_store(audits=audits)) == TrustAll(("dd",), (), RUN)


def test_trusting_nobody_is_an_error_that_names_what_was_skipped() -> None:
    with pytest.raises(NotFoundError, match=r"packages published by user9$"):
        trusted_all(make_store(), "user9")
    audits = {"aa": [full("1.0.0")], "dd": [full("1.0.0")]}
    with pytest.raises(NotFoundError, match="published by user1; others published versions of bb, too") as caught:
        trusted_all(make_store(audits=audits))
    assert "--allow-multiple-publishers" in (caught.value.help or "")


@pytest.mark.parametrize(
    "store",
    [
        make_store(policy={"root": Policy(criteria=(), dev_criteria=())}),
        make_store(audits={"aa": [violation("*")]}, exemptions={"aa": [exempt("1.0.0")]}),
    ],
    ids=["nothing is lacking", "violations come first"],
)
def test_without_failing_crates_there_is_nothing_to_do(store: Store) -> None:
    with pytest.raises(NotFoundError, match="trust --all will do nothing"):
        trusted_all(store)
