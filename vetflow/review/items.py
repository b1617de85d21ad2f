"""Which function, type or module a line of Rust code is in, from the syntax tree."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from vetflow.surface.rust import parse_rust

if TYPE_CHECKING:
    from tree_sitter import Node

_KINDS: Final = {
    "mod_item": "mod",
    "function_item": "fn",
    "function_signature_item": "fn",
    "struct_item": "struct",
    "enum_item": "enum",
    "union_item": "union",
    "trait_item": "trait",
    "macro_definition": "macro_rules!",
    "foreign_mod_item": "extern",
    "const_item": "const",
    "static_item": "static",
    "type_item": "type",
}


class Item(NamedTuple):
    """An item, the lines it takes from its attributes' end to its own, and how it is called."""

    first: int
    last: int
    name: str


def items(content: bytes) -> tuple[Item, ...]:
    """Return all named items of a file of Rust code, outer ones first. Linear; nothing in a file makes it fail."""
    return items_of(parse_rust("", content).tree.root_node)


def items_of(root: Node) -> tuple[Item, ...]:
    """Return all named items of a file that was parsed."""
    found: list[Item] = []
    stack = [root]
    while stack:
        node = stack.pop()
        name = item_name(node)
        if name:
            found.append(Item(node.start_point[0] + 1, node.end_point[0] + 1, name))
        stack.extend(reversed(node.named_children))
    return tuple(found)


def enclosing(found: tuple[Item, ...], line: int) -> tuple[str, ...]:
    """Return the items a line is in, outermost first, such as `mod a`, `impl Trait for B`, `fn c`."""
    return tuple(item.name for item in found if item.first <= line <= item.last)


def item_name(node: Node) -> str | None:
    """Return how an item is called, such as `fn c` or `impl Trait for B`; None for whatever has no name of its own."""
    if node.type == "impl_item":
        of, what = node.child_by_field_name("trait"), node.child_by_field_name("type")
        return " for ".join(_text(each) for each in (of, what) if each is not None).join(("impl ", ""))
    kind = _KINDS.get(node.type)
    if kind is None:
        return None
    name = node.child_by_field_name("name")
    return kind if name is None else f"{kind} {_text(name)}"


def _text(node: Node) -> str:
    return " ".join((node.text or b"").decode("utf-8", "replace").split())
