"""How many lines there are to read in a whole version."""

from __future__ import annotations

import pytest

from tests.crates import files_of
from tests.suggesting import delta_of
from vetflow.diffing.contents import count_whole
from vetflow.model.suggestions import DiffStat

VERSION = delta_of("aa 1.0.0")
REVISION = delta_of("aa 1.0.0@git:" + "c3" * 20)


def whole(files: dict[str, str | bytes]) -> DiffStat:
    return count_whole(VERSION, files_of(files))


@pytest.mark.parametrize(
    ("content", "lines"),
    [("", 0), ("\n", 1), ("one", 1), ("one\n", 1), ("one\ntwo", 2), ("one\r\ntwo\r\n", 2), ("one\rtwo", 1)],
)
def test_a_line_ends_with_a_line_feed_and_the_last_one_need_not(content: str, lines: int) -> None:
    assert whole({"src/lib.rs": content}) == DiffStat(lines, 0, 1)


def test_all_files_are_counted_together() -> None:
    assert whole({"Cargo.toml": "a\n", "src/lib.rs": "b\nc\n", "empty": ""}) == DiffStat(3, 0, 3)


def test_what_cargo_writes_and_never_builds_is_not_counted_in_the_root() -> None:
    assert whole(dict.fromkeys(("Cargo.lock", ".cargo_vcs_info.json", ".cargo-ok"), "x\n")) == DiffStat(0, 0, 0)
    assert whole(dict.fromkeys(("sub/Cargo.lock", "sub/.cargo-ok"), "x\n")) == DiffStat(2, 0, 2)


def test_the_manifest_of_a_revision_is_not_counted_because_cargo_rewrites_it() -> None:
    files = files_of({"Cargo.toml": "a\n", "Cargo.toml.orig": "b\n", "sub/Cargo.toml": "c\n"})
    assert count_whole(VERSION, files) == DiffStat(3, 0, 3)
    assert count_whole(REVISION, files) == DiffStat(2, 0, 2)


def test_a_binary_file_is_a_file_without_lines() -> None:
    assert whole({"logo.png": b"\x89PNG\n\0\n"}) == DiffStat(0, 0, 1)
    assert whole({"late.bin": b"\n" * 8000 + b"\0"}) == DiffStat(8001, 0, 1)


@pytest.mark.parametrize("path", ["src/lib.rs", "Cargo.toml"])
def test_no_byte_makes_source_code_uncountable(path: str) -> None:
    assert whole({path: b"// \0\nfn hidden() {}\n"}) == DiffStat(2, 0, 1)
