"""What sightings are worth, and how evidence is put before a person."""

from __future__ import annotations

from vetflow.surface.evidence import Evidence
from vetflow.surface.grading import summarise
from vetflow.surface.tiers import Grade, Tier


def evidence(rule: str, grade: Grade, path: str = "build.rs", line: int = 1, new: Grade = Grade.EXPECTED) -> Evidence:
    capability = rule.partition("/")[0]
    return Evidence(
        rule, capability, "x", grade, Tier.BUILD_SCRIPT, path, line, "text", f"does {capability}", when_new=new
    )


def test_evidence_is_merged_by_capability_and_file_the_most_serious_first() -> None:
    summary = summarise(
        [
            evidence("process/known-tool", Grade.NOTE, line=9),
            evidence("process/shell", Grade.ALERT, line=20),
            evidence("process/other", Grade.REVIEW, path="helper.rs"),
            evidence("time/changing", Grade.NOTE),
        ]
    )
    assert [(group.capability, group.path, group.grade) for group in summary.groups] == [
        ("process", "build.rs", Grade.ALERT),
        ("process", "helper.rs", Grade.REVIEW),
        ("time", "build.rs", Grade.NOTE),
    ]
    assert [each.line for each in summary.groups[0].evidence] == [20, 9]


def test_what_is_expected_is_counted_by_its_sentence() -> None:
    summary = summarise([evidence("env-read/toolchain", Grade.EXPECTED, line=n) for n in range(3)])
    assert summary.groups == ()
    assert summary.expected == (("does env-read", 3),)


def test_what_is_only_news_in_a_delta_has_its_grade_there() -> None:
    ordinary = evidence("network/std", Grade.EXPECTED, new=Grade.ALERT)
    assert (ordinary.grade, ordinary.grade_when_new) == (Grade.EXPECTED, Grade.ALERT)
    assert evidence("network/std", Grade.ALERT).grade_when_new is Grade.ALERT
