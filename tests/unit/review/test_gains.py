"""What a new version can do that the old one could not."""

from __future__ import annotations

import pytest

from vetflow.review.gains import BlobChange, blob_changes, blob_evidence, gained, vanished_claim
from vetflow.surface.blobs import Blob, BlobKind
from vetflow.surface.evidence import Evidence
from vetflow.surface.tiers import CrateSurface, Grade, Reached, Roots, SurfaceFile, Tier
from vetflow.surface.vcs_info import VcsClaim

SPAWN = Evidence("process/other", "process", "sh", Grade.NOTE, Tier.BUILD_SCRIPT, "build.rs", 3, "", "")
NOTHING = CrateSurface(Roots((), None, proc_macro=False), ())


def blob(kind: BlobKind = BlobKind.EXECUTABLE, digest: str = "00") -> Blob:
    return Blob("tool", kind, "ELF", 5, digest, executable=True)


def test_what_was_there_before_is_not_new_wherever_it_stands() -> None:
    assert gained([SPAWN], [SPAWN._replace(path="build/main.rs", line=90)]) == ()


@pytest.mark.parametrize(
    "other",
    [SPAWN._replace(detail="curl"), SPAWN._replace(capability="network"), SPAWN._replace(tier=Tier.PROC_MACRO)],
)
def test_another_detail_capability_or_tier_is(other: Evidence) -> None:
    assert gained([SPAWN], [SPAWN, other]) == (other,)


def test_the_same_where_it_is_graver_is_new() -> None:
    graver = SPAWN._replace(when_new=Grade.ALERT)
    assert gained([SPAWN], [SPAWN, graver]) == (graver._replace(grade=Grade.ALERT),)
    assert gained([graver, SPAWN], [SPAWN, graver]) == ()


def test_one_value_that_could_not_be_followed_says_as_little_as_another() -> None:
    unknown = SPAWN._replace(detail="…/lib…")
    assert gained([unknown], [unknown._replace(detail="…/…")]) == ()
    assert gained([SPAWN], [unknown]) == (unknown,)
    assert gained([unknown], [unknown._replace(rule="process/unresolved")]) != ()


def test_what_is_new_has_the_grade_for_new_things() -> None:
    assert [each.grade for each in gained([], [SPAWN._replace(when_new=Grade.ALERT)])] == [Grade.ALERT]
    assert [each.grade for each in gained([], [SPAWN])] == [Grade.NOTE]


def test_blobs_are_compared_by_their_content() -> None:
    assert blob_changes({"tool": blob()}, {"tool": blob()}) == ()
    assert blob_changes({"tool": blob()}, {"tool": blob(digest="11")}) == (BlobChange(blob(), blob(digest="11")),)
    assert blob_changes({"tool": blob()}, {}) == (BlobChange(blob(), None),)


def test_a_program_that_is_new_or_changed_is_an_alert() -> None:
    (new,) = blob_evidence([BlobChange(None, blob())], NOTHING, source_changed=True)
    (changed,) = blob_evidence([BlobChange(blob(), blob(digest="11"))], NOTHING, source_changed=True)
    assert [(each.rule, each.grade) for each in (new, changed)] == [
        ("blob/new", Grade.ALERT),
        ("blob/changed", Grade.ALERT),
    ]
    assert "sha256 11" in changed.detail


@pytest.mark.parametrize("kind", [BlobKind.OBJECT, BlobKind.ARCHIVE, BlobKind.WASM])
def test_compiled_code_that_changes_while_no_source_does_is_an_alert(kind: BlobKind) -> None:
    changed = BlobChange(blob(kind), blob(kind, "11"))
    assert [each.grade for each in blob_evidence([changed], NOTHING, source_changed=False)] == [Grade.ALERT]
    assert [each.grade for each in blob_evidence([changed], NOTHING, source_changed=True)] == [Grade.REVIEW]
    new = BlobChange(None, blob(kind))
    assert [each.grade for each in blob_evidence([new], NOTHING, source_changed=False)] == [Grade.REVIEW]


def test_data_is_an_alert_for_nobody_and_deserves_a_look_where_it_is_read() -> None:
    data = BlobChange(None, blob(BlobKind.COMPRESSED))
    reading = CrateSurface(NOTHING.roots, (SurfaceFile("tool", Tier.INPUT, Reached("build.rs", 1, ""), is_code=False),))
    assert [each.grade for each in blob_evidence([data], NOTHING, source_changed=False)] == [Grade.NOTE]
    assert [(each.grade, each.tier) for each in blob_evidence([data], reading, source_changed=False)] == [
        (Grade.REVIEW, Tier.INPUT)
    ]


def test_what_is_gone_is_no_evidence() -> None:
    assert blob_evidence([BlobChange(blob(), None)], NOTHING, source_changed=False) == ()


def test_a_package_that_no_longer_says_where_it_comes_from_deserves_a_look() -> None:
    claim = VcsClaim("c3" * 20, "", dirty=False)
    assert [each.grade for each in vanished_claim(claim, None)] == [Grade.REVIEW]
    assert vanished_claim(claim, claim) == vanished_claim(None, None) == vanished_claim(None, claim) == ()
