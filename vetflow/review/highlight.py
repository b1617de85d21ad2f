"""The colours of Rust code: what kind of thing the pieces of a line are, asked for line by line.

A file is parsed whole, so that strings and comments of many lines are right; what is on screen is looked up when it is
(0.2 ms for a screen). The kinds are few on purpose: a reviewer's colours are for what changed.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Final, NamedTuple

from vetflow.surface.rust import parse_rust

if TYPE_CHECKING:
    from tree_sitter import Query, Tree

_KINDS: Final = {"comment": "comment", "string": "string", "keyword": "keyword"}
"""By the first word of a capture's name in the grammar's own query."""
_MOST_COLUMNS: Final = 4_000


class Piece(NamedTuple):
    """A piece of a line, in characters of its raw text, and its kind: comment, string or keyword."""

    start: int
    end: int
    kind: str


class Highlighter:
    """The kinds of the pieces of one file."""

    def __init__(self, content: bytes) -> None:
        """Parse a file; linear in its size (2 MB a second and more)."""
        self._tree: Tree = parse_rust("", content).tree
        self._lines = content.split(b"\n")

    def pieces(self, line: int) -> tuple[Piece, ...]:
        """Return the pieces of a line, counted from 1, that have a kind. Later ones lie within earlier ones."""
        if not 0 < line <= len(self._lines):
            return ()
        from tree_sitter import QueryCursor  # noqa: PLC0415  compiled; only where code is shown

        text = self._lines[line - 1][:_MOST_COLUMNS]
        cursor = QueryCursor(_query())
        cursor.set_point_range((line - 1, 0), (line - 1, len(text)))
        found = []
        for name, nodes in cursor.captures(self._tree.root_node).items():
            kind = _KINDS.get(name.partition(".")[0])
            if kind is None:
                continue
            for node in nodes:
                start = node.start_point[1] if node.start_point[0] == line - 1 else 0
                end = node.end_point[1] if node.end_point[0] == line - 1 else len(text)
                found.append(Piece(_characters(text[:start]), _characters(text[:end]), kind))
        return tuple(sorted(found, key=lambda piece: (piece.start, -piece.end)))


@cache
def _query() -> Query:
    import tree_sitter_rust  # noqa: PLC0415  compiled; only where code is shown
    from tree_sitter import Language, Query  # noqa: PLC0415

    return Query(Language(tree_sitter_rust.language()), tree_sitter_rust.HIGHLIGHTS_QUERY)


def _characters(text: bytes) -> int:
    return len(text) if text.isascii() else len(text.decode(errors="surrogateescape"))
