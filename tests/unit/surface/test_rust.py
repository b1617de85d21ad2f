from __future__ import annotations

import pytest

from tests.crates import contents_of
from vetflow.surface.rust import RustSources, find_strings, first_error, live_children, parse_rust, string_value


def strings(text: str) -> list[str]:
    return [string_value(node) for node in find_strings(parse_rust("a.rs", text.encode()))]


@pytest.mark.parametrize(
    ("literal", "value"),
    [
        ('"plain"', "plain"),
        (r'"\x2e\n\t\r\\\"\'\0"', ".\n\t\r\\\"'\0"),
        (r'"\u{2E}\u{1F600}\u{00_41}"', ".\U0001f600A"),
        (r'"\u{110000}"', "\ufffd"),
        ('b"bytes"', "bytes"),
        ('c"c string"', "c string"),
        ('r"raw \\n"', "raw \\n"),
        ('r" \n begins with blanks"', " \n begins with blanks"),
        ('r##"a "# b"##', 'a "# b'),
        ('"one \\\n      two"', "one two"),
        ('""', ""),
    ],
)
def test_a_literal_has_the_value_the_compiler_gives_it(literal: str, value: str) -> None:
    assert strings(f"fn f() {{ g({literal}); }}") == [value]


def test_strings_are_found_everywhere_but_in_comments_and_code_for_tests() -> None:
    text = """
    // "comment"
    const A: &str = "a";
    m! { "b" }
    #[doc = "c"] fn f() {}
    #[cfg(test)] mod t { const B: &str = "left out"; }
    """
    assert strings(text) == ["a", "b", "c"]


def test_bytes_that_are_no_text_do_not_stop_the_parser() -> None:
    file = parse_rust("a.rs", b'fn f() { "\xff" } \0 mod a;')
    assert [string_value(node) for node in find_strings(file)] == ["\ufffd"]
    assert first_error(file) == 1


def test_the_first_place_that_is_no_rust_is_known() -> None:
    assert first_error(parse_rust("a.rs", b"fn f() {}\nmod a;\n")) is None
    assert first_error(parse_rust("a.rs", b"fn f() {}\nmod a;\nfn g( { ]\n")) == 3


def test_children_of_a_node_leave_out_comments_and_code_for_tests() -> None:
    file = parse_rust("a.rs", b"// one\nfn f() {}\n#[cfg(test)]\nmod t {}\n/* two */ struct S;")
    assert [node.type for node in live_children(file, file.tree.root_node)] == ["function_item", "struct_item"]


def test_a_file_is_parsed_once_and_whatever_its_name_is() -> None:
    sources = RustSources(contents_of({"logo.bin": "fn f() {}"}))
    assert sources.parsed("logo.bin") is sources.parsed("logo.bin")
    assert sources.parsed("logo.bin").tree.root_node.children[0].type == "function_item"
