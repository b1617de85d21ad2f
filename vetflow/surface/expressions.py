"""The shapes of expressions: which parts of one its value may come from."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from vetflow.surface.names import NamePath, split_path
from vetflow.surface.rust import name_of

if TYPE_CHECKING:
    from tree_sitter import Node

STRINGS: Final = frozenset({"string_literal", "raw_string_literal"})
NAMES: Final = frozenset({"identifier", "self", "scoped_identifier"})
WRAPPERS: Final = frozenset({
    "reference_expression", "parenthesized_expression", "try_expression", "unary_expression", "type_cast_expression",
    "index_expression", "await_expression", "return_expression", "expression_statement", "else_clause",
    "generic_function", "unsafe_block", "break_expression", "let_condition", "range_expression",
})  # fmt: skip
"""Expressions that are worth what their first part is worth."""

BRANCHING: Final = frozenset({
    "block", "if_expression", "match_expression", "loop_expression", "closure_expression", "async_block", "const_block",
})  # fmt: skip

_BLANK: Final = re.compile(rb"\s+")
_INNER: Final = frozenset({"closure_expression", "function_item", "token_tree"})


def inner_of(node: Node) -> Node | None:
    """Return the part of a wrapper that it is worth."""
    parts = (child for child in node.named_children if not child.is_extra)
    return next((part for part in parts if part.type != "mutable_specifier"), None)


def branches_of(node: Node) -> list[Node]:
    """Return the expressions one of which a branching one is worth."""
    if node.type == "block":
        last = next((child for child in reversed(node.named_children) if not child.is_extra), None)
        return [last] if last is not None and _is_result(last) else []
    if node.type == "if_expression":
        parts = (node.child_by_field_name("consequence"), node.child_by_field_name("alternative"))
        return [part for part in parts if part is not None]
    body = node.child_by_field_name("body")
    if node.type == "match_expression" and body is not None:
        arms = [arm.child_by_field_name("value") for arm in body.named_children if arm.type == "match_arm"]
        return [arm for arm in arms if arm is not None]
    if node.type == "loop_expression" and body is not None:
        return list(_within(body, "break_expression")) or [node.children[0]]
    return [body] if body is not None else [child for child in node.named_children if child.type == "block"]


def _is_result(last: Node) -> bool:
    """Whether the last node of a block is its value, and not a statement or an item."""
    if last.type == "expression_statement":
        return last.children[-1].type != ";"
    return last.type != "let_declaration" and not last.type.endswith(("_item", "_definition", "_statement"))


def results_of(body: Node) -> list[Node]:
    """Return what a closure with this body may give back: its last expression, and what `return` gives."""
    return [body, *_within(body, "return_expression")]


def _within(body: Node, kind: str) -> Iterator[Node]:
    stack = [body]
    while stack:
        node = stack.pop()
        if node.type == kind:
            yield node
        elif node.type not in _INNER:
            stack.extend(node.named_children)


def closure_parameters(closure: Node) -> list[str]:
    """Return all names that the parameters of a closure bind."""
    parameters = closure.child_by_field_name("parameters")
    names = []
    stack = [parameters] if parameters is not None else []
    while stack:
        node = stack.pop()
        if node.type == "identifier":
            names.append(name_of(node))
        stack.extend(node.named_children)
    return names


def path_of(node: Node) -> NamePath:
    """Return the path that a name consists of."""
    return split_path(_BLANK.sub(b"", node.text or b""))


def function_of(call: Node) -> Node | None:
    """Return the function of a call, without brackets and types around it."""
    function = call.child_by_field_name("function")
    while function is not None and function.type in {"generic_function", "parenthesized_expression"}:
        function = inner_of(function)
    return function


def macro_name(node: Node) -> str:
    """Return the last name of a macro's path."""
    macro = node.child_by_field_name("macro")
    return "" if macro is None else name_of(macro).rpartition("::")[2].strip()


def macro_tokens(node: Node) -> Node | None:
    """Return the brackets of a macro with what is in them."""
    return next((child for child in reversed(node.named_children) if child.type == "token_tree"), None)
