"""The live state: what is fresh in it, what is gone, what is left as it was (shared spec resolver 8)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pytest

from tests.builders import (
    DEPLOY,
    audits_file,
    delta,
    full,
    make_store,
    make_workspace,
    published,
    trust,
    unpublished,
    violation,
    wildcard,
)
from vetflow.errors import StoreError
from vetflow.formats.foreign_audits import parse_foreign_audits
from vetflow.model.audits import Audit, Publisher
from vetflow.model.packages import Package
from vetflow.model.store import AuditsFile, CriteriaEntry, Import, Policy, Store
from vetflow.model.upstream import Upstream
from vetflow.model.version import parse_version
from vetflow.resolve.live import audited_as_published, live_imports, map_to_local_criteria, publisher_names

URL = "https://ant.example/audits.toml"
GIT = "git+https://forge.example/mm?branch=main#" + "a" * 40
WORKSPACE = make_workspace(
    {
        "members": {"root 0.1.0": ["aa", "bb", "vendored"]},
        "path": {"vendored 2.5.0": []},
        "crates-io": {"aa 2.0.0": [], "bb 1.0.0": []},
    }
)
AUDITED = Policy(audit_as_crates_io=True)
NOT_AUDITED = Policy(audit_as_crates_io=False)


def peer_says(**crates: Sequence[Audit]) -> dict[str, AuditsFile]:
    """Return what the peer `ant` says now, mapped: everything is fresh."""
    return {
        "ant": audits_file(audits={name: [a._replace(fresh=True) for a in found] for name, found in crates.items()})
    }


def in_lock(**crates: Sequence[Audit]) -> Store:
    return make_store(imports={"ant": audits_file(audits=crates)})


def freshness(store: Store, audits: Mapping[str, AuditsFile]) -> list[tuple[str, bool]]:
    """Return notes and freshness of the peer's live audits of aa."""
    live = live_imports(store, WORKSPACE.packages, Upstream(audits))
    return [(audit.notes or "", audit.fresh) for audit in live.audits["ant"].audits.get("aa", ())]


def noted(audit: Audit, notes: str) -> Audit:
    return audit._replace(notes=notes)


def test_an_entry_that_imports_lock_has_is_not_fresh_whoever_recorded_it_and_whatever_the_notes() -> None:
    live = noted(full("2.0.0", who=("Somebody else",)), "reworded")._replace(aggregated_from=(URL,))
    assert freshness(in_lock(aa=[full("2.0.0")]), peer_says(aa=[live])) == [("reworded", False)]


@pytest.mark.parametrize(
    "live",
    [
        full("2.0.1"),
        full("2.0.0", "safe-to-run"),
        full("2.0.0", "safe-to-deploy", "safe-to-run"),
        delta("1.0.0", "2.0.0"),
        violation("=2.0.0"),
    ],
)
def test_an_entry_that_says_anything_else_is_fresh(live: Audit) -> None:
    assert freshness(in_lock(aa=[full("2.0.0")]), peer_says(aa=[live])) == [("", True)]


def test_every_stored_entry_accounts_for_one_live_entry_only() -> None:
    live = [noted(full("2.0.0"), "first"), noted(full("2.0.0"), "second"), noted(full("2.0.0"), "third")]
    store = in_lock(aa=[full("2.0.0"), full("2.0.0")])
    assert freshness(store, peer_says(aa=live)) == [("first", False), ("second", False), ("third", True)]


def test_an_entry_that_vanished_at_the_peer_is_gone() -> None:
    assert freshness(in_lock(aa=[full("2.0.0")]), peer_says()) == []


def test_everything_of_a_new_import_is_fresh() -> None:
    assert freshness(make_store(), peer_says(aa=[full("2.0.0")])) == [("", True)]


def test_a_renewed_wildcard_audit_is_fresh() -> None:
    stored = make_store(
        imports={"ant": audits_file(wildcard_audits={"aa": [wildcard(1, end="2024-01-01"), wildcard(2)]})}
    )
    live = {"ant": audits_file(wildcard_audits={"aa": [wildcard(1, fresh=True), wildcard(2, fresh=True)]})}
    result = live_imports(stored, WORKSPACE.packages, Upstream(live))
    assert [audit.fresh for audit in result.audits["ant"].wildcard_audits["aa"]] == [True, False]


def described(text: str | None) -> AuditsFile:
    return audits_file()._replace(criteria={"reviewed": CriteriaEntry(text)})


def test_a_changed_description_of_a_mapped_criterion_is_an_error_that_shows_the_difference() -> None:
    store = make_store(imports={"ant": described("read twice\nby two\n")})
    upstream = Upstream({"ant": described("read once\nby two\n")})
    with pytest.raises(StoreError, match="changed their criteria descriptions") as caught:
        live_imports(store, WORKSPACE.packages, upstream)
    (problem,) = caught.value.related
    assert problem.message.startswith("ant's 'reviewed' criteria changed:\n")
    assert "-read twice\n+read once\n by two" in problem.message
    assert "regenerate imports" in (problem.help or "")


