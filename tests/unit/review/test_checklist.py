"""The checklist of a crate: evidence for each item, with places, and keys that a changed byte changes."""

from __future__ import annotations

import pytest

from tests.checklists import Files, asked, places, question
from vetflow.model.checklists import ChecklistItem
from vetflow.review.checklist import Checklist, is_asked, merged
from vetflow.review.nearness import Where

BUILD = "fn main() {}\n"
LIB = "pub struct A;\n\nimpl A {\n    pub fn f(&self) {\n        unsafe { g() }\n    }\n}\n\nfn g() {}\n"
MACRO = "[lib]\nproc-macro = true\n"
DEPENDENCY = '[dependencies]\nanvil = { version = "1", optional = true }\n[features]\nbig = ["dep:anvil"]\n'

FOUND: dict[str, tuple[Files, str]] = {
    "build.programs": ({"build.rs": 'fn main() { std::process::Command::new("cc"); }'}, ""),
    "build.network": ({"build.rs": 'fn main() { std::net::TcpStream::connect("a.invalid:1"); }'}, ""),
    "build.downloads-pinned": ({"build.rs": 'fn main() { std::net::TcpStream::connect("a.invalid:1"); }'}, ""),
    "build.writes": ({"build.rs": 'fn main() { std::fs::write("/a", "b"); }'}, ""),
    "build.reads": ({"build.rs": 'fn main() { std::fs::read("/etc/passwd"); }'}, ""),
    "build.env": ({"build.rs": 'fn main() { std::env::var("A_TOKEN"); }'}, ""),
    "build.shipped-binaries": ({"a.bin": b"\x7fELF\2\1\1\0" + bytes(80)}, ""),
    "build.link-flags": ({"build.rs": 'fn main() { println!("cargo:rustc-link-arg=-z"); }'}, ""),
    "build.generated-code": (
        {"build.rs": "fn main() { prost_build::compile(); }"},
        "[build-dependencies]\nprost-build = '1'",
    ),
    "build.hermetic": ({"build.rs": "fn main() { std::time::SystemTime::now(); }"}, ""),
    "macro.own-io": ({"src/lib.rs": 'pub fn f() { std::fs::read("a"); }'}, MACRO),
    "macro.emits-unsafe": ({"src/lib.rs": "pub fn f() { quote::quote! { unsafe { g() } }; }"}, MACRO),
    "macro.output-predictable": ({"src/lib.rs": "pub fn f() { std::time::SystemTime::now(); }"}, MACRO),
    "unsafe.none": ({"src/lib.rs": LIB}, ""),
    "unsafe.delta": ({"src/lib.rs": LIB}, ""),
    "unsafe.final": ({"src/lib.rs": LIB}, ""),
    "unsafe.impls": ({"src/lib.rs": "struct A; unsafe impl Send for A {}"}, ""),
    "unsafe.ffi": ({"src/lib.rs": 'extern "C" { fn a(); }'}, ""),
    "imports.fs": ({"src/lib.rs": 'pub fn f() { std::fs::read("a"); }'}, ""),
    "imports.net": ({"src/lib.rs": 'pub fn f() { std::net::TcpStream::connect("a"); }'}, ""),
    "imports.process": ({"src/lib.rs": 'pub fn f() { std::process::Command::new("a"); }'}, ""),
    "imports.env": ({"src/lib.rs": 'pub fn f() { std::env::var("A"); }'}, ""),
    "imports.dlopen": (
        {"src/lib.rs": 'pub fn f() { libloading::Library::new("a"); }'},
        "[dependencies]\nlibloading = '1'",
    ),
    "crypto.implements": ({"src/lib.rs": "pub struct Aes128Ctr;"}, ""),
    "purpose.matches": ({"src/lib.rs": ""}, ""),
    "graph.packages": ({"src/lib.rs": ""}, DEPENDENCY),
    "graph.features": ({"src/lib.rs": ""}, DEPENDENCY),
    "rest.out-of-place": ({"src/lib.rs": "// a\u202eb\n"}, ""),
}
"""For each of vetflow's items that look into the crate a crate in which there is something for it."""


