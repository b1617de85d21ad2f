"""vetflow.toml is read with all its problems at once, and as its JSON Schema says."""

from __future__ import annotations

import datetime as dt
import json
import tomllib
from typing import Any

import jsonschema
import pytest

from tests.conftest import REPOSITORY
from vetflow.errors import StoreError
from vetflow.formats.policy_toml import parse_rules
from vetflow.model.dates import Date
from vetflow.model.findings import Finding, Level
from vetflow.model.rules import (
    RULES,
    Accepted,
    Assisted,
    Backlog,
    ChecklistWeight,
    Demanded,
    ProjectRules,
    SignerCount,
    rule_of,
    weigh,
)

SCHEMA = json.loads((REPOSITORY / "docs/schemas/vetflow.toml.json").read_text())
EXAMPLE = """
version = 1
assisted = "refuse"
checklist = "full"

[signatures]
level = "fail"
policy-changed = "fail"
require = "all"
revoke-mode = "hard"

[[signatures.rule]]
criteria = "safe-to-deploy"
kinds = ["full", "delta"]
min-signers = 2

[[signatures.rule]]
privileged = true
max-age-days = 730
not-author-of-bump = true

[signers.criteria]
crypto-reviewed = ["ada@example.org"]

[gate]
level = "warn"
criteria = ["build-time-reviewed"]
accept = "own-audit"
scope = "all"

[[gate.allow]]
crate = "anvil"
versions = "^1"
reason = "we wrote it"
until = 2026-03-31

[[gate.allow]]
crate = "bramble"
versions = "*"
reason = "to be replaced"
until = "2026-02-01"

[cool-down]
level = "warn"
min-age = "3 days"
privileged-min-age = "14 days"
exempt-publishers = ["github:me/*"]

[[cool-down.skip]]
crate = "anvil"
version = "1.2.3"
reason = "fixes what was found"

[advisories]
databases = "db"
max-staleness = "10 days"
unmaintained = "allow"

[[advisories.ignore]]
id = "RUSTSEC-2026-0001"
reason = "never called"
until = "2026-05-01"

[lock]
sources = ["registry+https://own.example/index"]

[profile.release]
gate.level = "fail"
cool-down = { min-age = "7 days" }
"""


def as_document(text: str) -> Any:
    """Return TOML as JSON would have it: days as strings."""
    return json.loads(json.dumps(tomllib.loads(text), default=dt.date.isoformat))


def read(text: str, profile: str | None = None) -> ProjectRules:
    jsonschema.validate(as_document(text), SCHEMA)
    return parse_rules(text, "vetflow.toml", profile)


def problems(text: str) -> list[str]:
    with pytest.raises(StoreError) as caught:
        parse_rules(text, "vetflow.toml")
    errors = caught.value.related or (caught.value,)
    return [f"{error.place.line if error.place else '-'}: {error.message}" for error in errors]


def test_every_table_is_read() -> None:
    rules = read(EXAMPLE)
    assert rules.assisted is Assisted.REFUSE
    assert rules.checklist is ChecklistWeight.FULL
    assert rules.levels["signatures.level"] is Level.FAIL
    assert rules.signatures.require is Demanded.ALL
    assert not rules.signatures.first_seen_counts
    assert rules.signatures.counts == (
        SignerCount(2, ("safe-to-deploy",), ("full", "delta")),
        SignerCount(privileged=True, max_age_days=730, not_author_of_bump=True),
    )
    assert rules.signers == {"crypto-reviewed": ("ada@example.org",)}
    assert rules.gate.accept == {Accepted.OWN_AUDIT}
    assert rules.gate.dev
    assert [(each.crate, each.until) for each in rules.gate.allow] == [
        ("anvil", Date(2026, 3, 31)),
        ("bramble", Date(2026, 2, 1)),
    ]
    assert (rules.cool_down.min_age, rules.cool_down.privileged_min_age) == (259_200, 1_209_600)
    assert [str(each.version) for each in rules.cool_down.skip] == ["1.2.3"]
    assert rules.advisories.databases == ("db",)
    assert rules.advisories.policy.max_staleness == 10
    assert rules.expected_sources == ("registry+https://own.example/index",)


def test_a_file_that_says_nothing_warns_of_everything() -> None:
    rules = read("version = 1\n")
    assert rules == ProjectRules(
        advisories=rules.advisories, signatures=rules.signatures, gate=rules.gate, cool_down=rules.cool_down
    )
    assert {rules.level(rule) for rule in RULES} == {Level.WARN}


def test_a_profile_is_the_file_with_what_it_has_stricter() -> None:
    release = read(EXAMPLE, "release")
    assert release.levels["gate.level"] is Level.FAIL
    assert release.cool_down.min_age == 7 * 86_400
    assert release.gate.allow == read(EXAMPLE).gate.allow
    assert release.profile == "release"


def test_an_unknown_profile_is_refused_with_those_there_are() -> None:
    with pytest.raises(StoreError) as caught:
        parse_rules(EXAMPLE, "vetflow.toml", "nightly")
    assert caught.value.help == "profiles: release"


