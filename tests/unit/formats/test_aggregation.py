"""Several sets of audits as one: nothing is lost, everything names its source, criteria mean one thing."""

from __future__ import annotations

import pytest

from tests.builders import audits_file, full
from vetflow.errors import StoreError
from vetflow.formats.aggregation import aggregate_sources, write_aggregate
from vetflow.model.store import AuditsFile, CriteriaEntry

ONE, OTHER = "https://one.example/audits.toml", "https://other.example/audits.toml"


def with_criterion(entry: CriteriaEntry) -> AuditsFile:
    return audits_file()._replace(criteria={"reviewed": entry})


def test_nothing_gives_an_empty_set() -> None:
    assert write_aggregate(aggregate_sources([])) == "\n[audits]\n"


def test_entries_of_a_crate_are_joined_and_each_credited_to_its_source() -> None:
    sources = [
        (ONE, audits_file(audits={"anvil": [full("1.0.0")]})),
        (OTHER, audits_file(audits={"anvil": [full("1.0.0")]})),
    ]
    merged = aggregate_sources(sources)
    assert [audit.aggregated_from for audit in merged.audits["anvil"]] == [(ONE,), (OTHER,)]


def test_what_was_aggregated_before_keeps_its_older_sources() -> None:
    audit = full("1.0.0")._replace(aggregated_from=(ONE,))
    merged = aggregate_sources([(OTHER, audits_file(audits={"anvil": [audit]}))])
    assert merged.audits["anvil"][0].aggregated_from == (ONE, OTHER)


def test_a_criterion_that_two_define_alike_is_credited_to_the_first() -> None:
    entry = CriteriaEntry("Read by two people", implies=("safe-to-run",))
    merged = aggregate_sources([(ONE, with_criterion(entry)), (OTHER, with_criterion(entry))])
    assert merged.criteria["reviewed"] == entry._replace(aggregated_from=(ONE,))


@pytest.mark.parametrize(
    ("other", "what"),
    [
        (CriteriaEntry("Read by one person"), "description mismatch"),
        (CriteriaEntry("Read", description_url="https://one.example/text"), "description mismatch"),
        (CriteriaEntry("Read", implies=("safe-to-run",)), "implies mismatch"),
    ],
)
def test_a_criterion_that_two_define_differently_is_an_error_naming_both(other: CriteriaEntry, what: str) -> None:
    with pytest.raises(StoreError, match="errors aggregating") as caught:
        aggregate_sources([(ONE, with_criterion(CriteriaEntry("Read"))), (OTHER, with_criterion(other))])
    (problem,) = caught.value.related
    assert problem.message == f"criteria {what} for reviewed: {ONE} and {OTHER} differ"
