"""Versions that are too young, and those that need not wait."""

from __future__ import annotations

import pytest

from vetflow.model.findings import Level
from vetflow.model.names import CRATES_IO
from vetflow.model.packages import Package
from vetflow.model.version import parse_version
from vetflow.trust.cool_down import (
    CoolDownPolicy,
    NewVersion,
    cargo_min_age,
    cool_down_findings,
    with_cargo_default,
)

DAY = 86_400
NOW = 100 * DAY
ANVIL = Package("anvil", parse_version("1.0.0"), CRATES_IO)
POLICY = CoolDownPolicy(3 * DAY, 14 * DAY, ("github:forge/*", "ada"), Level.FAIL)


def ids(version: NewVersion, policy: CoolDownPolicy = POLICY, *overrides: Package) -> list[tuple[str, Level]]:
    return [(each.id, each.level) for each in cool_down_findings([version], policy, NOW, lambda _: None, overrides)]


@pytest.mark.parametrize(
    ("days", "privileged", "found"),
    [(2, False, True), (3, False, False), (13, True, True), (14, True, False), (13, None, True)],
)
def test_a_version_must_be_as_old_as_what_it_may_do_demands(days: int, privileged: bool | None, found: bool) -> None:
    expected = [("cool-down/too-young", Level.FAIL)] if found else []
    assert ids(NewVersion(ANVIL, NOW - days * DAY, privileged)) == expected


def test_a_second_too_early_is_too_early() -> None:
    (finding,) = cool_down_findings([NewVersion(ANVIL, NOW - 3 * DAY + 1, False)], POLICY, NOW, lambda _: None)
    assert finding.reason == "anvil 1.0.0 is 2 days old and must be 3 days old"


def test_an_age_that_nobody_knows_is_told() -> None:
    assert ids(NewVersion(ANVIL, None, False)) == [("cool-down/unknown", Level.FAIL)]


def test_without_a_rule_any_age_will_do() -> None:
    assert ids(NewVersion(ANVIL, None), CoolDownPolicy()) == []


@pytest.mark.parametrize("publisher", ["ada", "github:forge/anvil"])
def test_nobody_waits_for_those_who_are_exempt(publisher: str) -> None:
    assert ids(NewVersion(ANVIL, NOW, True, publisher)) == []
    assert ids(NewVersion(ANVIL, NOW, True, f"x{publisher}")) != []


def test_a_fix_skips_the_wait_when_somebody_signed_for_it() -> None:
    fix = NewVersion(ANVIL, NOW, False, fixes=("RUSTSEC-2026-9001",))
    assert ids(fix) == [("cool-down/too-young-fix", Level.FAIL)]
    assert ids(fix, POLICY, ANVIL) == [("cool-down/skipped", Level.NOTE)]


def test_what_fixes_nothing_waits_whoever_signs() -> None:
    assert ids(NewVersion(ANVIL, NOW, False), POLICY, ANVIL) == [("cool-down/too-young", Level.FAIL)]


@pytest.mark.parametrize(
    ("config", "environ", "age"),
    [
        ({}, {}, None),
        ({"registry": {"global-min-publish-age": "3 days"}}, {}, 3 * DAY),
        (
            {
                "registry": {"global-min-publish-age": "3 days"},
                "registries": {"crates-io": {"min-publish-age": "1 week"}},
            },
            {},
            7 * DAY,
        ),
        (
            {"registry": {"global-min-publish-age": "3 days"}, "registries": {"crates-io": {"min-publish-age": "0"}}},
            {},
            None,
        ),
        ({"registries": {"own": {"min-publish-age": "1 week"}}}, {}, None),
        ({}, {"CARGO_REGISTRY_GLOBAL_MIN_PUBLISH_AGE": "2 days"}, 2 * DAY),
        ({}, {"CARGO_REGISTRIES_CRATES_IO_MIN_PUBLISH_AGE": "5 days"}, 5 * DAY),
        ({"registry": {"global-min-publish-age": "soon"}}, {}, None),
        ({"registry": "odd"}, {}, None),
        (
            {
                "registry": {"global-min-publish-age": "3 days"},
                "resolver": {"incompatible-publish-age": "allow"},
            },
            {},
            None,
        ),
    ],
)
def test_cargos_settings_are_understood_as_cargo_does(
    config: dict[str, object], environ: dict[str, str], age: int | None
) -> None:
    assert cargo_min_age(config, environ) == age


def test_cargos_setting_stands_in_for_an_age_that_the_policy_does_not_name() -> None:
    assert with_cargo_default(CoolDownPolicy(), DAY).min_age == DAY
    assert with_cargo_default(CoolDownPolicy(0), DAY).min_age == 0
