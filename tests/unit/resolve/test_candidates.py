"""Among which audits one is chosen for a crate that fails: `aa 2.0.0`, or a git revision of it."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from tests.suggesting import delta_of, text_of
from vetflow.model.report import Reach
from vetflow.model.version import VetVersion, parse_version
from vetflow.resolve.candidates import Candidates, candidates

REVISION = "1.5.0@git:" + "c3" * 20


def versions(*texts: str) -> frozenset[VetVersion]:
    return frozenset(map(parse_version, texts))


def gap(vetted: Sequence[str] = (), leading_on: Sequence[str] = ("2.0.0",)) -> Reach:
    """Say what is vetted besides "nothing", and from what audits lead on to the failing version."""
    return Reach(versions(*vetted) | {None}, versions(*leading_on))


def found(*gaps: Reach, failing: str = "2.0.0", published: Sequence[str] | None = None) -> Candidates:
    index = None if published is None else versions(*published)
    return candidates("aa", parse_version(failing), gaps, index)


def texts(*gaps: Reach, failing: str = "2.0.0", published: Sequence[str] | None = None) -> list[str]:
    return [text_of(delta) for delta in found(*gaps, failing=failing, published=published).deltas]


def test_with_nothing_vetted_the_whole_version_is_to_be_read() -> None:
    assert texts(gap()) == ["aa 2.0.0"]


def test_the_nearest_vetted_version_on_either_side_is_a_base_and_no_full_audit_is_then_considered() -> None:
    assert texts(gap(vetted=["0.1.0", "1.9.0", "2.1.0", "3.0.0"])) == ["aa 1.9.0 -> 2.0.0", "aa 2.1.0 -> 2.0.0"]


def test_with_vetted_versions_above_only_a_full_audit_is_considered_too() -> None:
    assert texts(gap(vetted=["2.1.0"])) == ["aa 2.0.0", "aa 2.1.0 -> 2.0.0"]


def test_an_audit_may_end_wherever_audits_lead_on_from() -> None:
    assert texts(gap(vetted=["1.0.0"], leading_on=["2.0.0", "1.5.0"])) == ["aa 1.0.0 -> 1.5.0", "aa 1.0.0 -> 2.0.0"]


def test_both_ends_must_serve_every_missing_criterion() -> None:
    one = gap(vetted=["1.0.0", "1.5.0"], leading_on=["2.0.0", "1.8.0"])
    other = gap(vetted=["1.0.0", "1.6.0"], leading_on=["2.0.0", "1.9.0"])
    assert texts(one, other) == ["aa 1.0.0 -> 2.0.0"]


def test_versions_that_are_not_published_have_no_source() -> None:
    published = ["1.0.0", "2.0.0"]
    assert texts(gap(vetted=["1.0.0", "1.9.0"]), published=published) == ["aa 1.0.0 -> 2.0.0"]
    assert texts(gap(leading_on=["2.0.0", "1.7.0"]), published=published) == ["aa 2.0.0"]


def test_without_an_index_every_version_is_presumed_to_be_published() -> None:
    assert texts(gap(vetted=["1.9.0"]), published=None) == ["aa 1.9.0 -> 2.0.0"]


def test_build_metadata_makes_another_version() -> None:
    assert texts(gap(vetted=["1.9.0+b"]), published=["1.9.0", "2.0.0"]) == ["aa 2.0.0"]


def test_there_may_be_no_candidate() -> None:
    none = found(gap(), published=["1.0.0"])
    assert none == Candidates((), parse_version("2.0.0"))
    assert none.nearest("aa") == delta_of("aa 2.0.0")


def test_of_several_candidates_the_nearest_is_the_one_of_the_failing_version_from_below() -> None:
    several = found(gap(vetted=["1.0.0", "2.1.0"], leading_on=["1.5.0", "2.0.0"]))
    assert text_of(several.nearest("aa")) == "aa 1.0.0 -> 2.0.0"


@pytest.mark.parametrize(
    ("published", "base"),
    [(["1.0.0", "1.4.0", "1.6.0"], "1.4.0"), (["1.5.0"], "1.5.0"), (None, "1.5.0")],
)
def test_a_revision_is_read_after_the_published_version_before_it(published: list[str] | None, base: str) -> None:
    split = found(gap(leading_on=[REVISION]), failing=REVISION, published=published)
    assert split.target == parse_version(base)
    assert [text_of(delta) for delta in split.deltas] == [f"aa {base}"]
    assert split.follow_up == delta_of(f"aa {base} -> {REVISION}")


def test_a_revision_whose_published_version_is_vetted_is_read_from_there() -> None:
    direct = found(gap(vetted=["1.4.0"], leading_on=[REVISION]), failing=REVISION, published=["1.4.0"])
    assert [text_of(delta) for delta in direct.deltas] == [f"aa 1.4.0 -> {REVISION}"]
    assert direct.follow_up is None


def test_a_revision_is_read_as_a_whole_when_nothing_is_published_before_it() -> None:
    whole = found(gap(leading_on=[REVISION]), failing=REVISION, published=["3.0.0"])
    assert [text_of(delta) for delta in whole.deltas] == [f"aa {REVISION}"]
    assert (whole.target, whole.follow_up) == (parse_version(REVISION), None)


def test_a_revision_needs_no_follow_up_where_audits_lead_to_it_from_the_published_version() -> None:
    known = found(gap(leading_on=[REVISION, "1.4.0"]), failing=REVISION, published=["1.4.0"])
    assert [text_of(delta) for delta in known.deltas] == ["aa 1.4.0"]
    assert known.follow_up is None


def test_another_revision_has_no_source() -> None:
    other = "1.4.0@git:" + "d4" * 20
    assert texts(gap(vetted=[other])) == ["aa 2.0.0"]
    assert texts(gap(leading_on=[REVISION, other]), failing=REVISION, published=[]) == [f"aa {REVISION}"]
