"""The files of a crate as trees of items, each parsed when somebody first asks: which items a line is in."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

from vetflow.model.contents import CrateFiles
from vetflow.review.items import Item, item_name, items_of
from vetflow.surface.findings import line_text
from vetflow.surface.rust import parse_rust

if TYPE_CHECKING:
    from tree_sitter import Node

_MOST_PARSED: Final = 400_000
"""Bytes of Rust; a crate must not stop anybody with a huge file, which counts as one module without items."""
_TYPES: Final = ("struct ", "enum ", "union ", "trait ", "type ")
_TYPE_NAME: Final = re.compile(r"(?:[&*\s]|\b(?:mut|const|dyn|unsafe)\b|'\w+)*(?:\w+\s*::\s*)*(\w+)")


class _Outline(NamedTuple):
    root: Node
    items: tuple[Item, ...]


class Outlines:
    """The outlines of a crate's files; it keeps every tree it made, so let go of it when done."""

    def __init__(self, files: CrateFiles) -> None:
        self._files = files
        self._known: dict[str, _Outline | None] = {}

    def items(self, path: str) -> tuple[Item, ...]:
        """Return the named items of a file, outer ones first; none where it is no Rust."""
        outline = self._outline(path)
        return outline.items if outline else ()

    def around(self, path: str, line: int) -> tuple[str, ...]:
        """Return the items a line is in, outermost first; asked line by line it does not go through all items."""
        outline = self._outline(path)
        if outline is None:
            return ()
        text = line_text(self._files[path].content, line)
        column = len(text[: len(text) - len(text.lstrip())].encode())
        node = outline.root.descendant_for_point_range((line - 1, column), (line - 1, column + 1))
        names = []
        while node is not None:
            if name := item_name(node):
                names.append(name)
            node = node.parent
        return tuple(reversed(names))

    def _outline(self, path: str) -> _Outline | None:
        if path not in self._known:
            file = self._files.get(path)
            self._known[path] = None
            if file is not None and path.endswith(".rs") and len(file.content) <= _MOST_PARSED:
                root = parse_rust(path, file.content).tree.root_node
                self._known[path] = _Outline(root, items_of(root))
        return self._known[path]


def modules(names: tuple[str, ...]) -> tuple[str, ...]:
    """Return the modules among the items around a line."""
    return tuple(name for name in names if name.startswith("mod "))


def types(name: str) -> frozenset[str]:
    """Return the type that an item defines or is about: `impl Read for a::File<T>` is about `File`."""
    if name.startswith("impl "):
        return _type_in(name.rpartition(" for ")[2] if " for " in name else name.removeprefix("impl "))
    return next((_type_in(name.removeprefix(kind)) for kind in _TYPES if name.startswith(kind)), frozenset())


def _type_in(text: str) -> frozenset[str]:
    found = _TYPE_NAME.match(text)
    return frozenset({found[1]}) if found else frozenset()
