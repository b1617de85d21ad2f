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
    violation,
    wildcard,
)
from vetflow.errors import StoreError
from vetflow.model.report import OriginKind
from vetflow.model.store import Store
from vetflow.resolve.audit_graph import AuditGraph, Caveat, Edge
from vetflow.resolve.entries import EntryIndex


def graph_of(store: Store) -> AuditGraph:
    return AuditGraph(EntryIndex(store).of("aa"), store.criteria)


def only_edge(store: Store) -> Edge:
    (edge,) = graph_of(store).edges
    return edge


def ends(edge: Edge) -> tuple[str | None, str]:
    return str(edge.base) if edge.base else None, str(edge.version)


RUN, RUN_AND_DEPLOY = 0b01, 0b11


def test_audits_are_edges_from_nothing_or_from_their_base_closed_under_implication() -> None:
    graph = graph_of(make_store(audits={"aa": [full("1.0.0", "safe-to-run"), delta("1.0.0", "2.0.0")]}))
    assert [(ends(edge), edge.criteria) for edge in graph.edges] == [
        ((None, "1.0.0"), RUN),
        (("1.0.0", "2.0.0"), RUN_AND_DEPLOY),
    ]


def test_a_violation_is_no_edge() -> None:
    store = make_store(audits={"aa": [full("1.0.0"), violation("*"), full("2.0.0")]})
    assert [ends(edge) for edge in graph_of(store).edges] == [(None, "1.0.0"), (None, "2.0.0")]


@pytest.mark.parametrize(
    ("on", "covered"),
    [("2022-12-31", False), ("2023-01-01", True), ("2025-12-30", True), ("2025-12-31", False)],
)
def test_trust_holds_from_its_first_day_until_before_its_last(on: str, covered: bool) -> None:
    publishers = {"aa": [published("1.0.0", by=1, on=on)]}
    start, end = "2023-01-01", "2025-12-31"
    by_wildcard = make_store(wildcard_audits={"aa": [wildcard(1, start=start, end=end)]}, publishers=publishers)
    by_trust = make_store(trusted={"aa": [trust(1, start=start, end=end)]}, publishers=publishers)
    assert [bool(graph_of(store).edges) for store in (by_wildcard, by_trust)] == [covered, covered]


def test_trust_extends_to_the_same_publisher_only() -> None:
    publishers = [
        published("1.0.0", by=1),
        published("2.0.0", by=2),
        published("3.0.0", by="github:owner/repo"),
    ]
    store = make_store(
        wildcard_audits={"aa": [wildcard(1)]},
        trusted={"aa": [trust("github:owner/repo")]},
        publishers={"aa": publishers},
    )
    assert [(ends(edge), edge.origin.kind) for edge in graph_of(store).edges] == [
        ((None, "1.0.0"), OriginKind.WILDCARD),
        ((None, "3.0.0"), OriginKind.TRUSTED),
    ]


def test_trust_without_a_publisher_row_leads_nowhere() -> None:
    assert graph_of(make_store(wildcard_audits={"aa": [wildcard(1)]}, trusted={"aa": [trust(1)]})).edges == []


def test_an_unpublished_row_leads_from_the_published_version_for_all_criteria() -> None:
    edge = only_edge(make_store(criteria={"more": ()}, unpublished={"aa": [unpublished("1.1.0", "1.0.0")]}))
    assert (ends(edge), edge.criteria) == (("1.0.0", "1.1.0"), 0b111)


def test_an_exemption_without_criteria_is_an_edge_for_none() -> None:
    store = make_store(exemptions={"aa": [exempt("1.0.0")._replace(criteria=())]})
    assert only_edge(store).criteria == 0


@pytest.mark.parametrize(
    ("store", "caveat"),
    [
        (make_store(audits={"aa": [full("1.0.0")]}), Caveat.NONE),
        (make_store(audits={"aa": [full("1.0.0", importable=False)]}), Caveat.NON_IMPORTABLE),
        (make_store(imports={"peer": audits_file(audits={"aa": [full("1.0.0")]})}), Caveat.NONE),
        (
            make_store(imports={"peer": audits_file(audits={"aa": [full("1.0.0", fresh=True)]})}),
            Caveat.FRESH_IMPORT,
        ),
        (make_store(exemptions={"aa": [exempt("1.0.0")]}), Caveat.EXEMPTION),
        (make_store(unpublished={"aa": [unpublished("2.0.0", "1.0.0")]}), Caveat.UNPUBLISHED),
        (
            make_store(unpublished={"aa": [unpublished("2.0.0", "1.0.0", fresh=True)]}),
            Caveat.FRESH_UNPUBLISHED,
        ),
    ],
)
def test_the_caveat_tells_what_an_edge_needs(store: Store, caveat: Caveat) -> None:
    assert only_edge(store).caveat is caveat


