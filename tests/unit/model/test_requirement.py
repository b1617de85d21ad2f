from __future__ import annotations

from pathlib import Path

import pytest

from tests.unit.model.scalars import answers, recorded
from vetflow.model.requirement import RequirementSyntaxError, parse_requirement
from vetflow.model.version import parse_version

RELEASES = ["0.0.0", "0.0.3", "0.0.4", "0.1.0", "0.2.3", "0.2.9", "0.3.0", "1.0.0", "1.2.0", "1.2.3", "1.2.4"]
RELEASES += ["1.3.0", "2.0.0", "3.0.0"]

MATCHES = {
    "*": RELEASES,
    "=1": ["1.0.0", "1.2.0", "1.2.3", "1.2.4", "1.3.0"],
    "1.*": ["1.0.0", "1.2.0", "1.2.3", "1.2.4", "1.3.0"],
    "1.2.*": ["1.2.0", "1.2.3", "1.2.4"],
    "=1.2": ["1.2.0", "1.2.3", "1.2.4"],
    "=1.2.3": ["1.2.3"],
    ">1": ["2.0.0", "3.0.0"],
    ">1.2": ["1.3.0", "2.0.0", "3.0.0"],
    ">1.2.3": ["1.2.4", "1.3.0", "2.0.0", "3.0.0"],
    ">=1": ["1.0.0", "1.2.0", "1.2.3", "1.2.4", "1.3.0", "2.0.0", "3.0.0"],
    ">=1.2": ["1.2.0", "1.2.3", "1.2.4", "1.3.0", "2.0.0", "3.0.0"],
    ">=1.2.*": ["1.2.0", "1.2.3", "1.2.4", "1.3.0", "2.0.0", "3.0.0"],
    "<0.2": ["0.0.0", "0.0.3", "0.0.4", "0.1.0"],
    "<0.2.9": ["0.0.0", "0.0.3", "0.0.4", "0.1.0", "0.2.3"],
    "<=0": ["0.0.0", "0.0.3", "0.0.4", "0.1.0", "0.2.3", "0.2.9", "0.3.0"],
    "<=0.0": ["0.0.0", "0.0.3", "0.0.4"],
    "~1": ["1.0.0", "1.2.0", "1.2.3", "1.2.4", "1.3.0"],
    "~1.2": ["1.2.0", "1.2.3", "1.2.4"],
    "~1.2.3": ["1.2.3", "1.2.4"],
    "^1": ["1.0.0", "1.2.0", "1.2.3", "1.2.4", "1.3.0"],
    "^1.2": ["1.2.0", "1.2.3", "1.2.4", "1.3.0"],
    "^1.2.3": ["1.2.3", "1.2.4", "1.3.0"],
    "^0.2.3": ["0.2.3", "0.2.9"],
    "^0.2": ["0.2.3", "0.2.9"],
    "^0.0.3": ["0.0.3"],
    "^0.0": ["0.0.0", "0.0.3", "0.0.4"],
    "^0": ["0.0.0", "0.0.3", "0.0.4", "0.1.0", "0.2.3", "0.2.9", "0.3.0"],
    ">=0.1, <1.2": ["0.1.0", "0.2.3", "0.2.9", "0.3.0", "1.0.0"],
}


def test_every_recorded_requirement_is_answered_as_cargo_vet_does(shared: Path) -> None:
    expected = recorded(shared, "violation")

    assert answers(parse_requirement, expected) == expected


@pytest.mark.parametrize("text", MATCHES)
def test_which_releases_satisfy(text: str) -> None:
    requirement = parse_requirement(text)

    assert [v for v in RELEASES if requirement.matches(parse_version(v))] == MATCHES[text]


@pytest.mark.parametrize(
    ("text", "version", "expected"),
    [
        ("*", "1.2.3-rc.1", False),
        (">=1.0.0", "1.2.3-rc.1", False),
        (">=1.2.3-rc.1", "1.2.3-rc.1", True),
        (">=1.2.3-rc.1", "1.2.3-rc.2", True),
        (">=1.2.3-rc.2", "1.2.3-rc.1", False),
        (">=1.2.3-rc.1", "1.2.4-rc.1", False),
        (">=1.0.0, <1.2.4-rc.9", "1.2.4-rc.1", True),
        ("<1.2.4", "1.2.4-rc.1", False),
        ("<1.2.4-rc.1", "1.2.3", True),
        ("^1.2.3-rc.1", "1.2.3-rc.1", True),
        ("^1.2.3-rc.1", "1.4.0", True),
        ("~1.2.3-rc.1", "1.2.3-rc.5", True),
        ("=1.2.3-rc.1", "1.2.3-rc.1", True),
        ("=1.2.3-rc.1", "1.2.3", False),
        ("=1, >=1.0.0-a", "1.0.0-a", False),
    ],
)
def test_a_pre_release_satisfies_only_where_one_of_the_same_numbers_is_named(
    text: str,
    version: str,
    *,
    expected: bool,
) -> None:
    assert parse_requirement(text).matches(parse_version(version)) is expected


@pytest.mark.parametrize("version", ["1.2.3+build.7", "1.2.3@git:" + "0" * 40])
def test_build_metadata_and_revision_do_not_matter(version: str) -> None:
    assert parse_requirement("=1.2.3+other").matches(parse_version(version))


def test_up_to_32_comparators_are_read() -> None:
    assert len(parse_requirement(", ".join(["1"] * 32)).comparators) == 32
    with pytest.raises(RequirementSyntaxError, match="excessive number of version comparators"):
        parse_requirement(", ".join(["1"] * 33))


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("*.1", "unexpected character after wildcard in version req"),
        ("1, *", "wildcard req (*) must be the only comparator in the version req"),
        ("X ,1", "wildcard req (X) must be the only comparator in the version req"),
        ("1,,2", "unexpected character ',' while parsing major version number"),
        (">", "unexpected end of input while parsing major version number"),
        (">*", "unexpected character '*' while parsing major version number"),
        ("1.2-rc", "expected comma after minor version number, found '-'"),
        ("1.2.3-rc!", "expected comma after pre-release identifier, found '!'"),
        ("1.2.3+b_", "expected comma after build metadata, found '_'"),
        ("\t1", r"unexpected character '\t' while parsing major version number"),
        ("1.2.3.4", "expected comma after patch version number, found '.'"),
        ("1.2.3-01", "invalid leading zero in pre-release identifier"),
        ("99999999999999999999", "value of major version number exceeds u64::MAX"),
    ],
)
def test_the_reason_says_where_reading_stopped(text: str, reason: str) -> None:
    with pytest.raises(RequirementSyntaxError) as raised:
        parse_requirement(text)

    assert str(raised.value) == reason


def test_requirements_are_values() -> None:
    assert parse_requirement(">=1.0,<2") == parse_requirement(">= 1.0 , < 2")
    assert len({parse_requirement("1.x"), parse_requirement("1.*"), parse_requirement("^1")}) == 2
