from __future__ import annotations

import pytest

from vetflow.model.contents import CrateFile
from vetflow.surface.native_code import check_native_code


def rules(text: str) -> list[tuple[str, int | None]]:
    file = CrateFile("c/a.c", executable=False, content=text.encode())
    return [(each.rule, each.line) for each in check_native_code(file)]


@pytest.mark.parametrize(
    "text",
    [
        "\n__attribute__((constructor)) void f(void) {}",
        "\n__attribute__ (( __constructor__(101) )) void f(void);",
        "\n[[gnu::constructor]] void f();",
        '\nstatic void (*p)(void) __attribute__((section(".init_array"))) = f;',
        '\n__declspec(allocate(".CRT$XCU")) void (*p)(void) = f;',
    ],
)
def test_code_that_runs_when_it_is_loaded_is_pointed_out(text: str) -> None:
    assert rules(text) == [("compiled/runs-on-load", 2)]


@pytest.mark.parametrize("text", ['\n.incbin "x.bin"', "\n# embed <x.bin>"])
def test_a_file_that_is_taken_in_unseen_is_pointed_out(text: str) -> None:
    assert rules(text) == [("compiled/embeds-file", 2)]


@pytest.mark.parametrize("text", ["int add(int a, int b) { return a + b; }", "struct constructor c; // embedded", ""])
def test_ordinary_code_shows_nothing(text: str) -> None:
    assert rules(text) == []