@pytest.mark.parametrize("item", FOUND)
def test_every_item_finds_what_it_asks_about(item: str) -> None:
    files, tables = FOUND[item]
    checklist = asked({"src/lib.rs": "", **files}, tables=f'description = "odd"\n{tables}')
    assert question(checklist, item).sites != ()
    assert question(checklist, item).rules > 0


def test_no_item_of_vetflow_is_without_such_a_test() -> None:
    old: Files = {"src/lib.rs": ""}
    everything = asked({**FOUND["build.network"][0], "src/lib.rs": LIB}, old, tables=DEPENDENCY)
    macro = asked({"src/lib.rs": ""}, tables=MACRO)
    linked = asked({"src/lib.rs": ""}, host=True)
    known = {each.item.id for checklist in (everything, macro, linked) for each in checklist.questions}
    elsewhere = {"unsafe.near", "build.linked", "people.publisher", "people.trusted-publishing", "people.age"}
    assert known - FOUND.keys() == elsewhere


def test_an_item_is_asked_of_crates_with_such_code_only() -> None:
    def groups(checklist: Checklist) -> set[str]:
        return {each.item.id.partition(".")[0] for each in checklist.for_criteria(["safe-to-deploy"]).questions}

    both = {"unsafe", "purpose", "graph", "people", "rest", "build"}  # build.shipped-binaries is about any package
    assert groups(asked({"src/lib.rs": ""})) == both | {"imports"}
    assert groups(asked({"src/lib.rs": ""}, tables=MACRO)) == both | {"macro"}
    programs = {each.item.id for each in asked({"build.rs": BUILD, "src/lib.rs": ""}).questions}
    assert {"build.programs", "build.env"} <= programs
    assert "build.downloads-pinned" not in programs, "nothing is downloaded"


def test_what_runs_within_a_build_is_asked_about_for_that_criterion() -> None:
    library = {"src/lib.rs": 'pub fn f() { std::process::Command::new("a"); }'}
    assert places(asked(library, host=True), "build.linked") == ["src/lib.rs:1"]
    assert "build.linked" not in {each.item.id for each in asked(library).questions}


def test_places_are_told_by_where_they_stand_to_the_change() -> None:
    new = LIB.replace("fn g() {}", "fn g() { unsafe { h() } }") + "mod b {\n    pub unsafe fn h() {}\n}\n"
    old = LIB + "mod b {\n    pub unsafe fn h() {}\n}\n"
    checklist = asked({"src/lib.rs": new}, {"src/lib.rs": old})
    found = question(checklist, "unsafe.none")
    assert [found.count(where) for where in Where] == [1, 1, 1]
    assert places(checklist, "unsafe.delta") == ["src/lib.rs:9"]
    assert places(checklist, "unsafe.near") == ["src/lib.rs:5"]
    assert sorted(places(checklist, "unsafe.none")) == ["src/lib.rs:11", "src/lib.rs:5", "src/lib.rs:9"]


def test_every_line_is_a_place_also_of_what_is_ordinary() -> None:
    """The survey of a crate names an expected thing once; a delta may bring the second place of it."""
    old = 'pub fn f() { std::fs::write("a", "b"); }\n'
    new = old + 'pub fn g() { std::fs::write("a", "b"); }\n'
    checklist = asked({"src/lib.rs": new}, {"src/lib.rs": old})
    assert [site.where for site in question(checklist, "imports.fs").sites] == [Where.DELTA, Where.NEAR]


def test_nothing_is_near_where_all_is_new() -> None:
    assert "unsafe.near" not in {each.item.id for each in asked({"src/lib.rs": LIB}).questions}


# -- keys --------------------------------------------------------------------------------------------------------------


def keys(files: Files, item: str = "unsafe.none") -> list[str]:
    return sorted(question(asked({"src/lib.rs": "", **files}), item).keys)


