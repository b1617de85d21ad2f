"""Where a name stands in the syntax: the call whose function it is, also within the arguments and bodies of macros.

The grammar knows macros as flat tokens. Their text is parsed once more in place, as if it stood in the code, with all
offsets kept; what does not parse as Rust is left as tokens.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Final

from vetflow.surface.lexemes import line_at, lines_of
from vetflow.surface.rust import COMMENTS
from vetflow.surface.units import ParsedFile

if TYPE_CHECKING:
    from tree_sitter import Node, Parser, Point, Tree

_LEVELS: Final = 8
_TOKENS: Final = "token_tree"
_WRAPPERS: Final = frozenset({"parenthesized_expression", "generic_function"})


class Syntax:
    """The syntax of one file, with that of its macros as far as somebody asked for it."""

    def __init__(self, file: ParsedFile) -> None:
        self.file = file
        self._lines = lines_of(file.source)
        self._inner: dict[tuple[int, int], Node] = {}

    def line(self, offset: int) -> int:
        """Return the line, counted from 1, in which an offset lies."""
        return line_at(self._lines, offset)

    def line_text(self, line: int) -> str:
        """Return the text of a line as it stands in the file."""
        end = self._lines[line] if line < len(self._lines) else len(self.file.source)
        return self.file.source[self._lines[line - 1] : end].rstrip(b"\r\n").decode("utf-8", "replace")

    @property
    def roots(self) -> list[Node]:
        """The file, and the macros that have been parsed so far."""
        return [self.file.tree.root_node, *self._inner.values()]

    def node_at(self, start: int, end: int) -> Node | None:
        """Return the smallest node that covers a range, in the code or in what a macro's tokens stand for."""
        root = self.file.tree.root_node
        for _ in range(_LEVELS):
            node = root.named_descendant_for_byte_range(start, end)
            tokens = None if node is None else _outermost_tokens(node, root)
            if tokens is None:
                return node
            root = self.inside(tokens)
        return None

    def inside(self, tokens: Node) -> Node:
        """Return the syntax of a macro's tokens, brackets included: a tuple, an array or a block."""
        key = (tokens.start_byte, tokens.end_byte)
        if key not in self._inner:
            self._inner[key] = _parse_range(self.file.source, self._lines, *key).root_node
        return self._inner[key]

    def arguments(self, tokens: Node) -> list[Node]:
        """Return the expressions in a macro's brackets, as far as they are expressions."""
        body = _first_named(self.inside(tokens))
        while body is not None and body.type in {"expression_statement", "ERROR"}:  # the `;` after it is not there
            body = _first_named(body)
        if body is None or body.type not in {
            "tuple_expression",
            "parenthesized_expression",
            "array_expression",
            "block",
        }:
            return []
        return [child for child in body.named_children if not child.is_extra and child.type != "ERROR"]


def _first_named(node: Node) -> Node | None:
    return next((child for child in node.named_children if child.type not in COMMENTS), None)


def _outermost_tokens(node: Node, root: Node) -> Node | None:
    found = None
    current: Node | None = node
    while current is not None and current != root:
        if current.type == _TOKENS:
            found = current
        current = current.parent
    return found


def _parse_range(source: bytes, lines: list[int], start: int, end: int) -> Tree:
    """Parse a range of a file; variables of macros are read as names, without their `$`."""
    from tree_sitter import Range  # noqa: PLC0415  compiled: only what looks into crates pays for it

    ranges = []
    while start < end:
        stop = source.find(b"$", start, end)
        stop = end if stop < 0 else stop
        if stop > start:
            ranges.append(Range(_point(lines, start), _point(lines, stop), start, stop))
        start = stop + 1
    parser = _parser()
    parser.included_ranges = ranges
    return parser.parse(source)


def _point(lines: list[int], offset: int) -> Point:
    from tree_sitter import Point  # noqa: PLC0415  compiled, as above

    row = line_at(lines, offset) - 1
    return Point(row, offset - lines[row])


@cache
def _parser() -> Parser:
    import tree_sitter_rust  # noqa: PLC0415  compiled, as above
    from tree_sitter import Language, Parser  # noqa: PLC0415

    return Parser(Language(tree_sitter_rust.language()))


def call_of(node: Node) -> Node | None:
    """Return the call whose function a path is; None where it is not called here."""
    current = node
    parent = node.parent
    while parent is not None and parent.type in _WRAPPERS:
        current, parent = parent, parent.parent
    if parent is not None and parent.type == "call_expression":
        function = parent.child_by_field_name("function")
        return parent if function == current else None
    return None


def arguments_of(call: Node) -> list[Node]:
    """Return the arguments of a call."""
    arguments = call.child_by_field_name("arguments")
    if arguments is None:
        return []
    return [child for child in arguments.named_children if not child.is_extra]
