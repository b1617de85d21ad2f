"""The preferences of the search, each where nothing else decides (shared spec resolver 6)."""

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
    unpublished,
    wildcard,
)
from vetflow.model.report import OriginKind
from vetflow.model.store import Store
from vetflow.model.version import parse_version
from vetflow.resolve.audit_graph import AuditGraph
from vetflow.resolve.entries import EntryIndex
from vetflow.resolve.search import Path, SearchMode, reach, search

DEPLOY = 0b10
VERDICT = SearchMode.PREFER_EXEMPTIONS
PRUNE = SearchMode.PREFER_FRESH_IMPORTS
REGENERATE = SearchMode.REGENERATE_EXEMPTIONS
V2 = "2.0.0"


def find(store: Store, mode: SearchMode = VERDICT, wanted: int = DEPLOY) -> Path | None:
    graph = AuditGraph(EntryIndex(store).of("aa"), store.criteria)
    return search(graph, wanted, parse_version(V2), mode)


def way(store: Store, mode: SearchMode = VERDICT) -> list[str]:
    """Return what leads from nothing to 2.0.0: `SOURCE VERSION` for audits, else `KIND VERSION`."""
    path = find(store, mode)
    assert path is not None
    steps = []
    for edge in path.edges:
        is_audit = edge.origin.kind is OriginKind.AUDIT
        what = (edge.origin.source or "own") if is_audit else edge.origin.kind.value
        steps.append(f"{what} {edge.base}->{edge.version}" if edge.base else f"{what} {edge.version}")
    return steps


def test_a_full_audit_is_a_way() -> None:
    assert way(make_store(audits={"aa": [full(V2)]})) == ["own 2.0.0"]


def test_deltas_lead_on_even_backwards() -> None:
    store = make_store(audits={"aa": [full("3.0.0"), delta("1.0.0", V2), delta("3.0.0", "1.0.0")]})
    assert way(store) == ["own 3.0.0", "own 3.0.0->1.0.0", "own 1.0.0->2.0.0"]


def test_deltas_in_a_circle_lead_nowhere() -> None:
    store = make_store(audits={"aa": [delta("1.0.0", V2), delta(V2, "1.0.0"), delta("1.0.0", "1.0.0")]})
    assert find(store) is None


def test_a_delta_from_a_version_to_itself_is_passed_over() -> None:
    assert way(make_store(audits={"aa": [delta(V2, V2), full(V2)]})) == ["own 2.0.0"]


def test_a_dead_end_met_twice_does_not_end_the_search() -> None:
    store = make_store(audits={"aa": [delta("1.0.0", V2), delta("1.0.0", V2), delta("1.5.0", V2), full("1.5.0")]})
    assert way(store) == ["own 1.5.0", "own 1.5.0->2.0.0"]


def test_every_edge_must_hold_what_is_wanted() -> None:
    store = make_store(audits={"aa": [full("1.0.0"), delta("1.0.0", V2, "safe-to-run")]})
    assert find(store) is None
    assert find(store, wanted=0b01) is not None


def test_versions_that_differ_in_build_metadata_or_revision_are_different_versions() -> None:
    assert find(make_store(audits={"aa": [full("2.0.0+b1"), full("2.0.0@git:" + "a" * 40)]})) is None


def test_a_longer_way_of_audits_is_better_than_an_exemption() -> None:
    store = make_store(audits={"aa": [full("1.0.0"), delta("1.0.0", V2)]}, exemptions={"aa": [exempt(V2)]})
    assert way(store) == ["own 1.0.0", "own 1.0.0->2.0.0"]


def test_an_audit_that_is_not_importable_is_better_than_an_exemption() -> None:
    store = make_store(audits={"aa": [full(V2, importable=False)]}, exemptions={"aa": [exempt(V2)]})
    assert way(store) == ["own 2.0.0"]


@pytest.mark.parametrize("mode", SearchMode)
def test_an_import_is_better_than_an_own_audit_that_is_not_importable(mode: SearchMode) -> None:
    store = make_store(
        audits={"aa": [full(V2, importable=False)]}, imports={"peer": audits_file(audits={"aa": [full(V2)]})}
    )
    assert way(store, mode) == ["peer 2.0.0"]


