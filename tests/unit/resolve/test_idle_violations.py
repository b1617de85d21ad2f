"""Imported violations that deny nothing are named."""

from __future__ import annotations

from tests.builders import audits_file, full, make_graph, violation
from vetflow.model.audits import Audit
from vetflow.model.store import AuditsFile
from vetflow.resolve.idle_violations import IdleViolation, idle_violations

GRAPH = make_graph({"members": {"root 0.1.0": ["aa 2.0.0", "aa 1.0.0"]}, "crates-io": {"aa 2.0.0": [], "aa 1.0.0": []}})


def without_criteria(audit: Audit) -> Audit:
    return audit._replace(criteria=())


def idle(*audits: Audit, crate: str = "aa") -> tuple[IdleViolation, ...]:
    peers: dict[str, AuditsFile] = {"ant": audits_file(audits={crate: audits})}
    return idle_violations(GRAPH, peers)


def test_a_violation_without_criteria_of_a_version_in_use_is_named() -> None:
    found = without_criteria(violation("^1"))
    assert idle(found) == (IdleViolation("ant", "aa", found),)


def test_a_violation_with_criteria_is_not() -> None:
    assert idle(violation("*", "safe-to-run")) == ()


def test_a_violation_of_another_version_is_not() -> None:
    assert idle(without_criteria(violation("^3"))) == ()


def test_a_violation_of_a_crate_that_is_not_judged_is_not() -> None:
    assert idle(without_criteria(violation("*")), crate="root") == ()
    assert idle(without_criteria(violation("*")), crate="elsewhere") == ()


def test_an_audit_without_criteria_is_no_violation() -> None:
    assert idle(without_criteria(full("2.0.0"))) == ()
