"""Notes are read by people of other projects, to whom "we" is somebody else."""

from __future__ import annotations

import pytest

from vetflow.review.note_lint import about_us


@pytest.mark.parametrize(
    ("notes", "words"),
    [
        ("Fine for what we do.", "we"),
        ("Our build sets RUSTC.", "Our"),
        ("The RSA part is not used here.", "not used here"),
        ("See ABC-123.", "ABC-123"),
        ("Details in #412.", "#412"),
        ("See https://tracker.invalid/browse/X for it", "https://tracker.invalid/browse/X"),
        ("Enough for this project", "for this project"),
    ],
)
def test_words_that_mean_us_are_named(notes: str, words: str) -> None:
    assert about_us(notes) == words


@pytest.mark.parametrize(
    "notes",
    [
        "",
        "Starts rustc; no network.",
        "Fixes RUSTSEC-2026-0001 and CVE-2026-1.",
        "Reads UTF-8, SHA-256.",
        "owes, hour, bus",
    ],
)
def test_other_words_are_left_alone(notes: str) -> None:
    assert about_us(notes) is None