def test_the_exemption_of_the_lowest_version_is_used() -> None:
    store = make_store(
        audits={"aa": [delta("1.0.0", "1.5.0"), delta("1.5.0", V2)]},
        exemptions={"aa": [exempt("1.0.0"), exempt("1.5.0"), exempt(V2)]},
    )
    assert way(store) == ["exemption 1.0.0", "own 1.0.0->1.5.0", "own 1.5.0->2.0.0"]


def test_one_step_is_better_than_two_whatever_the_import_is_called() -> None:
    store = make_store(
        imports={
            "ant": audits_file(audits={"aa": [full("1.0.0"), delta("1.0.0", V2)]}),
            "zebra": audits_file(audits={"aa": [full(V2)]}),
        }
    )
    assert way(store) == ["zebra 2.0.0"]


def test_a_way_through_a_lower_version_is_better_even_if_it_is_longer() -> None:
    store = make_store(
        audits={
            "aa": [
                delta("1.9.0", V2),
                full("1.9.0"),
                delta("1.0.0", V2),
                delta("0.5.0", "1.0.0"),
                full("0.5.0"),
            ]
        }
    )
    assert way(store) == ["own 0.5.0", "own 0.5.0->1.0.0", "own 1.0.0->2.0.0"]


def test_fewer_edges_to_the_same_version_are_better_than_a_preferred_last_edge() -> None:
    audits = [delta("1.9.0", "1.0.0"), delta("1.0.0", V2), delta("1.9.0", V2), full("1.9.0")]
    assert way(make_store(audits={"aa": audits})) == ["own 1.9.0", "own 1.9.0->2.0.0"]


def test_own_audits_come_before_imports_and_imports_by_name() -> None:
    both = {"zebra": audits_file(audits={"aa": [full(V2)]}), "ant": audits_file(audits={"aa": [full(V2)]})}
    assert way(make_store(audits={"aa": [full(V2)]}, imports=both)) == ["own 2.0.0"]
    assert way(make_store(imports=both)) == ["ant 2.0.0"]


def test_the_first_of_equal_entries_is_used() -> None:
    path = find(make_store(audits={"aa": [full("1.0.0"), full(V2), full(V2)]}))
    assert path is not None
    assert path.edges[0].origin.position == 1


def test_audits_come_before_wildcard_audits_and_these_before_trusted_entries() -> None:
    publishers = {"aa": [published(V2, by=1)]}
    wild = audits_file(wildcard_audits={"aa": [wildcard(1)]})
    trusted = {"aa": [trust(1)]}
    both = {"ant": wild, "peer": audits_file(audits={"aa": [full(V2)]})}
    assert way(make_store(trusted=trusted, imports=both, publishers=publishers)) == ["peer 2.0.0"]
    assert way(make_store(trusted=trusted, imports={"ant": wild}, publishers=publishers)) == ["wildcard audit 2.0.0"]
    assert way(make_store(trusted=trusted, publishers=publishers)) == ["trusted entry 2.0.0"]


def test_a_stored_import_is_better_than_an_own_wildcard_audit_that_needs_a_fresh_publisher() -> None:
    store = make_store(
        wildcard_audits={"aa": [wildcard(1)]},
        publishers={"aa": [published(V2, by=1, fresh=True)]},
        imports={"peer": audits_file(audits={"aa": [full(V2)]})},
    )
    assert way(store) == ["peer 2.0.0"]


def test_a_fresh_publisher_is_better_than_a_fresh_import() -> None:
    store = make_store(
        wildcard_audits={"aa": [wildcard(1)]},
        publishers={"aa": [published(V2, by=1, fresh=True)]},
        imports={"peer": audits_file(audits={"aa": [full(V2, fresh=True)]})},
    )
    assert way(store) == ["wildcard audit 2.0.0"]


def test_a_fresh_import_is_better_than_a_trusted_entry_that_needs_a_fresh_publisher() -> None:
    store = make_store(
        trusted={"aa": [trust(1)]},
        publishers={"aa": [published(V2, by=1, fresh=True)]},
        imports={"peer": audits_file(audits={"aa": [full(V2, fresh=True)]})},
    )
    assert way(store) == ["peer 2.0.0"]


def test_among_fresh_trusted_entries_the_earlier_publisher_row_decides_not_the_entry() -> None:
    store = make_store(
        trusted={"aa": [trust(1), trust(2)]},
        audits={"aa": [delta("1.0.0", V2), delta("1.1.0", V2)]},
        publishers={"aa": [published("1.1.0", by=2, fresh=True), published("1.0.0", by=1, fresh=True)]},
    )
    assert way(store) == ["trusted entry 1.1.0", "own 1.1.0->2.0.0"]


