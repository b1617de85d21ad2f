"""A path of a crate is the same file for everybody, or the crate is refused."""

from __future__ import annotations

import pytest

from vetflow.sources.crate_paths import check_distinct, check_path
from vetflow.sources.refusal import RefusedArchiveError


@pytest.mark.parametrize(
    "path", ["Cargo.toml", "src/lib.rs", "docs/ünï \u202e code.md", ".cargo/config.toml", "a..b/...c"]
)
def test_a_plain_path_is_fine(path: str) -> None:
    check_path(path, "x.crate")


@pytest.mark.parametrize("path", ["", "/etc/passwd", "a//b", "a/./b", "../a", "a/..", "a/", "."])
def test_a_path_leads_down_and_nowhere_else(path: str) -> None:
    with pytest.raises(RefusedArchiveError, match="is absolute, climbs up or is not in its simplest form"):
        check_path(path, "x.crate")


@pytest.mark.parametrize("path", ["a\x00b", "a\nb", "a\x1b[2K", "a\x7f", "a\x85"])
def test_a_path_has_no_control_characters(path: str) -> None:
    with pytest.raises(RefusedArchiveError, match="has a control character"):
        check_path(path, "x.crate")


def test_a_path_has_no_backslash() -> None:
    with pytest.raises(RefusedArchiveError, match="has a backslash"):
        check_path("src\\..\\..\\x", "x.crate")


def test_different_paths_are_fine() -> None:
    check_distinct(["a", "a-b/c", "ab", "b/a", "b/c", "src.rs", "src/lib.rs"], ["b", "src", "src", "empty"], "x.crate")


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("build.rs", "Build.rs"),
        ("src/lib.rs", "SRC/LIB.RS"),
        ("caf\u00e9.rs", "cafe\u0301.rs"),
        ("CAF\u00c9.rs", "cafe\u0301.rs"),
        ("stra\u00dfe", "STRASSE"),
        ("\u212bngstrom", "\u00e5ngstrom"),
        ("build.rs", "build\u200c.rs"),
    ],
)
def test_two_files_that_are_one_on_some_disk_are_refused(first: str, second: str) -> None:
    for files in ([first, "m", second], [second, "m", first]):
        with pytest.raises(RefusedArchiveError, match="differ in case or accents alone"):
            check_distinct(files, [], "x.crate")


def test_a_path_occurs_once() -> None:
    with pytest.raises(RefusedArchiveError, match="'a/b' occurs twice"):
        check_distinct(["a/b", "a/c", "a/b"], [], "x.crate")


@pytest.mark.parametrize(("files", "folders"), [(["a", "a/b"], []), (["A", "a-", "a/b/c"], []), (["a"], ["A"])])
def test_no_file_is_a_folder_too(files: list[str], folders: list[str]) -> None:
    with pytest.raises(RefusedArchiveError, match="is a file and"):
        check_distinct(files, folders, "x.crate")
