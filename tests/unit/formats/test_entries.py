from __future__ import annotations

from typing import Any

import pytest

from vetflow.errors import Place, StoreError
from vetflow.formats.entries import Reader, is_user_id, read_file


def read_limits(reader: Reader, tables: dict[str, Any]) -> dict[str, tuple[str | None, ...]]:
    return reader.entries(tables, "limits", lambda reader, table: reader.text(table, "name"))


def test_a_file_without_problems_is_its_value() -> None:
    text = 'limits.a = [{ name = "x" }, {}]\nlimits.b = []\n'

    assert read_file(text, "f.toml", read_limits) == {"a": ("x", None)}


def test_one_problem_is_raised_as_itself() -> None:
    with pytest.raises(StoreError) as raised:
        read_file("[[limits.a]]\n[[limits.a]]\nname = 1\n", "f.toml", read_limits)

    assert raised.value.message == "limits.a.name: invalid type: integer `1`, expected a string"
    assert raised.value.place == Place("f.toml", 3, 8)
    assert raised.value.help == "write a string"
    assert raised.value.related == ()


def test_several_problems_are_told_together() -> None:
    with pytest.raises(StoreError) as raised:
        read_file("[[limits.a]]\nname = 1\n[[limits.b]]\nname = 2\n", "f.toml", read_limits)

    assert raised.value.message == "f.toml has 2 problems"
    assert [problem.place for problem in raised.value.related] == [
        Place("f.toml", 2, 8),
        Place("f.toml", 4, 8),
    ]


def test_reading_goes_on_after_a_problem_with_placeholders() -> None:
    reader = Reader()

    assert reader.strings({"a": 1}, "a") == ()
    assert len(reader.strings({"a": ["x", 1]}, "a")) == 2
    assert reader.text({"a": 1}, "a") is None
    assert reader.flag({"a": "true"}, "a") is None
    assert reader.table({"a": []}, "a") == {}
    assert str(reader.version({}, "a")) == "0.0.0"
    assert str(reader.date({}, "a")) == "0000-01-01"
    assert reader.source({}) == 0
    assert len(reader.problems) == 8


def test_paths_of_problems_start_at_the_table_being_read() -> None:
    reader = Reader()
    reader.at = ("audits", "anvil", 2)

    reader.string_map({"criteria-map": {"a": 1}}, "criteria-map")

    assert reader.problems[0].path == ("audits", "anvil", 2, "criteria-map", "a")
    assert reader.at == ("audits", "anvil", 2)


def test_long_values_are_cut_in_messages() -> None:
    reader = Reader()

    reader.flag({"a": "x" * 100_000}, "a")

    assert len(reader.problems[0].message) < 100


def test_control_characters_of_a_value_are_escaped_in_messages() -> None:
    reader = Reader()

    reader.flag({"a": "\x1b[2J"}, "a")

    assert reader.problems[0].message == 'invalid type: string "\\u001B[2J", expected a boolean'


@pytest.mark.parametrize(
    ("value", "expected"),
    [(0, True), (2**63 - 1, True), (2**63, False), (-1, False), (True, False), ("1", False), (1.0, False)],
)
def test_user_ids_are_whole_numbers_that_cargo_vet_can_hold(value: object, *, expected: bool) -> None:
    assert is_user_id(value) is expected
