from __future__ import annotations

import runpy
import sys

import pytest

import vetflow.formats.toml
from vetflow.errors import Place, TomlError
from vetflow.formats.toml import decode_utf8, parse_toml


def failure(text: str) -> TomlError:
    with pytest.raises(TomlError) as raised:
        parse_toml(text, "some.toml")
    return raised.value


def test_tables_come_back_as_plain_values() -> None:
    assert parse_toml('[a]\nb = [1, "x", true]\n', "some.toml") == {"a": {"b": [1, "x", True]}}


def test_one_byte_order_mark_is_accepted_and_only_one() -> None:
    assert parse_toml("\ufeffa = 1\n", "some.toml") == {"a": 1}
    assert failure("\ufeff\ufeffa = 1\n").place == Place("some.toml", 1, 1)


def test_windows_line_ends_are_line_ends_in_strings_too() -> None:
    assert parse_toml('a = """\r\nx\r\ny"""\r\nb = 2\r\n', "some.toml") == {"a": "x\ny", "b": 2}


@pytest.mark.parametrize(
    ("text", "line", "column"),
    [
        ("a = 1\nb = = 2\n", 2, 5),
        ("a = 1\r\nb\r\n", 2, 2),
        ('a = "open', 1, 10),
        ("a = 1\na = 2\n", 2, 6),
        ("[t]\n[t]\n", 2, 3),
        ("a = 1\n# \x00\n", 2, 3),
    ],
)
def test_a_syntax_error_has_line_and_column(text: str, line: int, column: int) -> None:
    error = failure(text)

    assert error.place == Place("some.toml", line, column)
    assert error.message.startswith("some.toml is not valid TOML: ")
    assert "(at " not in error.message


@pytest.mark.parametrize("marker", ["<<<<<<< ours", "=======", ">>>>>>> theirs"])
def test_a_merge_conflict_is_called_one(marker: str) -> None:
    assert failure(f"a = 1\n{marker}\nb = 1\n").help == "this is a merge conflict: resolve it"


@pytest.mark.parametrize("text", ["a = " + "[" * 100_000, "a = " + "{b = " * 100_000])
def test_deep_nesting_is_an_error(text: str) -> None:
    assert failure(text).message == "some.toml is nested too deeply to be read"


def test_a_number_with_thousands_of_digits_is_an_error() -> None:
    assert "not valid TOML" in failure("a = " + "9" * 10_000).message


def test_text_that_is_not_utf8_is_refused_with_the_place_of_the_byte() -> None:
    with pytest.raises(TomlError) as raised:
        decode_utf8("a = 1\nä = ".encode() + b"\xff\n", "some.toml")

    assert raised.value.place == Place("some.toml", 2, 5)
    assert raised.value.message == "some.toml is not valid UTF-8: unexpected byte 0xff"


def test_a_character_cut_off_at_the_end_is_refused() -> None:
    with pytest.raises(TomlError) as raised:
        decode_utf8("é".encode()[:1], "some.toml")

    assert raised.value.place == Place("some.toml", 1, 1)


def test_utf8_is_decoded() -> None:
    assert decode_utf8("ä\r\n".encode(), "some.toml") == "ä\r\n"


def test_without_tomli_the_standard_library_reads_and_refuses_alike(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "tomli", None)
    fallback = runpy.run_path(vetflow.formats.toml.__file__)

    assert fallback["loads"].__module__.startswith("tomllib")
    assert fallback["parse_toml"]("a = 1\n", "some.toml") == {"a": 1}
    for text, place in [("a = 1\nb = = 2\n", Place("some.toml", 2, 5)), ("a = " + "[" * 9999, Place("some.toml"))]:
        with pytest.raises(TomlError) as raised:
            fallback["parse_toml"](text, "some.toml")
        assert raised.value.place == place
