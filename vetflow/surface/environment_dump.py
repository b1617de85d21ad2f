"""Code that goes through all variables of the environment, and whether it keeps only those that cargo sets."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from vetflow.surface.lexemes import literal_value
from vetflow.surface.mention import Mention
from vetflow.surface.rules import Rules
from vetflow.surface.sighting import Sighting
from vetflow.surface.syntax import arguments_of

if TYPE_CHECKING:
    from tree_sitter import Node

_TESTS: Final = rb'\w+\s*\.\s*(?:starts_with|strip_prefix)\s*\(\s*("(?:[^"\\]|\\.)*")\s*\)'
_KEEPS: Final = re.compile(rb"\s*(?:let\s+Some\s*\(\s*\w+\s*\)\s*=\s*)?" + _TESTS + rb"\s*")
_MAPS: Final = re.compile(rb"\s*" + _TESTS + rb"\s*(?:\.\s*(?:map|and_then)\b|\?|\Z)")


def judge_dump(mention: Mention) -> Sighting:
    """Return what a call that gives all variables is: a dump, or a search among those of cargo."""
    call = mention.call
    beginning = None if call is None else _kept(call)
    if beginning and _only_of_cargo(beginning, mention.code.rules):
        return mention.sighting(
            "env-dump/filtered", mention.function, f"only names that begin with `{beginning}` count"
        )
    return mention.sighting("env-dump/all", mention.function)


def _only_of_cargo(beginning: str, rules: Rules) -> bool:
    """Whether no variable that begins so may hold a secret."""
    found = rules.variables.find(f"{beginning}_TOKEN")
    return found is not None and found.id == "env-read/toolchain"


def _kept(call: Node) -> str | None:
    """Return how the names begin that a loop or a chain keeps, where nothing else sees the others."""
    parent = call.parent
    if parent is not None and parent.type == "for_expression":
        return _kept_by_loop(parent)
    return _kept_by_filter(parent) if parent is not None and parent.type == "field_expression" else None


def _kept_by_loop(loop: Node) -> str | None:
    """Return what the one `if` asks for that the body of a loop consists of."""
    body = loop.child_by_field_name("body")
    inner = [] if body is None else [child for child in body.named_children if not child.is_extra]
    only = inner[0] if len(inner) == 1 else None
    if only is not None and only.type == "expression_statement":
        only = only.named_children[0]
    if only is None or only.type != "if_expression" or only.child_by_field_name("alternative") is not None:
        return None
    condition = only.child_by_field_name("condition")
    tested = None if condition is None else _KEEPS.fullmatch(condition.text or b"")
    return None if tested is None else literal_value(tested[1])


def _kept_by_filter(field: Node) -> str | None:
    name, call = field.child_by_field_name("field"), field.parent
    arguments = [] if call is None or call.type != "call_expression" else arguments_of(call)
    body = arguments[0].child_by_field_name("body") if arguments else None
    if name is None or body is None:
        return None
    text = body.text or b""
    tested = _KEEPS.fullmatch(text) if name.text == b"filter" else None
    if name.text == b"filter_map":
        tested = _MAPS.match(text)
    return None if tested is None else literal_value(tested[1])
