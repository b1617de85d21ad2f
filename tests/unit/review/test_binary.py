"""Which files a reviewer sees line by line is decided by vetflow."""

from __future__ import annotations

import pytest

from vetflow.model.contents import CrateFile
from vetflow.review.binary import binary

WITH_NUL = b"// \0\nfn hidden() {}\n"


def file(path: str, content: bytes = WITH_NUL) -> CrateFile:
    return CrateFile(path, executable=False, content=content)


@pytest.mark.parametrize(
    "path", ["src/lib.rs", "Cargo.toml", "a.S", "x.PY", "configure", "sub/Makefile", "README.md", "Cargo.toml.orig"]
)
def test_source_is_text_whatever_is_in_it(path: str) -> None:
    assert binary(file(path)) is None


@pytest.mark.parametrize("path", ["logo.png", "data", ".rs", "rs", "lib.rs.gz"])
def test_other_files_with_a_nul_are_not_shown_line_by_line(path: str) -> None:
    told = binary(file(path))
    assert told is not None
    assert (told.kind, told.head) == (None, WITH_NUL[:16])


def test_its_kind_is_told_where_its_first_bytes_say_it() -> None:
    told = binary(file("tool", b"\x7fELF\2\1\1\0"))
    assert told is not None
    assert told.kind == "ELF"


def test_files_without_a_nul_are_text() -> None:
    assert binary(file("logo.png", b"\x89PNG\xff")) is None
    assert binary(file("empty", b"")) is None


def test_a_script_is_text() -> None:
    assert binary(file("tool", b"#!/bin/sh\n\0")) is None


def test_what_the_compiler_reads_as_code_is_text_whatever_its_name() -> None:
    assert binary(file("docs/notes.bin"), code={"docs/notes.bin"}) is None
