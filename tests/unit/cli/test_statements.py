"""The text in which somebody certifies: what it shows, what counts as stated, what becomes of the notes."""

from __future__ import annotations

import pytest

from vetflow.app.certify import Target
from vetflow.cli.statements import (
    Claim,
    Draft,
    audit_sentence,
    clean_notes,
    comment_mark,
    frame,
    read_draft,
    read_statements,
    wildcard_sentence,
)
from vetflow.errors import UsageError
from vetflow.model.dates import Date
from vetflow.model.store import CriteriaEntry
from vetflow.model.version import parse_version
from vetflow.resolve.publisher_trust import TrustPeriod

FULL = Target("anvil", parse_version("1.2.0"))
DELTA = Target("anvil", parse_version("1.2.0"), parse_version("1.1.0"))
DEPLOY = ("safe-to-deploy",)
CLAIM = Claim(audit_sentence(["Ada"], FULL), DEPLOY)
OTHER = Claim(audit_sentence(["Ada"], DELTA), ("thorough",))
TEXTS = {"thorough": CriteriaEntry("Every line was read.\nTwice.", "https://example.org/thorough")}


def uncommented(text: str, sentence: str) -> str:
    return text.replace(f"{text[0]} {sentence}", sentence)


def test_the_sentences_are_cargo_vets() -> None:
    assert CLAIM.sentence == (
        "I, Ada, certify that I have audited version 1.2.0 of anvil in accordance with the above criteria."
    )
    assert audit_sentence(["Ada", "Bo"], DELTA) == (
        "I, Ada, Bo, certify that I have audited the changes from version 1.1.0 to 1.2.0 of anvil "
        "in accordance with the above criteria."
    )
    period = TrustPeriod(7, Date(2024, 1, 2), Date(2025, 1, 2))
    assert wildcard_sentence(["Ada"], "anvil", "bo-k", period) == (
        "I, Ada, certify that any version of anvil published by 'bo-k' between 2024-01-02 and 2025-01-02 "
        "will satisfy the above criteria."
    )


def test_everything_but_the_notes_is_a_comment_at_first() -> None:
    lines = frame([CLAIM, OTHER], TEXTS, "looked twice").splitlines()
    assert [line for line in lines if line and not line.startswith("#")] == ["looked twice"]


def test_criteria_are_shown_with_their_texts_once_and_the_statements_below_them() -> None:
    text = frame([CLAIM, OTHER, CLAIM._replace(sentence="I, too.")], TEXTS, None)
    assert text.count("#   Every line was read.\n#   Twice.\n#   https://example.org/thorough\n") == 1
    assert text.count("# safe-to-deploy:") == 1
    assert text.index("# I, too.") < text.index("# thorough:") < text.index(f"# {OTHER.sentence}")


def test_a_built_in_criterion_names_where_its_wording_is() -> None:
    assert "https://mozilla.github.io/cargo-vet/built-in-criteria.html" in frame([CLAIM], {}, None)


def test_only_what_is_uncommented_is_stated() -> None:
    text = uncommented(frame([CLAIM, OTHER], TEXTS, None), OTHER.sentence)
    assert read_statements(text, "#", [CLAIM, OTHER]) == ((OTHER,), None)


@pytest.mark.parametrize("edited", ["", "notes alone\n", "# nothing\n"])
def test_a_text_without_a_statement_is_refused(edited: str) -> None:
    with pytest.raises(UsageError, match="couldn't find uncommented certify statement"):
        read_statements(edited, "#", [CLAIM])


def test_a_statement_that_was_rewritten_is_refused_and_never_taken_for_a_note() -> None:
    text = f"{CLAIM.sentence}\n{CLAIM.sentence.replace('1.2.0', '1.3.0')}\n"
    with pytest.raises(UsageError, match=r"none of the statements.*1\.3\.0"):
        read_statements(text, "#", [CLAIM])


def test_blanks_around_a_statement_and_line_ends_of_windows_do_no_harm() -> None:
    assert read_statements(f"  {CLAIM.sentence}  \r\nnote\r\n", "#", [CLAIM]) == ((CLAIM,), "note")


def test_notes_that_start_with_the_mark_get_another_one() -> None:
    notes = "#1 is fixed\nsee #2"
    assert comment_mark(notes) == ";"
    text = uncommented(frame([CLAIM], {}, notes), CLAIM.sentence)
    assert read_statements(text, ";", [CLAIM]) == ((CLAIM,), "#1 is fixed\nsee #2\n")


@pytest.mark.parametrize(
    ("lines", "notes"),
    [
        ([], None),
        (["", "  ", ""], None),
        (["", "one line  ", "", ""], "one line"),
        (["a", "b"], "a\nb\n"),
        (["  a\t ", "", "", "", "b", " #c", ""], "  a\n\nb\n #c\n"),
    ],
    ids=["nothing", "blanks", "one line", "two lines", "empty lines"],
)
def test_notes_are_cleaned_as_cargo_vet_cleans_them(lines: list[str], notes: str | None) -> None:
    assert clean_notes(lines) == notes


def test_a_draft_gives_back_choices_and_notes_whether_it_was_edited_or_not() -> None:
    text = frame([CLAIM, OTHER], TEXTS, "looked twice")
    wanted = Draft(("safe-to-deploy", "thorough"), "looked twice")
    assert read_draft(text) == wanted
    assert read_draft(uncommented(text, CLAIM.sentence)) == wanted


def test_a_draft_with_another_mark_is_read_by_that() -> None:
    assert read_draft(frame([CLAIM], {}, "#1\n#2")) == Draft(DEPLOY, "#1\n#2\n")
