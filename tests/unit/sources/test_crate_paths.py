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


def test_two_files_that_are_one_on_some_disk_alone_are_fine() -> None:
    # The crates of windows-rs had such: both can be shown, and `surface` says where it matters.
    check_distinct(["README.md", "readme.md", "caf\u00e9.rs", "cafe\u0301.rs", "SRC", "src/lib.rs"], ["Src"], "x.crate")


@pytest.mark.parametrize("second", ["cargo.toml", "CARGO.TOML", "Cargo\u200c.toml"])
def test_there_is_one_manifest_on_every_disk(second: str) -> None:
    for files in (["Cargo.toml", "m", second], [second, "tests/cargo.toml", "Cargo.toml"]):
        with pytest.raises(RefusedArchiveError, match="only one of them can be the manifest"):
            check_distinct(files, [], "x.crate")
    check_distinct(["Cargo.toml", "tests/Cargo.toml", "tests/cargo.toml"], [], "x.crate")


def test_a_path_occurs_once() -> None:
    with pytest.raises(RefusedArchiveError, match="'a/b' occurs twice"):
        check_distinct(["a/b", "a/c", "a/b"], [], "x.crate")


@pytest.mark.parametrize(("files", "folders"), [(["a", "a/b"], []), (["a", "a-", "a/b/c"], []), (["a"], ["a"])])
def test_no_file_is_a_folder_too(files: list[str], folders: list[str]) -> None:
    with pytest.raises(RefusedArchiveError, match="is a file and"):
        check_distinct(files, folders, "x.crate")
