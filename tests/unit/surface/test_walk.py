from __future__ import annotations

from collections.abc import Mapping

import pytest

from tests.crates import contents_of
from vetflow.surface.rust import RustSources
from vetflow.surface.tiers import Reached
from vetflow.surface.walk import Walk, walk


def walked(root: str, files: Mapping[str, str]) -> Walk:
    contents = contents_of({"Cargo.toml": "", **files})
    return walk(root, contents, RustSources(contents))


def reached(root: str, code: str, *others: str) -> set[str]:
    """Return the files of code that a root reaches; the others are empty and all there are."""
    return set(walked(root, {root: code, **dict.fromkeys(others, "")}).code) - {root}


@pytest.mark.parametrize(
    ("root", "code", "path"),
    [
        ("build.rs", "mod a;", "a.rs"),
        ("build.rs", "mod a;", "a/mod.rs"),
        ("build/main.rs", "mod a;", "build/a.rs"),
        ("ci/any.name", "mod a;", "ci/a.rs"),
        ("build.rs", "mod a { mod b; }", "a/b.rs"),
        ("build.rs", "mod a { mod b { mod c; } }", "a/b/c.rs"),
        ("build.rs", "pub(crate) mod r#type;", "type.rs"),
        ("build.rs", "fn f() { mod a; }", "a.rs"),
        ("build.rs", '#[path = "x.bin"] mod a;', "x.bin"),
        ("build.rs", 'fn f() { #[path = "x.bin"] mod a; }', "x.bin"),
        ("build.rs", '#[path = r"x.bin"] #[allow(unused)] pub mod a;', "x.bin"),
        ("build.rs", '#[r#path = "x.bin"] mod a;', "x.bin"),
        ("build.rs", '#[path = "d\\\\x.bin"] mod a;', "d/x.bin"),
        ("build.rs", '#[path = "d/../x.bin"] mod a;', "x.bin"),
        ("build.rs", 'mod a { #[path = "x.bin"] mod b; }', "a/x.bin"),
        ("build.rs", '#[path = "d"] mod a { mod b; }', "d/b.rs"),
        ("build.rs", '#[path = "d"] mod a { #[path = "x.bin"] mod b; }', "d/x.bin"),
        ("build.rs", '#[cfg_attr(windows, path = "x.bin")] mod a;', "x.bin"),
        ("build.rs", '#[cfg_attr(unix, cfg_attr(all(), path = "x.bin"))] mod a;', "x.bin"),
        ("build.rs", '#[cfg_attr(windows, path = "d")] mod a { mod b; }', "d/b.rs"),
        ("build.rs", '#[cfg_attr(windows, path = "d")] mod a { mod b; }', "a/b.rs"),
        ("build.rs", 'mod a { #![path = "d"] mod b; }', "d/b.rs"),
        ("build.rs", 'm! { mod a { #![path = "d"] mod b; } }', "d/b.rs"),
        ("build.rs", "pub /* 1 */ mod /* 2 */ a /* 3 */ ;", "a.rs"),
        ("build.rs", "m! { pub(in crate) mod /* 2 */ u8; }", "u8.rs"),
        ("build.rs", "m! { mod default; }", "default.rs"),
        ("build.rs", "#[cfg(windows)] mod a;", "a.rs"),
        ("build.rs", "#[cfg(not(test))] mod a;", "a.rs"),
        ("build.rs", "cfg_if! { if #[cfg(unix)] { mod a; } else { } }", "a.rs"),
        ("build.rs", 'm! { #[path = "x.bin"] pub(crate) mod a; }', "x.bin"),
        ("build.rs", "m! { mod a { pub mod b; } }", "a/b.rs"),
        ("build.rs", "macro_rules! m { () => { mod a; } }", "a.rs"),
        ("build.rs", 'include!("x.txt");', "x.txt"),
        ("build.rs", 'std::include! { "x.txt" }', "x.txt"),
        ("build.rs", 'fn f() -> u8 { include /* a */ ! ( /* b */ "x.txt" ) }', "x.txt"),
        ("build.rs", 'include!(concat!("d/", "x", ".txt"));', "d/x.txt"),
        ("build.rs", 'include!(concat!(env!("CARGO_MANIFEST_DIR"), "/d/x.txt"));', "d/x.txt"),
        ("build/main.rs", 'include!("../x.txt");', "x.txt"),
        ("build.rs", 'm! { include!("x.txt") }', "x.txt"),
        ("build.rs", 'use std::include as take; take!("x.txt");', "x.txt"),
        ("build.rs", 'include!("x\\u{2_e}txt");', "x.txt"),
    ],
)
def test_code_in_another_file_is_found(root: str, code: str, path: str) -> None:
    assert reached(root, code, path) == {path}


