"""`unsafe` and looked-for words in all Rust code of a crate, whatever hides or only resembles them."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.crates import contents_of
from vetflow.surface.whole_crate import WholeCrate

EMITTING = ("quote",)


def crate(files: dict[str, str | bytes], code: tuple[str, ...] = ()) -> WholeCrate:
    return WholeCrate(contents_of(files), {}, code, EMITTING)


def kinds(code: str) -> list[str]:
    return [each.rule.partition("/")[2] for each in crate({"src/lib.rs": code}).find_unsafe()]


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("fn f() { unsafe { g() } }", "block"),
        ("unsafe fn f() {}", "fn"),
        ('unsafe extern "C" fn f() {}', "fn"),
        ("unsafe impl Send for A {}", "impl"),
        ("unsafe trait A {}", "trait"),
        ('unsafe extern "C" { fn f(); }', "extern"),
        ("#[unsafe(no_mangle)] fn f() {}", "attribute"),
        ("type F = unsafe fn();", "fn"),
        ("m!(unsafe);", "other"),
        ("quote! { unsafe { f() } }", "emitted"),
        ("m! { # unsafe {} }", "block"),
        ("fn f() { unsafe\n\n{ g() } }", "block"),
        ("fn f<'a>(c: char) { if c == '\"' { unsafe { g() } } }", "block"),
        ('fn f() { let a = r#"""#; unsafe { g() } }', "block"),
        ("#[cfg(not(test))] mod a { unsafe fn f() {} }", "fn"),
    ],
)
def test_each_unsafe_is_found_and_named_by_what_it_begins(code: str, kind: str) -> None:
    assert kinds(code) == [kind]


@pytest.mark.parametrize(
    "code",
    [
        "// unsafe\n/* unsafe /* nested */ unsafe */",
        '#![doc = "unsafe"] const A: &str = "unsafe { }"; const B: &str = r#"unsafe"#;',
        "#![forbid(unsafe_code)]\n#![deny(unsafe_op_in_unsafe_fn)]\nfn very_unsafe() {}",
        "fn r#unsafe() {}",
        "#[cfg(test)] mod tests { fn f() { unsafe { g() } } }",
        "#[cfg(all(test, unix))] unsafe fn f() {}",
    ],
)
def test_comments_literals_longer_words_and_tests_have_none(code: str) -> None:
    assert kinds(code) == []


def test_all_files_count_that_a_user_may_build() -> None:
    files: dict[str, str | bytes] = dict.fromkeys(
        (
            "src/lib.rs",
            "src/bin/a.rs",
            "build.rs",
            "other/b.rs",
            "tests/t.rs",
            "benches/b.rs",
            "examples/e.rs",
            "c.txt",
        ),
        "unsafe fn f() {}",
    )
    found = [each.path for each in crate(files).find_unsafe()]
    assert found == ["build.rs", "other/b.rs", "src/bin/a.rs", "src/lib.rs"]
    reached = [each.path for each in crate(files, ("tests/t.rs", "c.txt")).find_unsafe()]
    assert set(reached) - set(found) == {"tests/t.rs", "c.txt"}


@pytest.mark.parametrize(
    ("code", "is_said"),
    [
        ("// SAFETY: fine\nunsafe fn f() {}", True),
        ("/// # Safety\n///\n/// never\n#[inline]\npub unsafe fn f() {}", True),
        ("fn f() {\n    unsafe { // safety: fine\n        g()\n    }\n}", True),
        ("fn f() {\n    unsafe {\n        // SAFETY: fine\n        g()\n    }\n}", True),
        ("// SAFETY: of something else\nfn g() {}\nunsafe fn f() {}", False),
        ("fn safety() {}\nunsafe fn f() {}", False),
    ],
)
def test_whether_a_comment_says_why_is_told(code: str, *, is_said: bool) -> None:
    (found,) = crate({"src/lib.rs": code}).find_unsafe()
    assert ("no comment on its safety" not in found.detail) is is_said


@given(st.lists(st.sampled_from(["unsafe { f() }", "// unsafe", '"unsafe"', "fn g() {}", "'u'", "/* unsafe */", ";"])))
def test_the_count_is_that_of_the_tokens(pieces: list[str]) -> None:
    assert len(kinds("\n".join(pieces))) == pieces.count("unsafe { f() }")


def words(code: str, *patterns: str) -> list[str]:
    return [each.detail for each in crate({"src/lib.rs": code}).find_words(patterns)]


def test_a_word_is_a_part_of_an_identifier() -> None:
    code = "struct AesCtr; fn sha256_core() {} const SHA256_K: u8 = 0; fn a() { cipher::seal() } use decipherer as d;"
    assert words(code, "aes", "sha256", "cipher") == ["AesCtr", "sha256_core", "SHA256_K", "cipher"]
    assert words(code, "*cipher*") == ["cipher", "decipherer"]
    assert words(code) == []


def test_words_in_comments_and_literals_are_none() -> None:
    assert words('// aes\nconst A: &str = "aes"; #[cfg(test)] mod aes {}', "aes") == []


def test_an_identifier_counts_once_in_a_file() -> None:
    found = list(crate({"a.rs": "aes(); aes();\naes()", "b.rs": "\naes()"}).find_words(["aes"]))
    assert [(each.path, each.line) for each in found] == [("a.rs", 1), ("b.rs", 2)]
    assert all(one.path <= other.path for one, other in pairwise(found))
