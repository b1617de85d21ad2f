"""New names that look like others: a hint, and a stop only when everything agrees."""

from __future__ import annotations

from vetflow.graph.look_alikes import KnownNames
from vetflow.model.findings import Level
from vetflow.model.names import CRATES_IO
from vetflow.model.packages import Package
from vetflow.model.version import parse_version
from vetflow.trust.new_names import NewName, look_alike_findings

DAY = 86_400
NOW = 1_000 * DAY
NEAR = Package("brambel", parse_version("0.1.0"), CRATES_IO)
KNOWN = KnownNames(["bramble", "cobalt"])


def found(name: NewName) -> list[tuple[Level, str]]:
    return [(each.level, each.reason) for each in look_alike_findings([name], KNOWN, NOW, lambda _: None)]


def test_a_near_name_alone_is_a_warning() -> None:
    ((level, reason),) = found(NewName(NEAR, privileged=False, first_published=0, versions=40))
    assert level is Level.WARN
    assert reason == "brambel is new here and its name differs from bramble only in one character"


def test_a_near_name_that_is_young_and_runs_during_the_build_fails() -> None:
    ((level, reason),) = found(NewName(NEAR, privileged=True, first_published=NOW - 89 * DAY, versions=1))
    assert level is Level.FAIL
    assert "it runs during the build, its first version is younger than 90 days, it has few versions" in reason


def test_what_is_not_known_is_said_and_fails_nothing() -> None:
    ((level, reason),) = found(NewName(NEAR))
    assert level is Level.WARN
    assert reason.endswith("whether it runs during the build is not known")


def test_what_somebody_audited_and_what_resembles_nothing_is_quiet() -> None:
    assert found(NewName(NEAR, privileged=True, audited=True)) == []
    assert found(NewName(NEAR._replace(name="unlike"), privileged=True)) == []
