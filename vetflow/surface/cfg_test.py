"""Which parts of a file are compiled for tests only: all other conditions may hold on somebody's machine.

An item is left out only where `cfg` needs `test` for certain, and where nothing that could take the attribute away
stands before it: an attribute macro sees the attributes after its own.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from tree_sitter import Node

_INERT: Final = frozenset({
    "allow", "automatically_derived", "bench", "cfg", "cfg_attr", "deny", "deprecated", "doc", "expect", "forbid",
    "ignore", "inline", "macro_use", "must_use", "no_mangle", "path", "repr", "should_panic", "test", "warn",
})  # fmt: skip
"""Attributes of the compiler that hand no tokens to anybody."""

_COMMENTS: Final = frozenset({"line_comment", "block_comment"})


def ranges_for_tests(root: Node, source: bytes) -> tuple[tuple[int, int], ...]:
    """Return the byte ranges of the items that only tests compile, sorted, none within another. Linear."""
    marks = [mark.start() for mark in re.finditer(rb"\btest\b", source)]
    if not marks:
        return ()
    found: list[tuple[int, int]] = []
    stack = [root]
    while stack:
        node = stack.pop()
        children = node.children
        if _has_inner_condition(children):
            found.append((node.start_byte, node.end_byte))
        else:
            stack.extend([child for child in _unconditional(children, found) if _holds(child, marks)])
    return tuple(sorted(found))


def _holds(node: Node, marks: list[int]) -> bool:
    """Whether one of the offsets, which are sorted, lies within a node."""
    index = bisect_left(marks, node.start_byte)
    return index < len(marks) and marks[index] < node.end_byte


def _has_inner_condition(children: list[Node]) -> bool:
    """Whether the first attributes within a file or block switch all of it off."""
    for child in children:
        if child.type == "inner_attribute_item":
            if needs_test(child):
                return True
            if not _is_inert(child):
                return False
        elif child.type not in _COMMENTS and child.is_named:
            return False
    return False


def _unconditional(children: list[Node], found: list[tuple[int, int]]) -> list[Node]:
    """Return the children that are not for tests only, and note the ranges of the others with their attributes."""
    kept: list[Node] = []
    attributes: list[Node] = []
    for child in children:
        if child.type == "attribute_item":
            attributes.append(child)
            continue
        if child.type in _COMMENTS:
            continue
        if child.type == "match_arm":  # its attributes are within it
            attributes = [inner for inner in child.children if inner.type == "attribute_item"]
        if attributes and _is_test_only(attributes) and not child.has_error and child.type != "ERROR":
            found.append((attributes[0].start_byte, child.end_byte))
        else:
            kept += (*attributes, child) if child.type != "match_arm" else (child,)
        attributes = []
    return kept + attributes


def _is_test_only(attributes: list[Node]) -> bool:
    for attribute in attributes:
        if needs_test(attribute):
            return True
        if not _is_inert(attribute):
            return False
    return False


def _is_inert(attribute: Node) -> bool:
    name = _name(attribute)
    return name in _INERT or name.startswith(("rustfmt::", "clippy::"))


def _name(attribute: Node) -> str:
    """Return an attribute's name, whether it was parsed as one or is a list of tokens in brackets."""
    inner = next((child for child in attribute.named_children if child.type == "attribute"), attribute)
    first = inner.named_children[0] if inner.named_children else None
    return "" if first is None else (first.text or b"").decode("utf-8", "replace")


def needs_test(attribute: Node) -> bool:
    """Whether an attribute is a `cfg` that holds in tests only."""
    if _name(attribute) != "cfg":
        return False
    tokens = _tokens(attribute)
    return _evaluate(tokens, test=False) is False and _evaluate(tokens, test=True) is not False


def _tokens(attribute: Node) -> list[str]:
    """Return the tokens of an attribute's arguments, `cfg` included; a string is one token."""
    found = []
    stack = [attribute]
    while stack:
        node = stack.pop()
        if node.child_count and node.type not in {"string_literal", "raw_string_literal"}:
            stack.extend(reversed(node.children))
        elif node.type not in _COMMENTS:
            found.append((node.text or b"").decode("utf-8", "replace"))
    return found[found.index("cfg") :]


def _evaluate(tokens: list[str], *, test: bool) -> bool | None:
    """Return the value of a condition, where only `test` is known; None for "it depends"."""
    frames: list[tuple[str, list[bool | None]]] = [("all", [])]
    for index, word in enumerate(tokens):
        following = tokens[index + 1] if index + 1 < len(tokens) else ""
        if following == "(":
            frames.append((word, []))
        elif word == ")" and len(frames) > 1:
            operator, values = frames.pop()
            frames[-1][1].append(_combine(operator, values))
        elif following == "=":
            frames[-1][1].append(None)
        elif word not in {"(", ",", "=", "]", "[", "#", "!", ")"} and tokens[index - 1] != "=":
            frames[-1][1].append(test if word == "test" else None)
    return _combine("all", frames[0][1])


def _combine(operator: str, values: list[bool | None]) -> bool | None:
    if operator == "not":
        value = values[0] if len(values) == 1 else None
        return None if value is None else not value
    if operator == "any":
        return True if True in values else None if None in values else False
    if operator in {"all", "cfg"}:
        return False if False in values else None if None in values else True
    return None