def test_a_profile_that_is_more_lenient_is_refused() -> None:
    text = 'version = 1\n[gate]\nlevel = "fail"\n[profile.loose.gate]\nlevel = "warn"\nallow = []\n'
    assert problems(text) == [
        "6: profile.loose.gate.allow: a profile has no `allow` of its own",
        "5: profile.loose.gate.level: a profile may only be stricter than the rest of the file",
    ]


@pytest.mark.parametrize(
    ("usual", "loose"),
    [
        ('signatures.require = "all"', 'signatures.require = "new"'),
        ("signatures.require-touch = true", "signatures.require-touch = false"),
        ('signatures.revoke-mode = "hard"', 'signatures.revoke-mode = "first-seen"'),
        ('cool-down.min-age = "7 days"', 'cool-down.min-age = "6 days"'),
        ('advisories.max-staleness = "9 days"', 'advisories.max-staleness = "10 days"'),
        ('gate.accept = "own-audit"', 'gate.accept = ["own-audit", "exemption"]'),
    ],
)
def test_what_a_profile_may_say_it_may_only_say_more_strictly(usual: str, loose: str) -> None:
    (problem,) = problems(f"version = 1\n{usual}\nprofile.release.{loose}\n")
    assert problem.endswith("a profile may only be stricter than the rest of the file")
    read(f"version = 1\n{loose}\nprofile.release.{usual}\n", "release")


def test_rules_about_signatures_add_up_in_a_profile() -> None:
    text = "version = 1\n[[signatures.rule]]\nmin-signers = 2\n[[profile.release.signatures.rule]]\nmax-age-days = 90\n"
    assert read(text).signatures.counts == (SignerCount(2),)
    assert read(text, "release").signatures.counts == (SignerCount(2), SignerCount(max_age_days=90))


def test_a_rule_about_signatures_must_ask_for_something() -> None:
    assert problems("version = 1\n[[signatures.rule]]\nprivileged = true\n") == [
        "2: signatures.rule: the rule asks for nothing"
    ]
    (problem,) = problems("version = 1\n[[signatures.rule]]\nmax-age-days = 0\n")
    assert "expected a number of days" in problem


def test_all_problems_are_named_at_once_with_their_places() -> None:
    text = """version = 2
asisted = "mark"
[gate]
level = "deny"
accept = ["gut-feeling"]
[[gate.allow]]
crate = "anvil"
versions = "one"
reason = " "
[cool-down]
min-age = "soon"
"""
    found = problems(text)
    assert [line.split(":")[0] for line in found] == ["1", "2", "4", "5", "8", "9", "6", "11"]
    assert "this vetflow reads version 1 of the file alone" in found[0]
    assert "unknown field `asisted`" in found[1]
    assert found[4].startswith("8: gate.allow.versions:")
    assert found[6] == "6: gate.allow: missing field `until`"


@pytest.mark.parametrize("text", ["", "version = 1\n[gate]\nlevel = 3\n", "version = 1\n[gates]\n"])
def test_what_the_schema_refuses_is_refused(text: str) -> None:
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(as_document(text), SCHEMA)
    assert problems(text)


def test_the_schema_names_every_rule() -> None:
    named = {(table, key) for table, about in SCHEMA["properties"].items() for key in about.get("properties", {})}
    assert {(rule.table, rule.key) for rule in RULES} <= named


class TestWeighing:
    def weigh(self, finding: str, level: Level = Level.WARN, **levels: Level) -> Level:
        rules = ProjectRules(levels={f"{name}.level": each for name, each in levels.items()})
        (weighed,) = weigh([Finding(finding, level, None, "so it is")], rules, self.backlog, Date(2026, 1, 15))
        return weighed.level

    backlog: Backlog | None = None

    def test_a_breach_weighs_what_its_rule_says(self) -> None:
        assert self.weigh("gate/unattested", gate=Level.FAIL) is Level.FAIL
        assert self.weigh("gate/unattested", Level.FAIL) is Level.WARN
        assert self.weigh("gate/unattested", Level.FAIL, gate=Level.NOTE) is Level.NOTE

    def test_what_nobody_may_allow_fails(self) -> None:
        assert self.weigh("lock/checksum-changed", lock=Level.NOTE) is Level.FAIL
        assert rule_of("advisories/malicious") is None

    def test_what_only_informs_stays_a_note(self) -> None:
        assert self.weigh("gate/carried-over", Level.NOTE, gate=Level.FAIL) is Level.NOTE

    def test_the_verdict_is_no_rule(self) -> None:
        assert self.weigh("vet/unvetted", Level.FAIL) is Level.FAIL

    def test_a_backlog_only_warns_until_its_day(self) -> None:
        self.backlog = Backlog(frozenset({("gate/unattested", "so it is")}), Date(2026, 1, 15))
        assert self.weigh("gate/unattested", gate=Level.FAIL) is Level.WARN
        self.backlog = self.backlog._replace(until=Date(2026, 1, 14))
        assert self.weigh("gate/unattested", gate=Level.FAIL) is Level.FAIL


def test_the_example_of_the_documentation_is_understood() -> None:
    page = (REPOSITORY / "docs/policy.md").read_text()
    example = page.split("```toml\n")[1].split("```")[0]
    assert read(example).gate.allow[0].crate == "anvil"
    assert read(example, "release").cool_down.min_age == 7 * 86_400
