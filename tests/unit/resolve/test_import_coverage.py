"""What a newcomer's audits settle: crates that lack something without them and lack nothing with them."""

from __future__ import annotations

from tests.builders import Packages, audits_file, delta, exempt, full, make_graph, make_store, violation
from vetflow.model.store import AuditsFile, Import, Store
from vetflow.resolve.conclude import Resolution, conclude
from vetflow.resolve.import_coverage import (
    Settled,
    open_crates,
    settled_by,
    with_import,
    without_audits_of,
    without_import,
)

PACKAGES: Packages = {
    "members": {"app 0.1.0": ["anvil", "bellows", "tongs dev"]},
    "crates-io": {"anvil 1.0.0": [], "bellows 2.0.0": [], "tongs 3.0.0": []},
}
GRAPH = make_graph(PACKAGES)
ANVIL, APP, BELLOWS, TONGS = range(4)


def judge(store: Store) -> Resolution:
    return conclude(GRAPH, store)


def settled(store: Store, peer: AuditsFile) -> Settled:
    return settled_by(judge(store), judge(with_import(store, [("peer", Import(()), peer)])))


def test_only_what_is_open_can_be_settled() -> None:
    store = make_store(audits={"anvil": [full("1.0.0")]})
    peer = audits_file(audits={"anvil": [full("1.0.0")], "bellows": [full("2.0.0")]})
    assert settled(store, peer) == Settled(settled=(BELLOWS,), left=(TONGS,), begun=(), contradicted=())


def test_what_is_left_after_a_vetted_version_is_begun() -> None:
    peer = audits_file(audits={"bellows": [full("1.0.0")], "tongs": [delta("1.0.0", "2.0.0")]})
    assert settled(make_store(), peer).begun == (BELLOWS,)


def test_audits_for_too_little_begin_nothing() -> None:
    peer = audits_file(audits={"bellows": [full("1.0.0", "safe-to-run")], "tongs": [full("1.0.0", "safe-to-run")]})
    assert settled(make_store(), peer).begun == (TONGS,)


def test_a_violation_of_the_newcomer_hides_nothing_of_what_it_settles() -> None:
    store = make_store(audits={"anvil": [full("1.0.0")]})
    peer = audits_file(audits={"anvil": [violation("*")], "bellows": [full("2.0.0")]})
    assert settled(store, peer)._replace(left=(), begun=()) == Settled((BELLOWS,), (), (), contradicted=(ANVIL,))


def test_an_import_taken_away_leaves_its_crates_open() -> None:
    store = make_store(imports={"peer": audits_file(audits={"anvil": [full("1.0.0")]})})
    assert open_crates(judge(store)) == (BELLOWS, TONGS)
    assert open_crates(judge(without_import(store, "peer"))) == (ANVIL, BELLOWS, TONGS)


def test_without_an_imports_audits_of_a_crate_that_one_alone_is_open() -> None:
    peer = audits_file(audits={"anvil": [full("1.0.0")], "bellows": [full("2.0.0")]})
    store = make_store(imports={"peer": peer})
    assert open_crates(judge(without_audits_of(store, "peer", "anvil"))) == (ANVIL, TONGS)
    assert without_audits_of(store, "nobody", "anvil") == store


def test_first_party_packages_are_never_open() -> None:
    store = make_store(exemptions={"anvil": [exempt("1.0.0")]})
    assert APP not in open_crates(judge(store))
