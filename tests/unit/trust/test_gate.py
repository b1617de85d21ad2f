"""The gate for privileged code: which entries attest, and when none is needed."""

from __future__ import annotations

from typing import Any

import pytest

from vetflow.model.audits import Audit, AuditKind, Exemption, Publisher, TrustedEntry
from vetflow.model.criteria import Criteria
from vetflow.model.dates import Date
from vetflow.model.findings import Finding, Level
from vetflow.model.names import CRATES_IO
from vetflow.model.packages import Package, Targets
from vetflow.model.pins import PinnedCrate
from vetflow.model.requirement import parse_requirement
from vetflow.model.rules import Accepted, AllowedCrate, GateRules
from vetflow.model.version import parse_version
from vetflow.resolve.entries import CrateEntries
from vetflow.surface.tiers import Tier
from vetflow.trust.gate import Counts, Gate, GateVerdict, Pass, PrivilegedCrate, gate_findings

TODAY = Date(2026, 1, 15)
CRITERIA = Criteria({"build-time-reviewed": ()})


def full(version: str, *criteria: str) -> Audit:
    return Audit(AuditKind.FULL, criteria or ("build-time-reviewed",), parse_version(version))


def delta(base: str, version: str, *criteria: str) -> Audit:
    return full(version, *criteria)._replace(kind=AuditKind.DELTA, base=parse_version(base))


def pin(version: str, surface: str | None = "A", **more: Any) -> PinnedCrate:
    return PinnedCrate(parse_version(version), "ab", Targets(True, False, surface is not None), surface=surface, **more)


def entries(*audits: Audit, peer: tuple[Audit, ...] = (), **more: Any) -> CrateEntries:
    empty = CrateEntries("anvil", ((None, audits), ("peer", peer)), (), (), (), (), ())
    return empty._replace(**more)


def judge(
    about: CrateEntries,
    now: PinnedCrate,
    *known: PinnedCrate,
    rules: GateRules | None = None,
    counts: Counts = lambda _crate, _entry: True,
    tiers: tuple[Tier, ...] = (Tier.BUILD_SCRIPT,),
) -> GateVerdict:
    crate = PrivilegedCrate(Package("anvil", now.version, CRATES_IO, "ab"), tiers, now)
    return Gate(rules or GateRules(), CRITERIA, TODAY, {"anvil": known}, counts).judge(crate, about)


def finding(verdict: GateVerdict) -> Finding | None:
    return next(gate_findings([verdict], "build-time-reviewed", lambda _: None), None)


def test_a_full_audit_attests() -> None:
    assert judge(entries(full("1.0.0")), pin("1.0.0")).passes is Pass.ATTESTED


def test_deltas_for_several_criteria_that_attest_make_one_way() -> None:
    way = entries(full("1.0.0", "safe-to-deploy"), delta("1.0.0", "1.1.0", "build-time-reviewed"))
    assert judge(way, pin("1.1.0")).passes is Pass.ATTESTED


def test_a_weaker_criterion_does_not() -> None:
    verdict = judge(entries(full("1.0.0", "safe-to-run")), pin("1.0.0"))
    assert verdict.passes is None
    found = finding(verdict)
    assert found is not None
    assert (found.id, found.level) == ("gate/unattested", Level.FAIL)
    assert found.settle == "vetflow inspect anvil 1.0.0; vetflow certify anvil 1.0.0 --criteria build-time-reviewed"


def test_a_criterion_that_nobody_defines_attests_nothing() -> None:
    rules = GateRules(criteria=("sorcery",))
    assert judge(entries(full("1.0.0")), pin("1.0.0"), rules=rules).passes is None


@pytest.mark.parametrize("accept", [Accepted.EXEMPTION, Accepted.TRUSTED])
def test_trust_and_exemptions_attest_only_where_the_rules_say_so(accept: Accepted) -> None:
    version = parse_version("1.0.0")
    by_anybody = entries(
        exemptions=(Exemption(version, ("safe-to-deploy",)),) if accept is Accepted.EXEMPTION else (),
        trusted=(TrustedEntry(("safe-to-deploy",), 7, Date(2025, 1, 1), Date(2027, 1, 1)),),
        publishers=(Publisher(version, Date(2025, 6, 1), 7),) if accept is Accepted.TRUSTED else (),
    )
    assert judge(by_anybody, pin("1.0.0")).passes is None
    assert judge(by_anybody, pin("1.0.0"), rules=GateRules(accept=frozenset({accept}))).passes is Pass.ATTESTED


