"""Laws of versions, requirements and dates."""

from __future__ import annotations

import datetime as dt
from functools import cmp_to_key
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from tests.property.strategies import (
    dates,
    requirement_texts,
    requirements,
    small_versions,
    version_texts,
    versions,
)
from vetflow.model.dates import Date, DateSyntaxError, parse_date
from vetflow.model.requirement import RequirementSyntaxError, VersionReq, parse_requirement
from vetflow.model.version import VersionSyntaxError, VetVersion, parse_version


@given(text=version_texts())
def test_a_version_is_written_as_it_was_read(text: str) -> None:
    assert str(parse_version(text)) == text


@given(found=st.lists(versions, max_size=8))
def test_versions_are_ordered_by_the_rules_part_by_part(found: list[VetVersion]) -> None:
    assert sorted(found) == sorted(found, key=cmp_to_key(compare))


@given(one=versions, other=versions)
def test_versions_are_equal_exactly_if_their_texts_are(one: VetVersion, other: VetVersion) -> None:
    assert (one == other) == (str(one) == str(other)) == (compare(one, other) == 0)


def compare(one: VetVersion, other: VetVersion) -> int:
    """Compare as semver.org and Cargo describe it, from the texts alone."""
    (numbers, pre, build, git), (numbers2, pre2, build2, git2) = parts(str(one)), parts(str(other))
    return (
        sign(numbers, numbers2)
        or sign(not pre, not pre2)
        or compare_identifiers(pre, pre2)
        or compare_identifiers(build, build2)
        or sign(git, git2)
    )


def parts(text: str) -> tuple[list[int], list[str], list[str], str]:
    text, _, git = text.partition("@git:")
    text, _, build = text.partition("+")
    text, _, pre = text.partition("-")
    return (
        [int(n) for n in text.split(".")],
        [*filter(None, pre.split("."))],
        [*filter(None, build.split("."))],
        git,
    )


def compare_identifiers(ones: list[str], others: list[str]) -> int:
    for one, other in zip(ones, others, strict=False):
        if one.isdigit() and other.isdigit():
            result = sign(int(one), int(other)) or sign(len(one), len(other))
        else:
            result = sign(not one.isdigit(), not other.isdigit()) or sign(one, other)
        if result:
            return result
    return sign(len(ones), len(others))


def sign(one: Any, other: Any) -> int:
    return int(one > other) - int(one < other)


@given(text=requirement_texts)
def test_a_requirement_is_written_in_its_canonical_form(text: str) -> None:
    requirement = parse_requirement(text)

    assert parse_requirement(str(requirement)) == requirement
    assert str(parse_requirement(str(requirement))) == str(requirement)


@given(version=small_versions)
def test_a_version_satisfies_its_own_caret_tilde_and_exact_requirement(version: VetVersion) -> None:
    for operator in ("", "^", "~", "=", ">=", "<="):
        assert parse_requirement(f"{operator}{version}").matches(version)
    for operator in (">", "<"):
        assert not parse_requirement(f"{operator}{version}").matches(version)


@given(version=small_versions, bound=small_versions)
def test_bounds_agree_with_the_order_of_releases(version: VetVersion, bound: VetVersion) -> None:
    if version.is_pre_release:
        return
    assert parse_requirement(f">{bound}").matches(version) == (version > bound)
    assert parse_requirement(f"<={bound}").matches(version) == (version <= bound)


@given(one=requirements, other=requirements, version=small_versions)
def test_a_comma_means_and(one: VersionReq, other: VersionReq, version: VetVersion) -> None:
    if not one.comparators or not other.comparators:
        return
    both = parse_requirement(f"{one}, {other}").matches(version)

    if version.is_pre_release:
        assert both or not (one.matches(version) and other.matches(version))
    else:
        assert both == (one.matches(version) and other.matches(version))


@given(requirement=requirements, version=small_versions)
def test_revision_and_build_metadata_do_not_matter(requirement: VersionReq, version: VetVersion) -> None:
    elsewhere = parse_version(f"{version}+b.1@git:{'0' * 40}")

    assert requirement.matches(version) == requirement.matches(elsewhere)


@given(day=dates())
def test_a_date_is_read_back(day: Date) -> None:
    assert parse_date(str(day)) == day


@given(day=st.dates(), days=st.integers(-800, 800), months=st.integers(-30, 30))
def test_days_agree_with_the_calendar(day: dt.date, days: int, months: int) -> None:
    start = Date(day.year, day.month, day.day)

    assert start.plus_days(days).plus_days(-days) == start
    if 10 < day.year < 9990:
        later = day + dt.timedelta(days=days)
        assert start.plus_days(days) == Date(later.year, later.month, later.day)
    moved = start.plus_months(months)
    assert moved.day <= start.day
    assert (moved.year * 12 + moved.month) - (start.year * 12 + start.month) == months


@given(text=st.text(max_size=30) | st.text(st.sampled_from("0123456789.-+*xX<>=~^, @git:"), max_size=20))
def test_any_text_is_read_or_refused_in_words(text: str) -> None:
    for parse, refusal in (
        (parse_version, VersionSyntaxError),
        (parse_requirement, RequirementSyntaxError),
        (parse_date, DateSyntaxError),
    ):
        words = None
        try:
            parse(text)
        except refusal as error:
            words = str(error)
        assert words is None or len(words) > 10
