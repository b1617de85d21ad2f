"""What a file of Rust code refers to by name: modules in other files, and files included while it is compiled.

Code within macro calls and `macro_rules!` bodies counts: it is a flat list of tokens, read by the same patterns.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Mapping
from posixpath import join
from typing import TYPE_CHECKING, Final, NamedTuple, TypeAlias

from vetflow.surface.cfg_test import needs_test
from vetflow.surface.const_paths import ConstPath, attribute_paths, const_path, is_conditional
from vetflow.surface.rust import COMMENTS, line_of, live_children, name_of, text_of
from vetflow.surface.units import ParsedFile

if TYPE_CHECKING:
    from tree_sitter import Node

INCLUDING_MACROS: Final[Mapping[str, str]] = {name: name for name in ("include", "include_str", "include_bytes")}

_ALIAS: Final = re.compile(rb"\b(include|include_str|include_bytes)\s+as\s+(?:r#)?(\w+)")
_MODULE_TEXT: Final = re.compile(rb'\bmod\s+(?:r#)?(?P<name>\w+)\s*;|\bpath\s*=\s*"(?P<path>[^"\\\n]+)"')
_INCLUSION_TEXT: Final = re.compile(rb'\b(?P<macro>\w+)\s*!\s*[(\[{]\s*"(?P<path>[^"\\\n]+)"')


class ModulePlace(NamedTuple):
    """Where the modules of a place in the code are looked for: `directory`/`relative`/NAME.rs.

    directory: from where `#[path]` counts. relative: empty in a root, a `mod.rs`, a file reached by `#[path]` or by
    `include!`, and within inline modules; else the name of the file.
    """

    directory: str
    relative: str = ""

    def within(self, name: str) -> ModulePlace:
        """Return the place within an inline module."""
        return ModulePlace(join(self.directory, self.relative, name))


Places: TypeAlias = tuple[ModulePlace, ...]
"""Alternatives: which one holds depends on conditions, or on where a macro is called."""


class ModuleDeclaration(NamedTuple):
    """`mod NAME;` in a place, or one of several. name: None where a macro fills it in.

    paths: those of its attributes. has_default: whether the usual location counts, too. optional: it is no wonder when
    there is no file.
    """

    name: str | None
    line: int
    places: Places
    paths: tuple[ConstPath, ...]
    has_default: bool
    optional: bool


class Inclusion(NamedTuple):
    """A call of `include!`, `include_str!` or `include_bytes!`.

    optional: it is no wonder when there is no file, as in attributes for documentation.
    """

    macro: str
    line: int
    path: ConstPath
    optional: bool


class References(NamedTuple):
    """All that a file refers to, in no particular order."""

    modules: tuple[ModuleDeclaration, ...]
    inclusions: tuple[Inclusion, ...]


def including_aliases(source: bytes) -> Mapping[str, str]:
    """Return the other names a file gives to the including macros, each with the macro's own name."""
    if b"include" not in source:
        return {}
    return {alias.decode("utf-8", "replace"): name.decode() for name, alias in _ALIAS.findall(source)}


def find_references(
    file: ParsedFile, place: ModulePlace, including: Mapping[str, str], callers: Places = ()
) -> References:
    """Return what a file refers to; linear in its size.

    place: where its own modules are looked for. including: the macros that include files, by the names they go by.
    callers: where else its macros may be called, so that modules in their bodies are looked for there.
    """
    scanner = _Scanner(file, including, callers)
    scanner.scan((place,))
    if file.tree.root_node.has_error:
        scanner.scan_text((place,))
    return References(tuple(scanner.modules), tuple(scanner.inclusions))


