"""Data that nobody can read, in strings and in tables of numbers."""

from __future__ import annotations

import random

import pytest

from vetflow.surface.strings import find_secret_word, find_tables, is_unreadable

LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
ENCODED = "".join(random.Random(1).choices(LETTERS, k=200))


@pytest.mark.parametrize(
    ("source", "unreadable"),
    [
        (f'"{ENCODED}"', True),
        (f'"{ENCODED}=="', True),
        (f'"prefix {ENCODED} suffix"', True),
        ('"' + "\\x41" * 16 + '"', True),
        ('"' + "0123456789abcdef" * 16 + '"', True),
        (f'"{ENCODED[:100]}"', False),
        ('"' + "a" * 300 + '"', False),
        ('"' + "0123456789abcdef" * 4 + '"', False),
        ('"' + "a_long_name_without_any_blank_" * 5 + '"', False),
        ('"' + "words of a sentence, " * 20 + '"', False),
    ],
)
def test_text_without_words_is_data(source: str, unreadable: bool) -> None:
    assert is_unreadable(source.strip('"'), source.encode()) is unreadable


def table(numbers: list[int], form: str = "{}") -> bytes:
    return ("[" + ", ".join(form.format(number) for number in numbers) + "]").encode()


def test_a_long_table_of_bytes_is_seen_and_a_wild_or_huge_one_more_so() -> None:
    wild = random.Random(2).sample(range(256), 200)
    assert [found[1:] for found in find_tables(table([1, 2, 3, 4] * 20))] == [("80 numbers", False)]
    assert [found[1:] for found in find_tables(table(wild))] == [("200 numbers", True)]
    assert [found[1:] for found in find_tables(table(wild, "0x{:02x}u8"))] == [("200 numbers", True)]
    assert [found[1:] for found in find_tables(table([0] * 1024))] == [("1024 numbers", True)]


@pytest.mark.parametrize(
    "code", [table([1] * 63), table([256] * 100), table([70_000] * 100), b"[a, b, c]", b"[1; 4096]"]
)
def test_short_tables_and_numbers_that_are_no_bytes_are_ordinary(code: bytes) -> None:
    assert list(find_tables(code)) == []


def test_words_for_secrets_are_found_as_they_are() -> None:
    words = frozenset({"PRIVATE_KEY", "mnemonic"})
    assert find_secret_word("has PRIVATE_KEY in it", words) == "PRIVATE_KEY"
    assert find_secret_word("private key", words) is None