@pytest.mark.parametrize(
    "code",
    [
        "// mod a;",
        "/* mod a; */",
        'const A: &str = "mod a;";',
        "#[cfg(test)] mod a;",
        "#[cfg(all(test, unix))] mod a;",
        "#[cfg(test)] mod tests { mod a; }",
        "mod b;",
        'include_str!("a.rs");',
        'include_bytes!("a.rs");',
    ],
)
def test_other_files_are_not_code_of_the_unit(code: str) -> None:
    files = {"build.rs": code, "a.rs": "", "b.rs": "", "tests/a.rs": ""}
    assert "a.rs" not in walked("build.rs", files).code


def test_modules_of_a_file_are_in_a_folder_of_its_name() -> None:
    files = {"src/lib.rs": "mod a;", "src/a.rs": "mod b;", "src/a/b.rs": "mod c;", "src/a/b/c.rs": "", "src/b.rs": ""}
    assert set(walked("src/lib.rs", files).code) == {"src/lib.rs", "src/a.rs", "src/a/b.rs", "src/a/b/c.rs"}


@pytest.mark.parametrize(
    ("code", "path"),
    [('#[path = "d/x.rs"] mod a;', "d/x.rs"), ('include!("d/x.rs");', "d/x.rs"), ("mod d;", "d/mod.rs")],
)
def test_modules_of_a_file_that_was_named_by_its_path_are_beside_it(code: str, path: str) -> None:
    assert "d/b.rs" in walked("build.rs", {"build.rs": code, path: "mod b;", "d/b.rs": "", "d/x/b.rs": ""}).code


def test_a_module_in_a_macro_is_looked_for_where_the_macro_may_be_called() -> None:
    files = {"src/lib.rs": "mod macros; prelude!();", "src/macros.rs": "macro_rules! prelude { () => { mod types; } }"}
    found = walked("src/lib.rs", {**files, "src/types.rs": "", "src/other.rs": ""})
    assert "src/types.rs" in found.code
    assert found.unresolved == ()


def test_another_name_for_include_counts_in_every_file() -> None:
    files = {"build.rs": 'mod a; a::take!("x.txt");', "a.rs": "pub(crate) use std::include as take;", "x.txt": ""}
    assert "x.txt" in walked("build.rs", files).code


def test_the_way_to_each_file_is_kept() -> None:
    found = walked("build.rs", {"build.rs": "\nmod a;\n", "a.rs": '// first\ninclude!("x.txt");', "x.txt": ""})
    assert found.code == {
        "build.rs": Reached("Cargo.toml", None, "root"),
        "a.rs": Reached("build.rs", 2, "mod a"),
        "x.txt": Reached("a.rs", 2, "include!"),
    }


def test_data_is_what_is_included_as_text_or_bytes() -> None:
    code = 'const A: &str = include_str!("a.txt"); #[doc = include_str!("b.md")] const B: &[u8] = include_bytes!("c");'
    found = walked("build.rs", {"build.rs": code, "a.txt": "", "b.md": "", "c": "", "d": ""})
    assert (set(found.code), set(found.data)) == ({"build.rs"}, {"a.txt", "b.md", "c"})


@pytest.mark.parametrize(
    ("code", "what"),
    [
        ("mod a;", "no file for mod a"),
        ('#[path = "a.txt"] mod a;', "no file for mod a"),
        ('include!("a.txt");', "no file for include! of src/a.txt"),
        ("macro_rules! m { ($a:ident) => { mod $a; } }", "no file for a module that a macro names"),
    ],
)
def test_where_something_is_missing_all_rust_files_beside_it_are_taken(code: str, what: str) -> None:
    found = walked("src/lib.rs", {"src/lib.rs": code, "src/x.rs": "", "src/d/y.rs": "", "z.rs": "", "src/t.txt": ""})
    assert set(found.code) == {"src/lib.rs", "src/x.rs", "src/d/y.rs"}
    assert [row.what for row in found.unresolved] == [what]


