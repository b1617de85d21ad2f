"""A file's patch is made with what can be checked of it."""

from __future__ import annotations

import pytest

from vetflow.model.contents import CrateFile
from vetflow.review.hunks import apply_hunks, parse_hunks
from vetflow.review.patches import Binary, Change, Endings
from vetflow.review.verified import unchanged_patch, verified_patch

UNIX = CrateFile("a", executable=False, content=b"1\n2\n")
DOS = CrateFile("a", executable=False, content=b"1\r\n2\r\n3\r\n")
ALL = b"@@ -1,2 +1,3 @@\n-1\n-2\n+1\r\n+2\r\n+3\r\n"
FOLDED = b"@@ -1,2 +1,3 @@\n 1\r\n 2\r\n+3\r\n"
ELF = CrateFile("a", executable=True, content=b"\x7fELF\0")


def test_changed_line_endings_are_told_by_their_number() -> None:
    patch = verified_patch((UNIX, None), (DOS, None), ALL, FOLDED)
    assert (patch.applies, patch.added, patch.removed) == (True, 3, 2)
    assert patch.endings == Endings(2, FOLDED, 1, 0)
    assert patch.folded == FOLDED


def test_white_space_hunks_are_counted() -> None:
    text = b"@@ -1,2 +1,2 @@\n-1\n+  1\n 2\n"
    new = UNIX._replace(content=b"  1\n2\n")
    assert verified_patch((UNIX, None), (new, None), text, text).white_space_hunks == 1


def test_what_is_not_text_has_hashes_instead_of_lines() -> None:
    patch = verified_patch(
        (UNIX, None), (ELF, Binary("ELF", ELF.content)), b"@@ -1,2 +0,0 @@\n-1\n-2\n", b"@@ -1,2 +0,0 @@\n-1\n-2\n"
    )
    assert (patch.change, patch.applies, patch.is_binary, patch.removed) == (Change.MODIFIED, True, True, 2)
    assert patch.new is not None
    assert (patch.new.size, patch.new.executable) == (5, True)


@pytest.mark.parametrize("content", [b"", b"1", b"1\n", b"1\n\n@@ -1 +1 @@\n+2", b"a\r\nb\rc\n", b"\\ No newline\n"])
def test_all_of_a_file_that_did_not_change_can_be_shown(content: bytes) -> None:
    patch = unchanged_patch(UNIX._replace(content=content), None)
    hunks = parse_hunks(patch.text)
    assert apply_hunks(content, hunks) == content
    assert "".join(line.text + "\n" * line.has_newline for hunk in hunks for line in hunk.lines).encode() == content
    assert (patch.old == patch.new, patch.lines) == (True, 0)


def test_of_what_is_not_text_and_did_not_change_there_are_no_lines() -> None:
    patch = unchanged_patch(ELF, Binary("ELF", ELF.content))
    assert (patch.text, patch.is_binary, patch.applies) == (b"", True, True)
