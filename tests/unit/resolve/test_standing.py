"""What crates rest on, in one word each."""

from __future__ import annotations

import pytest

from tests.builders import Packages, delta, exempt, full, make_graph, make_store, published, trust, violation
from vetflow.model.names import CrateName
from vetflow.model.report import OriginKind
from vetflow.model.store import Store
from vetflow.model.version import VetVersion, parse_version
from vetflow.resolve.conclude import conclude
from vetflow.resolve.standing import Rests, Standing, standings

PACKAGES: Packages = {
    "members": {"app 0.1.0": ["anvil", "bellows"]},
    "crates-io": {"anvil 1.0.0": [], "bellows 1.0.0": []},
}
ANVIL = ("anvil", parse_version("1.0.0"))
BELLOWS = ("bellows", parse_version("1.0.0"))


def standing(store: Store, crate: tuple[CrateName, VetVersion] = ANVIL) -> Standing:
    found = standings(conclude(make_graph(PACKAGES, store), store))
    assert set(found) == {ANVIL, BELLOWS}
    return found[crate]


@pytest.mark.parametrize(
    ("store", "wanted"),
    [
        (make_store(audits={"anvil": [full("1.0.0")]}), Rests.READ),
        (make_store(trusted={"anvil": [trust(7)]}, publishers={"anvil": [published("1.0.0", 7)]}), Rests.TRUSTED),
        (make_store(exemptions={"anvil": [exempt("1.0.0")]}), Rests.EXEMPTED),
        (
            make_store(exemptions={"anvil": [exempt("0.9.0")]}, audits={"anvil": [delta("0.9.0", "1.0.0")]}),
            Rests.PARTLY_EXEMPTED,
        ),
        (make_store(), Rests.UNVETTED),
        (make_store(audits={"anvil": [full("1.0.0"), violation("<2")]}), Rests.CONTRADICTED),
    ],
    ids=lambda each: each.value if isinstance(each, Rests) else "",
)
def test_each_has_its_word(store: Store, wanted: Rests) -> None:
    assert standing(store).rests is wanted


def test_it_comes_with_the_entries_that_lead_there() -> None:
    store = make_store(exemptions={"anvil": [exempt("0.9.0")]}, audits={"anvil": [delta("0.9.0", "1.0.0")]})
    assert [step.origin.kind for step in standing(store).steps] == [OriginKind.EXEMPTION, OriginKind.AUDIT]
    assert standing(make_store()).steps == ()


def test_a_violation_against_one_crate_leaves_the_word_of_the_others() -> None:
    store = make_store(audits={"anvil": [full("1.0.0"), violation("<2")], "bellows": [full("1.0.0")]})
    assert standing(store, BELLOWS).rests is Rests.READ
