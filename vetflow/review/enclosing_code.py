"""What a change stands in, so that two changes can be told to be the same one: digests of the code around lines.

Of Rust it is the innermost item (function, type, `impl`, macro) with its attributes and comments, and the names of the
items around that one; outside every named item it is the statement, `use` or macro call itself; on a line on which
several items begin or end it is all of them, and what they stand in. Of TOML it is the header of the table. Of
everything else, and of what is too large to be parsed for this, it is the whole file.
"""

from __future__ import annotations

import hashlib
from bisect import bisect_right
from collections.abc import Iterable, Sequence
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
    """An item. start: where its attributes and comments begin; first, last: its own lines. name: None for others.

    outer: the number of the item around it. own: the first and the last line on which nothing else stands.
    """

    start: int
    first: int
    last: int
    name: str | None
    outer: int | None
    own: tuple[int, int]


class _Reach(NamedTuple):
    """Lines to be taken as one. item: the number of the first one there, which names what is around them."""

    item: int
    first: int
    last: int


class _Items:
    def __init__(self, content: bytes) -> None:
        self._lines = split_lines(content)
        self._extents = _extents(content, self._lines)
        self._digests: dict[_Reach, bytes] = {}
        self._names: list[bytes] = []
        self._innermost: list[_Reach | None] = [None] * (len(self._lines) + 1)
        for number, extent in enumerate(self._extents):
            around = b"" if extent.outer is None else self._names[extent.outer]
            head = self._between(extent.start, extent.first - 1)
            self._names.append(digest([around, head, (extent.name or "").encode()]))
            reach = _Reach(number, extent.start, extent.last)
            for line in range(extent.start, min(extent.last, len(self._lines)) + 1):
                others = None if extent.own[0] <= line <= extent.own[1] else self._innermost[line]
                self._innermost[line] = reach if others is None else _joined(others, reach)

    def around(self, lines: Iterable[int]) -> list[bytes]:
        reaches = dict.fromkeys(self._innermost[line] for line in lines if line < len(self._innermost))
        return [self._digest(reach) for reach in reaches if reach is not None]

    def _digest(self, reach: _Reach) -> bytes:
        if reach not in self._digests:
            self._digests[reach] = digest([self._names[reach.item], self._between(reach.first, reach.last)])
        return self._digests[reach]

    def _between(self, first: int, last: int) -> bytes:
        return b"".join(self._lines[first - 1 : last])


def _extents(content: bytes, lines: Sequence[bytes]) -> list[_Extent]:
    """Return named items, and whatever else stands at the top of a file; outer ones first."""
    found: list[_Extent] = []
    root = parse_rust("", content).tree.root_node
    stack: list[tuple[Node, Node, int, int | None]] = [(root, root, -1, None)]
    while stack:
        node, start, depth, outer = stack.pop()
        name = item_name(node)
        if depth == 0 or (name and depth > 0):
            rows = (start.start_point[0] + 1, node.start_point[0] + 1, node.end_point[0] + 1)
            found.append(_Extent(*rows, name, outer, _own_lines(start, node, lines)))
            outer = len(found) - 1
        if depth < _DEEPEST:
            inner = depth + 1 if depth <= 0 or name else depth
            stack.extend(reversed([(child, first, inner, outer) for child, first in _with_starts(node)]))
    return found


def _joined(one: _Reach, other: _Reach) -> _Reach:
    """Return what is around a line that two items share: which of them is meant cannot be told by the line."""
    return _Reach(one.item, min(one.first, other.first), max(one.last, other.last))


def _own_lines(start: Node, node: Node, lines: Sequence[bytes]) -> tuple[int, int]:
    (first, left), (last, right) = start.start_point, node.end_point
    before = lines[first][:left] if first < len(lines) else b""
    after = lines[last][right:] if last < len(lines) else b""
    return first + 1 + bool(before.strip()), last + 1 - bool(after.strip())


def _with_starts(node: Node) -> list[tuple[Node, Node]]:
    """Return what a piece of code consists of, each with the first attribute or comment before it, or itself."""
    found: list[tuple[Node, Node]] = []
    waiting: Node | None = None
    for child in node.named_children:
        first = waiting or child
        is_before = child.type in _BEFORE_AN_ITEM
        found.append((child, child if is_before else first))
        waiting = first if is_before else None
    return found
