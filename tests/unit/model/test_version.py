from __future__ import annotations

import random
from pathlib import Path

import pytest

from tests.unit.model.scalars import answers, recorded
from vetflow.model.version import VersionSyntaxError, parse_version

HASH = "0123456789abcdef0123456789abcdef01234567"

ASCENDING = [
    "0.0.0",
    "0.0.9",
    "0.0.10",
    "0.9.0",
    "1.0.0-0",
    "1.0.0-2",
    "1.0.0-10",
    "1.0.0--",
    "1.0.0-Z",
    "1.0.0-alpha",
    "1.0.0-alpha.1",
    "1.0.0-alpha.1.0",
    "1.0.0-alpha.beta",
    "1.0.0-beta",
    "1.0.0-beta+1",
    "1.0.0-rc.9",
    "1.0.0-rc.10",
    "1.0.0",
    f"1.0.0@git:{HASH}",
    "1.0.0+0",
    "1.0.0+00",
    "1.0.0+1",
    "1.0.0+1.1",
    "1.0.0+01",
    "1.0.0+2",
    "1.0.0+10",
    "1.0.0+a",
    f"1.0.0+a@git:{HASH}",
    "1.0.1-alpha",
    "1.0.1",
    "1.0.1@git:" + "A" * 40,
    "1.0.1@git:" + "a" * 40,
    "2.0.0",
    "10.0.0",
    "18446744073709551615.0.0",
]


def test_every_recorded_version_is_answered_as_cargo_vet_does(shared: Path) -> None:
    expected = recorded(shared, "version")

    assert answers(parse_version, expected) == expected


def test_versions_sort_in_cargo_vets_total_order() -> None:
    shuffled = [parse_version(text) for text in ASCENDING]
    random.Random(1).shuffle(shuffled)

    assert [str(version) for version in sorted(shuffled)] == ASCENDING


@pytest.mark.parametrize("other", ["1.0.0+b", "1.0.0-rc", f"1.0.0@git:{HASH}", "1.0.1"])
def test_versions_are_equal_only_if_every_part_is(other: str) -> None:
    assert parse_version("1.0.0") != parse_version(other)


def test_blanks_around_the_revision_vanish() -> None:
    assert str(parse_version(f"1.0.0\t\u3000@  git:{HASH}")) == f"1.0.0@git:{HASH}"


def test_a_separator_control_character_is_no_blank() -> None:
    with pytest.raises(VersionSyntaxError, match=r"unexpected character '.u\{1f\}' after patch"):
        parse_version(f"1.0.0\x1f@git:{HASH}")


def test_hex_digits_of_a_revision_keep_their_case() -> None:
    assert str(parse_version("1.0.0@git:" + "aB" * 20)) == "1.0.0@git:" + "aB" * 20


def test_the_semver_part_drops_the_revision_only() -> None:
    version = parse_version(f"1.0.0-rc.1+b@git:{HASH}")

    assert version.semver == parse_version("1.0.0-rc.1+b")
    assert version.semver.semver is version.semver


@pytest.mark.parametrize(("text", "expected"), [("1.0.0-0", True), ("1.0.0+b", False), ("1.0.0", False)])
def test_a_pre_release_is_told_apart(text: str, *, expected: bool) -> None:
    assert parse_version(text).is_pre_release is expected


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("1.0.0-", "empty identifier segment in pre-release identifier"),
        ("1.0.0-a..b", "empty identifier segment in pre-release identifier"),
        ("1.0.0-a+", "empty identifier segment in build metadata"),
        ("1.0.0-a_b", "unexpected character '_' after pre-release identifier"),
        ("1.0.0+a+b", "unexpected character '+' after build metadata"),
        ("1.00.0", "invalid leading zero in minor version number"),
        ("1.0.0\0", r"unexpected character '\0' after patch version number"),
        ("1.0.'", r"unexpected character '\'' while parsing patch version number"),
        ("1,0", "unexpected character ',' after major version number"),
        ("1.0.0-x@svn", "unrecognized revision type, expected 'git:' prefix"),
        ("9" * 5000 + ".0.0", "value of major version number exceeds u64::MAX"),
        ("\u0661.0.0", "unexpected character '\u0661' while parsing major version number"),
    ],
)
def test_the_reason_names_the_part_and_the_character(text: str, reason: str) -> None:
    with pytest.raises(VersionSyntaxError) as raised:
        parse_version(text)

    assert str(raised.value) == reason
