"""Which entries the chosen paths lead over, and for which criteria (shared spec resolver 9)."""

from __future__ import annotations

from tests.builders import (
    Packages,
    audits_file,
    delta,
    exempt,
    full,
    make_graph,
    make_store,
    published,
    trust,
    unpublished,
    violation,
    wildcard,
)
from vetflow.model.report import Origin, OriginKind
from vetflow.model.store import Policy, Store
from vetflow.model.version import parse_version
from vetflow.resolve.conclude import conclude
from vetflow.resolve.needed import NOTHING_NEEDED, NeededEntries, needed_entries
from vetflow.resolve.search import SearchMode

GRAPH: Packages = {"members": {"root 0.1.0": ["aa", "bb dev"]}, "crates-io": {"aa 2.0.0": [], "bb 1.0.0": []}}
RUN, DEPLOY, FIRST_CUSTOM, SECOND_CUSTOM = 0b1, 0b10, 0b100, 0b1000
VERDICT = SearchMode.PREFER_EXEMPTIONS
PRUNE = SearchMode.PREFER_FRESH_IMPORTS
REGENERATE = SearchMode.REGENERATE_EXEMPTIONS


def needed(store: Store, mode: SearchMode = VERDICT, name: str = "aa") -> NeededEntries | None:
    return needed_entries(conclude(make_graph(GRAPH, store), store), lambda _: mode)[name]


def entries(store: Store, mode: SearchMode = VERDICT) -> dict[Origin, int]:
    found = needed(store, mode)
    assert found is not None
    return dict(found.entries)


def own(kind: OriginKind, position: int) -> Origin:
    return Origin(kind, None, position)


def test_every_entry_on_the_path_is_needed_and_no_other() -> None:
    store = make_store(audits={"aa": [full("3.0.0"), full("1.0.0"), delta("1.0.0", "2.0.0")]})
    assert entries(store) == {own(OriginKind.AUDIT, 1): DEPLOY, own(OriginKind.AUDIT, 2): DEPLOY}


def test_an_imported_entry_is_named_with_its_import() -> None:
    peers = {name: audits_file(audits={"aa": [full("2.0.0")]}) for name in ("bee", "ant")}
    assert entries(make_store(imports=peers)) == {Origin(OriginKind.AUDIT, "ant", 0): DEPLOY}


def test_an_entry_is_needed_for_the_criteria_that_no_other_required_one_implies() -> None:
    store = make_store(
        criteria={"strong": ("safe-to-deploy",), "sure": ()},
        policy={"root": Policy(criteria=("strong", "sure", "safe-to-deploy"))},
        exemptions={"aa": [exempt("2.0.0", "strong", "sure")]},
    )
    assert entries(store) == {own(OriginKind.EXEMPTION, 0): FIRST_CUSTOM | SECOND_CUSTOM}


def test_each_criterion_may_need_entries_of_its_own() -> None:
    store = make_store(
        criteria={"sure": ()},
        policy={"root": Policy(criteria=("safe-to-deploy", "sure"))},
        audits={"aa": [full("2.0.0", "sure"), full("2.0.0")]},
    )
    assert entries(store) == {own(OriginKind.AUDIT, 0): FIRST_CUSTOM, own(OriginKind.AUDIT, 1): DEPLOY}


def test_all_versions_in_use_count() -> None:
    graph: Packages = {
        "members": {"root 0.1.0": ["aa 1.0.0", "aa 2.0.0 dev"]},
        "crates-io": {"aa 1.0.0": [], "aa 2.0.0": []},
    }
    store = make_store(exemptions={"aa": [exempt("1.0.0"), exempt("2.0.0")]})
    found = needed_entries(conclude(make_graph(graph, store), store), lambda _: VERDICT)["aa"]
    assert found is not None
    assert found.entries == {own(OriginKind.EXEMPTION, 0): DEPLOY, own(OriginKind.EXEMPTION, 1): RUN}


