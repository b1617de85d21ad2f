"""Where a crate's own name and version may stand without meaning anything else: the only places families overlook.

These are: `name` and `version` of `[package]` and `name` of `[lib]` in a manifest, the folder in
`.cargo_vcs_info.json`, and the crate itself as the first word of a path in Rust (`aa_core::run` in an example of
aa-core). Never a string, an address, a comment or any other word: there a name that differs from crate to crate can do
harm (docs/decisions 0013).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

from vetflow.review.hunks import split_lines
from vetflow.surface.rust import parse_rust
from vetflow.surface.vcs_info import VCS_INFO

if TYPE_CHECKING:
    from tree_sitter import Node

_MARK: Final = b"\0vetflow:"
_NAME: Final = _MARK + b"name\0"
_VERSION: Final = _MARK + b"version\0"
_FOLDER: Final = _MARK + b"folder\0"
_MOST_PARSED: Final = 400_000
_HEADER: Final = re.compile(rb"[ \t]*\[")
_SETTING: Final = re.compile(rb'(name|version)( = ")([^"\\]*)("\r?\n?)\Z')
_FOLDER_LINE: Final = re.compile(rb'([ \t]*"path_in_vcs": ")([A-Za-z0-9_./-]*)(",?\r?\n?)\Z')
_TABLES: Final = {b"[package]": (b"name", b"version"), b"[lib]": (b"name",)}
_PATHS: Final = frozenset({"scoped_identifier", "scoped_use_list", "scoped_type_identifier", "use_wildcard"})


class OwnName(NamedTuple):
    """How a crate calls itself."""

    crate: str
    version: str

    @property
    def library(self) -> bytes:
        """How Rust code calls it."""
        return self.crate.replace("-", "_").encode()


def without_own_name(path: str, content: bytes, own: OwnName) -> bytes:
    """Return a file with marks where the crate only names itself; every line stays where it is. Linear.

    A file that holds such a mark already is returned as it is.
    """
    if _MARK in content:
        return content
    if path in {"Cargo.toml", "Cargo.toml.orig"}:
        return _manifest(content, own)
    if path == VCS_INFO:
        return b"".join(_FOLDER_LINE.sub(rb"\1" + _FOLDER + rb"\3", line) for line in split_lines(content))
    if path.endswith(".rs") and len(content) <= _MOST_PARSED and own.library in content:
        return _code(content, own.library)
    return content


def _manifest(content: bytes, own: OwnName) -> bytes:
    lines: list[bytes] = []
    settings: tuple[bytes, ...] = ()
    for line in split_lines(content):
        if _HEADER.match(line):
            settings = _TABLES.get(line.strip(), ())
        found = _SETTING.match(line)
        if found and found[1] in settings:
            names = {own.crate.encode(), own.library} if found[1] == b"name" else {own.version.encode()}
            mark = _NAME if found[1] == b"name" else _VERSION
            if found[3] in names:
                line = found[1] + found[2] + mark + found[4]  # noqa: PLW2901  the line as it goes on
        lines.append(line)
    return b"".join(lines)


def _code(content: bytes, library: bytes) -> bytes:
    """Return Rust code with a mark for each path that begins with the library; what is no path stays."""
    pieces, at = [], 0
    for start, end in _own_paths(content, library):
        pieces += [content[at:start], _NAME]
        at = end
    return b"".join([*pieces, content[at:]])


def _own_paths(content: bytes, library: bytes) -> list[tuple[int, int]]:
    tree = parse_rust("", content).tree
    found = []
    stack = [tree.root_node]
    while stack:
        node = stack.pop()
        if node.type == "identifier" and node.text == library and _begins_a_path(node):
            found.append((node.start_byte, node.end_byte))
        stack.extend(node.named_children)
    return sorted(each for each in found if content[each[0] : each[1]] == library)


def _begins_a_path(node: Node) -> bool:
    parent = node.parent
    if parent is None or parent.type not in _PATHS:
        return False
    return parent.start_byte == node.start_byte
