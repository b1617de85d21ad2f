"""A diff that leaves something out says so, whatever the reason."""

from __future__ import annotations

import pytest

from tests.crates import contents_of
from vetflow.model.contents import CrateFile
from vetflow.review.binary import binary
from vetflow.review.patches import Change, FilePatch, Missing
from vetflow.review.reconcile import reconcile
from vetflow.review.verified import verified_patch

OLD = contents_of({"a.rs": "1\n", "b.rs": "1\n", "c.rs": "1\n"})
NEW = contents_of({"a.rs": "2\n", "b.rs": "1\n", "d.rs": "1\n"}, executable=["b.rs"])
NOT_THERE = "it differs and is not in the diff"


def patch(old: CrateFile | None, new: CrateFile | None, text: bytes = b"") -> FilePatch:
    return verified_patch(old and (old, binary(old)), new and (new, binary(new)), text, text)


CHANGED = patch(OLD["a.rs"], NEW["a.rs"], b"@@ -1 +1 @@\n-1\n+2\n")
MODE = patch(OLD["b.rs"], NEW["b.rs"])
RENAMED = patch(OLD["c.rs"], NEW["d.rs"])


def test_a_complete_diff_lacks_nothing() -> None:
    assert [file.change for file in (CHANGED, MODE, RENAMED)] == [Change.MODIFIED, Change.MODE, Change.RENAMED]
    assert list(reconcile(OLD, NEW, [CHANGED, MODE, RENAMED])) == []


def test_a_changed_file_and_a_changed_mode_are_missed() -> None:
    assert list(reconcile(OLD, NEW, [RENAMED])) == [Missing("a.rs", NOT_THERE), Missing("b.rs", NOT_THERE)]


def test_of_a_renamed_file_both_names_are_missed() -> None:
    assert [each.path for each in reconcile(OLD, NEW, [CHANGED, MODE])] == ["c.rs", "d.rs"]
    removed = patch(OLD["c.rs"], None, b"@@ -1 +0,0 @@\n-1\n")
    assert [each.path for each in reconcile(OLD, NEW, [CHANGED, MODE, removed])] == ["d.rs"]


@pytest.mark.parametrize("text", [b"", b"@@ -1 +1 @@\n-1\n+3\n", b"@@ -1 +1 @@\n-0\n+2\n", b"Binary files differ\n"])
def test_hunks_that_do_not_make_the_new_file_are_no_diff(text: bytes) -> None:
    lying = patch(OLD["a.rs"], NEW["a.rs"], text)
    assert list(reconcile(OLD, NEW, [lying, MODE, RENAMED])) == [
        Missing("a.rs", "its patch does not lead from the old text to the new one")
    ]


def test_the_patch_of_another_content_is_no_diff() -> None:
    other = CrateFile("a.rs", executable=False, content=b"3\n")
    stale = patch(OLD["a.rs"], other, b"@@ -1 +1 @@\n-1\n+3\n")
    assert list(reconcile(OLD, NEW, [stale, MODE, RENAMED])) == [Missing("a.rs", "its patch is of another content")]
