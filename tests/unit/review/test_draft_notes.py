"""A draft of notes holds what was looked at, and claims nothing."""

from __future__ import annotations

from tests.checklists import answers, asked, question, ticks
from vetflow.review.draft_notes import checked_notes, draft_notes
from vetflow.review.session import Verdict
from vetflow.surface.evidence import Evidence
from vetflow.surface.tiers import Grade, Tier

VIEWED = frozenset({"build.rs", "src/lib.rs"})


def found(path: str, line: int | None, sentence: str, grade: Grade = Grade.REVIEW) -> Evidence:
    return Evidence("rule/id", "capability", "detail", grade, Tier.BUILD_SCRIPT, path, line, "", sentence)


def test_nothing_looked_at_is_no_draft() -> None:
    assert draft_notes((), frozenset(), {}) == ""
    assert draft_notes((found("build.rs", 3, "starts a shell"),), frozenset(), {}) == ""


def test_what_was_found_in_viewed_files_is_named_with_its_lines() -> None:
    findings = (
        found("build.rs", 9, "starts a shell", Grade.ALERT),
        found("build.rs", 3, "starts a shell"),
        found("build.rs", 3, "starts a shell"),
        found("other.rs", 1, "reads a file"),
    )
    assert draft_notes(findings, VIEWED, {}) == "Considered: build.rs:3,9 starts a shell."


def test_what_is_about_a_whole_file_has_no_line() -> None:
    assert draft_notes((found("src/lib.rs", None, "is binary"),), VIEWED, {}) == "Considered: src/lib.rs is binary."


def test_what_deserves_no_look_is_left_out() -> None:
    findings = (found("build.rs", 3, "reads OUT_DIR", Grade.NOTE), found("build.rs", 4, "is usual", Grade.EXPECTED))
    assert draft_notes(findings, VIEWED, {}) == ""


def test_own_notes_follow_in_the_order_of_their_places() -> None:
    notes = {("src/lib.rs", 7): "sound", ("build.rs", -2): "was needed", ("build.rs", 5): "odd"}
    assert draft_notes((found("build.rs", 3, "starts a shell"),), VIEWED, notes).split("\n") == [
        "Considered: build.rs:3 starts a shell.",
        "build.rs:2 (removed): was needed",
        "build.rs:5: odd",
        "src/lib.rs:7: sound",
    ]


def test_paths_of_a_crate_cannot_write_to_the_terminal() -> None:
    path = "src/\x1b[2K.rs"
    draft = draft_notes((found(path, 1, "reads a file"),), frozenset({path}), {(path, 1): "mine"})
    assert "\x1b" not in draft
    assert "␛" in draft


def test_what_was_answered_is_said_in_sentences_and_what_was_not_is_left_to_the_statement() -> None:
    code = "pub fn f() {\n    unsafe { g() }\n    unsafe { h() }\n}\n"
    checklist = asked({"build.rs": "fn main() {}", "src/lib.rs": code}).for_criteria(["safe-to-deploy"])
    records = [
        *ticks(question(checklist, "unsafe.delta")),
        *ticks(question(checklist, "build.network")),
        *ticks(question(checklist, "build.programs")),
        *ticks(question(checklist, "purpose.matches"), words="yes"),
        *ticks(question(checklist, "people.age"), Verdict.CONCERN, "two days old"),
    ]
    assert checked_notes(answers(checklist, *records)).split("\n") == [
        "Concern, how long it has been published: two days old.",
        "Considered: unsafe code that is new or changed (src/lib.rs:2,3).",
        "Whether it does what it says it does: yes.",
        "No evidence found of: programs that the build script starts; network access of the build script.",
    ]
    assert checked_notes(answers(checklist)) == ""
