"""Where a name stands in the syntax, also within macros."""

from __future__ import annotations

import pytest

from vetflow.surface.rust import parse_rust
from vetflow.surface.syntax import Syntax, arguments_of, call_of


def call_at(code: str, name: str) -> list[str] | None:
    """Return the arguments of the call whose function a name is; None where it is not called."""
    syntax = Syntax(parse_rust("code.rs", code.encode()))
    start = code.encode().index(name.encode())
    node = syntax.node_at(start, start + len(name.encode()))
    call = None if node is None else call_of(node)
    return None if call is None else [(each.text or b"").decode() for each in arguments_of(call)]


@pytest.mark.parametrize(
    "code",
    [
        "fn f() { a::go(x, /* y */ 1); }",
        "fn f() { (a::go)(x, 1); }",
        "fn f() { a::go::<T>(x, 1); }",
        'fn f() { println!("{}", a::go(x, 1)); }',
        "fn f() { assert!(vec![one!(a::go(x, 1))].len()); }",
        "macro_rules! m { ($e:expr) => { let y = a::go(x, 1); }; }",
        "macro_rules! m { () => { inner! { if b { a::go(x, 1) } } } }",
        "é! { a::go(x, 1) }",
    ],
)
def test_a_call_is_found_wherever_it_stands(code: str) -> None:
    assert call_at(code, "a::go") == ["x", "1"]


def test_variables_of_macros_are_read_as_names() -> None:
    code = "macro_rules! m { ($a:expr, $b:expr) => {\n a::go($a, $b.c) } }"
    assert call_at(code, "a::go") == ["a", "b.c"]


@pytest.mark.parametrize("code", ["fn f() { let g = a::go; }", "fn f() { h(a::go) }", "fn f(x: a::go) {}", "m!(a::go)"])
def test_a_name_that_is_not_called_is_no_call(code: str) -> None:
    assert call_at(code, "a::go") is None


def test_lines_are_those_of_the_file() -> None:
    syntax = Syntax(parse_rust("code.rs", b"a\r\nb\n\nlast \xff"))
    assert [syntax.line(offset) for offset in (0, 2, 3, 5, 6, 9)] == [1, 1, 2, 3, 4, 4]
    assert [syntax.line_text(line) for line in (1, 2, 3, 4)] == ["a", "b", "", "last \ufffd"]
