"""Advisories matched with locked packages, under a policy."""

from __future__ import annotations

import pytest

from vetflow.model.advisories import (
    DEFAULT_ADVISORY_POLICY,
    Advisory,
    AdvisoryIgnore,
    AdvisoryKind,
    AdvisoryPolicy,
    AffectedRange,
)
from vetflow.model.dates import Date
from vetflow.model.findings import Level
from vetflow.model.names import CRATES_IO
from vetflow.model.packages import Package
from vetflow.model.version import VetVersion, parse_version
from vetflow.trust.advisories import AdvisoryMatch, match_advisories, unused_ignores, violation_ranges
from vetflow.trust.advisory_findings import match_finding, staleness, violation_commands

TODAY = Date(2026, 1, 15)
V = parse_version


def vulnerable(start: str | None, end: str | None, **more: object) -> Advisory:
    affected = (AffectedRange(V(start) if start else None, V(end) if end else None),)
    advisory = Advisory("RUSTSEC-2026-9001", "anvil", AdvisoryKind.VULNERABILITY, "Sharp", affected)
    return advisory._replace(**more)  # type: ignore[arg-type]  # the fields are named by the tests


def anvil(version: str = "1.0.0", source: str | None = CRATES_IO) -> Package:
    return Package("anvil", V(version), source)


def matches(
    advisory: Advisory,
    *more: Advisory,
    package: Package | None = None,
    published: str | None = None,
    policy: AdvisoryPolicy = DEFAULT_ADVISORY_POLICY,
) -> tuple[AdvisoryMatch, ...]:
    versions: dict[str, list[VetVersion]] = {} if published is None else {"anvil": list(map(V, published.split()))}
    return match_advisories([package or anvil()], {"anvil": (advisory, *more)}, versions, policy, TODAY)


def test_an_affected_version_matches_and_another_does_not() -> None:
    assert len(matches(vulnerable("0.9.0", "1.0.1"))) == 1
    assert matches(vulnerable("0.9.0", "1.0.0")) == ()


@pytest.mark.parametrize("source", [None, "git+https://forge.example/anvil#0", "registry+https://else.example/index"])
def test_only_what_is_published_on_crates_io_matches(source: str | None) -> None:
    assert matches(vulnerable(None, None), package=anvil(source=source)) == ()


def test_what_was_withdrawn_is_no_longer_true() -> None:
    assert matches(vulnerable(None, None, withdrawn=True)) == ()


def test_what_was_withdrawn_hides_nothing_that_is_still_true() -> None:
    other = vulnerable(None, None, id="GHSA-made-up", aliases=("RUSTSEC-2026-9001",))
    assert [each.advisory.id for each in matches(vulnerable(None, None, withdrawn=True), other)] == ["GHSA-made-up"]


def test_the_smallest_fix_is_a_version_that_can_be_had_and_no_pre_release() -> None:
    (match,) = matches(vulnerable(None, "1.2.0-0"), published="1.0.0 1.2.0-rc.1 1.2.1 2.0.0")
    assert str(match.fix) == "1.2.1"


def test_where_nobody_knows_the_versions_the_end_of_the_range_is_the_fix() -> None:
    (match,) = matches(vulnerable(None, "1.0.3"))
    assert str(match.fix) == "1.0.3"


def test_a_version_with_another_vulnerability_fixes_nothing() -> None:
    other = vulnerable("1.0.2", "1.0.5", id="RUSTSEC-2026-9002")
    (match,) = matches(vulnerable(None, "1.0.3"), other, published="1.0.3 1.0.5")
    assert str(match.fix) == "1.0.5"


def test_what_nobody_fixed_has_no_fix() -> None:
    (match,) = matches(vulnerable(None, None), published="1.0.0 1.0.1")
    assert match.fix is None
    finding = match_finding(match, (), lambda _: None)
    assert (finding.level, finding.settle, violation_commands(match)) == (Level.FAIL, None, ())


def test_on_the_day_itself_it_is_still_ignored() -> None:
    (match,) = matches(
        vulnerable(None, None, aliases=("CVE-1",)), policy=AdvisoryPolicy((IGNORED._replace(until=TODAY),))
    )
    assert match.is_ignored