def test_a_changed_description_can_be_accepted() -> None:
    store = make_store(imports={"ant": described("read twice")})
    upstream = Upstream({"ant": described("read once")})
    live = live_imports(store, WORKSPACE.packages, upstream, accept_changed_criteria=True)
    assert live.audits["ant"].criteria["reviewed"].description == "read once"


@pytest.mark.parametrize("now", ["read once", ""])
def test_a_description_that_was_missing_has_changed_where_cargo_vet_crashes(now: str) -> None:
    store = make_store(imports={"ant": described(None)})
    with pytest.raises(StoreError, match="changed their criteria descriptions"):
        live_imports(store, WORKSPACE.packages, Upstream({"ant": described(now)}))


def test_a_criterion_that_is_new_or_gone_at_the_peer_is_no_change() -> None:
    store = make_store(imports={"ant": audits_file(), "bee": described("text")})
    live = live_imports(store, WORKSPACE.packages, Upstream({"ant": described("text"), "bee": audits_file()}))
    assert set(live.audits["ant"].criteria) == {"reviewed"}
    assert set(live.audits["bee"].criteria) == set()


ROWS = {"aa": (published("1.0.0", by=1), published("2.0.0", by=2))}


def publishers_of_aa(store: Store, rows: Mapping[str, tuple[Publisher, ...]] = ROWS) -> list[tuple[str, bool]]:
    live = live_imports(store, WORKSPACE.packages, Upstream({}, {}, rows))
    return [(str(row.version), row.fresh) for row in live.publisher.get("aa", ())]


def test_a_publisher_row_is_fresh_unless_imports_lock_has_that_version_by_whomever() -> None:
    for stored in ("1.0.0", "1.0.0@git:" + "a" * 40):
        store = make_store(wildcard_audits={"aa": [wildcard(1)]}, publishers={"aa": [published(stored, by=7)]})
        assert publishers_of_aa(store) == [("1.0.0", False), ("2.0.0", True)]


def test_publishers_count_for_crates_somebody_is_trusted_with() -> None:
    peer = {"ant": audits_file(wildcard_audits={"bb": [wildcard(1)]})}
    with_wildcard = make_store(wildcard_audits={"aa": [wildcard(1)]})
    assert publisher_names(with_wildcard, WORKSPACE.packages, peer) == {"aa", "bb"}
    assert publisher_names(make_store(trusted={"aa": [trust(1)]}), WORKSPACE.packages, {}) == {"aa"}


def test_publishers_of_first_party_crates_and_of_crates_that_are_not_there_do_not_count() -> None:
    own = {"vendored": [wildcard(1)], "elsewhere": [wildcard(1)]}
    assert publisher_names(make_store(wildcard_audits=own), WORKSPACE.packages, {}) == set()
    store = make_store(wildcard_audits=own, policy={"vendored": AUDITED})
    assert publisher_names(store, WORKSPACE.packages, {}) == {"vendored"}


def test_imported_trust_in_a_publisher_does_not_count() -> None:
    peer = {"ant": audits_file(trusted={"aa": [trust(1)]})}
    assert publisher_names(make_store(), WORKSPACE.packages, peer) == set()


def test_rows_of_a_crate_nobody_is_trusted_with_are_forgotten() -> None:
    assert publishers_of_aa(make_store(publishers={"aa": [published("1.0.0", by=1)]})) == []


def test_rows_of_a_crate_that_was_not_asked_about_stay() -> None:
    store = make_store(trusted={"aa": [trust(1)]}, publishers={"aa": [published("1.0.0", by=1)]})
    assert publishers_of_aa(store, {}) == [("1.0.0", False)]


def test_rows_of_a_crate_that_is_about_to_be_trusted_count_already() -> None:
    live = live_imports(make_store(), WORKSPACE.packages, Upstream({}, {}, ROWS), also=["aa"])
    assert [row.fresh for row in live.publisher["aa"]] == [True, True]


def test_a_crate_that_crates_io_does_not_have_is_an_error_where_its_publishers_count() -> None:
    store = make_store(wildcard_audits={"vendored": [wildcard(1)]}, policy={"vendored": AUDITED})
    with pytest.raises(StoreError, match="'vendored' does not exist"):
        live_imports(store, WORKSPACE.packages, Upstream({}, {"vendored": ()}))
    with pytest.raises(StoreError, match="'elsewhere' does not exist"):
        live_imports(make_store(), WORKSPACE.packages, Upstream({}, {"elsewhere": ()}), also=["elsewhere"])


def test_a_crate_that_crates_io_does_not_have_is_an_error_where_a_package_stands_for_one_of_its_versions() -> None:
    with pytest.raises(StoreError, match="'vendored' does not exist"):
        live_imports(make_store(policy={"vendored": AUDITED}), WORKSPACE.packages, Upstream({}, {"vendored": ()}))


