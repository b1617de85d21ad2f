"""What happened to a lock, as findings; one pattern is a stop by itself."""

from __future__ import annotations

import pytest

from vetflow.graph.drift import DriftEvent, DriftKind, Privileges
from vetflow.model.findings import Finding, Level
from vetflow.model.names import CRATES_IO
from vetflow.model.packages import Package
from vetflow.model.version import parse_version
from vetflow.trust.drift_findings import drift_findings

NOW = 1_768_478_400
DAY = 86_400
PARENT = Package("anvil", parse_version("1.0.1"), CRATES_IO)
CHILD = Package("bramble", parse_version("0.1.0"), CRATES_IO)
SCRIPT = Privileges(build_script=True, proc_macro=False, host=False)
EDGE = DriftEvent(DriftKind.EDGE, "bramble", None, CHILD, is_new_name=True, privileges=SCRIPT, parent=PARENT)


def found(event: DriftEvent, age: int | None = 1) -> Finding | None:
    at = None if age is None else NOW - age * DAY
    return next(drift_findings([event], lambda _: at, NOW, lambda _: None), None)


def test_a_young_stranger_that_a_crate_begins_to_need_for_its_build_is_taken_for_planted() -> None:
    planted = found(EDGE)
    assert planted is not None
    assert (planted.id, planted.level) == ("drift/planted-dependency", Level.FAIL)
    assert "nobody here had it before, and it was published 24 hours ago" in planted.reason


@pytest.mark.parametrize(
    ("event", "age"),
    [
        (EDGE, 14),
        (EDGE, None),
        (EDGE._replace(is_new_name=False), 1),
        (EDGE._replace(privileges=Privileges(build_script=False, proc_macro=False, host=True)), 1),
        (EDGE._replace(parent=PARENT._replace(source=None)), 1),
    ],
    ids=["older", "age not known", "known before", "only linked", "needed by the project itself"],
)
def test_one_sign_less_is_worth_a_look(event: DriftEvent, age: int | None) -> None:
    edge = found(event, age)
    assert edge is not None
    assert (edge.id, edge.level) == ("drift/new-edge", Level.WARN)


def test_beginning_to_need_what_ran_before_brings_nothing_into_the_build() -> None:
    assert found(EDGE._replace(is_new_name=False, ran_before=True)) is None


def test_a_crate_that_begins_to_run_is_told_with_how() -> None:
    old = PARENT._replace(version=parse_version("1.0.0"))
    event = DriftEvent(DriftKind.PRIVILEGED, "anvil", old, PARENT, privileges=SCRIPT, gained=("build_script",))
    privileged = found(event)
    assert privileged is not None
    assert privileged.reason == "anvil 1.0.1 runs during the build now: a build script"
    assert privileged.settle == "vetflow diff anvil 1.0.0 1.0.1"


def test_another_source_is_told() -> None:
    event = DriftEvent(DriftKind.OTHER_SOURCE, "anvil", PARENT._replace(source=None), PARENT)
    moved = found(event)
    assert moved is not None
    assert moved.reason == f"anvil 1.0.1 comes from {CRATES_IO}, and came from the workspace"


@pytest.mark.parametrize("kind", [DriftKind.BUMPED, DriftKind.ADDED, DriftKind.DOWNGRADED])
def test_what_the_report_of_crates_shows_is_no_finding(kind: DriftKind) -> None:
    assert found(EDGE._replace(kind=kind)) is None