def test_a_peers_audit_counts_unless_only_own_ones_do() -> None:
    theirs = entries(peer=(full("1.0.0"),))
    assert judge(theirs, pin("1.0.0")).passes is Pass.ATTESTED
    assert judge(theirs, pin("1.0.0"), rules=GateRules(accept=frozenset({Accepted.OWN_AUDIT}))).passes is None


def test_an_own_entry_that_nobody_signed_does_not_count_where_the_project_signs() -> None:
    assert judge(entries(full("1.0.0")), pin("1.0.0"), counts=lambda _crate, _entry: False).passes is None


def test_unchanged_build_time_code_carries_over() -> None:
    verdict = judge(entries(full("1.0.0")), pin("1.0.1"), pin("1.0.0"))
    assert (verdict.passes, str(verdict.since)) == (Pass.CARRIED_OVER, "1.0.0")
    assert finding(verdict) is None


def test_it_carries_over_on_the_way_too() -> None:
    way = entries(full("1.0.0"), delta("1.0.1", "1.0.2"))
    assert judge(way, pin("1.0.2", "B"), pin("1.0.0"), pin("1.0.1")).passes is Pass.ATTESTED


def test_changed_code_does_not_carry_over_and_the_delta_is_offered() -> None:
    verdict = judge(entries(full("1.0.0")), pin("1.0.1", "B"), pin("1.0.0"))
    found = finding(verdict)
    assert found is not None
    assert found.settle == (
        "vetflow diff anvil 1.0.0 1.0.1; vetflow certify anvil 1.0.0 1.0.1 --criteria build-time-reviewed"
    )


@pytest.mark.parametrize("now", [pin("1.0.1", build_only=("cobalt",)), pin("1.0.1", links="z")])
def test_the_same_files_compiled_with_something_else_are_other_code(now: PinnedCrate) -> None:
    assert judge(entries(full("1.0.0")), now, pin("1.0.0")).passes is None


def test_of_a_library_that_is_linked_nothing_carries_over() -> None:
    tiers = (Tier.BUILD_SCRIPT, Tier.HOST_LIBRARY)
    assert judge(entries(full("1.0.0")), pin("1.0.1"), pin("1.0.0"), tiers=tiers).passes is None
    linked = judge(entries(full("1.0.0")), pin("1.0.1", None), pin("1.0.0", None), tiers=(Tier.HOST_LIBRARY,))
    assert linked.passes is None


def test_a_project_may_do_without_carrying_over() -> None:
    rules = GateRules(carry_over=False)
    assert judge(entries(full("1.0.0")), pin("1.0.1"), pin("1.0.0"), rules=rules).passes is None


def test_an_allow_entry_lets_pass_until_its_day_and_is_told() -> None:
    entry = AllowedCrate("anvil", parse_requirement("^1"), "to be replaced", TODAY)
    verdict = judge(entries(), pin("1.0.0"), rules=GateRules(allow=(entry,)))
    assert verdict.passes is Pass.ALLOWED
    found = finding(verdict)
    assert found is not None
    assert (found.id, found.level) == ("gate/allowed", Level.NOTE)
    ended = entry._replace(until=Date(2026, 1, 14))
    late = finding(judge(entries(), pin("1.0.0"), rules=GateRules(allow=(ended,))))
    assert late is not None
    assert late.reason.endswith("; it was allowed until 2026-01-14")


def test_an_allow_entry_is_about_the_versions_it_names() -> None:
    entry = AllowedCrate("anvil", parse_requirement("^2"), "new", TODAY)
    assert judge(entries(), pin("1.0.0"), rules=GateRules(allow=(entry,))).passes is None
