"""A risk is the sum of parts that a person can read."""

from __future__ import annotations

import pytest

from vetflow.formats.risk_toml import Weight
from vetflow.review.risk import RiskPart, Signal, risk

WEIGHTS = {"a": Weight(5, 2, 9, "it does a"), "b": Weight(7, 0, 7, "it does b"), "c": Weight(0, 0, 0, "it does c")}


def test_the_parts_add_up_and_the_heaviest_comes_first() -> None:
    found = risk([Signal("a", 1), Signal("b", 2)], WEIGHTS)
    assert found.parts == (RiskPart("b", 7, "it does b"), RiskPart("a", 5, "it does a"))
    assert found.points == 12


def test_what_counts_nothing_is_no_part() -> None:
    assert risk([Signal("a", 0), Signal("c", 3)], WEIGHTS).parts == ()


@pytest.mark.parametrize(
    ("details", "reason"),
    [((), "it does a"), (("x", "y"), "it does a: x, y"), (tuple("vwxyz"), "it does a: v, w, x and 2 more")],
)
def test_a_reason_names_some_of_what_it_counts(details: tuple[str, ...], reason: str) -> None:
    assert risk([Signal("a", 9, details)], WEIGHTS).parts == (RiskPart("a", 9, reason),)


def test_a_signal_nobody_weighed_is_no_silent_zero() -> None:
    with pytest.raises(KeyError):
        risk([Signal("new", 1)], WEIGHTS)