def test_otherwise_it_does_no_harm_that_crates_io_does_not_have_a_crate() -> None:
    live = live_imports(make_store(), WORKSPACE.packages, Upstream({}, {"vendored": (), "aa": ()}))
    assert live == make_store().imports


def rows_of_vendored(*versions: str, lock: Sequence[str] = (), policy: Policy = AUDITED) -> list[str]:
    """Return the live unpublished rows of vendored 2.5.0; fresh ones end in `*`."""
    store = make_store(
        policy={"vendored": policy}, unpublished={"vendored": [unpublished("2.5.0", base) for base in lock]}
    )
    upstream = Upstream({}, {"vendored": tuple(map(parse_version, versions))} if versions else {})
    rows = live_imports(store, WORKSPACE.packages, upstream).unpublished.get("vendored", ())
    return [f"{row.version} as {row.audited_as}{'*' if row.fresh else ''}" for row in rows]


def test_a_version_that_is_not_published_is_taken_for_the_next_lower_one() -> None:
    assert rows_of_vendored("1.0.0", "2.0.0", "3.0.0") == ["2.5.0 as 2.0.0*"]


def test_a_version_below_all_published_ones_is_taken_for_the_lowest() -> None:
    assert rows_of_vendored("4.0.0", "3.0.0") == ["2.5.0 as 3.0.0*"]


def test_a_published_version_needs_no_row_but_keeps_an_old_one() -> None:
    assert rows_of_vendored("2.0.0", "2.5.0") == []
    assert rows_of_vendored("2.0.0", "2.5.0", lock=["2.0.0"]) == ["2.5.0 as 2.0.0"]


def test_a_fresh_row_stands_beside_an_equal_old_one() -> None:
    assert rows_of_vendored("2.0.0", lock=["2.0.0"]) == ["2.5.0 as 2.0.0", "2.5.0 as 2.0.0*"]


def test_without_an_answer_the_old_rows_stay() -> None:
    assert rows_of_vendored(lock=["2.0.0"]) == ["2.5.0 as 2.0.0"]


def test_a_first_party_package_gets_no_row() -> None:
    assert rows_of_vendored("2.0.0", policy=NOT_AUDITED) == []


def test_only_local_packages_without_a_revision_stand_for_published_versions() -> None:
    packages: tuple[Package, ...] = make_workspace(
        {
            "members": {"root 0.1.0": []},
            "path": {"vendored 2.5.0": []},
            GIT: {"mm 1.0.0": []},
            "crates-io": {"aa 1.0.0": []},
        }
    ).packages
    policy = make_store(policy=dict.fromkeys(("vendored", "mm", "aa"), AUDITED)).config.policy
    assert [package.name for package in audited_as_published(packages, policy)] == ["vendored"]


def test_peers_are_mapped_and_their_addresses_merged() -> None:
    imports = {
        "ant": Import((URL, "https://ant.example/more.toml")),
        "bee": Import(("https://bee.example/audits.toml",)),
    }
    peers = {
        "ant": [(URL, audits_file(audits={"aa": [full("1.0.0")]})), ("https://ant.example/more.toml", audits_file())],
        "bee": [("https://bee.example/audits.toml", audits_file())],
    }
    mapped = map_to_local_criteria(imports, peers, make_store().criteria)
    (audit,) = mapped["ant"].audits["aa"]
    assert (audit.fresh, audit.aggregated_from) == (True, (URL,))
    assert list(mapped) == ["ant", "bee"]


def test_a_violation_whose_criteria_map_to_nothing_is_imported_without_criteria() -> None:
    """Measured with cargo-vet 0.10.3."""
    text = '[criteria.odd]\ndescription = "x"\n\n[[audits.aa]]\ncriteria = "odd"\nviolation = "*"\n'
    peers = {"ant": [(URL, parse_foreign_audits(text, URL).audits)]}
    mapped = map_to_local_criteria({"ant": Import((URL,))}, peers, make_store().criteria)
    assert [audit.criteria for audit in mapped["ant"].audits["aa"]] == [()]


def test_a_peers_entry_without_criteria_is_left_aside_and_counted() -> None:
    """Measured with cargo-vet 0.10.3, for violations, too."""
    text = '[[audits.aa]]\ncriteria = []\nviolation = "*"\n\n[[audits.aa]]\ncriteria = []\nversion = "2.0.0"\n'
    foreign = parse_foreign_audits(text, URL)
    assert foreign.audits.audits == {}
    assert [entry.path for entry in foreign.ignored_audits] == [("audits", "aa", 0), ("audits", "aa", 1)]


def test_criteria_of_the_live_state_are_local_ones() -> None:
    text = '[criteria.rev]\ndescription = "x"\n\n[[audits.aa]]\ncriteria = "rev"\nversion = "2.0.0"\n'
    peers = {"ant": [(URL, parse_foreign_audits(text, URL).audits)]}
    imports = {"ant": Import((URL,), criteria_map={"rev": DEPLOY})}
    (audit,) = map_to_local_criteria(imports, peers, make_store().criteria)["ant"].audits["aa"]
    assert audit.criteria == DEPLOY
