"""The lines of a patch: what ends one, how they apply, and which change nothing but white space."""

from __future__ import annotations

import pytest

from vetflow.review.hunks import apply_hunks, changes_only_white_space, parse_hunks, split_lines
from vetflow.review.patches import LineKind, PatchLine

REPLACED = b"@@ -1,2 +1,2 @@ fn before()\n one\n-two\n+2\n"


def only_white_space(removed: str, added: str) -> bool:
    lines = [*(f"-{line}\n" for line in removed.split("\n")), *(f"+{line}\n" for line in added.split("\n"))]
    header = f"@@ -1,{removed.count(chr(10)) + 1} +1,{added.count(chr(10)) + 1} @@\n"
    (hunk,) = parse_hunks((header + "".join(lines)).encode())
    return changes_only_white_space(hunk)


def test_lines_have_their_number_on_each_side() -> None:
    (hunk,) = parse_hunks(REPLACED)
    assert hunk.lines == (
        PatchLine(LineKind.CONTEXT, 1, 1, "one"),
        PatchLine(LineKind.REMOVED, 2, None, "two"),
        PatchLine(LineKind.ADDED, None, 2, "2"),
    )


def test_only_a_line_feed_ends_a_line() -> None:
    text = "a\rb\x0bc\x0cd\x1ce\x85f\u2028g"
    (hunk,) = parse_hunks(f"@@ -0,0 +1 @@\n+{text}\n".encode())
    assert [line.text for line in hunk.lines] == [text]


def test_what_is_no_utf_8_is_kept() -> None:
    (hunk,) = parse_hunks(b"@@ -0,0 +1 @@\n+\xff\xfe\n")
    assert apply_hunks(b"", [hunk]) == b"\xff\xfe\n"


def test_a_file_without_a_line_feed_at_its_end_keeps_none() -> None:
    hunks = parse_hunks(b"@@ -1 +1 @@\n-a\n\\ No newline at end of file\n+b\n\\ No newline at end of file\n")
    assert [line.has_newline for line in hunks[0].lines] == [False, False]
    assert apply_hunks(b"a", hunks) == b"b"
    assert apply_hunks(b"a\n", hunks) is None


def test_lines_that_look_like_a_patch_are_lines() -> None:
    content = b"--- a/x\n+++ b/x\n@@ -1 +1 @@\ndiff --git a/x b/x\n\\ No newline at end of file\n"
    hunks = parse_hunks(b"@@ -0,0 +1,5 @@\n" + b"".join(b"+" + line for line in split_lines(content)))
    assert apply_hunks(b"", hunks) == content


@pytest.mark.parametrize(
    "text", [b"nonsense\n", b"@@ -1,2 +1,2 @@\n one\n", b"@@ -1 +1,2 @@\n-a\n+b\n?c\n", b"@@ -1 +1 @@\n a\n b\n"]
)
def test_what_is_no_patch_is_refused(text: bytes) -> None:
    with pytest.raises(ValueError, match="unk"):
        parse_hunks(text)


def test_hunks_apply_only_where_every_byte_fits() -> None:
    hunks = parse_hunks(REPLACED)
    assert apply_hunks(b"one\ntwo\nthree\n", hunks) == b"one\n2\nthree\n"
    assert apply_hunks(b"one\ntwo \n", hunks) is None
    assert apply_hunks(b"zero\none\ntwo\n", hunks) is None
    assert apply_hunks(b"one\n", hunks) is None
    assert apply_hunks(b"one\ntwo\n", [*hunks, *hunks]) is None


def test_blanks_and_empty_lines_are_white_space() -> None:
    assert only_white_space("fn a( b )", "    fn  a( b )  ")
    assert only_white_space("a\n\nb", "a\nb")
    assert only_white_space("a", "a\r")


@pytest.mark.parametrize(
    ("removed", "added"),
    [("a b", "ab"), ("a\rb", "ab"), ("a", "a\x0c"), ("a b", "a\u00a0b"), ("a", "b"), ("a\nb", "a b")],
)
def test_anything_else_is_not(removed: str, added: str) -> None:
    assert not only_white_space(removed, added)
