"""What differs between two crates, with everything in it, and what a crate can do about that: nothing."""

from __future__ import annotations

import os
from collections.abc import Collection, Mapping
from pathlib import Path

import pytest

from tests.crates import contents_of
from tests.unit.diffing.test_git import put_git
from vetflow.diffing.compare import compare_contents
from vetflow.errors import UndecidedError
from vetflow.review.hunks import parse_hunks
from vetflow.review.patches import Change, CrateDiff, FilePatch, LineKind

LINES = "".join(f"line {number}\n" for number in range(20))


def diff(old: Mapping[str, str | bytes], new: Mapping[str, str | bytes], programs: Collection[str] = ()) -> CrateDiff:
    made = compare_contents(contents_of(old), contents_of(new, programs), os.environ)
    assert made.incomplete == ()
    return made


def only(made: CrateDiff) -> FilePatch:
    (file,) = made.files
    return file


def test_what_happened_to_each_file_is_told() -> None:
    made = diff(
        {"changed": "1\n", "gone": "1\n", "run": "x\n", "old/name": LINES, "same": "1\n"},
        {"changed": "2\n", "come": "2\n", "run": "x\n", "new/name": LINES + "more\n", "same": "1\n"},
        programs=["run"],
    )
    assert {(file.path, file.change, file.added, file.removed) for file in made.files} == {
        ("changed", Change.MODIFIED, 1, 1),
        ("gone", Change.REMOVED, 0, 1),
        ("come", Change.ADDED, 1, 0),
        ("run", Change.MODE, 0, 0),
        ("new/name", Change.RENAMED, 1, 0),
    }
    assert (made.unchanged, made.lines) == (1, 5)
    assert [file.path for file in made.files] == sorted(file.path for file in made.files)


def test_a_file_is_found_by_its_new_and_its_old_path() -> None:
    made = diff({"old": LINES}, {"new": LINES})
    assert made.file("old") == made.file("new") == only(made)
    assert made.file("other") is None


def test_equal_crates_do_not_differ() -> None:
    assert diff({"a": "1\n", "b": b"\0"}, {"a": "1\n", "b": b"\0"}) == CrateDiff((), (), 2)


def test_empty_files_come_and_go() -> None:
    assert {(file.path, file.change) for file in diff({"a": ""}, {"b/c": "", "d": ""}).files} <= {
        ("a", Change.REMOVED),
        ("b/c", Change.ADDED),
        ("b/c", Change.RENAMED),
        ("d", Change.ADDED),
        ("d", Change.RENAMED),
    }


def test_of_binary_files_both_hashes_and_sizes_are_told() -> None:
    file = only(diff({"logo": b"\0old"}, {"logo": b"\0newer"}))
    assert file.old is not None
    assert file.new is not None
    assert (file.is_binary, file.text, file.old.size, file.new.size) == (True, b"", 4, 6)
    assert file.old.sha256 != file.new.sha256


def test_an_equal_binary_under_another_name_is_a_renamed_one() -> None:
    file = only(diff({"a.bin": b"\0same"}, {"b.bin": b"\0same"}))
    assert (file.change, file.path) == (Change.RENAMED, "b.bin")


def test_a_file_that_stops_being_binary_is_shown_whole() -> None:
    file = only(diff({"data": b"\0"}, {"data": "1\n2\n"}))
    assert (file.change, file.added, file.removed) == (Change.MODIFIED, 2, 0)
    file = only(diff({"data": "1\n2\n"}, {"data": b"\0"}))
    assert (file.change, file.added, file.removed) == (Change.MODIFIED, 0, 2)


def test_a_nul_hides_no_line_of_source() -> None:
    file = only(diff({"src/lib.rs": "a\n"}, {"src/lib.rs": b"a\n// \0\nfn evil() {}\n"}))
    assert (file.added, file.is_binary) == (2, False)


def test_code_is_text_whatever_its_name() -> None:
    old, new = contents_of({"x.bin": b"\0a\n"}), contents_of({"x.bin": b"\0a\nfn evil() {}\n"})
    file = only(compare_contents(old, new, os.environ, code=["x.bin"]))
    assert (file.added, file.is_binary) == (1, False)


def test_changed_line_endings_are_one_number_and_the_real_changes_remain() -> None:
    file = only(diff({"a.rs": LINES}, {"a.rs": LINES.replace("\n", "\r\n").replace("line 7\r", "line seven\r")}))
    assert (file.added, file.removed) == (20, 20)
    assert file.endings is not None
    assert (file.endings.lines, file.endings.added, file.endings.removed) == (19, 1, 1)
    changed = [line.text for hunk in parse_hunks(file.folded) for line in hunk.lines if line.kind is LineKind.ADDED]
    assert changed == ["line seven\r"]


def test_files_with_equal_contents_have_equal_hunks() -> None:
    made = diff({"a": "1\n", "b": "1\n"}, {"a": "2\n", "b": "2\n"})
    assert [file.text for file in made.files] == [b"@@ -1 +1 @@\n-1\n+2\n"] * 2


@pytest.mark.parametrize("where", ["old", "new", "both"])
@pytest.mark.parametrize("attributes", ["*.rs binary\n", "* -diff\n", "[attr]x -diff\n*.rs x\n", "* text eol=crlf\n"])
def test_attributes_that_a_crate_ships_hide_nothing(attributes: str, where: str) -> None:
    shipped = {".gitattributes": attributes, "src/.gitattributes": attributes}
    made = diff(
        {"src/lib.rs": "a\n", **(shipped if where != "new" else {})},
        {"src/lib.rs": "a\nfn evil() {}\n", **(shipped if where != "old" else {})},
    )
    file = made.file("src/lib.rs")
    assert file is not None
    assert (file.added, file.removed) == (1, 0)


def test_a_git_that_prints_nothing_leaves_an_incomplete_diff(tmp_path: Path) -> None:
    script = 'case " $* " in *diff-tree*) ;; *) PATH="$REAL"; exec git "$@";; esac'
    environ = put_git(tmp_path, script.replace("$REAL", os.environ["PATH"]))
    made = compare_contents(contents_of({"a": "1\n", "b": "1\n"}), contents_of({"a": "2\n", "b": "1\n"}), environ)
    assert [missing.path for missing in made.incomplete] == ["a"]


def test_without_git_there_is_no_answer(tmp_path: Path) -> None:
    with pytest.raises(UndecidedError, match="git cannot be run"):
        compare_contents(contents_of({"a": "1\n"}), contents_of({}), {"PATH": str(tmp_path)})


def test_binary_files_alone_need_no_git() -> None:
    made = compare_contents(contents_of({"a": b"\0"}), contents_of({}), {})
    assert (only(made).change, made.incomplete) == (Change.REMOVED, ())
