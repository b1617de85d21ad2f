"""Values that are followed: alternatives, parts, and their bounds."""

from __future__ import annotations

import pytest

from vetflow.surface.traced import (
    ABOVE,
    EXHAUSTED,
    Kind,
    Part,
    Value,
    altered,
    concatenation,
    described,
    explained,
    known_text,
    literal,
    path_join,
    pattern_text,
    single,
    union,
    unknown,
)

OUT = single(Kind.VARIABLE, "OUT_DIR")


def texts(value: Value) -> list[str]:
    return [described(alternative) for alternative in value]


def test_literals_that_follow_each_other_are_one_text() -> None:
    value = concatenation([literal("cu"), union(literal("rl"), literal("t"))])
    assert [known_text(alternative) for alternative in value] == ["curl", "cut"]


def test_a_part_that_says_nothing_is_unknown_and_not_left_out() -> None:
    assert texts(concatenation([literal("a"), ()])) == ["a…"]
    assert texts(path_join((), literal("b"))) == ["…/b"]
    assert texts(path_join(OUT, ())) == ["$OUT_DIR/…"]


@pytest.mark.parametrize(
    ("right", "path"),
    [
        (literal("x"), "$OUT_DIR/x"),
        (literal("/etc/x"), "/etc/x"),
        (literal("C:\\x"), "C:\\x"),
        (single(Kind.VARIABLE, "HOME"), "$HOME"),
        (single(Kind.PLACE, "the home folder"), "<the home folder>"),
        (single(Kind.VARIABLE, "TARGET"), "$OUT_DIR/$TARGET"),
        (((ABOVE,),), "/.."),
    ],
)
def test_an_absolute_path_replaces_what_it_is_joined_to(right: Value, path: str) -> None:
    assert texts(path_join(OUT, right)) == [path]


def test_many_alternatives_and_many_parts_end_in_an_unknown_one() -> None:
    many = union(*[literal(str(number)) for number in range(100)])
    assert len(many) == 32
    assert many[-1][0].kind is Kind.UNKNOWN
    long = concatenation([single(Kind.VARIABLE, str(number)) for number in range(100)])
    assert len(long[0]) == 12
    assert long[0][-1].kind is Kind.UNKNOWN
    product = concatenation([many, many, many])
    assert len(product) == 32


def test_what_is_altered_is_known_no_more_but_a_variable_stays_one() -> None:
    assert texts(altered(union(literal("curl"), OUT))) == ["…", "$OUT_DIR"]


def test_what_is_known_in_part_is_a_pattern() -> None:
    (value,) = concatenation([literal("CARGO_FEATURE_"), unknown("a value")])
    assert pattern_text(value) == "CARGO_FEATURE_*"
    assert known_text(value) is None
    assert explained(value) == "`CARGO_FEATURE_…` (a value)"


def test_a_description_fits_a_line() -> None:
    assert len(described((Part(Kind.LITERAL, "x" * 500),))) == 100
    assert described((EXHAUSTED, EXHAUSTED)) == "…"
