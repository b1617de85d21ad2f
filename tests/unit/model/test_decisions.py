from __future__ import annotations

import pytest

from vetflow.model.dates import Date
from vetflow.model.decisions import Acceptance, Decisions, Hold
from vetflow.model.version import parse_version

TODAY = Date(2026, 1, 15)
ONE, TWO = parse_version("1.0.0"), parse_version("2.0.0")
NETWORK = Acceptance("network", "ureq", "pinned download", ("Ada",))


def accepts(acceptance: Acceptance, version: str = "1.0.0", capability: str = "network", detail: str = "ureq") -> bool:
    decisions = Decisions({"anvil": (acceptance,)})
    return decisions.acceptance("anvil", parse_version(version), capability, detail, TODAY) is not None


def test_an_acceptance_covers_one_detail_of_one_capability() -> None:
    assert accepts(NETWORK)
    assert not accepts(NETWORK, capability="process")
    assert not accepts(NETWORK, detail="curl")


def test_without_a_detail_it_covers_all_of_the_capability() -> None:
    assert accepts(NETWORK._replace(detail=None), detail="curl")


def test_with_a_version_it_covers_that_one() -> None:
    bound = NETWORK._replace(version=ONE)
    assert accepts(bound)
    assert not accepts(bound, version="2.0.0")


@pytest.mark.parametrize(("until", "counts"), [("15", True), ("14", False)])
def test_it_counts_up_to_and_on_its_last_day(until: str, counts: bool) -> None:
    assert accepts(NETWORK._replace(until=Date(2026, 1, int(until)))) is counts


def test_it_is_about_one_crate() -> None:
    assert Decisions({"anvil": (NETWORK,)}).acceptance("smith", ONE, "network", "ureq", TODAY) is None


def test_a_hold_on_the_version_goes_before_one_on_the_crate() -> None:
    whole = Hold("all of it", "never", ("Ada",), TODAY)
    one = whole._replace(version=ONE, reason="this one")
    decisions = Decisions(holds={"anvil": (whole, one)})
    assert decisions.hold("anvil", ONE) is one
    assert decisions.hold("anvil", TWO) is whole
    assert decisions.hold("smith", ONE) is None
