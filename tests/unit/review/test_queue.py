"""The queue begins with what is most urgent, and a session is what fits into the time there is."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.readings import seen
from tests.suggesting import delta_of
from vetflow.formats.risk_toml import Pace
from vetflow.model.dates import Date
from vetflow.model.decisions import Hold
from vetflow.review.queue import BuildTime, QueueRow, expected_minutes, in_order, plan_session
from vetflow.review.risk import Risk, RiskPart
from vetflow.surface.tiers import Grade, Tier

PACE = Pace(crate=1, finding=2, build_lines=10, lines=100)
HOLD = Hold("it loops", "a release without the loop", ("Ada",), Date(2026, 1, 1))


def row(
    name: str,
    points: int | None = 0,
    lines: int | None = 0,
    *,
    build_lines: int | None = 0,
    is_failing: bool = False,
    hold: Hold | None = None,
) -> QueueRow:
    return QueueRow(
        delta_of(f"{name} 1.0.0"),
        ("safe-to-deploy",),
        is_failing,
        (),
        lines=lines,
        build_lines=build_lines,
        risk=None if points is None else Risk((RiskPart("x", points, "x"),)),
        hold=hold,
    )


def names(rows: tuple[QueueRow, ...]) -> list[str]:
    return [each.delta.name for each in rows]


def test_what_fails_comes_before_what_is_exempted_and_the_riskiest_first() -> None:
    rows = [row("a", 5), row("b", 90), row("c", 1, is_failing=True), row("d", 5, is_failing=True)]
    assert names(in_order(rows)) == ["d", "c", "b", "a"]


def test_with_the_same_risk_the_shorter_comes_first() -> None:
    assert names(in_order([row("a", 5, 900), row("b", 5, 9), row("c", 5, 9)])) == ["b", "c", "a"]


def test_what_could_not_be_read_comes_last_even_if_the_check_fails_for_it() -> None:
    assert names(in_order([row("a", None, None, is_failing=True), row("b")])) == ["b", "a"]


def test_what_is_refused_comes_before_everything_and_is_no_work_for_a_session() -> None:
    refused = row("z", None, None)._replace(is_refused=True)
    assert names(in_order([row("a", 90, is_failing=True), row("b", None, None), refused])) == ["z", "a", "b"]
    plan = plan_session([refused], 60, PACE)
    assert (plan.planned, plan.unmeasured) == ((), 1)


def test_minutes_come_from_lines_findings_and_pace() -> None:
    assert expected_minutes(row("a", 0, 300, build_lines=100), PACE) == 1 + 10 + 2
    assert expected_minutes(row("a", 0, 50, build_lines=100), PACE) == 1 + 10
    graded = row("a")._replace(evidence=(seen(Grade.ALERT), seen(Grade.NOTE)))
    assert expected_minutes(graded, PACE) == 1 + 2
    assert expected_minutes(row("a", None, None), PACE) is None


def test_a_session_has_build_time_code_first_and_then_what_takes_least() -> None:
    rows = [
        row("long", 9, 2000),
        row("short", 1, 100),
        row("script", 50, 100, build_lines=50),
        row("macro", 60, 10, build_lines=10),
    ]
    plan = plan_session(rows, 60, PACE)
    assert names(tuple(each.row for each in plan.planned)) == ["macro", "script", "short", "long"]
    assert plan.minutes == 2 + 6.5 + 2 + 21
    assert (plan.rest, plan.rest_minutes, plan.unmeasured) == (0, 0, 0)


def test_a_row_with_a_finding_in_build_time_code_is_build_time_whatever_its_lines() -> None:
    assert row("a")._replace(evidence=(seen(Grade.REVIEW),)).is_build_time
    assert not row("a")._replace(evidence=(seen(Grade.NOTE), seen(Grade.ALERT, None))).is_build_time


def test_what_does_not_fit_is_passed_over_for_what_does() -> None:
    plan = plan_session([row("big", 90, 9000, build_lines=9000), row("small", 1, 100), row("x", None, None)], 10, PACE)
    assert names(tuple(each.row for each in plan.planned)) == ["small"]
    assert (plan.rest, plan.rest_minutes, plan.unmeasured) == (1, 901, 1)


def test_what_is_held_is_not_planned() -> None:
    plan = plan_session([row("a", hold=HOLD), row("b")], 60, PACE)
    assert names(tuple(each.row for each in plan.planned)) == ["b"]
    assert plan.rest == 0


@pytest.mark.parametrize(
    ("build", "letters"),
    [
        (BuildTime(), ""),
        (BuildTime(frozenset({Tier.BUILD_SCRIPT}), links=True), "BL"),
        (BuildTime(frozenset({Tier.PROC_MACRO}), host=True), "P"),
        (BuildTime(frozenset({Tier.BUILD_SCRIPT}), host=True), "Bp"),
    ],
)
def test_letters_say_how_a_crate_takes_part_in_builds(build: BuildTime, letters: str) -> None:
    assert build.letters == letters


ROWS = st.lists(
    st.builds(
        row,
        st.sampled_from("abcdef"),
        st.none() | st.integers(0, 200),
        st.none() | st.integers(0, 5000),
        build_lines=st.none() | st.integers(0, 500),
        is_failing=st.booleans(),
        hold=st.none() | st.just(HOLD),
    ),
    max_size=20,
)


@given(ROWS, st.integers(1, 500))
def test_a_session_never_takes_longer_than_there_is_time_and_loses_no_row(rows: list[QueueRow], minutes: int) -> None:
    plan = plan_session(rows, minutes, PACE)
    assert plan.minutes <= minutes + 1e-6
    held = sum(each.hold is not None for each in rows)
    assert len(plan.planned) + plan.rest + plan.unmeasured + held == len(rows)
