"""How cargo-vet spells TOML strings and keys: which quotes, which escapes.

The same text can be written in many ways in TOML; cargo-vet always chooses the same one, and a store counts
as formatted only if every string is spelled that way (shared spec format 5.5).
"""

from __future__ import annotations

import re
from functools import cache
from typing import Final

_PLAIN = re.compile(r'[^"\\\x00-\x1f\x7f]*\Z')
_BARE_KEY = re.compile(r"[A-Za-z0-9_-]+\Z")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")
_DOUBLE_QUOTES = re.compile(r'"+')
_SINGLE_QUOTES = re.compile(r"'+")

_ESCAPES: Final = {
    **{code: f"\\u{code:04X}" for code in (*range(0x20), 0x7F) if code != ord("\n")},
    **str.maketrans({"\b": "\\b", "\t": "\\t", "\f": "\\f", "\r": "\\r", "\\": "\\\\"}),
}
_ONE_LINE_ESCAPES: Final = {**_ESCAPES, **str.maketrans({"\n": "\\n", '"': '\\"'})}


@cache
def spell_string(text: str) -> str:
    """Return `text` as a TOML string, quotes included.

    The plainest form that needs no escapes, in this order: "basic", 'literal', and both in their multi-line
    forms; an escaped string only where none of them can hold the text. A tab in a basic string is escaped all
    the same.
    """
    spelled = _spell_on_one_line(text)
    if spelled is not None:
        return spelled
    has_newline = "\n" in text
    if not _CONTROL.search(text):
        start = "\n" if has_newline else ""
        if "\\" not in text and _longest_run(_DOUBLE_QUOTES, text) <= 2:
            return f'"""{start}{_escape_tabs(text)}"""'
        if _longest_run(_SINGLE_QUOTES, text) <= 2:
            return f"'''{start}{text}'''"
    if has_newline:
        escaped = text.translate(_ESCAPES).replace('"""', '""\\"')
        return f'"""\n{escaped}"""'
    return _escape_on_one_line(text)


@cache
def spell_key(key: str) -> str:
    """Return `key` as a TOML key: bare where possible, else quoted like a string on one line."""
    if _BARE_KEY.match(key):
        return key
    return _spell_on_one_line(key) or _escape_on_one_line(key)


def _spell_on_one_line(text: str) -> str | None:
    """Return a basic or literal string without escapes (tabs apart), None if neither can hold the text."""
    if _PLAIN.match(text):
        return f'"{text}"'
    if "\n" in text or _CONTROL.search(text):
        return None
    if '"' not in text and "\\" not in text:
        return f'"{_escape_tabs(text)}"'
    return None if "'" in text else f"'{text}'"


def _escape_on_one_line(text: str) -> str:
    return f'"{text.translate(_ONE_LINE_ESCAPES)}"'


def _escape_tabs(text: str) -> str:
    return text.replace("\t", "\\t")


def _longest_run(pattern: re.Pattern[str], text: str) -> int:
    return max(map(len, pattern.findall(text)), default=0)
