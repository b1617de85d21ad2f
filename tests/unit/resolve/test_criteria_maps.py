"""A criteria map raises when it makes more of audits than those who recorded them said."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from tests.builders import audits_file, full, wildcard
from vetflow.model.criteria import Criteria
from vetflow.model.store import AuditsFile
from vetflow.resolve.criteria_maps import MappedCriterion, mapped_criteria

LOCAL = Criteria({"memory-ok": (), "shippable": ("safe-to-deploy",)})
PEER = audits_file(
    criteria={"ub-low": (), "reviewed": ("safe-to-deploy",)},
    audits={"anvil": [full("1.0.0", "safe-to-run"), full("1.1.0", "safe-to-run", "ub-low")]},
    wildcard_audits={"bellows": [wildcard(7, "reviewed")]},
)


def mapped(criteria_map: Mapping[str, tuple[str, ...]], peer: AuditsFile = PEER) -> dict[str, MappedCriterion]:
    return {each.theirs: each for each in mapped_criteria([peer], criteria_map, LOCAL)}


@pytest.mark.parametrize(
    ("theirs", "ours", "raised"),
    [
        ("safe-to-run", "safe-to-deploy", "safe-to-deploy"),
        ("safe-to-run", "shippable", "safe-to-deploy"),
        ("ub-low", "safe-to-deploy", "safe-to-deploy"),
        ("ub-low", "safe-to-run", "safe-to-run"),
        ("ub-low", "memory-ok", None),
        ("reviewed", "safe-to-deploy", None),
        ("reviewed", "safe-to-run", None),
        ("safe-to-deploy", "safe-to-run", None),
        ("gone", "safe-to-run", "safe-to-run"),
    ],
)
def test_what_a_map_adds_to_what_the_peer_says(theirs: str, ours: str, raised: str | None) -> None:
    assert mapped({theirs: (ours,)})[theirs].raised == raised


def test_built_in_criteria_count_as_themselves_and_others_as_nothing() -> None:
    found = mapped({})
    assert found["safe-to-run"] == MappedCriterion("safe-to-run", ("safe-to-run",), 2, None, is_defined=True)
    assert found["ub-low"].ours == ()
    assert "safe-to-deploy" not in found  # nobody uses it there


def test_the_most_used_comes_first() -> None:
    assert [each.entries for each in mapped_criteria([PEER], {}, LOCAL)] == [2, 1, 1]


def test_a_map_of_a_criterion_the_peer_does_not_have() -> None:
    assert not mapped({"gone": ("memory-ok",)})["gone"].is_defined
