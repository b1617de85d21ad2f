"""The table of weights is data, and a mistake in it is told with its place."""

from __future__ import annotations

import pytest

from vetflow.app.shipped import shipped_path
from vetflow.errors import WorkspaceError
from vetflow.formats.risk_toml import Pace, RiskRules, Weight, parse_risk

PACE = """
[pace]
minutes-per-crate = 1
minutes-per-finding = 0.5
build-time-lines-per-minute = 10
lines-per-minute = 60
"""
WEIGHT = '[weight.a-b]\npoints = 4\nfurther = 2\nmost = 9\nsays = "something"\n'


def shipped() -> RiskRules:
    path = shipped_path("risk.toml")
    with open(path, encoding="utf-8") as file:
        return parse_risk(file.read(), path)


def test_a_table_is_read() -> None:
    assert parse_risk(WEIGHT + PACE, "/risk.toml") == RiskRules(
        {"a-b": Weight(4, 2, 9, "something")}, Pace(crate=1, finding=0.5, build_lines=10, lines=60)
    )


def test_a_weight_counts_the_first_and_less_for_further_ones() -> None:
    assert [Weight(4, 2, 9, "").of(number) for number in range(6)] == [0, 4, 6, 8, 9, 9]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (WEIGHT, "it needs the tables"),
        (WEIGHT + PACE + "[more]\n", "it needs the tables"),
        ("weight = 1\n" + PACE, "it needs the tables"),
        (WEIGHT.replace("4", "-4") + PACE, "not negative"),
        (WEIGHT.replace("4", "4.5") + PACE, "whole"),
        (WEIGHT.replace("4", "true") + PACE, "whole"),
        (WEIGHT.replace('"something"', "1") + PACE, "a sentence"),
        (WEIGHT.replace("most = 9\n", "") + PACE, "it needs the keys"),
        (WEIGHT + PACE.replace("60", "0"), "positive numbers"),
        (WEIGHT + PACE.replace("lines-per-minute = 60", ""), "positive numbers"),
    ],
)
def test_a_mistake_is_told_with_its_place(text: str, reason: str) -> None:
    with pytest.raises(WorkspaceError, match=reason) as raised:
        parse_risk(text, "/risk.toml")
    assert raised.value.place is not None


def test_in_the_shipped_table_a_graver_thing_never_counts_less() -> None:
    weights = shipped().weights
    for place in ("build", "host", "run"):
        for grave, lighter in (("alert", "review"), ("review", "note")):
            assert not_less(weights[f"{place}-{grave}"], weights[f"{place}-{lighter}"])
    assert not_less(weights["can-alert"], weights["can-review"])


def test_in_the_shipped_table_build_time_beats_run_time() -> None:
    weights = shipped().weights
    for grade in ("alert", "review", "note"):
        assert not_less(weights[f"build-{grade}"], weights[f"host-{grade}"])
        assert not_less(weights[f"host-{grade}"], weights[f"run-{grade}"])
        assert weights[f"build-{grade}"].points > weights[f"run-{grade}"].most
    assert not_less(weights["build-lines"], weights["lines"])
    assert not_less(weights["build-dependency"], weights["dependency"])


def not_less(one: Weight, other: Weight) -> bool:
    return all(mine >= theirs for mine, theirs in zip(one[:3], other[:3], strict=True))
