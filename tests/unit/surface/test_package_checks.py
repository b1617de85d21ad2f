"""What a package holds besides readable code, as a whole analysis grades it."""

from __future__ import annotations

import json

import pytest

from tests.surfaces import analysed, graded, published, with_build_script, with_proc_macro

ELF = b"\x7fELF"
OBJECT = b"\x64\x86\x03\0"
GZIP = b"\x1f\x8b\x08\0"
WASM = b"\0asm"
NOTHING = "fn main() {}"


@pytest.mark.parametrize(
    ("path", "content", "lying", "named"),
    [
        ("data/x", ELF, 2, 3),
        ("data/x.dll", b"MZ\x90\0", 2, 3),
        ("data/x.o", OBJECT, 2, 2),
        ("data/x.a", b"!<arch>\ncode", 2, 2),
        ("data/x.lib", b"!<arch>\n", 1, 1),
        ("data/x.wasm", WASM, 1, 2),
        ("data/x.gz", GZIP, 1, 2),
        ("data/x.png", b"\x89PNG\0", 0, 1),
    ],
)
def test_a_blob_deserves_more_attention_when_build_time_code_names_it(
    path: str, content: bytes, lying: int, named: int
) -> None:
    rows = [each for each in analysed(with_build_script(NOTHING, {path: content})).evidence if each.path == path]
    assert [int(each.grade) for each in rows] == [lying]
    code = f'fn main() {{ look_at("{path}"); }}'
    rows = [each for each in analysed(with_build_script(code, {path: content})).evidence if each.path == path]
    assert [int(each.grade) for each in rows] == [named]


def test_a_program_is_named_by_its_file_name_alone() -> None:
    code = 'fn main() { look_at(format!("{}/helper", folder())); }'
    assert graded(analysed(with_build_script(code, {"deep/in/helper": ELF})))["blob/executable"] == 3
    assert graded(analysed(with_proc_macro(code, {"deep/in/helper": ELF})))["blob/executable"] == 3


def test_a_folder_is_no_name_for_what_is_in_it() -> None:
    code = 'fn main() { look_at("data"); }'
    assert graded(analysed(with_build_script(code, {"data/x.gz": GZIP})))["blob/compressed"] == 1


def test_a_thousand_import_libraries_are_one_line() -> None:
    files = {f"lib/lib{number}.a": b"!<arch>\n" for number in range(1000)}
    rows = [each for each in analysed(with_build_script(NOTHING, files)).evidence if each.capability == "blob"]
    assert [each.detail for each in rows] == ["import libraries in lib"]


def test_where_a_crate_is_not_under_review_only_what_the_build_names_is_judged() -> None:
    files = with_build_script('fn main() { look_at("data/x"); }', {"data/x": ELF, "data/y": ELF})
    analysis = analysed(files, under_review=False)
    assert [each.path for each in analysis.evidence if each.capability == "blob"] == ["data/x"]
    assert set(analysis.blobs) == {"data/x", "data/y"}


def test_a_script_that_may_be_run_is_a_note() -> None:
    files = published({"src/lib.rs": "", "ci/go": "#!/bin/sh\n", "ci/data": "text"}, executable=["ci/go", "ci/data"])
    assert [(each.rule, each.path) for each in analysed(files).evidence] == [("package/script", "ci/go")]


def test_source_text_that_is_no_utf8_is_an_alert_anywhere() -> None:
    files = published({"src/lib.rs": "", "tests/x.rs": b"// \xff", "tests/x.txt": b"\xff"})
    assert graded(analysed(files)) == {"hidden-text/encoding": 3}


def test_a_claim_of_uncommitted_changes_is_repeated() -> None:
    def info(**more: bool) -> str:
        return json.dumps({"git": {"sha1": "0" * 40, **more}, "path_in_vcs": "wrenfold"})

    assert graded(analysed(published({"src/lib.rs": "", ".cargo_vcs_info.json": info(dirty=True)}))) == {"vcs/dirty": 2}
    clean = analysed(published({"src/lib.rs": "", ".cargo_vcs_info.json": info()}))
    assert clean.evidence == ()
    assert clean.vcs is not None
    assert (clean.vcs.revision, clean.vcs.path, clean.vcs.dirty) == ("0" * 40, "wrenfold", False)


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"git": 1}', '{"git": {"sha1": 1}}', "[" * 100_000])
def test_a_claim_that_cannot_be_read_is_none(text: str) -> None:
    assert analysed(published({"src/lib.rs": "", ".cargo_vcs_info.json": text})).vcs is None


def test_another_spelling_of_build_rs_is_read_as_one_and_reported() -> None:
    analysis = analysed(published({"src/lib.rs": "", "Build.rs": NOTHING}))
    assert graded(analysis) == {"package/build-script-spelling": 2}
    assert analysis.surface.paths() == ("Build.rs",)
    assert analysis.surface.roots.build_scripts == ()
