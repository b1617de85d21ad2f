"""Which line became which, and which words of it changed."""

from __future__ import annotations

from collections.abc import Iterable

from vetflow.review.patches import LineKind, PatchLine
from vetflow.review.words import changed_words, line_pairs


def lines(texts: Iterable[str]) -> list[PatchLine]:
    return [PatchLine(LineKind.CONTEXT, None, None, text) for text in texts]


def pairs(removed: str, added: str) -> list[tuple[str, str]]:
    return [(one.text, other.text) for one, other in line_pairs(lines(removed.split("|")), lines(added.split("|")))]


def marked(old: str, new: str) -> tuple[list[str], list[str]] | None:
    spans = changed_words(old, new)
    return spans and ([old[a:b] for a, b in spans[0]], [new[a:b] for a, b in spans[1]])


def test_whole_words_are_marked() -> None:
    assert marked("let value = old_name(1);", "let value = new_name(1);") == (["old_name"], ["new_name"])
    assert marked("f(a, b)", "f(a, b, c)") == ([], [", c"])


def test_a_line_that_is_mostly_new_is_not_marked_within() -> None:
    assert marked("use std::env;", "fn main() { run(); }") is None
    assert marked("", "") == ([], [])


def test_very_long_lines_are_not_compared() -> None:
    assert marked("a" * 2000 + " b", "a" * 2000 + " c") is None
    assert marked("a" * 1997 + " b", "a" * 1997 + " c") == (["b"], ["c"])


def test_as_many_lines_after_as_before_are_the_same_lines() -> None:
    assert pairs("a|b", "x|y") == [("a", "x"), ("b", "y")]


def test_otherwise_a_line_became_the_next_similar_one() -> None:
    assert pairs("let a = 1;|let b = 2;", "// new|let a = 3;|let b = 4;") == [
        ("let a = 1;", "let a = 3;"),
        ("let b = 2;", "let b = 4;"),
    ]
    assert pairs("something else", "let a = 3;|let b = 4;") == []
