"""Who published a version, against who published those before."""

from __future__ import annotations

from vetflow.model.audits import Publisher, PublisherSource
from vetflow.model.dates import Date
from vetflow.model.findings import Finding, Level
from vetflow.model.names import CRATES_IO
from vetflow.model.packages import Package
from vetflow.model.version import parse_version
from vetflow.trust.publisher_changes import (
    PublisherRules,
    contradiction_findings,
    merge_publishers,
    publisher_findings,
)

DAY = Date(2026, 1, 1)
ADA, BEN, FORGE, OTHER = 1, 2, "github:forge/anvil", "github:else/anvil"


def row(version: str, source: PublisherSource) -> Publisher:
    login = {ADA: "ada", BEN: "ben"}.get(source) if isinstance(source, int) else None
    return Publisher(parse_version(version), DAY, source, login)


def findings(*sources: PublisherSource, rules: PublisherRules | None = None) -> list[Finding]:
    """Return what is found when the last of these sources publishes the version in question."""
    rows = [row(f"1.{number}.0", source) for number, source in enumerate(sources)]
    package = Package("anvil", rows[-1].version, CRATES_IO)
    return list(publisher_findings([package], {"anvil": rows}, lambda _: None, rules or PublisherRules()))


def ids(*sources: PublisherSource) -> list[str]:
    return [each.id for each in findings(*sources)]


def test_a_published_version_does_not_change_hands() -> None:
    known = {"anvil": (row("1.0.0", ADA), row("1.1.0", ADA))}
    said = {"anvil": (row("1.0.0", BEN), row("1.1.0", ADA), row("1.2.0", BEN)), "bramble": (row("1.0.0", BEN),)}
    (finding,) = contradiction_findings(said, known)
    assert finding.id == "publishers/contradicted"
    assert finding.reason == "anvil 1.0.0 was published by ada, and here it says ben"


def test_the_same_people_and_the_same_workflow_are_no_news() -> None:
    assert ids(ADA, ADA) == []
    assert ids(ADA, BEN, ADA) == []
    assert ids(FORGE, FORGE) == []


def test_somebody_new_is() -> None:
    (finding,) = findings(ADA, ADA, BEN)
    assert (finding.id, finding.level) == ("publishers/changed", Level.WARN)
    assert finding.reason == (
        "anvil 1.2.0 was published by ben, and none of the last 2 versions before; the last by ada"
    )


def test_who_published_long_ago_is_somebody_new() -> None:
    assert ids(BEN, ADA, ADA, ADA, ADA, ADA, BEN) == ["publishers/changed"]


def test_an_upload_by_hand_where_a_workflow_published_is_the_strongest_sign() -> None:
    (finding,) = findings(ADA, FORGE, ADA, rules=PublisherRules(workflow_left=Level.FAIL))
    assert (finding.id, finding.level) == ("publishers/workflow-left", Level.FAIL)
    assert "was uploaded by ada; 1.1.0 was published by the workflow of github:forge/anvil" in finding.reason


def test_another_workflow_is_a_change_and_the_first_one_a_note() -> None:
    assert ids(FORGE, OTHER) == ["publishers/changed"]
    (finding,) = findings(ADA, FORGE)
    assert (finding.id, finding.level) == ("publishers/workflow-new", Level.NOTE)


def test_nothing_is_said_of_what_nobody_knows() -> None:
    assert ids(ADA) == []
    unknown = Package("anvil", parse_version("9.0.0"), CRATES_IO)
    assert list(publisher_findings([unknown], {"anvil": [row("1.0.0", ADA)]}, lambda _: None)) == []
    assert list(publisher_findings([unknown], {}, lambda _: None)) == []


def test_of_two_rows_about_a_version_the_more_trusted_source_counts() -> None:
    merged = merge_publishers({"anvil": (row("1.1.0", ADA),)}, {"anvil": (row("1.1.0", BEN), row("1.0.0", BEN))})
    assert merged == {"anvil": (row("1.0.0", BEN), row("1.1.0", ADA))}
