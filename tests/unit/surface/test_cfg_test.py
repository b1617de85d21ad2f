from __future__ import annotations

import pytest

from vetflow.surface.rust import is_test_only, parse_rust


def is_left_out(text: str, marked: str = "marked") -> bool:
    """Whether the word `marked` stands in code for tests only."""
    file = parse_rust("a.rs", text.encode())
    return is_test_only(file, text.encode().index(marked.encode()))


@pytest.mark.parametrize(
    "condition",
    [
        "cfg(test)", "cfg(all(test, unix))", 'cfg(all(feature = "x", test))', "cfg(not(not(test)))", "cfg(any(test))",
        "cfg( /* always? */ test )", "cfg(all(test,))",
    ],
)  # fmt: skip
def test_what_needs_test_is_left_out(condition: str) -> None:
    assert is_left_out(f"#[{condition}] fn marked() {{}} fn kept() {{}}")
    assert not is_left_out(f"#[{condition}] fn marked() {{}} fn kept() {{}}", "kept")


@pytest.mark.parametrize(
    "condition",
    [
        "cfg(not(test))", "cfg(any(test, unix))", 'cfg(feature = "test")', "cfg(any(test, not(test)))", "cfg(all())",
        "cfg(any())", "cfg_attr(test, allow(unused))", "test", "allow(test)", "cfg(testing)", "cfg(unknown(test))",
    ],
)  # fmt: skip
def test_all_that_may_hold_outside_of_tests_is_kept(condition: str) -> None:
    assert not is_left_out(f"#[{condition}] fn marked() {{}}")


def test_a_condition_within_a_file_or_block_holds_for_all_of_it() -> None:
    assert is_left_out("#![cfg(test)]\nfn marked() {}")
    assert is_left_out("mod a { #![cfg(test)] fn marked() {} }")
    assert is_left_out("//! Documentation.\n#![allow(unused)]\n#![cfg(test)]\nfn marked() {}")
    assert not is_left_out("mod a { #![cfg(test)] } fn marked() {}")


def test_an_attribute_before_or_after_does_not_matter_when_the_compiler_owns_it() -> None:
    assert is_left_out("#[allow(unused)] /// Documentation.\n #[cfg(test)] #[rustfmt::skip] fn marked() {}")


def test_an_attribute_macro_that_stands_before_could_take_the_condition_away() -> None:
    assert not is_left_out("#[helper::strip] #[cfg(test)] fn marked() {}")
    assert not is_left_out("#![helper::strip]\n#![cfg(test)]\nfn marked() {}")
    assert is_left_out("#[cfg(test)] #[helper::strip] fn marked() {}")


def test_what_the_parser_does_not_understand_is_kept() -> None:
    assert not is_left_out("#[cfg(test)] fn marked( { ]")


def test_statements_fields_and_arms_may_be_for_tests_too() -> None:
    assert is_left_out("fn f() { #[cfg(test)] marked(); kept(); }")
    assert is_left_out("fn f() { match 1 { #[cfg(test)] 1 => marked(), _ => kept() } }")
    assert not is_left_out("fn f() { #[cfg(test)] other(); marked(); }")


def test_conditions_may_be_as_deep_as_their_author_likes() -> None:
    deep = "not(" * 20_000
    assert is_left_out(f"#[cfg({deep}test{')' * 20_000})] fn marked() {{}}")
