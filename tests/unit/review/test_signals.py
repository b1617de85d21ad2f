"""A change is the more urgent the more its code newly does, and the more of that while somebody builds."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.readings import MadeUpReading, reading, seen
from tests.unit.formats.test_risk_toml import shipped
from vetflow.review.risk import risk
from vetflow.review.signals import Circumstances, new_evidence, signals
from vetflow.surface.evidence import Evidence
from vetflow.surface.tiers import Grade, Tier

NOTHING = reading()
WEIGHTS = shipped().weights


def numbers(
    old: MadeUpReading | None, new: MadeUpReading, circumstances: Circumstances | None = None
) -> dict[str, int]:
    found = signals(old, new, circumstances or Circumstances())
    assert len({each.id for each in found}) == len(found)
    return {each.id: each.number for each in found if each.number}


def points(old: MadeUpReading | None, new: MadeUpReading, circumstances: Circumstances | None = None) -> int:
    return risk(signals(old, new, circumstances or Circumstances()), WEIGHTS).points


def test_a_change_of_nothing_has_no_risk() -> None:
    assert numbers(NOTHING, NOTHING) == {}


@pytest.mark.parametrize(
    ("tier", "host", "signal"),
    [
        (Tier.BUILD_SCRIPT, False, "build-alert"),
        (Tier.PROC_MACRO, False, "build-alert"),
        (Tier.HOST_LIBRARY, True, "host-alert"),
        (Tier.HOST_LIBRARY, False, "run-alert"),
        (None, False, "run-alert"),
        (Tier.INPUT, False, "run-alert"),
    ],
)
def test_evidence_counts_by_where_it_runs(tier: Tier | None, host: bool, signal: str) -> None:
    assert signal in numbers(NOTHING, reading(seen(Grade.ALERT, tier)), Circumstances(host=host))


def test_evidence_that_was_there_before_is_not_new_but_still_there() -> None:
    both = reading(seen(Grade.ALERT))
    assert numbers(both, both) == {"can-alert": 1}
    assert numbers(reading(seen(Grade.NOTE)), both) == {"build-alert": 1, "can-alert": 1}


def test_evidence_is_compared_by_what_it_shows_and_not_by_its_place() -> None:
    moved = seen(Grade.REVIEW)._replace(path="build/main.rs", line=99)
    assert new_evidence(reading(seen(Grade.REVIEW)), reading(moved)) == ()
    assert new_evidence(reading(seen(Grade.REVIEW)), reading(seen(Grade.REVIEW, detail="wget"))) != ()


def test_expected_evidence_is_never_new() -> None:
    assert numbers(NOTHING, reading(seen(Grade.EXPECTED))) == {}


def test_the_worst_of_several_names_the_signal_and_is_told_first() -> None:
    new = reading(seen(Grade.NOTE, detail="a"), seen(Grade.ALERT, detail="b"), seen(Grade.ALERT, detail="b"))
    (signal,) = (each for each in signals(NOTHING, new, Circumstances()) if each.id == "build-alert")
    assert (signal.number, signal.details) == (2, ("process b", "process a"))


def test_code_that_begins_to_run_during_a_build_is_told() -> None:
    assert numbers(NOTHING, reading(build_script=True)) == {"runs-at-build": 1, "became-build-time": 1}
    assert numbers(reading(build_script=True), reading(build_script=True)) == {"runs-at-build": 1}


def test_new_dependencies_count_those_of_the_build_more() -> None:
    old = reading(dependencies=["a"], build_dependencies=["b"])
    new = reading(dependencies=["a", "c"], build_dependencies=["a", "b", "d"])
    assert numbers(old, new) == {"dependency": 1, "build-dependency": 2}
    assert numbers(None, new) == {"unread": 1}


def test_new_machine_code_and_what_cannot_be_followed_is_told() -> None:
    new = reading(binaries=["x", "y"], unresolved=["include! of a computed path"])
    assert numbers(reading(binaries=["x"]), new) == {"binary": 1, "unresolved": 1}


def test_circumstances_count() -> None:
    known = Circumstances(host=True, lines=5, build_lines=1, is_young=True, publisher_changed=True)
    assert numbers(NOTHING, NOTHING, known) == {
        "linked-at-build": 1,
        "build-lines": 1,
        "lines": 3,
        "young": 1,
        "publisher": 1,
    }


def test_every_signal_has_a_weight() -> None:
    everything = reading(
        *(seen(grade, tier) for grade in Grade for tier in (*Tier, None)),
        build_script=True,
        proc_macro=True,
        links="z",
        dependencies=["a"],
        build_dependencies=["b"],
        binaries=["x"],
        unresolved=["y"],
    )
    for old in (None, NOTHING):
        assert risk(signals(old, everything, Circumstances(host=True, lines=9, build_lines=9)), WEIGHTS).points


EVIDENCE = st.builds(
    seen, st.sampled_from(Grade), st.sampled_from([*Tier, None]), detail=st.sampled_from("abcdefgh"), path=st.just("a")
)
CIRCUMSTANCES = st.builds(
    Circumstances,
    host=st.booleans(),
    lines=st.none() | st.integers(0, 10**6),
    build_lines=st.none() | st.integers(0, 10**5),
    is_young=st.booleans(),
    publisher_changed=st.booleans(),
)


@given(st.lists(EVIDENCE, max_size=12), st.lists(EVIDENCE, max_size=12), EVIDENCE, CIRCUMSTANCES)
def test_more_evidence_never_lowers_a_risk(
    old: list[Evidence], new: list[Evidence], more: Evidence, circumstances: Circumstances
) -> None:
    before = points(reading(*old), reading(*new), circumstances)
    assert points(reading(*old), reading(*new, more), circumstances) >= before


@given(st.lists(EVIDENCE, max_size=8), CIRCUMSTANCES, st.integers(0, 10**5), st.integers(0, 10**5))
def test_more_lines_never_lower_a_risk(new: list[Evidence], known: Circumstances, lines: int, more: int) -> None:
    fewer = points(NOTHING, reading(*new), known._replace(lines=lines, build_lines=lines))
    assert points(NOTHING, reading(*new), known._replace(lines=lines + more, build_lines=lines)) >= fewer
    assert points(NOTHING, reading(*new), known._replace(lines=lines, build_lines=lines + more)) >= fewer


@given(st.lists(EVIDENCE, min_size=1, max_size=8), CIRCUMSTANCES)
def test_the_same_evidence_counts_at_least_as_much_at_build_time(new: list[Evidence], known: Circumstances) -> None:
    at_run = reading(*(each._replace(tier=None) for each in new))
    at_build = reading(*(each._replace(tier=Tier.BUILD_SCRIPT) for each in new))
    assert points(NOTHING, at_build, known) >= points(NOTHING, at_run, known)
