"""What is neither patched nor unaffected is affected: by the order of versions, pre-releases included."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vetflow.formats.affected_versions import affected_ranges
from vetflow.model.advisories import AdvisorySyntaxError
from vetflow.model.version import parse_version


def affected(requirements: list[str], versions: str) -> str:
    """Return which of the versions lie outside of all requirements."""
    ranges = affected_ranges(requirements)
    return " ".join(text for text in versions.split() if any(each.contains(parse_version(text)) for each in ranges))


@pytest.mark.parametrize(
    ("unaffected", "versions", "expected"),
    [
        ([], "0.0.0-0 0.0.0 9.9.9", "0.0.0-0 0.0.0 9.9.9"),
        (["*"], "0.0.0-0 1.0.0", ""),
        ([">=1.2.3"], "1.2.2 1.2.3-rc.1 1.2.3 1.3.0-a 2.0.0", "1.2.2 1.2.3-rc.1"),
        ([">1.2.3"], "1.2.3 1.2.3+b 1.2.4-0 1.2.4-a 1.2.4", "1.2.3 1.2.3+b"),
        ([">1.2.3-rc.1"], "1.2.3-rc.1 1.2.3-rc.1.0 1.2.3-rc.2 1.2.3", "1.2.3-rc.1"),
        (["<1.2.3"], "1.2.2 1.2.3-0 1.2.3 1.2.4", "1.2.3 1.2.4"),
        (["<=1.2.3"], "1.2.3-0 1.2.3 1.2.4-0 1.2.4", "1.2.4-0 1.2.4"),
        (["=1.2.3"], "1.2.2 1.2.3-rc.1 1.2.3 1.2.4-0", "1.2.2 1.2.3-rc.1 1.2.4-0"),
        (["=1.2"], "1.2.0 1.2.1", "1.2.1"),
        (["^1.2.3"], "1.2.2 1.2.3 1.9.9 2.0.0-0 2.0.0-a 2.0.0", "1.2.2 2.0.0-0 2.0.0-a 2.0.0"),
        (["1.2"], "1.1.9 1.2.0-0 1.2.0 1.99.0 2.0.0", "1.1.9 1.2.0-0 2.0.0"),
        (["^0.2.3"], "0.2.2 0.2.3 0.2.9 0.3.0-a 0.3.0", "0.2.2 0.3.0-a 0.3.0"),
        (["^0.0.3"], "0.0.2 0.0.3 0.0.4-0 0.0.4", "0.0.2 0.0.4-0 0.0.4"),
        (["^0.0"], "0.0.0 0.0.9 0.1.0", "0.1.0"),
        (["^0"], "0.0.0 0.9.9 1.0.0-0 1.0.0", "1.0.0-0 1.0.0"),
        (["~1.2.3"], "1.2.2 1.2.3 1.2.9 1.3.0-0 1.3.0", "1.2.2 1.3.0-0 1.3.0"),
        (["~1.2"], "1.1.9 1.2.0 1.2.9 1.3.0", "1.1.9 1.3.0"),
        (["~1"], "0.9.0 1.0.0 1.9.9 2.0.0", "0.9.0 2.0.0"),
        ([">=1.2.3, <1.5.0"], "1.2.2 1.2.3 1.4.9 1.5.0-0 1.5.0", "1.2.2 1.5.0"),
        ([">=1.4.2", "^1.2.9", "<1.0.0"], "0.9.9 1.0.0 1.2.8 1.2.9 1.3.0 1.4.2 2.0.0", "1.0.0 1.2.8"),
        (["^0.7.5", ">=0.8.3", "^0.6.9"], "0.6.8 0.6.9 0.7.4 0.7.5 0.8.2 0.8.3", "0.6.8 0.7.4 0.8.2"),
    ],
)  # fmt: skip
def test_the_gaps_between_requirements_are_affected(unaffected: list[str], versions: str, expected: str) -> None:
    assert affected(unaffected, versions) == expected


def test_requirements_that_overlap_are_taken_together() -> None:
    assert affected(["^1.2", ">=1.4"], "1.1.0 1.3.0 2.0.0") == "1.1.0"


@pytest.mark.parametrize("requirement", ["1.*", "1.2.*", ">=1, >=2", "<1, <=2", "^1, <1.5", "=1, =2", ">=2, <1", "one"])
def test_what_is_no_interval_is_refused(requirement: str) -> None:
    with pytest.raises(
        AdvisorySyntaxError, match=requirement.split(",", maxsplit=1)[0].replace("*", ".").replace("^", ".")
    ):
        affected_ranges([requirement])


numbers = st.integers(min_value=0, max_value=3)
versions = st.builds(
    "{}.{}.{}{}".format, numbers, numbers, numbers, st.sampled_from(["", "", "-0", "-a", "-a.1", "-rc.1"])
)


@given(st.lists(versions, min_size=2, max_size=2, unique=True), versions)
def test_a_version_is_affected_or_unaffected_and_never_both(ends: list[str], version: str) -> None:
    low, high = sorted(ends, key=parse_version)
    inside = parse_version(low) <= parse_version(version) < parse_version(high)
    assert affected([f">={low}, <{high}"], version) == ("" if inside else version)
    assert affected([f"<{low}", f">={high}"], version) == (version if inside else "")