@pytest.mark.parametrize(
    ("mode", "expected"),
    [(VERDICT, "exemption 2.0.0"), (PRUNE, "peer 2.0.0"), (REGENERATE, "peer 2.0.0")],
)
def test_only_a_verdict_prefers_exemptions_to_fresh_imports(mode: SearchMode, expected: str) -> None:
    store = make_store(
        exemptions={"aa": [exempt(V2)]}, imports={"peer": audits_file(audits={"aa": [full(V2, fresh=True)]})}
    )
    assert way(store, mode) == [expected]


@pytest.mark.parametrize(
    ("mode", "expected"), [(VERDICT, "unpublished 1.0.0->2.0.0"), (PRUNE, "unpublished 1.5.0->2.0.0")]
)
def test_a_verdict_prefers_the_stored_unpublished_row_and_pruning_the_fresh_one(
    mode: SearchMode, expected: str
) -> None:
    store = make_store(
        audits={"aa": [full("1.0.0"), full("1.5.0")]},
        unpublished={"aa": [unpublished(V2, "1.0.0"), unpublished(V2, "1.5.0", fresh=True)]},
    )
    assert way(store, mode)[-1] == expected


@pytest.mark.parametrize(
    ("mode", "expected"),
    [(VERDICT, "exemption 2.0.0"), (PRUNE, "exemption 2.0.0"), (REGENERATE, "exemption 2.0.0")],
)
def test_an_exemption_is_better_than_a_stored_unpublished_row(mode: SearchMode, expected: str) -> None:
    store = make_store(
        audits={"aa": [full("1.0.0")]},
        exemptions={"aa": [exempt(V2)]},
        unpublished={"aa": [unpublished(V2, "1.0.0")]},
    )
    assert way(store, mode) == [expected]


def test_regenerating_invents_an_exemption_of_the_lowest_version_that_leads_on() -> None:
    store = make_store(audits={"aa": [delta("1.0.0", V2), delta("0.5.0", "1.0.0", "safe-to-run")]})
    assert way(store, REGENERATE) == ["invented exemption 1.0.0", "own 1.0.0->2.0.0"]
    assert way(make_store(), REGENERATE) == ["invented exemption 2.0.0"]


def test_only_regenerating_invents() -> None:
    assert find(make_store(), VERDICT) is None
    assert find(make_store(), PRUNE) is None


def test_regenerating_widens_an_exemption_before_it_invents_one() -> None:
    store = make_store(
        audits={"aa": [delta("1.0.0", V2)]},
        exemptions={"aa": [exempt("1.0.0", "safe-to-run", suggest=False)]},
    )
    assert find(store, VERDICT) is None
    assert way(store, REGENERATE) == ["exemption 1.0.0", "own 1.0.0->2.0.0"]


def test_the_level_is_that_of_the_worst_edge() -> None:
    audits = {"aa": [delta("1.0.0", V2, importable=False)]}
    levels = {
        store_level.level
        for store_level in (
            find(make_store(audits={"aa": [full(V2)]})),
            find(make_store(audits=audits, imports={"peer": audits_file(audits={"aa": [full("1.0.0")]})})),
            find(make_store(audits=audits, exemptions={"aa": [exempt("1.0.0")]})),
        )
        if store_level
    }
    assert levels == {0, 1, 2}


def test_nothing_wanted_is_held_by_every_edge() -> None:
    store = make_store(exemptions={"aa": [exempt(V2)._replace(criteria=())]})
    assert find(store, wanted=0) is not None
    assert find(store, wanted=0b01) is None


def test_reach_tells_both_sides_of_the_gap() -> None:
    store = make_store(
        audits={
            "aa": [
                full("1.0.0"),
                delta("1.0.0", "1.1.0"),
                delta("1.1.0", "1.5.0", "safe-to-run"),
                delta("1.5.0", "1.6.0"),
                delta("1.6.0", V2),
                delta("7.0.0", "8.0.0"),
            ]
        }
    )
    graph = AuditGraph(EntryIndex(store).of("aa"), store.criteria)
    found = reach(graph, DEPLOY, parse_version(V2))
    assert found.from_root == {None, parse_version("1.0.0"), parse_version("1.1.0")}
    assert found.from_target == {parse_version("1.5.0"), parse_version("1.6.0"), parse_version(V2)}