def test_a_trusted_publisher_needs_its_row() -> None:
    rows = {"aa": [published("1.0.0", by=1), published("2.0.0", by=1)]}
    found = needed(make_store(trusted={"aa": [trust(1)]}, publishers=rows))
    assert found is not None
    assert found.publishers == {1}
    assert not found.takes_news


def test_an_imported_wildcard_audit_is_needed_with_a_publisher_row() -> None:
    peers = {"ant": audits_file(wildcard_audits={"aa": [wildcard(2), wildcard(1)]})}
    found = needed(make_store(imports=peers, publishers={"aa": [published("2.0.0", by=1)]}))
    assert found is not None
    assert found.entries == {Origin(OriginKind.WILDCARD, "ant", 1): DEPLOY}
    assert found.publishers == {0}


def test_an_unpublished_row_is_needed_with_what_its_base_needs() -> None:
    store = make_store(unpublished={"aa": [unpublished("2.0.0", "1.9.0")]}, audits={"aa": [full("1.9.0")]})
    assert entries(store) == {own(OriginKind.UNPUBLISHED, 0): DEPLOY, own(OriginKind.AUDIT, 0): DEPLOY}


def test_what_is_needed_depends_on_the_mode() -> None:
    peers = {"ant": audits_file(audits={"aa": [full("2.0.0", fresh=True)]})}
    store = make_store(exemptions={"aa": [exempt("2.0.0")]}, imports=peers)
    assert entries(store, VERDICT) == {own(OriginKind.EXEMPTION, 0): DEPLOY}
    assert entries(store, PRUNE) == {Origin(OriginKind.AUDIT, "ant", 0): DEPLOY}


def test_a_fresh_import_or_publisher_row_is_news() -> None:
    audits = make_store(imports={"ant": audits_file(audits={"aa": [full("2.0.0", fresh=True)]})})
    rows = make_store(trusted={"aa": [trust(1)]}, publishers={"aa": [published("2.0.0", by=1, fresh=True)]})
    wild = make_store(wildcard_audits={"aa": [wildcard(1)]}, publishers={"aa": [published("2.0.0", by=1, fresh=True)]})
    for store in (audits, rows, wild):
        found = needed(store)
        assert found is not None
        assert found.takes_news


def test_a_fresh_unpublished_row_is_no_news() -> None:
    rows = {"aa": [unpublished("2.0.0", "1.9.0", fresh=True)]}
    found = needed(make_store(unpublished=rows, audits={"aa": [full("1.9.0")]}))
    assert found is not None
    assert not found.takes_news


def test_exemptions_are_invented_where_nothing_else_leads_to_a_version() -> None:
    found = needed(make_store(audits={"aa": [delta("1.0.0", "2.0.0")]}), REGENERATE)
    assert found is not None
    assert found.invented == {parse_version("1.0.0"): DEPLOY}


def test_a_crate_without_a_path_does_not_vet() -> None:
    assert needed(make_store(audits={"aa": [full("2.0.0", "safe-to-run")]})) is None


def test_a_crate_with_a_contradicted_violation_does_not_vet() -> None:
    assert needed(make_store(audits={"aa": [full("2.0.0"), violation("^2")]}), REGENERATE) is None


def test_a_violation_elsewhere_is_no_obstacle() -> None:
    store = make_store(
        audits={"aa": [full("2.0.0")], "bb": [full("1.0.0"), violation("^1")]}, exemptions={"aa": [exempt("2.0.0")]}
    )
    assert entries(store) == {own(OriginKind.AUDIT, 0): DEPLOY}


def test_first_party_names_and_crates_of_which_nothing_is_required_need_nothing() -> None:
    store = make_store(policy={"root": Policy(criteria=())}, audits={"root": [violation("*")], "aa": [full("2.0.0")]})
    assert needed(store, name="root") == NOTHING_NEEDED
    assert needed(store) == NOTHING_NEEDED
