"""Where in a TOML text a key or a value stands.

TOML libraries forget positions, and a message without a place is half a message. The scanner in here walks
over a text that is already known to be valid TOML and notes where everything begins. It is used on error
paths only.
"""

from __future__ import annotations

import re
from contextlib import suppress
from functools import lru_cache
from typing import NamedTuple, TypeAlias

from vetflow.errors import TomlError
from vetflow.formats.toml import parse_toml

KeyPath: TypeAlias = tuple[str | int, ...]
"""The way from the top of a document to a value: keys, and indices into arrays (of tables)."""

_BLANKS = re.compile(r"[ \t]*")
_GAP = re.compile(r"(?:[ \t\r\n]+|#[^\n]*)*")
_STRING = re.compile(
    r'"""(?:[^\\"]++|\\.|"(?!""))*+"{3,5}'
    r"|'''(?:[^']++|'(?!''))*+'{3,5}"
    r'|"(?:[^\\"\n]++|\\.)*+"'
    r"|'[^'\n]*'",
    re.DOTALL,
)
_BARE_KEY = re.compile(r"[^\s=.,\]}#\"']+")
_SCALAR = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9][^\s,\]}#]*|[^\s,\]}#]+")


def locate(text: str, path: KeyPath, *, key: bool = False) -> tuple[int, int] | None:
    """Return line and column, from 1, of the value at `path`; with `key`, of the last key of the path.

    A table written with a header stands where its header begins. None when there is nothing at `path`. Never
    raises; the scan of a text is remembered, so asking again is cheap.
    """
    found = _scan(text).get(path)
    if found is None:
        return None
    offset = found.key if key else found.value
    line_start = text.rfind("\n", 0, offset) + 1
    return text.count("\n", 0, offset) + 1, offset - line_start + 1


class _Span(NamedTuple):
    """Offsets of a key and its value; of array elements both are the value's."""

    key: int
    value: int


class _NotTomlError(Exception):
    """The text is not the valid TOML that was promised."""


@lru_cache(maxsize=3)
def _scan(text: str) -> dict[KeyPath, _Span]:
    scanner = _Scanner(text)
    with suppress(_NotTomlError, TomlError, RecursionError):  # what was found until then is still right
        scanner.scan_document()
    return scanner.spans


class _Scanner:
    """One pass over a document. `at` is the offset reached."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = len(text) - len(text.removeprefix("\ufeff"))
        self.spans: dict[KeyPath, _Span] = {}
        self.lengths: dict[KeyPath, int] = {}
        """How many elements each array of tables has so far."""

    def scan_document(self) -> None:
        table: KeyPath = ()
        while self.skip(_GAP) < len(self.text):
            start = self.at
            if self.take("[["):
                table = self.add_element(self.scan_header_keys(start), start)
                self.require("]]")
            elif self.take("["):
                table = self.scan_header_keys(start)
                self.require("]")
            else:
                self.scan_pair(table)

    def scan_header_keys(self, start: int) -> KeyPath:
        path: KeyPath = ()
        for part, offset in self.scan_keys():
            path = (*self.last_element(path), part)
            self.spans.setdefault(path, _Span(offset, start))
        return path if self.text.startswith("[[", start) else self.last_element(path)

    def last_element(self, path: KeyPath) -> KeyPath:
        """Return `path`, or the path of its newest element when it is an array of tables."""
        return (*path, self.lengths[path] - 1) if path in self.lengths else path

    def add_element(self, array: KeyPath, start: int) -> KeyPath:
        index = self.lengths.get(array, 0)
        self.lengths[array] = index + 1
        self.spans[*array, index] = _Span(start, start)
        return (*array, index)

    def scan_pair(self, table: KeyPath) -> None:
        path = table
        offset = self.at
        for part, offset in self.scan_keys():
            path = (*path, part)
            self.spans.setdefault(path, _Span(offset, offset))
        self.require("=")
        self.skip(_BLANKS)
        self.spans[path] = _Span(self.spans[path].key, self.at)
        self.scan_value(path)

    def scan_keys(self) -> list[tuple[str, int]]:
        """Read a dotted key; return its parts with their offsets."""
        parts = []
        while True:
            self.skip(_BLANKS)
            start = self.at
            token = self.match(_STRING) or self.match(_BARE_KEY)
            if token is None:
                raise _NotTomlError
            parts.append((_unquote(token), start))
            self.skip(_BLANKS)
            if not self.take("."):
                return parts

    def scan_value(self, path: KeyPath) -> None:
        if self.take("["):
            index = 0
            while self.skip(_GAP) < len(self.text) and not self.take("]"):
                self.spans[*path, index] = _Span(self.at, self.at)
                self.scan_value((*path, index))
                self.skip(_GAP)
                self.take(",")
                index += 1
        elif self.take("{"):
            while self.skip(_GAP) < len(self.text) and not self.take("}"):
                self.scan_pair(path)
                self.skip(_GAP)
                self.take(",")
        elif self.match(_STRING) is None and self.match(_SCALAR) is None:
            raise _NotTomlError

    def skip(self, pattern: re.Pattern[str]) -> int:
        self.match(pattern)
        return self.at

    def take(self, literal: str) -> bool:
        if not self.text.startswith(literal, self.at):
            return False
        self.at += len(literal)
        return True

    def require(self, literal: str) -> None:
        if not self.take(literal):
            raise _NotTomlError

    def match(self, pattern: re.Pattern[str]) -> str | None:
        found = pattern.match(self.text, self.at)
        if found is None:
            return None
        self.at = found.end()
        return found[0]


def _unquote(token: str) -> str:
    if token[0] == "'" or (token[0] == '"' and "\\" not in token):
        return token[1:-1]
    return str(parse_toml(f"key = {token}", "")["key"]) if token[0] == '"' else token
