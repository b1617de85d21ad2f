"""The function, type or module a line is in."""

from __future__ import annotations

import pytest

from vetflow.review.items import enclosing, items

CODE = b"""\
mod outer {
    impl<T> Trait for Thing<T> {
        fn method(&self) {
            1;
        }
    }
    impl Thing<u8> { const A: u8 = 1; }
}
macro_rules! make {
    () => { fn inner() {} };
}
extern "C" {
    fn system(command: *const u8);
}
"""


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (1, ("mod outer",)),
        (4, ("mod outer", "impl Trait for Thing<T>", "fn method")),
        (7, ("mod outer", "impl Thing<u8>", "const A")),
        (10, ("macro_rules! make",)),
        (13, ("extern", "fn system")),
        (15, ()),
    ],
)
def test_a_line_is_in_the_items_around_it(line: int, expected: tuple[str, ...]) -> None:
    assert enclosing(items(CODE), line) == expected


@pytest.mark.parametrize("content", [b"", b"\0\xff", b"fn a( { mod", b"((((" * 20000, b"mod a {" * 3000])
def test_nothing_makes_it_fail(content: bytes) -> None:
    assert isinstance(enclosing(items(content), 1), tuple)