@pytest.mark.parametrize("kind", [AdvisoryKind.UNSOUND, AdvisoryKind.UNMAINTAINED, AdvisoryKind.NOTICE])
def test_what_only_informs_is_a_warning(kind: AdvisoryKind) -> None:
    (match,) = matches(vulnerable(None, None, kind=kind))
    finding = match_finding(match, (), lambda _: None)
    assert (finding.level, finding.id) == (Level.WARN, f"advisories/{kind.value}")


IGNORED = AdvisoryIgnore("CVE-1", "not reached here", Date(2026, 2, 1))


def test_what_is_ignored_by_any_of_its_names_stays_quiet_until_the_day() -> None:
    (match,) = matches(vulnerable(None, None, aliases=("CVE-1",)), policy=AdvisoryPolicy((IGNORED,)))
    finding = match_finding(match, (), lambda _: None)
    assert (finding.id, finding.level) == ("advisories/ignored", Level.NOTE)
    assert finding.reason.endswith("; ignored until 2026-02-01: not reached here")


def test_after_the_day_it_fails_again_and_says_why_it_was_quiet() -> None:
    ended = IGNORED._replace(until=Date(2026, 1, 14))
    (match,) = matches(vulnerable(None, None, aliases=("CVE-1",)), policy=AdvisoryPolicy((ended,)))
    finding = match_finding(match, (), lambda _: None)
    assert (finding.id, finding.level) == ("advisories/vulnerability", Level.FAIL)
    assert "it was ignored until 2026-01-14: not reached here" in finding.reason


def test_a_crate_published_to_do_harm_is_never_ignored() -> None:
    policy = AdvisoryPolicy((IGNORED,), levels=dict.fromkeys(AdvisoryKind, Level.NOTE))
    (match,) = matches(vulnerable(None, None, aliases=("CVE-1",), malicious=True), policy=policy)
    finding = match_finding(match, (), lambda _: None)
    assert (finding.id, finding.level) == ("advisories/malicious", Level.FAIL)


def test_an_ignore_that_nothing_needs_is_named() -> None:
    policy = AdvisoryPolicy((IGNORED,))
    assert unused_ignores(policy, matches(vulnerable(None, None), policy=policy)) == (IGNORED,)
    assert unused_ignores(policy, matches(vulnerable(None, None, aliases=("CVE-1",)), policy=policy)) == ()


def test_a_finding_says_who_vetted_it_and_how_to_get_away() -> None:
    (match,) = matches(vulnerable(None, "1.0.3"))
    finding = match_finding(match, ("your own full audit of 1.0.0 by Ada",), lambda _: None)
    assert finding.reason == (
        "anvil 1.0.0 has a known vulnerability: RUSTSEC-2026-9001, Sharp; "
        "vetted all the same by your own full audit of 1.0.0 by Ada"
    )
    assert finding.settle == "cargo update -p anvil@1.0.0 --precise 1.0.3; vetflow diff anvil 1.0.0 1.0.3"


def test_violations_are_the_affected_ranges_as_requirements() -> None:
    advisory = vulnerable(None, None)._replace(
        affected=(
            AffectedRange(None, V("0.5.0")),
            AffectedRange(V("1.0.0"), V("1.0.3")),
            AffectedRange(V("2.0.0"), None),
        )
    )
    assert violation_ranges(advisory) == ("<0.5.0", ">=1.0.0, <1.0.3", ">=2.0.0")
    assert violation_ranges(vulnerable(None, None)) == ("*",)
    (match,) = matches(vulnerable("1.0.0", "1.0.3", url="https://page.example"))
    assert violation_commands(match) == (
        "vetflow record-violation anvil '>=1.0.0, <1.0.3' --notes 'RUSTSEC-2026-9001: https://page.example'",
    )


@pytest.mark.parametrize(
    ("updated", "is_stale"), [(Date(2025, 12, 16), False), (Date(2025, 12, 15), True), (None, True)]
)
def test_a_database_is_stale_when_it_did_not_change_for_too_long(updated: Date | None, is_stale: bool) -> None:
    assert (staleness(updated, DEFAULT_ADVISORY_POLICY, TODAY, "db") is not None) is is_stale
