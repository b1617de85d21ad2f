"""Whatever other people wrote, what is shown has no character that a terminal would obey."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vetflow.text import shown


@pytest.mark.parametrize(
    ("raw", "safe"),
    [
        ("plain text, ünïcode, 日本", "plain text, ünïcode, 日本"),
        ("\x1b[2Jgone", "␛[2Jgone"),
        ("one\ntwo\r\tthree\x00", "one␊two␍␉three␀"),
        ("\x7f\x9b", "␡<U+009B>"),
        ("fn a()\u202e{}", "fn a()<U+202E>{}"),
        ("zero\u200bwidth\ufeff", "zero<U+200B>width<U+FEFF>"),
        ("\udcff", "<U+DCFF>"),
    ],
)
def test_unprintable_characters_become_visible(raw: str, safe: str) -> None:
    assert shown(raw) == safe


@given(st.text(st.characters()))
def test_the_result_is_printable_and_stays_as_it_is(raw: str) -> None:
    safe = shown(raw)
    assert safe.isprintable()
    assert shown(safe) == safe
