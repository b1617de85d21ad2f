from __future__ import annotations

import pytest

from vetflow.formats.positions import KeyPath, locate

TEXT = '''
# a comment with [brackets] and "quotes"
top = "value"   # trailing

[table]
plain = 1
"quo ted" = 'literal # not a comment'
"esc\\u0061ped" = true
dotted.inner."key" = [ "a", # first
  "b",
  { x = 1, y = ["deep"] },
]

[[audits.serde]]
who = """
[[audits.serde]]
not = "a key" """
criteria = ["one", "two"]

[[audits.serde]]
day = 2020-01-02 07:32:00
list = [2020-01-02 07:32:00, 3]

[audits.serde.below]
z = \'\'\'''quoted\'\'\'\'\'

[[audits."a.b"]]
é = 1
'''


@pytest.mark.parametrize(
    ("path", "line", "column"),
    [
        (("top",), 3, 7),
        (("table",), 5, 1),
        (("table", "plain"), 6, 9),
        (("table", "quo ted"), 7, 13),
        (("table", "escaped"), 8, 18),
        (("table", "dotted", "inner"), 9, 8),
        (("table", "dotted", "inner", "key"), 9, 22),
        (("table", "dotted", "inner", "key", 0), 9, 24),
        (("table", "dotted", "inner", "key", 1), 10, 3),
        (("table", "dotted", "inner", "key", 2), 11, 3),
        (("table", "dotted", "inner", "key", 2, "y", 0), 11, 17),
        (("audits",), 14, 1),
        (("audits", "serde"), 14, 1),
        (("audits", "serde", 0), 14, 1),
        (("audits", "serde", 0, "who"), 15, 7),
        (("audits", "serde", 0, "criteria", 1), 18, 20),
        (("audits", "serde", 1), 20, 1),
        (("audits", "serde", 1, "day"), 21, 7),
        (("audits", "serde", 1, "list", 1), 22, 30),
        (("audits", "serde", 1, "below"), 24, 1),
        (("audits", "serde", 1, "below", "z"), 25, 5),
        (("audits", "a.b", 0, "é"), 28, 5),
    ],
)
def test_a_value_is_found_by_its_key_path(path: KeyPath, line: int, column: int) -> None:
    assert locate(TEXT, path) == (line, column)


@pytest.mark.parametrize(
    ("path", "line", "column"),
    [
        (("top",), 3, 1),
        (("table", "quo ted"), 7, 1),
        (("table", "dotted", "inner"), 9, 8),
        (("audits", "serde"), 14, 10),
        (("audits", "serde", 1, "below"), 24, 15),
        (("audits", "a.b"), 27, 10),
    ],
)
def test_a_key_is_found_by_its_path(path: KeyPath, line: int, column: int) -> None:
    assert locate(TEXT, path, key=True) == (line, column)


@pytest.mark.parametrize("path", [(), ("nobody",), ("top", 0), ("audits", "serde", 2), ("audits", "serde", "who")])
def test_what_is_not_there_has_no_place(path: KeyPath) -> None:
    assert locate(TEXT, path) is None


def test_positions_count_characters_and_windows_lines() -> None:
    assert locate('é = "ä"\r\n[a]\r\nb = ["ü", 1]\r\n', ("a", "b", 1)) == (3, 11)


@pytest.mark.parametrize("text", ["a = ", "a.", "[a", "[[a]", 'a = "open', "a = [1", "a = {b", '"\\q" = 1', "= 1"])
def test_broken_text_never_raises(text: str) -> None:
    assert locate(text, ("nobody",)) is None


def test_what_stands_before_broken_text_is_still_found() -> None:
    assert locate("a = 1\nb ! 2\n", ("a",)) == (1, 5)


def test_deep_nesting_never_raises() -> None:
    text = "a = 1\nb = " + "[" * 100_000

    assert locate(text, ("a",)) == (1, 5)
