from __future__ import annotations

import pytest

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
from vetflow.errors import StoreError
from vetflow.model.report import (
    Failure,
    Success,
    Tally,
    VettedCrate,
    Vetting,
    VettingFailure,
    ViolationFailure,
    tally,
)
from vetflow.model.store import Policy, Store
from vetflow.resolve.conclude import Resolution, conclude

ROOT_AA: Packages = {"members": {"root 0.1.0": ["aa"]}, "crates-io": {"aa 2.0.0": []}}


def judge(store: Store, packages: Packages = ROOT_AA) -> Resolution:
    return conclude(make_graph(packages, store), store)


def only_crate(store: Store) -> VettedCrate:
    conclusion = judge(store).conclusion
    assert isinstance(conclusion, Success)
    (crate,) = conclusion.crates
    return crate


def counts(store: Store) -> Tally:
    conclusion = judge(store).conclusion
    assert isinstance(conclusion, Success)
    return tally(conclusion.crates)


def test_without_third_party_crates_the_conclusion_is_an_empty_success() -> None:
    assert judge(make_store(), {"members": {"root 0.1.0": []}}).conclusion == Success(())


def test_a_crate_that_lacks_a_criterion_fails_with_all_that_it_lacks() -> None:
    assert judge(make_store()).conclusion == VettingFailure((Failure(0, 0b11),), ())
    weak = make_store(audits={"aa": [full("2.0.0", "safe-to-run")]})
    assert judge(weak).conclusion == VettingFailure((Failure(0, 0b10),), ())


def test_an_audit_for_another_criterion_does_not_help() -> None:
    store = make_store(
        criteria={"alpha": (), "beta": ()},
        policy={"root": Policy(criteria=("alpha",))},
        audits={"aa": [full("2.0.0", "beta")]},
    )
    assert judge(store).conclusion == VettingFailure((Failure(0, 0b100),), ())


def test_each_criterion_may_have_a_way_of_its_own() -> None:
    store = make_store(
        criteria={"extra": ()},
        policy={"root": Policy(criteria=("extra", "safe-to-run"))},
        audits={
            "aa": [
                full("2.0.0", "extra"),
                full("1.0.0", "safe-to-run"),
                delta("1.0.0", "2.0.0", "safe-to-run"),
            ]
        },
    )
    assert only_crate(store).vetting is Vetting.FULLY


@pytest.mark.parametrize(
    ("store", "vetting"),
    [
        (make_store(audits={"aa": [full("2.0.0")]}), Vetting.FULLY),
        (make_store(exemptions={"aa": [exempt("2.0.0")]}), Vetting.EXEMPTED),
        (
            make_store(audits={"aa": [delta("1.0.0", "2.0.0")]}, exemptions={"aa": [exempt("1.0.0")]}),
            Vetting.PARTIALLY,
        ),
        (
            make_store(exemptions={"aa": [exempt("1.0.0")]}, unpublished={"aa": [unpublished("2.0.0", "1.0.0")]}),
            Vetting.EXEMPTED,
        ),
        (
            make_store(audits={"aa": [full("1.0.0")]}, unpublished={"aa": [unpublished("2.0.0", "1.0.0")]}),
            Vetting.FULLY,
        ),
        # safe-to-run is vetted by an audit, safe-to-deploy by an exemption alone
        (
            make_store(audits={"aa": [full("2.0.0", "safe-to-run")]}, exemptions={"aa": [exempt("2.0.0")]}),
            Vetting.EXEMPTED,
        ),
        # safe-to-deploy is vetted through an unpublished row, safe-to-run rather by the exemption
        (
            make_store(
                audits={"aa": [full("1.0.0")]},
                unpublished={"aa": [unpublished("2.0.0", "1.0.0")]},
                exemptions={"aa": [exempt("2.0.0", "safe-to-run")]},
            ),
            Vetting.EXEMPTED,
        ),
    ],
)
def test_the_list_of_a_vetted_crate_follows_from_the_ways_of_all_its_criteria(store: Store, vetting: Vetting) -> None:
    assert only_crate(store).vetting is vetting


def test_a_crate_of_which_nothing_is_required_counts_as_fully_vetted_but_not_as_read() -> None:
    store = make_store(policy={"root": Policy(criteria=())})
    assert only_crate(store) == VettedCrate(0, Vetting.FULLY, trusted=False, required=False)
    assert counts(store) == Tally(read=0, trusted=0, partly_exempted=0, exempted=0, unrequired=1)


@pytest.mark.parametrize(
    "store",
    [
        make_store(wildcard_audits={"aa": [wildcard(1)]}, publishers={"aa": [published("2.0.0", by=1)]}),
        make_store(
            trusted={"aa": [trust(1)]},
            audits={"aa": [delta("1.0.0", "2.0.0")]},
            publishers={"aa": [published("1.0.0", by=1)]},
        ),
        make_store(
            trusted={"aa": [trust(1)]},
            publishers={"aa": [published("1.0.0", by=1)]},
            unpublished={"aa": [unpublished("2.0.0", "1.0.0")]},
        ),
    ],
)
def test_a_way_over_trust_in_a_publisher_is_counted_as_trust(store: Store) -> None:
    assert counts(store) == Tally(read=0, trusted=1, partly_exempted=0, exempted=0, unrequired=0)


