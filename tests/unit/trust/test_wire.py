"""SSH's wire format, read strictly."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vetflow.trust.wire import Fields, WireError, mpint, string, uint32


@given(st.binary(max_size=200), st.integers(min_value=0, max_value=2**600))
def test_what_is_written_is_read_back(content: bytes, number: int) -> None:
    fields = Fields(string(content) + mpint(number) + uint32(7) + b"\x01")
    assert (fields.string(), fields.mpint(), fields.uint32(), fields.byte()) == (content, number, 7, 1)
    fields.end()


@pytest.mark.parametrize(
    "content",
    [b"\x80", b"\xff\xff", b"\x00", b"\x00\x01", b"\x00\x00\x80"],
    ids=["negative", "negative too", "padded zero", "padded", "padded twice"],
)
def test_a_number_has_one_spelling(content: bytes) -> None:
    with pytest.raises(WireError, match="negative or padded"):
        Fields(string(content)).mpint()


@pytest.mark.parametrize("data", [b"", b"\x00\x00\x00", b"\x00\x00\x00\x02a", b"\xff\xff\xff\xffa"])
def test_no_length_reaches_beyond_the_data(data: bytes) -> None:
    with pytest.raises(WireError, match="too early"):
        Fields(data).string()


def test_nothing_may_follow() -> None:
    with pytest.raises(WireError, match="2 bytes follow"):
        Fields(b"ab").end()


@pytest.mark.parametrize("name", ["ä".encode(), b"a\nb", b"a\x00"])
def test_names_are_printable_ascii(name: bytes) -> None:
    with pytest.raises(WireError, match="a name in it"):
        Fields(string(name)).text()
