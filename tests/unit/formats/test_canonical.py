from __future__ import annotations

import pytest

from vetflow.formats.canonical import UserId, Value, entry_tables, one_or_many, optional_order, write_tables


def test_an_empty_line_stands_before_every_table() -> None:
    tables: dict[str, Value] = {
        "cargo-vet": {"version": "0.10"},
        "exemptions": {"anvil": [{"version": "1.0.0"}, {"version": "2.0.0", "suggest": False}]},
    }

    assert write_tables(tables) == (
        '\n[cargo-vet]\nversion = "0.10"\n'
        '\n[[exemptions.anvil]]\nversion = "1.0.0"\n'
        '\n[[exemptions.anvil]]\nversion = "2.0.0"\nsuggest = false\n'
    )


def test_keys_without_a_table_come_first() -> None:
    assert write_tables({"default-criteria": "x", "cargo-vet": {"version": "0.10"}}) == (
        '\ndefault-criteria = "x"\n\n[cargo-vet]\nversion = "0.10"\n'
    )


def test_nothing_is_written_for_nothing() -> None:
    assert write_tables({}) == ""


def test_a_header_stands_only_over_its_own_keys_or_an_empty_table() -> None:
    tables: dict[str, Value] = {
        "imports": {"peer": {"url": "u", "criteria-map": {"a": "b"}}},
        "policy": {"anvil": {}},
        "audits": {},
    }

    assert write_tables(tables) == (
        '\n[imports.peer]\nurl = "u"\n\n[imports.peer.criteria-map]\na = "b"\n\n[policy.anvil]\n\n[audits]\n'
    )


def test_an_entry_without_keys_keeps_its_header() -> None:
    assert write_tables({"audits": {"anvil": [{}]}}) == "\n[[audits.anvil]]\n"


def test_names_in_headers_are_spelled_as_keys() -> None:
    assert write_tables({"policy": {"anvil:1.0.0": {}}}) == '\n[policy."anvil:1.0.0"]\n'


@pytest.mark.parametrize(
    ("value", "written"),
    [
        ("x", '"x"'),
        (True, "true"),
        (False, "false"),
        (7, "7"),
        (UserId(7, None), "7"),
        (UserId(7, "Ada (ada)"), "7 # Ada (ada)"),
        ((), "[]"),
        (("a", "b\n"), '["a", """\nb\n"""]'),
    ],
)
def test_values_on_a_line(value: Value, written: str) -> None:
    assert write_tables({"t": {"key": value}}) == f"\n[t]\nkey = {written}\n"


def test_an_array_is_wrapped_beyond_80_characters_not_bytes() -> None:
    fits = write_tables({"t": {"who": ("é" * 35, "e" * 31)}})
    wraps = write_tables({"t": {"who": ("é" * 35, "e" * 32)}})

    assert max(map(len, fits.splitlines())) == 80
    assert wraps == "\n[t]\nwho = [\n" + f'    "{"é" * 35}",\n    "{"e" * 32}",\n]\n'


def test_the_key_counts_without_quotes_towards_the_80() -> None:
    fits = write_tables({"t": {"a.b": ("e" * 70,)}})

    assert fits == f'\n[t]\n"a.b" = ["{"e" * 70}"]\n'
    assert "[\n" in write_tables({"t": {"a.b": ("e" * 71,)}})


def test_dependency_criteria_stay_on_one_line_up_to_120_characters() -> None:
    fits: dict[str, Value] = {"notes": "n", "dependency-criteria": {"a": (), "b": "e" * 80}, "z": 1}
    too_long: dict[str, Value] = {"notes": "n", "dependency-criteria": {"a": (), "b": "e" * 81}, "z": 1}

    assert write_tables({"policy": {"anvil": fits}}) == (
        f'\n[policy.anvil]\nnotes = "n"\ndependency-criteria = {{ a = [], b = "{"e" * 80}" }}\nz = 1\n'
    )
    assert len(f'dependency-criteria = {{ a = [], b = "{"e" * 80}" }}') == 120
    assert write_tables({"policy": {"anvil": too_long}}) == (
        f'\n[policy.anvil]\nnotes = "n"\nz = 1\n\n[policy.anvil.dependency-criteria]\na = []\nb = "{"e" * 81}"\n'
    )


def test_anything_called_dependency_criteria_is_written_inline() -> None:
    tables: dict[str, Value] = {
        "criteria": {"dependency-criteria": {}},
        "trusted": {"anvil": [{"user-id": 1}], "dependency-criteria": [{"user-id": UserId(1, "ada")}]},
    }

    assert write_tables(tables) == (
        "\n[criteria]\ndependency-criteria = {}\n"
        "\n[trusted]\ndependency-criteria = [{ user-id = 1 }]\n\n[[trusted.anvil]]\nuser-id = 1\n"
    )


def test_entries_of_a_crate_called_dependency_criteria_are_wrapped_like_an_array_and_then_given_up() -> None:
    def written(length: int) -> str:
        return write_tables({"exemptions": {"dependency-criteria": [{"notes": "e" * length}, {"notes": "b"}]}})

    assert written(25).count("\n") == 3
    assert written(26) == (
        f'\n[exemptions]\ndependency-criteria = [\n    {{ notes = "{"e" * 26}" }},\n    {{ notes = "b" }},\n]\n'
    )
    assert written(65).startswith("\n[exemptions]\n")
    assert written(66).startswith("\n[[exemptions.dependency-criteria]]\n")


def test_one_string_stands_without_brackets() -> None:
    assert one_or_many(("a",)) == "a"
    assert one_or_many(("a", "b")) == ("a", "b")
    assert one_or_many(()) == ()


def test_entries_are_sorted_by_name_and_order_and_empty_ones_vanish() -> None:
    entries = {"b": (3, 1, 2), "a": (), "B": (5,)}

    tables = entry_tables(entries, lambda number: (number,), lambda number: {"n": number})

    assert list(tables.items()) == [("B", [{"n": 5}]), ("b", [{"n": 1}, {"n": 2}, {"n": 3}])]


def test_an_absent_text_sorts_before_an_empty_one() -> None:
    assert sorted([None, "", "a"], key=optional_order) == [None, "", "a"]
    assert sorted(["a", "", None], key=optional_order) == [None, "", "a"]
