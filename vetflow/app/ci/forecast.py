"""What ends soon, for `ci`: of everything with a last day, what keeps this run from failing and nothing else does."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from vetflow.app.advisories import AdvisoryAnswer
from vetflow.app.growth import JudgedGrowth
from vetflow.model.dates import Date
from vetflow.model.findings import Finding, Level
from vetflow.model.rules import RULES, Backlog, ProjectRules, rule_of
from vetflow.trust.forecast import Dated, HoldingUp, expiries, expiry_findings, failing_day_finding
from vetflow.trust.gate import GateVerdict, Pass


class Passed(NamedTuple):
    """What a run let pass for a time. broken: the findings that break rules."""

    broken: Iterable[Finding]
    gate: Iterable[GateVerdict]
    grown: Iterable[JudgedGrowth]
    advisories: Iterable[AdvisoryAnswer]


def forecast_findings(dated: Dated, passed: Passed, today: Date) -> Iterator[Finding]:
    """Yield the day from which the run fails, if there is one within 90 days, and what else ends until then."""
    ends = expiries(dated, _holding_up(dated.rules, dated.backlog, passed))
    failing = failing_day_finding(ends, today)
    if failing is not None:
        yield failing
    yield from expiry_findings(ends, today)


def _holding_up(rules: ProjectRules, backlog: Backlog | None, passed: Passed) -> HoldingUp:
    fails = {rule.name for rule in RULES if rules.level(rule) is Level.FAIL}
    old = backlog.findings if backlog else frozenset()
    accepted = (each.acceptance for each in passed.grown if each.acceptance)
    allowed = (each.allowed for each in passed.gate if each.passes is Pass.ALLOWED and each.allowed)
    ignored = (
        each.match.ignored
        for each in passed.advisories
        if each.match.is_ignored and each.match.ignored and f"advisories.{each.match.advisory.kind.value}" in fails
    )
    return HoldingUp(
        accepted=[*accepted] if "gate.growth" in fails else (),
        ignored=[*ignored],
        allowed=[*allowed] if "gate.level" in fails else (),
        backlog=any((each.id, each.reason) in old and _name(each) in fails for each in passed.broken),
    )


def _name(finding: Finding) -> str | None:
    rule = rule_of(finding.id)
    return None if rule is None else rule.name
