from __future__ import annotations

import pytest

from tests.builders import (
    audits_file,
    delta,
    exempt,
    full,
    make_store,
    trust,
    unpublished,
    violation,
    wildcard,
)
from vetflow.errors import Place
from vetflow.model.audits import Audit
from vetflow.model.report import Origin, OriginKind
from vetflow.resolve.entries import EntryIndex, name_unknown_criteria


def test_own_entries_come_before_imports_which_come_by_name() -> None:
    own, ant, zebra = full("1.0.0"), full("2.0.0"), full("3.0.0")
    store = make_store(
        audits={"aa": [own]},
        imports={
            "zebra": audits_file(audits={"aa": [zebra]}, wildcard_audits={"aa": [wildcard(3)]}),
            "quiet": audits_file(audits={"bb": [full("1.0.0")]}),
            "ant": audits_file(audits={"aa": [ant]}, wildcard_audits={"aa": [wildcard(2)]}),
        },
    )
    entries = EntryIndex(store).of("aa")
    assert entries.audits == ((None, (own,)), ("ant", (ant,)), ("zebra", (zebra,)))
    assert entries.wildcard_audits == (("ant", (wildcard(2),)), ("zebra", (wildcard(3),)))


def test_a_crate_nobody_speaks_of_has_no_entries() -> None:
    entries = EntryIndex(make_store(audits={"bb": [full("1.0.0")]})).of("aa")
    assert (entries.audits, entries.publishers, entries.exemptions) == ((), (), ())


def test_an_origin_leads_to_its_entry() -> None:
    store = make_store(
        audits={"aa": [full("1.0.0"), full("2.0.0")]},
        trusted={"aa": [trust(1)]},
        exemptions={"aa": [exempt("3.0.0")]},
        unpublished={"aa": [unpublished("4.0.0", "3.0.0")]},
        imports={"peer": audits_file(audits={"aa": [delta("1.0.0", "2.0.0")]}, wildcard_audits={"aa": [wildcard(7)]})},
    )
    entries = EntryIndex(store).of("aa")
    assert entries.entry(Origin(OriginKind.AUDIT, None, 1)) == full("2.0.0")
    assert entries.entry(Origin(OriginKind.AUDIT, "peer", 0)) == delta("1.0.0", "2.0.0")
    assert entries.entry(Origin(OriginKind.WILDCARD, "peer", 0, 0)) == wildcard(7)
    assert entries.entry(Origin(OriginKind.TRUSTED, None, 0, 0)) == trust(1)
    assert entries.entry(Origin(OriginKind.EXEMPTION, None, 0)) == exempt("3.0.0")
    assert entries.entry(Origin(OriginKind.UNPUBLISHED, None, 0)) == unpublished("4.0.0", "3.0.0")


def test_an_invented_exemption_has_no_entry() -> None:
    entries = EntryIndex(make_store(exemptions={"aa": [exempt("3.0.0")]})).of("aa")
    with pytest.raises(KeyError):
        entries.entry(Origin(OriginKind.INVENTED, None, None))


def test_trusted_entries_of_imports_are_no_trust_of_ours() -> None:
    store = make_store(imports={"peer": audits_file(trusted={"aa": [trust(1)]})}, trusted={"aa": [trust(2)]})
    assert [entry.source for _, entry in EntryIndex(store).of("aa").trust()] == [2]


@pytest.mark.parametrize(
    ("audit", "described"),
    [
        (full("1.0.0", "odd"), "the import peer's audit of 1.0.0"),
        (delta("1.0.0", "2.0.0", "odd"), "the import peer's audit of 1.0.0 -> 2.0.0"),
        (violation("^1", "odd"), "the import peer's violation ^1"),
    ],
)
def test_entries_with_unknown_criteria_are_named_with_their_file(audit: Audit, described: str) -> None:
    store = make_store(imports={"peer": audits_file(audits={"aa": [full("9.0.0"), audit]})})
    (problem,) = name_unknown_criteria(EntryIndex(store).of("aa"), store.criteria)
    assert problem.message == f"'odd' is not a valid criteria name, but {described} of aa names it"
    assert problem.place == Place("imports.lock")


def test_every_entry_with_unknown_criteria_is_named() -> None:
    store = make_store(
        trusted={"aa": [trust("github:owner/repo", "odd")]},
        exemptions={"aa": [exempt("1.0.0", "even", "odd")]},
        imports={"peer": audits_file(wildcard_audits={"aa": [wildcard(5, "odd")]})},
    )
    problems = name_unknown_criteria(EntryIndex(store).of("aa"), store.criteria)
    assert [problem.message.partition(", but ")[2] for problem in problems] == [
        "the import peer's wildcard audit for 5 of aa names it",
        "the own trusted entry for github:owner/repo of aa names it",
        "the exemption for 1.0.0 of aa names it",
        "the exemption for 1.0.0 of aa names it",
    ]