class _Scanner:
    """Goes through the nodes that hold the word `mod` or the name of an including macro; others hold no reference."""

    def __init__(self, file: ParsedFile, including: Mapping[str, str], callers: Places) -> None:
        self.modules: list[ModuleDeclaration] = []
        self.inclusions: list[Inclusion] = []
        self._file = file
        self._including = including
        self._callers = callers
        words = b"|".join([rb"\bmod\b", *[re.escape(name.encode()) for name in including]])
        self._marks = [found.start() for found in re.finditer(words, file.source)]
        self._stack: list[tuple[Node, Places, bool]] = []

    def scan(self, places: Places) -> None:
        self._push(self._file.tree.root_node, places, in_attribute=False)
        while self._stack:
            node, here, in_attribute = self._stack.pop()
            self._siblings(live_children(self._file, node), here, in_attribute=in_attribute)

    def scan_text(self, places: Places) -> None:
        """Look for references without a syntax tree: where it has errors, it may have left some out."""
        source = self._file.source
        for found in _MODULE_TEXT.finditer(source):
            line = source.count(b"\n", 0, found.start()) + 1
            name, path = ((found[group] or b"").decode("utf-8", "replace") for group in ("name", "path"))
            paths = (ConstPath(None, path),) if path else ()
            self.modules.append(ModuleDeclaration(name or "?", line, places, paths, bool(name), optional=True))
        for found in _INCLUSION_TEXT.finditer(source):
            macro = self._including.get(found["macro"].decode("utf-8", "replace"))
            if macro is not None:
                path = ConstPath(None, found["path"].decode("utf-8", "replace"))
                # As in an attribute: what may be a comment proves nothing.
                self.inclusions.append(Inclusion(macro, source.count(b"\n", 0, found.start()) + 1, path, True))

    def _push(self, node: Node, places: Places, *, in_attribute: bool) -> None:
        index = bisect_left(self._marks, node.start_byte)
        if index < len(self._marks) and self._marks[index] < node.end_byte:
            self._stack.append((node, places, in_attribute))

    def _siblings(self, nodes: list[Node], places: Places, *, in_attribute: bool) -> None:
        attributes: list[Node] = []
        index = 0
        while index < len(nodes):
            node = nodes[index]
            following = nodes[index + 1 : index + 3]
            taken = 1
            if node.type == "attribute_item":
                attributes.append(node)
                self._push(node, places, in_attribute=True)
            elif node.type == "#" and following and following[0].type == "token_tree":
                attributes.append(following[0])
                self._push(following[0], places, in_attribute=True)
                taken = 2
            elif node.type == "mod_item":
                self._module([part for part in node.children if part.type not in COMMENTS], attributes, places)
                attributes = []
            elif node.type == "mod" and len(following) == 2 and not following[0].child_count:
                self._module([node, *following], attributes, places)
                attributes, taken = [], 3
            elif node.type == "macro_definition":
                self._push(node, (*places, *self._callers), in_attribute=False)
                attributes = []
            elif node.type == "macro_invocation":
                self._macro_call(node, places, in_attribute=in_attribute)
                attributes = []
            elif len(following) == 2 and self._is_inclusion(node, following):
                self._inclusion(node, following[1], in_attribute=in_attribute)
                taken = 3
            else:
                self._push(node, places, in_attribute=in_attribute or node.type == "inner_attribute_item")
                # `pub(crate) mod x;` as tokens: what stands between attributes and `mod` does not part them.
                attributes = attributes if node.type in _BEFORE_MOD or _is_restriction(node) else []
            index += taken

    def _is_inclusion(self, node: Node, following: list[Node]) -> bool:
        """Whether tokens are the name of an including macro, `!` and its arguments."""
        return (
            node.type == "identifier"
            and following[0].type == "!"
            and following[1].type == "token_tree"
            and name_of(node) in self._including
        )

    def _macro_call(self, node: Node, places: Places, *, in_attribute: bool) -> None:
        name, arguments = node.children[0], node.children[-1]
        if name.type == "scoped_identifier":
            name = name.children[-1]
        if name_of(name) in self._including and arguments.type == "token_tree":
            self._inclusion(name, arguments, in_attribute=in_attribute)
        else:
            self._push(arguments, places, in_attribute=in_attribute)

    def _inclusion(self, name: Node, arguments: Node, *, in_attribute: bool) -> None:
        macro = self._including[name_of(name)]
        path = const_path(arguments.children)
        self.inclusions.append(Inclusion(macro, line_of(name), path, in_attribute))

    def _module(self, parts: list[Node], attributes: list[Node], places: Places) -> None:
        """Note `mod NAME;`, or go into `mod NAME { … }`."""
        position = next(index for index, part in enumerate(parts) if part.type == "mod")
        # Among tokens, a name may look like something else: `u8`, `default`. A macro fills in what begins with `$`.
        text = name_of(parts[position + 1])
        name = text if text.isidentifier() else None
        body = parts[-1]
        attributes = [*attributes, *_inner_attributes(body)]
        paths = [path for attribute in attributes for path in attribute_paths(attribute)]
        has_default = not paths or all(is_conditional(each) for each in attributes if attribute_paths(each))
        if body.type != ";":
            inner = _inline_places(name if has_default else None, paths, places)
            self._push(body, inner, in_attribute=False)
            return
        optional = any(_is_cfg_test(each) for each in attributes)
        line = line_of(parts[0])
        self.modules.append(ModuleDeclaration(name, line, places, tuple(paths), has_default, optional))


def _inner_attributes(body: Node) -> list[Node]:
    """Return the attributes at the beginning of a block, which are those of what it belongs to, too."""
    found = []
    for node in body.children[1:]:
        if node.type == "inner_attribute_item" or text_of(node).startswith("["):
            found.append(node)
        elif node.type not in _BEFORE_INNER:
            break
    return found


_MOST_PLACES: Final = 8


def _inline_places(name: str | None, paths: list[ConstPath], places: Places) -> Places:
    """Return where the modules of an inline module may be; a `#[path]` on it names the folder."""
    found = []
    for place in places:
        found += [ModulePlace(join(place.directory, path.text)) for path in paths if path.text is not None]
        if name is not None:
            found.append(place.within(name))
    return tuple(dict.fromkeys(found))[:_MOST_PLACES] or places


_BEFORE_INNER: Final = COMMENTS | {"#", "!"}
_BEFORE_MOD: Final = COMMENTS | {"pub", "crate", "visibility_modifier"}


def _is_restriction(node: Node) -> bool:
    return node.type == "token_tree" and text_of(node).startswith(("(crate", "(super", "(self", "(in"))


def _is_cfg_test(attribute: Node) -> bool:
    return attribute.type == "token_tree" and needs_test(attribute)
