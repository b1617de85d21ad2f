"""Pieces of a line and their kinds."""

from __future__ import annotations

from vetflow.review.highlight import Highlighter, Piece

CODE = 'let x = "ä"; // why\nlet y = "one\ntwo"; /* a\nb */ fn go() {}\n'


def kinds(code: str, line: int) -> list[tuple[str, str]]:
    """The texts of the pieces of a line with their kinds."""
    text = code.split("\n")[line - 1]
    return [(text[piece.start : piece.end], piece.kind) for piece in Highlighter(code.encode()).pieces(line)]


def test_pieces_are_counted_in_characters() -> None:
    assert kinds(CODE, 1) == [("let", "keyword"), ('"ä"', "string"), ("// why", "comment")]


def test_strings_and_comments_of_several_lines_go_on() -> None:
    assert kinds(CODE, 2)[-1] == ('"one', "string")
    assert kinds(CODE, 3) == [('two"', "string"), ("/* a", "comment")]
    assert kinds(CODE, 4) == [("b */", "comment"), ("fn", "keyword")]


def test_a_line_that_is_not_there_has_no_pieces() -> None:
    assert Highlighter(b"fn a() {}").pieces(0) == ()
    assert Highlighter(b"fn a() {}").pieces(9) == ()


def test_what_is_no_rust_has_pieces_all_the_same() -> None:
    assert isinstance(Highlighter(b'\x00\xff "x').pieces(1), tuple)
    assert Piece(0, 2, "keyword") in Highlighter(b"fn \xff() {}").pieces(1)
