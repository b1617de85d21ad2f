"""Whether a delta changes code, and what differs all the same."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from tests.crates import contents_of
from vetflow.surface.code_change import CodeChange, CodeException, ExceptionKind, code_change

CODE = "/// Says hello.\npub fn hello() { greet(1); }\n"


def change(
    old: Mapping[str, str | bytes], new: Mapping[str, str | bytes], *, manifest_differs: bool = False
) -> CodeChange:
    return code_change(contents_of(old), contents_of(new), manifest_differs=manifest_differs)


def kinds(made: CodeChange) -> list[tuple[ExceptionKind, str]]:
    return [(exception.kind, exception.path) for exception in made.exceptions]


def test_comments_and_layout_change_no_code() -> None:
    made = change({"src/lib.rs": CODE}, {"src/lib.rs": CODE.replace("{ greet(1); }", "{\n    greet(1); // once\n}")})
    assert made == CodeChange((), 1, ())
    assert made.is_none


@pytest.mark.parametrize(
    "new",
    [
        {"src/lib.rs": CODE.replace("1", "2")},
        {"src/lib.rs": CODE, "src/new.rs": ""},
        {},
        {"src/lib.rs": CODE, "data.bin": "x"},
        {"src/lib.rs": CODE, "build.sh": "x"},
    ],
)
def test_other_tokens_and_other_files_do(new: Mapping[str, str]) -> None:
    assert not change({"src/lib.rs": CODE}, new).is_none


def test_the_manifest_counts_by_what_it_says() -> None:
    old, new = {"Cargo.toml": "[package]\n"}, {"Cargo.toml": "# written anew\n[package]\n"}
    assert change(old, new).is_none
    assert change(old, new, manifest_differs=True).changed == ("Cargo.toml",)


def test_documentation_is_named_because_macros_see_it() -> None:
    made = change({"src/lib.rs": CODE}, {"src/lib.rs": CODE.replace("hello.", "goodbye.")})
    assert made.is_none
    assert made.exceptions == (CodeException(ExceptionKind.DOC_TEXT, "src/lib.rs", 1),)


def test_documentation_of_something_else_is_another() -> None:
    made = change({"src/lib.rs": "/// A\nfn a() {}\nfn b() {}"}, {"src/lib.rs": "fn a() {}\n/// A\nfn b() {}"})
    assert kinds(made) == [(ExceptionKind.DOC_TEXT, "src/lib.rs")]


def test_line_numbers_are_named_where_code_asks_for_them() -> None:
    old = "fn a() { trace(line!()); }\n"
    assert kinds(change({"src/lib.rs": old}, {"src/lib.rs": "\n" + old})) == [
        (ExceptionKind.LINE_NUMBERS, "src/lib.rs")
    ]
    assert kinds(change({"src/lib.rs": CODE}, {"src/lib.rs": "\n" + CODE})) == []


def test_documents_are_named_and_the_more_so_where_code_names_them() -> None:
    old = {"src/lib.rs": CODE, "README.md": "a\n", "LICENSE-MIT": "a\n", ".cargo_vcs_info.json": "{}"}
    new = {"src/lib.rs": CODE, "README.md": "b\n", "LICENSE-MIT": "b\n"}
    assert kinds(change(old, new)) == [
        (ExceptionKind.DOCUMENT, ".cargo_vcs_info.json"),
        (ExceptionKind.DOCUMENT, "LICENSE-MIT"),
        (ExceptionKind.DOCUMENT, "README.md"),
    ]
    included = {"src/lib.rs": CODE + '#![doc = include_str!("../README.md")]\n'}
    assert kinds(change({**old, **included}, {**new, **included}))[-1] == (ExceptionKind.INCLUDED, "README.md")
    mentioned = {"src/lib.rs": CODE + "// see README.md\n"}
    assert kinds(change({**old, **mentioned}, {**new, **mentioned}))[-1] == (ExceptionKind.DOCUMENT, "README.md")
