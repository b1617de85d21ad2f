"""What lines of Rust code stand in: nobody can change that and keep its digest."""

from __future__ import annotations

import pytest

from vetflow.review.enclosing_code import enclosing_code

WHOLE = "fn strike(p: *const u8) {\n    let p = good(p);\n    unsafe { *p }\n}\n"


def around(code: str) -> list[bytes]:
    """Return the digests for the line with `unsafe`."""
    line = next(number for number, text in enumerate(code.split("\n"), 1) if "unsafe" in text)
    return enclosing_code("src/lib.rs", code.encode()).around([line])


@pytest.mark.parametrize(
    "code",
    [
        WHOLE,
        f"impl Anvil {{\n{WHOLE}}}\n",
        WHOLE.replace("}\n}\n", "} } // fine\n"),
        WHOLE.replace("}\n}\n", "} } /* fine */\n"),
        WHOLE.replace("}\n}\n", "} } fn other() {}\n"),
        WHOLE.replace("unsafe", "fn inner() {} unsafe"),
        WHOLE.replace("}\n}\n", "} fn inner() {}\n}\n"),
        "impl Anvil {\n" + WHOLE.replace("}\n}\n", "} } const WEIGHT: u8 = 1;\n") + "}\n",
        "fn other() {} fn strike(p: *const u8) { unsafe { *p };\n    good(p);\n}\n",
    ],
)
def test_the_whole_function_counts_whatever_else_stands_on_the_line(code: str) -> None:
    assert around(code) != around(code.replace("good", "evil"))


def test_other_functions_do_not() -> None:
    assert around(WHOLE) == around(f"fn other() {{}}\n\n{WHOLE}fn one_more() {{}}\n")


def test_a_line_of_many_items_costs_no_more_than_their_lines() -> None:
    code = "fn a() {} " * 20_000 + "unsafe fn b() {}\n"
    assert len(around(code)) == 1
