"""What makes two hunks the same change, and everything that makes them different ones."""

from __future__ import annotations

import pytest

from tests.crates import contents_of
from tests.deltas import diff_of
from vetflow.review.hunk_identity import Sides, identities
from vetflow.review.hunks import parse_hunks

OLD = """\
use std::fmt;

/// Strikes.
#[inline]
pub fn strike(times: usize) {
    let first = 1;
    let second = 2;
    let third = 3;
    let fourth = 4;
    let fifth = 5;
    hit(times);
    let sixth = 6;
    let seventh = 7;
    let eighth = 8;
    let ninth = 9;
}

pub fn other() {}
"""
NEW = OLD.replace("    hit(times);\n", "    hit(times + 1);\n")


def identity(old: str, new: str, path: str = "src/lib.rs", role: str = "T1") -> tuple[str, ...]:
    diff = diff_of(contents_of({path: old}), contents_of({path: new}))
    return identities(parse_hunks(diff.files[0].text), Sides(path, old.encode(), new.encode()), role)


def test_the_same_hunk_elsewhere_in_another_file_is_the_same() -> None:
    moved = "pub fn long_before() {\n    nothing();\n}\n\n\n\n"
    assert identity(OLD, NEW) == identity(moved + OLD, moved + NEW, "src/other.rs")
    assert len(identity(OLD, NEW)) == 1


@pytest.mark.parametrize(
    ("what", "with_"),
    [
        ("hit(", "bit("),
        ("let fourth", "let quarter"),
        ("let ninth = 9", "let ninth = 10"),
        ("let first", "let only"),
        ("#[inline]", "#[cold]"),
        ("/// Strikes.", "/// Strikes!"),
        ("usize", "u8"),
        ("fn strike", "fn struck"),
    ],
)
def test_one_change_in_the_hunk_its_context_or_its_function_makes_it_another(what: str, with_: str) -> None:
    assert identity(OLD.replace(what, with_), NEW.replace(what, with_)) != identity(OLD, NEW)


def test_what_stands_outside_the_function_does_not_count() -> None:
    what, with_ = "pub fn other() {}", "pub fn other() { strike(1) }"
    assert identity(OLD.replace(what, with_), NEW.replace(what, with_)) == identity(OLD, NEW)


def test_another_change_in_the_same_function_makes_it_another() -> None:
    assert identity(OLD, NEW.replace("let first = 1", "let first = 0"))[-1] not in identity(OLD, NEW)


def test_a_function_of_another_type_is_another_place() -> None:
    in_a, in_b = ("impl A {{\n{0}}}\n", "impl B {{\n{0}}}\n")
    first, second = (identity(text.format(OLD), text.format(NEW)) for text in (in_a, in_b))
    assert first != second


def test_an_attribute_of_the_module_around_it_counts() -> None:
    plain, tests = "mod a {{\n{0}}}\n", "#[cfg(test)]\nmod a {{\n{0}}}\n"
    assert identity(plain.format(OLD), plain.format(NEW)) != identity(tests.format(OLD), tests.format(NEW))


def test_a_line_that_only_goes_is_placed_by_its_neighbours() -> None:
    gone = OLD.replace("    hit(times);\n", "")
    assert identity(OLD, gone) != identity(OLD, gone.replace("let first = 1", "let first = 0"))[-1:]


def test_code_that_runs_at_another_time_is_another_change() -> None:
    assert identity(OLD, NEW, role="T1") != identity(OLD, NEW, role="rest")


def test_settings_of_another_table_are_other_ones() -> None:
    old, new = "[{0}]\na = 1\nb = 2\nc = 3\nd = 4\n", '[{0}]\na = 1\nb = 2\nc = 3\nd = 4\nlog = "1"\n'
    first, second = (
        identity(old.format(table), new.format(table), "Cargo.toml") for table in ("dependencies", "build-dependencies")
    )
    assert first != second


def test_of_other_files_the_whole_text_counts() -> None:
    far = "\n" * 30
    assert identity(f"a\n{far}x\n", f"b\n{far}x\n", "c.c") != identity(f"a\n{far}y\n", f"b\n{far}y\n", "c.c")


def test_code_nested_deeper_than_is_looked_at_has_an_identity_too() -> None:
    deep = "mod a {\n" * 3_000
    assert len(identity(deep, deep + "x();\n")) == 1