def test_what_was_taken_for_want_of_better_gives_no_reason_to_take_more() -> None:
    found = walked("a/build.rs", {"a/build.rs": "mod gone;", "a/x.rs": 'mod lost; include!("../../y.rs");', "y.rs": ""})
    assert len(found.unresolved) == 1
    assert found.escaping == ()
    assert "y.rs" not in found.code


def test_a_root_that_is_not_there_is_missing() -> None:
    found = walked("build.rs", {"src/lib.rs": ""})
    assert [row.path for row in found.unresolved] == ["Cargo.toml"]
    assert set(found.code) == {"src/lib.rs"}


@pytest.mark.parametrize(
    ("code", "what"),
    [
        ('#[path = "../x.rs"] mod a;', "mod a is outside the package: ../x.rs"),
        ('include!("/srv/x.rs");', "include! reads outside the package: /srv/x.rs"),
        ('include!("C:\\\\x.rs");', "include! reads outside the package: C:/x.rs"),
        ('include_bytes!("../../.ssh/id_rsa");', "include_bytes! reads outside the package: ../../.ssh/id_rsa"),
        ('include!(concat!(env!("CARGO_MANIFEST_DIR"), "/../x.rs"));', "include! reads outside the package: ../x.rs"),
    ],
)
def test_a_path_that_leads_out_of_the_package_is_reported(code: str, what: str) -> None:
    assert [row.what for row in walked("build.rs", {"build.rs": code}).escaping] == [what]


def test_a_root_outside_the_package_is_reported() -> None:
    assert [row.what for row in walked("../make.rs", {}).escaping] == ["a root outside the package: ../make.rs"]


def test_documentation_may_come_from_outside_where_it_is_not_built() -> None:
    code = '#![cfg_attr(docsrs, doc = include_str!("../README.md"))]'
    assert walked("build.rs", {"build.rs": code}).escaping == ()


@pytest.mark.parametrize(
    "code",
    ['include!(env!("GENERATED"));', "include!($file);", 'include_str!(concat!(env!("HOME"), "/.ssh/id_rsa"));'],
)
def test_a_computed_path_is_reported(code: str) -> None:
    assert len(walked("build.rs", {"build.rs": code}).computed) == 1


def test_where_a_path_is_computed_every_file_that_a_string_names_may_be_code() -> None:
    code = 'macro_rules! take { ($f:literal) => { include!($f); } } take!("d/x.txt"); const A: &str = "Cargo.toml";'
    found = walked("build.rs", {"build.rs": code, "d/x.txt": "mod y;", "d/y.rs": "", "z.txt": ""})
    assert set(found.code) == {"build.rs", "d/x.txt", "d/y.rs"}


@pytest.mark.parametrize(
    "code",
    [
        'include!(concat!(env!("OUT_DIR"), "/x.rs"));',
        'macro_rules! m { ($f:expr) => { include!(concat!(env!("OUT_DIR"), $f)); } }',
        '#[path = concat!(env!("OUT_DIR"), "/x.rs")] mod a;',
    ],
)
def test_code_that_the_build_script_writes_is_told_apart(code: str) -> None:
    found = walked("src/lib.rs", {"src/lib.rs": code, "src/other.rs": ""})
    assert len(found.generated) == 1
    assert (found.unresolved, found.computed, set(found.code)) == ((), (), {"src/lib.rs"})


def test_files_that_include_each_other_come_to_an_end() -> None:
    files = {"build.rs": 'include!("build.rs"); #[path = "a.rs"] mod a;', "a.rs": '#[path = "a.rs"] mod a;'}
    assert set(walked("build.rs", files).code) == {"build.rs", "a.rs"}


def test_what_errors_hide_from_the_parser_is_found_in_the_text() -> None:
    code = 'fn f( { ] "unbalanced mod a; #[path = "x.bin"] mod b; include!("y.txt");'
    assert reached("build.rs", code, "a.rs", "x.bin", "y.txt") == {"a.rs", "x.bin", "y.txt"}


def test_code_may_be_nested_as_deeply_as_its_author_likes() -> None:
    depth = 5_000
    assert reached("build.rs", "m! {" + "{" * depth + " mod a; " + "}" * depth + "}", "a.rs") == {"a.rs"}
    assert reached("build.rs", "fn f() {" + "{" * depth + " mod a; " + "}" * depth + "}", "a.rs") == {"a.rs"}
