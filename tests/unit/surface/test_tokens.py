"""What a compiler is left with: layout and comments aside, and nothing else."""

from __future__ import annotations

import pytest

from vetflow.surface.tokens import TokenKind, tokens


def code(source: str | bytes) -> list[tuple[bytes, bool]]:
    content = source.encode() if isinstance(source, str) else source
    return [(token.text, token.spaced) for token in tokens(content) if token.kind is TokenKind.CODE]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("fn a() {}", "fn\ta ( )\n{ }"),
        ("a.b().c()", "a\n    .b()\n    .c()"),
        ("x+y", "x + y"),
        ("a; // why", "a;"),
        ("a /* b /* c */ d */ e", "a e"),
        ("a\r\nb", "a\nb"),
        ("\ufeffa", "a"),
        ('a = "x";', 'a="x";'),
        ("////// no doc\na", "a"),
    ],
)
def test_layout_and_comments_are_no_code(one: str, other: str) -> None:
    assert code(one) == code(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("ab", "a b"),
        ('"a b"', '"a  b"'),
        ('"// x"', '"// y"'),
        ('r#"a"b"#', 'r#"a"c"#'),
        ("'\"'; a // b", "'\"'; a // b\nc"),
        ("a && b", "a & & b"),
        ("a >> b", "a > > b"),
        ("r#fn", "r # fn"),
        ("'a", "' a"),
        ("b'x'", "b 'x'"),
        ("1.0", "1 .0"),
        ("1..2", "1. .2"),
        ("/* a */ b", "/* a */ c"),
        ("/* /* */ a */ b", "/* /* */ */ a"),
        ("$(x),*", "$(x)*"),
        ("a\0b", "a b"),
        ("é", "e"),
        ("a\u200eb", "a b"),
        ("'\\'' // '", "'\\'' / '"),
    ],
)
def test_anything_else_is(one: str, other: str) -> None:
    assert code(one) != code(other)


@pytest.mark.parametrize("comment", ["/// a", "//! a", "/** a */", "/*! a */"])
def test_documentation_is_told_apart(comment: str) -> None:
    (doc, *rest) = tokens(f"{comment}\nx".encode())
    assert (doc.kind, doc.text.decode()) == (TokenKind.DOC, comment)
    assert [token.text for token in rest] == [b"x"]


@pytest.mark.parametrize("comment", ["// a", "//// a", "/* a */", "/**/", "/*** a */"])
def test_other_comments_are_left_out(comment: str) -> None:
    assert [token.text for token in tokens(f"{comment}\nx".encode())] == [b"x"]


def test_tokens_know_their_line() -> None:
    assert [token.line for token in tokens(b'a\n"b\nb" c /*\n*/ d')] == [1, 2, 3, 4]


@pytest.mark.parametrize("source", [b"\xff\xfe", b"/*", b'"', b"'", b'r###"', b"1e", b"\\", b"(" * 10_000])
def test_nothing_makes_it_fail_or_lose_a_byte(source: bytes) -> None:
    kept = b"".join(text for text, _ in code(source))
    assert kept == (b"" if source == b"/*" else source)
