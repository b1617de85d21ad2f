"""What a change stands in, so that two changes can be told to be the same one: digests of the code around lines.

Of Rust it is the innermost item (function, type, `impl`, macro) with its attributes and comments, and the names of the
items around that one; outside every named item it is the statement, `use` or macro call itself. Of TOML it is the
header of the table. Of everything else, and of what is too large to be parsed for this, it is the whole file.
"""

from __future__ import annotations

import hashlib
from bisect import bisect_right
from collections.abc import Iterable
from typing import TYPE_CHECKING, Final, NamedTuple, Protocol

from vetflow.review.hunks import split_lines
from vetflow.review.items import item_name
from vetflow.surface.rust import parse_rust

if TYPE_CHECKING:
    from tree_sitter import Node

_MOST_PARSED: Final = 400_000
"""Bytes of Rust; a crate must not stop anybody with a huge file."""
_DEEPEST: Final = 32
"""How many items may lie in each other; what lies deeper belongs to the last of them."""
_BEFORE_AN_ITEM: Final = frozenset({"attribute_item", "line_comment", "block_comment"})


class EnclosingCode(Protocol):
    """One file's code, asked about by lines, counted from 1."""

    def around(self, lines: Iterable[int]) -> list[bytes]:
        """Return a digest of each piece of code that some of the lines stand in, in their order."""
        ...


def enclosing_code(path: str, content: bytes) -> EnclosingCode:
    """Return what tells what lines of a file stand in. Linear in the file."""
    if path.endswith(".rs") and len(content) <= _MOST_PARSED:
        return _Items(content)
    return _Tables(content) if path.endswith((".toml", ".toml.orig")) else _Whole(content)


def digest(pieces: Iterable[bytes]) -> bytes:
    """Return a digest of a list: each piece with its length, so that no two lists have one in common."""
    whole = hashlib.sha256()
    for piece in pieces:
        whole.update(b"%d:" % len(piece))
        whole.update(piece)
    return whole.digest()


class _Whole:
    def __init__(self, content: bytes) -> None:
        self._digest = digest([content])

    def around(self, lines: Iterable[int]) -> list[bytes]:
        return [self._digest] if any(lines) else []


class _Tables:
    def __init__(self, content: bytes) -> None:
        lines = split_lines(content)
        self._headers = [(number, line) for number, line in enumerate(lines, 1) if line.lstrip().startswith(b"[")]
        self._starts = [number for number, _ in self._headers]

    def around(self, lines: Iterable[int]) -> list[bytes]:
        tables = dict.fromkeys(bisect_right(self._starts, line) for line in lines)
        return [self._headers[table - 1][1] if table else b"" for table in tables]


class _Extent(NamedTuple):
    """An item. start: where its attributes and comments begin; first, last: its own lines. name: None for others."""

    start: int
    first: int
    last: int
    name: str | None


class _Items:
    def __init__(self, content: bytes) -> None:
        self._lines = split_lines(content)
        self._extents = _extents(content)
        self._digests: dict[int, bytes] = {}
        self._names: list[bytes] = []
        self._innermost: list[int | None] = [None] * (len(self._lines) + 1)
        for number, extent in enumerate(self._extents):
            outer = self._innermost[min(extent.first, len(self._lines))]
            around = b"" if outer is None else self._names[outer]
            head = self._between(extent.start, extent.first - 1)
            self._names.append(digest([around, head, (extent.name or "").encode()]))
            for line in range(extent.start, min(extent.last, len(self._lines)) + 1):
                self._innermost[line] = number

    def around(self, lines: Iterable[int]) -> list[bytes]:
        numbers = dict.fromkeys(self._innermost[line] for line in lines if line < len(self._innermost))
        return [self._digest(number) for number in numbers if number is not None]

    def _digest(self, number: int) -> bytes:
        if number not in self._digests:
            extent = self._extents[number]
            self._digests[number] = digest([self._names[number], self._between(extent.start, extent.last)])
        return self._digests[number]

    def _between(self, first: int, last: int) -> bytes:
        return b"".join(self._lines[first - 1 : last])


def _extents(content: bytes) -> list[_Extent]:
    """Return named items, and whatever else stands at the top of a file; outer ones first."""
    found: list[_Extent] = []
    stack = [(parse_rust("", content).tree.root_node, 1, -1)]
    while stack:
        node, start, depth = stack.pop()
        name = item_name(node)
        if depth == 0 or (name and depth > 0):
            found.append(_Extent(start, node.start_point[0] + 1, node.end_point[0] + 1, name))
        if depth < _DEEPEST:
            inner = depth + 1 if depth <= 0 or name else depth
            stack.extend(reversed([(child, first, inner) for child, first in _with_starts(node)]))
    return found


def _with_starts(node: Node) -> list[tuple[Node, int]]:
    """Return what a piece of code consists of, each with the line on which attributes and comments before it begin."""
    found: list[tuple[Node, int]] = []
    waiting: int | None = None
    for child in node.named_children:
        own = child.start_point[0] + 1
        first = own if waiting is None else waiting
        is_before = child.type in _BEFORE_AN_ITEM
        found.append((child, own if is_before else first))
        waiting = first if is_before else None
    return found
