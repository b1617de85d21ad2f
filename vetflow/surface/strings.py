"""What strings and arrays hide: words for secrets, and data that nobody can read."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from math import log2
from typing import Final

_UNREADABLE: Final = re.compile(r"[A-Za-z0-9+/_-]{120,}={0,2}")
_ESCAPES: Final = 16
_TABLE: Final = re.compile(rb"[\[(]\s*(?:(?:0x[0-9a-fA-F_]+|0b[01_]+|[0-9]+)(?:_?[ui]8)?\s*,\s*){63}[^\]\)]*[\])]")
_NUMBER: Final = re.compile(rb"(?<![0-9A-Za-z_])(?:0x[0-9a-fA-F]+|[0-9]+)")
_LARGE_TABLE: Final = 1024
_HIGH_ENTROPY: Final = 5.6
_TEXT_ENTROPY: Final = 4.2
_HEX_ENTROPY: Final = 3.0
_HEX: Final = re.compile(r"[0-9a-fA-F]+")
_LONG_HEX: Final = 256
"""Longer than any digest."""


def find_secret_word(text: str, words: frozenset[str]) -> str | None:
    """Return a word for a kind of secret that a string consists of or names among others."""
    return next((word for word in sorted(words) if word in text), None)


def is_unreadable(text: str, source: bytes) -> bool:
    """Whether a string is data in disguise. source: as it stands in the file."""
    if source.count(rb"\x") >= _ESCAPES:
        return True
    found = _UNREADABLE.search(text)
    if found is None:
        return False
    run = found[0]
    kinds = (any(c.isdigit() for c in run), any(c.isupper() for c in run), any(c.islower() for c in run))
    if all(kinds):
        return _entropy(run.encode()) > _TEXT_ENTROPY
    return len(run) >= _LONG_HEX and _HEX.fullmatch(run) is not None and _entropy(run.encode()) > _HEX_ENTROPY


def find_tables(code: bytes) -> Iterator[tuple[int, str, bool]]:
    """Yield long arrays of bytes: where they are, how long, and whether they look like hidden data."""
    for match in _TABLE.finditer(code):
        numbers = [int(number, 0) if number[:2] == b"0x" else int(number) for number in _NUMBER.findall(match[0])]
        if max(numbers) <= 255:
            hidden = len(numbers) >= _LARGE_TABLE or _entropy(bytes(numbers)) > _HIGH_ENTROPY
            yield match.start(), f"{len(numbers)} numbers", hidden


def _entropy(data: bytes) -> float:
    size = len(data)
    return -sum(count / size * log2(count / size) for count in Counter(data).values())