def test_a_place_keeps_its_key_as_long_as_the_code_it_stands_in_does() -> None:
    before = keys({"src/lib.rs": LIB})
    assert keys({"src/lib.rs": f"//! New.\n\nuse a;\n{LIB}\nfn other() {{}}\n"}) == before
    assert keys({"src/lib.rs": LIB.replace("fn g() {}", "fn g() { 1; }")}) == before


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("unsafe { g() }", "unsafe { g()  }"),
        ("unsafe { g() }", "unsafe { h() }"),
        ("    pub fn f", "    #[cfg(unix)]\n    pub fn f"),
        ("    pub fn f", "    // SAFETY: fine\n    pub fn f"),
        ("        unsafe", "        check();\n        unsafe"),
        ("impl A", "impl B"),
        ("pub fn f(&self)", "pub fn f(&mut self)"),
    ],
)
def test_one_changed_byte_around_a_place_changes_its_key(old: str, new: str) -> None:
    assert old in LIB
    assert set(keys({"src/lib.rs": LIB})).isdisjoint(keys({"src/lib.rs": LIB.replace(old, new, 1)}))


@pytest.mark.parametrize(
    ("old", "new"), [('version = "1"', 'version = "2"'), ("default-features = false\n", ""), ('["a"]', '["a", "b"]')]
)
def test_a_dependency_is_told_by_all_that_its_table_says(old: str, new: str) -> None:
    """Published manifests have a table for each dependency."""
    table = '[dependencies.anvil]\nversion = "1"\nfeatures = ["a"]\ndefault-features = false\n'

    def key(tables: str) -> tuple[str, ...]:
        return question(asked({"src/lib.rs": ""}, tables=tables), "graph.packages").keys

    assert key(table) != key(table.replace(old, new))
    assert key(table) == key(f'{table}[dependencies.forge]\nversion = "1"\n')[:1]


def test_the_same_words_elsewhere_are_another_place() -> None:
    twice = "fn f() {\n    unsafe { g() }\n    unsafe { g() }\n}\n"
    assert len(set(keys({"src/lib.rs": twice}))) == 2
    assert len(set(keys({"src/lib.rs": f"mod b;\n{LIB}", "src/b.rs": LIB}))) == 2


def test_a_second_place_of_the_same_words_does_not_take_the_first_ones_answer() -> None:
    one = "m! { unsafe }\n"
    assert len(set(keys({"src/lib.rs": one * 2})) - set(keys({"src/lib.rs": one}))) == 1


def test_what_was_not_found_is_keyed_by_all_that_was_searched() -> None:
    files = {"build.rs": BUILD, "src/lib.rs": ""}
    before = keys(files, "build.network")
    assert keys({**files, "src/lib.rs": "fn other() {}"}, "build.network") == before, "the build script is the same"
    assert keys({**files, "build.rs": "fn main() { }\n"}, "build.network") != before
    assert keys({"src/lib.rs": "fn a() {}"}, "imports.net") != keys({"src/lib.rs": "fn b() {}"}, "imports.net")


def test_a_question_about_a_delta_is_another_one_about_another_delta() -> None:
    new, one, other = {"src/lib.rs": "fn a() {}"}, {"src/lib.rs": "fn b() {}"}, {"src/lib.rs": "fn c() {}"}
    assert question(asked(new, one), "unsafe.delta").keys != question(asked(new, other), "unsafe.delta").keys


# -- a project's own items ---------------------------------------------------------------------------------------------

OURS = ChecklistItem("unsafe.none", "unsafe", "Any?", ("ub-*",))
OWN = ChecklistItem("own.logs", "logs", "What is logged?", ("*",))


def test_an_own_item_takes_the_place_of_the_one_it_is_called_after_or_follows() -> None:
    shipped = (OURS, OWN._replace(id="rest.all"))
    own = (OWN, OURS._replace(text="Really any?"))
    assert [(item.id, item.text) for item in merged(shipped, own)] == [
        ("unsafe.none", "Really any?"),
        ("rest.all", "What is logged?"),
        ("own.logs", "What is logged?"),
    ]


def test_an_item_is_asked_for_the_criteria_it_names() -> None:
    assert is_asked(OURS, ["safe-to-run", "ub-risk-0"])
    assert is_asked(OWN, ["anything"])
    assert not is_asked(OURS, ["safe-to-deploy"])
    assert not is_asked(OWN._replace(criteria=()), ["safe-to-deploy"])