@pytest.mark.parametrize(
    ("fresh_audit", "fresh_row", "of_wildcard", "of_trusted"),
    [
        (False, False, Caveat.NONE, Caveat.NONE),
        (False, True, Caveat.FRESH_PUBLISHER, Caveat.FRESH_IMPORT),
        (True, False, Caveat.FRESH_IMPORT, Caveat.NONE),
        (True, True, Caveat.FRESH_IMPORT, Caveat.FRESH_IMPORT),
    ],
)
def test_a_fresh_row_weighs_more_under_a_trusted_entry_than_under_a_wildcard_audit(
    fresh_audit: bool, fresh_row: bool, of_wildcard: Caveat, of_trusted: Caveat
) -> None:
    publishers = {"aa": [published("1.0.0", by=1, fresh=fresh_row)]}
    peer = audits_file(wildcard_audits={"aa": [wildcard(1, fresh=fresh_audit)]})
    assert only_edge(make_store(imports={"peer": peer}, publishers=publishers)).caveat is of_wildcard
    assert only_edge(make_store(trusted={"aa": [trust(1)]}, publishers=publishers)).caveat is of_trusted


def test_edges_are_ranked_in_cargo_vets_order_of_preference() -> None:
    store = make_store(
        audits={"aa": [full("1.0.0"), full("1.0.0")]},
        wildcard_audits={"aa": [wildcard(1)]},
        trusted={"aa": [trust(2), trust(1)]},
        exemptions={"aa": [exempt("1.0.0")]},
        unpublished={"aa": [unpublished("1.0.0", "0.9.0")]},
        publishers={"aa": [published("1.0.0", by=1), published("1.0.0", by=2)]},
        imports={
            "zebra": audits_file(audits={"aa": [full("1.0.0")]}, wildcard_audits={"aa": [wildcard(2), wildcard(1)]}),
            "ant": audits_file(audits={"aa": [full("1.0.0")]}),
        },
    )
    graph = graph_of(store)
    assert [edge.rank for edge in graph.edges] == list(range(len(graph.edges)))
    assert [tuple(edge.origin) for edge in graph.edges] == [
        (OriginKind.AUDIT, None, 0, None),
        (OriginKind.AUDIT, None, 1, None),
        (OriginKind.AUDIT, "ant", 0, None),
        (OriginKind.AUDIT, "zebra", 0, None),
        (OriginKind.WILDCARD, None, 0, 0),
        (OriginKind.WILDCARD, "zebra", 0, 1),
        (OriginKind.WILDCARD, "zebra", 1, 0),
        (OriginKind.TRUSTED, None, 1, 0),
        (OriginKind.TRUSTED, None, 0, 1),
        (OriginKind.EXEMPTION, None, 0, None),
        (OriginKind.UNPUBLISHED, None, 0, None),
    ]
    assert graph.into == {edge.version: graph.edges for edge in graph.edges}


def test_a_step_shows_the_entry_and_the_publisher_row_behind_an_edge() -> None:
    row = published("1.0.0", by=1, fresh=True)
    store = make_store(trusted={"aa": [trust(1)]}, publishers={"aa": [row]})
    step = graph_of(store).step(only_edge(store))
    assert (step.entry, step.publisher, step.fresh) == (trust(1), row, True)


def test_an_entry_that_makes_an_edge_must_name_known_criteria() -> None:
    store = make_store(trusted={"aa": [trust(1, "odd")]}, publishers={"aa": [published("1.0.0", by=1)]})
    with pytest.raises(StoreError, match="some entries name criteria that are not defined"):
        graph_of(store)


def test_unknown_criteria_of_trust_that_covers_nothing_do_no_harm() -> None:
    store = make_store(trusted={"aa": [trust(1, "odd")]}, publishers={"aa": [published("1.0.0", by=2)]})
    assert graph_of(store).edges == []


@pytest.mark.parametrize(("customs", "works"), [(61, True), (62, False)])
def test_unpublished_rows_stop_working_with_exactly_64_criteria(customs: int, works: bool) -> None:
    # cargo-vet's set of all criteria overflows at 64.
    criteria: dict[str, tuple[str, ...]] = {f"c{number}": () for number in range(customs)}
    store = make_store(criteria=criteria, unpublished={"aa": [unpublished("1.1.0", "1.0.0")]})
    assert bool(only_edge(store).criteria) == works
