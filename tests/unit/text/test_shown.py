"""Whatever other people wrote, what is shown has no character that a terminal would obey or hide."""

from __future__ import annotations

import sys
from unicodedata import category

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vetflow.text import MOST_CELLS, Kind, Shown, Span, show, show_lines, shown

TRICKY = st.text(
    st.one_of(
        st.characters(),
        st.sampled_from("\t\r\x1b\x00\x7f\x85\u2028\u202e\u2066\u200b\ufeff\ufe0f\U000e0101\U000e0041\u3164日\u0301a "),
        st.integers(0xD800, 0xDFFF).map(chr),
    )
)


def spans(line: bytes | str) -> list[tuple[str, Kind]]:
    """Return what stands in each span, and why."""
    safe = show(line)
    return [(safe.text[span.start : span.end], span.kind) for span in safe.spans]


@pytest.mark.parametrize(
    ("raw", "safe"),
    [
        ("plain text, ünïcode, 日本", "plain text, ünïcode, 日本"),
        ("\x1b[2Jgone", "␛[2Jgone"),
        ("one\ntwo\r\tthree\x00", "one␊two␍␉three␀"),
        ("\x7f\x9b", "␡<U+009B>"),
        ("fn a()\u202e{}", "fn a()<U+202E>{}"),
        ("zero\u200bwidth\ufeff", "zero<U+200B>width<U+FEFF>"),
        ("\udcff\ud800", "<FF><U+D800>"),
        ("look\ufe0f, filler\u3164", "look<U+FE0F>, filler<U+3164>"),
    ],
)
def test_names_and_sentences_stand_in_one_line_of_ours(raw: str, safe: str) -> None:
    assert shown(raw) == safe


@pytest.mark.parametrize(
    ("line", "replaced"),
    [
        (b"let a = 1;", []),
        (b"// \x1b[1;1H\x1b[2K fn harmless() {}", [("␛", Kind.CONTROL), ("␛", Kind.CONTROL)]),
        (b"// \r fn ok()", [("␍", Kind.CONTROL)]),
        (b"// \x00\x07\x7f", [("␀", Kind.CONTROL), ("␇", Kind.CONTROL), ("␡", Kind.CONTROL)]),
        ("a\x85b\u2028", [("<U+0085>", Kind.CONTROL), ("<U+2028>", Kind.INVISIBLE)]),
        ("\u202e\u2066\u200f", [("<U+202E>", Kind.BIDI), ("<U+2066>", Kind.BIDI), ("<U+200F>", Kind.BIDI)]),
        ("\ufeff\u00a0", [("<U+FEFF>", Kind.INVISIBLE), ("<U+00A0>", Kind.INVISIBLE)]),
        ("x\ufe01\U000e0061", [("<U+FE01>", Kind.INVISIBLE), ("<U+E0061>", Kind.INVISIBLE)]),
        (b"caf\xe9", [("<E9>", Kind.INVALID)]),
        (b"\xed\xa0\x80", [("<ED>", Kind.INVALID), ("<A0>", Kind.INVALID), ("<80>", Kind.INVALID)]),
        ("\ud800", [("<U+D800>", Kind.INVALID)]),
        (b"\tlet a;\r", [("    ", Kind.TAB), ("␍", Kind.LINE_END)]),
    ],
)
def test_what_was_replaced_is_told_with_its_kind(line: bytes | str, replaced: list[tuple[str, Kind]]) -> None:
    assert spans(line) == replaced


def test_tabs_and_line_ends_are_nothing_to_look_at() -> None:
    assert show("\ta\rb\r").suspicious() == (Span(5, 6, Kind.CONTROL, 2),)


@pytest.mark.parametrize(
    ("line", "text"), [("a\tb", "a   b"), ("abcd\tb", "abcd    b"), ("日\tb", "日  b"), ("\t\t", " " * 8)]
)
def test_a_tab_leads_to_the_next_stop_as_the_terminal_counts(line: str, text: str) -> None:
    assert show(line).text == text


def test_only_a_line_feed_ends_a_line() -> None:
    content = "one\u2028\x0b\x0c\x85still one\rstill\r\ntwo\n\nfour"
    assert [line.text for line in show_lines(content)] == [
        "one<U+2028>␋␌<U+0085>still one␍still␍",
        "two",
        "",
        "four",
    ]
    assert list(show_lines(content.encode())) == list(show_lines(content))


def test_a_file_that_ends_in_a_line_feed_has_no_further_line() -> None:
    assert len(list(show_lines(b"one\ntwo\n"))) == 2
    assert list(show_lines(b"")) == []


@pytest.mark.parametrize("filling", ["x", "日", "\u202e", "\t", "e\u0301", "\x00"])
def test_a_long_line_is_cut_and_says_how_much_is_left(filling: str) -> None:
    text = filling * 200_000
    safe = show(text)
    cut = safe.spans[-1]
    assert cut.kind is Kind.CUT
    assert cut.source + cut.length == len(text)
    assert safe.text[cut.start : cut.end] == f"…+{cut.length}"
    assert len(safe.text) <= MOST_CELLS


def test_a_line_that_just_fits_is_whole() -> None:
    assert show("x" * MOST_CELLS).spans == ()
    assert show("日" * (MOST_CELLS // 2)).spans == ()
    assert show("x" * (MOST_CELLS + 1)).spans[-1].kind is Kind.CUT
    assert show("日" * (MOST_CELLS // 2 + 1)).spans[-1].kind is Kind.CUT


def test_a_carriage_return_before_the_cut_is_no_line_end() -> None:
    text = "x" * 15 + "\r" + "y" * 100
    assert [span.kind for span in show(text, most_cells=32).spans] == [Kind.CONTROL, Kind.CUT]


def test_places_in_the_source_are_found_in_what_is_shown() -> None:
    safe = show("\ta\x1bbc")
    assert safe.text == "    a␛bc"
    assert [safe.position(source) for source in range(6)] == [0, 4, 5, 6, 7, 8]
    assert [show("a\u202eb").position(source) for source in range(4)] == [0, 1, 9, 10]


def test_every_character_unicode_calls_unprintable_is_replaced() -> None:
    kept = [
        code
        for code in range(sys.maxunicode + 1)
        if category(chr(code)) in {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp", "Zs"} and shown(chr(code)) == chr(code)
    ]
    assert kept == [ord(" ")]


@given(TRICKY)
def test_a_name_is_printable_and_stays_as_it_is(raw: str) -> None:
    safe = shown(raw)
    assert safe.isprintable()
    assert shown(safe) == safe


@given(TRICKY, st.sampled_from([32, 40, MOST_CELLS]))
def test_a_line_is_printable_and_stays_as_it_is(raw: str, most: int) -> None:
    safe = show(raw, most_cells=most)
    assert safe.text.isprintable()
    assert show(safe.text, most_cells=most) == Shown(safe.text)


@given(TRICKY, st.sampled_from([32, MOST_CELLS]))
def test_the_source_can_be_rebuilt_from_what_is_shown(raw: str, most: int) -> None:
    safe = show(raw, most_cells=most)
    rebuilt, end = "", 0
    for span in safe.spans:
        rebuilt += safe.text[end : span.start] + raw[span.source : span.source + span.length]
        end = span.end
    assert rebuilt + safe.text[end:] == raw


@given(st.binary())
def test_any_bytes_can_be_shown(content: bytes) -> None:
    for line in show_lines(content):
        assert line.text.isprintable()
