"""What evidence is worth by itself, and as news."""

from __future__ import annotations

from vetflow.surface.evidence import Evidence
from vetflow.surface.tiers import Grade, Tier


def evidence(rule: str, grade: Grade, path: str = "build.rs", line: int = 1, new: Grade = Grade.EXPECTED) -> Evidence:
    capability = rule.partition("/")[0]
    return Evidence(
        rule, capability, "x", grade, Tier.BUILD_SCRIPT, path, line, "text", f"does {capability}", when_new=new
    )


def test_what_is_only_news_in_a_delta_has_its_grade_there() -> None:
    ordinary = evidence("network/std", Grade.EXPECTED, new=Grade.ALERT)
    assert (ordinary.grade, ordinary.grade_when_new) == (Grade.EXPECTED, Grade.ALERT)
    assert evidence("network/std", Grade.ALERT).grade_when_new is Grade.ALERT