def test_trust_for_one_of_two_criteria_is_trust() -> None:
    store = make_store(
        criteria={"alpha": (), "beta": ()},
        policy={"root": Policy(criteria=("alpha", "beta"))},
        audits={"aa": [full("1.0.0", "beta")]},
        trusted={"aa": [trust(1, "alpha")]},
        publishers={"aa": [published("1.0.0", by=1)]},
        unpublished={"aa": [unpublished("2.0.0", "1.0.0")]},
    )
    assert counts(store) == Tally(read=0, trusted=1, partly_exempted=0, exempted=0, unrequired=0)


def test_what_somebody_read_is_not_counted_as_trust_because_of_a_weaker_criterion() -> None:
    store = make_store(
        audits={"aa": [full("1.0.0"), delta("1.0.0", "2.0.0")]},
        trusted={"aa": [trust(1, "safe-to-run")]},
        publishers={"aa": [published("2.0.0", by=1)]},
    )
    assert counts(store).read == 1


def test_an_exemption_outweighs_trust_and_reading_in_the_tally() -> None:
    assert counts(make_store(exemptions={"aa": [exempt("2.0.0")]})).exempted == 1
    partly = make_store(audits={"aa": [delta("1.0.0", "2.0.0")]}, exemptions={"aa": [exempt("1.0.0")]})
    assert counts(partly).partly_exempted == 1


def test_a_failure_also_tells_what_is_vetted() -> None:
    packages: Packages = {
        "members": {"root 0.1.0": ["aa", "bb"]},
        "crates-io": {"aa 2.0.0": [], "bb 1.0.0": []},
    }
    conclusion = judge(make_store(exemptions={"bb": [exempt("1.0.0")]}), packages).conclusion
    assert conclusion == VettingFailure(
        (Failure(0, 0b11),), (VettedCrate(1, Vetting.EXEMPTED, trusted=False, required=True),)
    )


def test_results_come_in_graph_order() -> None:
    packages: Packages = {
        "members": {"root 0.1.0": ["bb", "aa 0.10.0", "aa 0.9.0"]},
        "crates-io": {"bb 1.0.0": [], "aa 0.10.0": [], "aa 0.9.0": []},
    }
    resolution = judge(make_store(audits={"bb": [full("1.0.0", "safe-to-run")]}), packages)
    assert isinstance(resolution.conclusion, VettingFailure)
    nodes = resolution.graph.nodes
    assert [(nodes[each.node].name, str(nodes[each.node].version)) for each in resolution.conclusion.failures] == [
        ("aa", "0.9.0"),
        ("aa", "0.10.0"),
        ("bb", "1.0.0"),
    ]


def test_a_conflict_anywhere_hides_other_failures_and_is_reported_for_every_version_in_use() -> None:
    packages: Packages = {
        "members": {"root 0.1.0": ["aa 1.0.0", "aa 2.0.0", "bb"]},
        "crates-io": {"aa 1.0.0": [], "aa 2.0.0": [], "bb 1.0.0": []},
    }
    store = make_store(audits={"aa": [violation("^5"), full("5.0.0"), full("1.0.0")]})
    conclusion = judge(store, packages).conclusion
    assert isinstance(conclusion, ViolationFailure)
    assert [(node, len(conflicts)) for node, conflicts in conclusion.conflicts] == [(0, 1), (1, 1)]


def test_a_violation_of_a_crate_not_in_use_or_first_party_is_not_looked_at() -> None:
    store = make_store(
        audits={
            "aa": [full("2.0.0")],
            "zz": [violation("*"), full("1.0.0")],
            "root": [violation("*"), full("0.1.0")],
        }
    )
    assert isinstance(judge(store).conclusion, Success)


def test_a_violation_without_a_contradicting_entry_only_leaves_the_crate_unvetted() -> None:
    assert isinstance(judge(make_store(audits={"aa": [violation("*")]})).conclusion, VettingFailure)


def test_all_unknown_criteria_of_crates_in_use_are_reported_together() -> None:
    packages: Packages = {
        "members": {"root 0.1.0": ["aa", "bb"]},
        "crates-io": {"aa 2.0.0": [], "bb 1.0.0": []},
    }
    peer = audits_file(audits={name: [full("2.0.0", "odd")] for name in ("aa", "bb", "not-in-use")})
    with pytest.raises(StoreError) as raised:
        judge(make_store(imports={"peer": peer}), packages)
    assert [problem.message for problem in raised.value.related] == [
        "'odd' is not a valid criteria name, but the import peer's audit of 2.0.0 of aa names it",
        "'odd' is not a valid criteria name, but the import peer's audit of 2.0.0 of bb names it",
    ]


def test_unknown_criteria_of_crates_not_in_use_do_no_harm() -> None:
    peer = audits_file(audits={"not-in-use": [full("1.0.0", "odd")]})
    store = make_store(audits={"aa": [full("2.0.0")]}, imports={"peer": peer})
    assert isinstance(judge(store).conclusion, Success)


def test_a_resolution_can_be_asked_for_ways_and_for_what_is_out_of_reach() -> None:
    store = make_store(audits={"aa": [full("1.0.0"), delta("1.0.0", "2.0.0", "safe-to-run")]})
    resolution = judge(store)
    run, deploy = store.criteria.closure("safe-to-run"), store.criteria.closure("safe-to-deploy")
    path = resolution.path(0, run)
    assert path is not None
    assert [edge.origin.position for edge in path.edges] == [0, 1]
    assert resolution.path(0, deploy) is None
    assert len(resolution.reach(0, deploy).from_root) == 2
