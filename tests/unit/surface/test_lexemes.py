"""The words of Rust code, apart from comments and literals."""

from __future__ import annotations

import pytest

from vetflow.surface.lexemes import Lexemes, literal_value, read_lexemes
from vetflow.surface.rust import parse_rust


def lexemes_of(code: str | bytes) -> Lexemes:
    return read_lexemes(parse_rust("code.rs", code.encode() if isinstance(code, str) else code))


@pytest.mark.parametrize(
    "code",
    [
        "// word\nkept",
        "/* word /* word */ word */ kept",
        '"word \\" word" kept',
        'r#"word " word"# kept',
        'br##"word "# word"## kept',
        "'\"' kept",
        "'\\'' kept",
        "b'\\\\' kept",
        "'é' kept",
        'c"word" kept',
        "#[cfg(test)] mod word { word!() }\nkept",
    ],
)
def test_comments_literals_and_tests_are_no_words(code: str) -> None:
    lexemes = lexemes_of(code)
    assert b"kept" in lexemes.names
    assert not [name for name in lexemes.names if b"word" in name]
    assert len(lexemes.code) == len(code.encode())


@pytest.mark.parametrize(
    "code", ["fn f<'a>(x: &'a str) { word }", "for'\"'; word", "x'y word", 'bar"x" word', "r#fn word"]
)
def test_what_only_looks_like_a_literal_hides_nothing(code: str) -> None:
    assert b"word" in lexemes_of(code).names


def test_a_path_is_one_name_whatever_stands_between_its_parts() -> None:
    names = lexemes_of("std /* a */ ::\n r#process::Command::new; ::core::ptr; $crate::x; name !(y); a != b").names
    assert names.keys() == {b"std::process::Command::new", b"::core::ptr", b"$crate::x", b"name!", b"y", b"a", b"b"}


def test_brackets_of_macros_attributes_and_foreign_blocks_are_known() -> None:
    code = 'a::m!{ x } #[doc = "y"] extern "C" { fn z(); } macro_rules! q { () => {} } extern fn w() {}'
    found = {(each.kind, each.name, code[each.start : each.end]) for each in lexemes_of(code).brackets}
    assert found == {
        ("macro", "m", "{ x }"),
        ("attribute", "", '[doc = "y"]'),
        ("extern", "", "{ fn z(); }"),
        ("macro", "macro_rules", "{ () => {} }"),
    }


@pytest.mark.parametrize(
    ("literal", "value"),
    [
        (b'"a\\n\\t\\x41\\u{1F600}\\\\"', "a\n\tA\U0001f600\\"),
        (b'"a\\\n     b"', "ab"),
        (b'r"a\\n"', "a\\n"),
        (b'br##"a"#b"##', 'a"#b'),
        (b'b"\\xff"', "\xff"),
        (b'"\\u{FFFFFFFF}"', "\ufffd"),
        (b'"\xff"', "\ufffd"),
        (b'c"a\\0"', "a\0"),
    ],
)
def test_a_literal_is_read_as_the_compiler_reads_it(literal: bytes, value: str) -> None:
    assert literal_value(literal) == value


@pytest.mark.parametrize(
    "code", [b'"never closed', b"/* never closed", b'r#"never closed"', b"'", b"\xff\xfe", b"}}]]"]
)
def test_broken_code_is_read_as_far_as_possible(code: bytes) -> None:
    assert len(lexemes_of(code).code) == len(code)
