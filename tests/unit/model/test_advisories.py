"""Ranges of affected versions, and advisories that tell the same."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from vetflow.model.advisories import Advisory, AdvisoryKind, next_version, one_problem_each
from vetflow.model.version import parse_version


def advisory(name: str, *aliases: str, malicious: bool = False) -> Advisory:
    return Advisory(name, "anvil", AdvisoryKind.VULNERABILITY, "t", (), aliases=aliases, malicious=malicious)


def ids(*advisories: Advisory) -> list[str]:
    return [each.id for each in one_problem_each(advisories)]


def test_what_shares_a_name_is_one_problem_and_rustsec_tells_it() -> None:
    assert ids(advisory("GHSA-1", "CVE-1"), advisory("RUSTSEC-1", "CVE-1"), advisory("GHSA-2")) == [
        "GHSA-2",
        "RUSTSEC-1",
    ]


def test_names_are_followed_through_a_third_advisory() -> None:
    assert ids(advisory("A", "CVE-1"), advisory("C", "CVE-2"), advisory("B", "CVE-1", "CVE-2")) == ["A"]


def test_two_advisories_of_rustsec_are_two_problems_whatever_they_share() -> None:
    assert ids(advisory("RUSTSEC-1", "CVE-1"), advisory("RUSTSEC-2", "CVE-1")) == ["RUSTSEC-1", "RUSTSEC-2"]


def test_malice_is_known_as_soon_as_one_of_them_knows() -> None:
    (told,) = one_problem_each([advisory("RUSTSEC-1", "CVE-1"), advisory("MAL-1", "CVE-1", malicious=True)])
    assert (told.id, told.malicious) == ("RUSTSEC-1", True)


numbers = st.integers(min_value=0, max_value=4)
versions = st.builds(
    "{}.{}.{}{}".format, numbers, numbers, numbers, st.sampled_from(["", "-0", "-a", "-a.0", "-a.1", "-a-b"])
)


@given(versions, versions)
def test_nothing_lies_between_a_version_and_the_next(text: str, other: str) -> None:
    version, between = parse_version(text), parse_version(other)
    assert version < next_version(version)
    assert not version < between < next_version(version)
