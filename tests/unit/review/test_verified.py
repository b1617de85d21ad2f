"""A file's patch is made with what can be checked of it."""

from __future__ import annotations

from vetflow.model.contents import CrateFile
from vetflow.review.patches import Binary, Change, Endings
from vetflow.review.verified import verified_patch

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
