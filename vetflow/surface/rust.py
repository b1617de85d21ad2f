"""Rust source text as syntax trees: the one place that parses it.

The parser tolerates errors, so a file that rustc refuses is read as far as possible. Trees are walked with stacks of
our own: the nesting of hostile code is as deep as its author likes.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from functools import cache
from typing import TYPE_CHECKING, Final

from vetflow.model.contents import CrateFiles
from vetflow.surface.cfg_test import ranges_for_tests
from vetflow.surface.lexemes import literal_value
from vetflow.surface.units import ParsedFile

if TYPE_CHECKING:
    from tree_sitter import Language, Node, Parser, Query

COMMENTS: Final = frozenset({"line_comment", "block_comment"})
STRINGS: Final = frozenset({"string_literal", "raw_string_literal"})


class RustSources:
    """The files of a crate as Rust code, each parsed once, when it is first asked for."""

    def __init__(self, files: CrateFiles) -> None:
        self.files = files
        self._parsed: dict[str, ParsedFile] = {}

    def parsed(self, path: str) -> ParsedFile:
        """Return a file's syntax tree, whatever its name says it is. Raises KeyError for a path not in the crate."""
        found = self._parsed.get(path)
        if found is None:
            found = self._parsed[path] = parse_rust(path, self.files[path].content)
        return found


_ESCAPE: Final = re.compile(rb"\\u\{([0-9A-Fa-f]*_[0-9A-Fa-f_]*)\}")


def parse_rust(path: str, source: bytes) -> ParsedFile:
    """Parse a file; linear in its size (1 MB in about 0.15 s). What is no Rust gives a tree of errors."""
    if b"\\u{" in source:
        # The grammar does not know `_` between the digits of an escape, and would give up the whole string.
        source = _ESCAPE.sub(
            lambda found: b"\\u{" + found[1].replace(b"_", b"").rjust(len(found[1]), b"0") + b"}", source
        )
    tree = _new_parser().parse(source)
    return ParsedFile(path, source, tree, ranges_for_tests(tree.root_node, source))


def first_error(file: ParsedFile) -> int | None:
    """Return the line of the first place where a file is not understood as Rust; None where all of it is."""
    node = file.tree.root_node
    if not node.has_error:
        return None
    while True:
        inner = next((child for child in node.children if child.has_error or child.is_missing), None)
        if inner is None or node.type == "ERROR":
            return line_of(node)
        node = inner


@cache
def _language() -> Language:
    # A compiled extension and its grammar: only what looks into crates pays for them.
    import tree_sitter_rust  # noqa: PLC0415
    from tree_sitter import Language  # noqa: PLC0415

    return Language(tree_sitter_rust.language())


def _new_parser() -> Parser:
    """Return a parser for one file: it has a state of its own, and crates are read by several threads."""
    from tree_sitter import Parser  # noqa: PLC0415  # as above

    return Parser(_language())


@cache
def _strings_query() -> Query:
    from tree_sitter import Query  # noqa: PLC0415  # as above

    return Query(_language(), "[(string_literal) (raw_string_literal)] @string")


def find_strings(file: ParsedFile) -> list[Node]:
    """Return the string literals of live code, also those in macro calls and attributes, in the order of the text."""
    from tree_sitter import QueryCursor  # noqa: PLC0415  # as above

    found = QueryCursor(_strings_query()).captures(file.tree.root_node).get("string", [])
    if file.test_only:
        found = [node for node in found if not is_test_only(file, node.start_byte)]
    return sorted(found, key=lambda node: node.start_byte)


def live_children(file: ParsedFile, node: Node) -> list[Node]:
    """Return the children of a node that are neither comments nor within code for tests only."""
    children = [child for child in node.children if child.type not in COMMENTS]
    if not file.test_only:
        return children
    return [child for child in children if not is_test_only(file, child.start_byte)]


def is_test_only(file: ParsedFile, offset: int) -> bool:
    """Whether the byte at an offset belongs to an item that is compiled for tests only."""
    index = bisect_right(file.test_only, (offset, len(file.source) + 1)) - 1
    return index >= 0 and offset < file.test_only[index][1]


def text_of(node: Node) -> str:
    """Return the source text of a node; what is no UTF-8 is replaced."""
    return (node.text or b"").decode("utf-8", "replace")


def line_of(node: Node) -> int:
    """Return the line, counted from 1, where a node begins."""
    return int(node.start_point[0]) + 1


def name_of(node: Node) -> str:
    """Return the text of an identifier without the mark of a raw one: `r#type` is `type`."""
    return text_of(node).removeprefix("r#")


def string_value(node: Node) -> str:
    """Return what a string literal (also a raw, byte or C string) stands for, see `lexemes.literal_value`.

    The node's children are not asked: of a raw string they leave out the blanks it begins with.
    """
    return literal_value(node.text or b"")
