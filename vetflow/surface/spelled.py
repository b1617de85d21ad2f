"""Text that code spells out: literals, formats, and arrays put together to one string."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from vetflow.surface.bindings import Source
from vetflow.surface.expressions import STRINGS, WRAPPERS, inner_of, macro_name, macro_tokens
from vetflow.surface.following import Follower, Step
from vetflow.surface.lexemes import literal_value
from vetflow.surface.rust import name_of
from vetflow.surface.std_values import TRANSPARENT
from vetflow.surface.traced import Kind, Value, concatenation, literal, pattern_text, single, union, unknown

if TYPE_CHECKING:
    from tree_sitter import Node

_HOPS: Final = 30
_PLACEHOLDER: Final = re.compile(r"\{\{|\}\}|\{([^{}:]*)(?::[^{}]*)?\}")
_NUMBER: Final = re.compile(r"(0x[0-9a-fA-F_]+|0o[0-7_]+|0b[01_]+|[0-9][0-9_]*)(?:_?[iu](?:8|16|32|64|128|size))?")
_GIVES_UP: Final = frozenset({"panic", "unreachable", "todo", "unimplemented", "bail", "compile_error"})
_GIVING_UP: Final = re.compile(rb"\b(?:" + "|".join(sorted(_GIVES_UP)).encode() + rb")\s*!\s*\([^()]*\)")
_ADDS_NOTHING: Final = re.compile(
    rb"(?:[^\w\"']|\$\w+|\b(?:match|if|let|else|return|continue|break|Some|None|Ok|Err|Option|Result|std|core|option|result"
    rb"|convert|From|from|Into|into|expr|unwrap|ref|mut|e|err|error|v|val|value|x|r|_)\b)*"
)


def environment(names: Value) -> Value:
    """Return the variables of the environment that have some names."""
    return union(*[single(Kind.VARIABLE, pattern_text(name)) for name in names])


def character(node: Node) -> Value:
    """Return what a character or a number stands for in a text: a number is the character it encodes."""
    text = (node.text or b"").decode("utf-8", "replace")
    if node.type == "char_literal":
        return literal(literal_value(b'"' + text.lstrip("b")[1:-1].replace('"', '\\"').encode() + b'"'))
    digits = _NUMBER.fullmatch(text)
    if digits is None:
        return unknown("a number")
    plain = digits[1].replace("_", "")
    number = int(plain, 0) if plain[:2] in {"0x", "0o", "0b"} else int(plain)
    return literal(chr(number)) if number < 0x110000 else unknown("a number")


def macro_value(follower: Follower, source: Source, step: Step) -> Value:
    """Return what a macro may give: those of the standard library that make text, and what hands its argument on."""
    name, tokens = macro_name(source.node), macro_tokens(source.node)
    nodes = [] if tokens is None else follower.arguments(source.file, tokens)
    sources = [Source(source.file, each) for each in nodes]
    if name in follower.bindings.macros:
        hands_on = len(sources) == 1 and _hands_on(follower, name)
        return follower.follow(sources[0], step) if hands_on else unknown(f"what the macro `{name}!` gives")
    if name in _GIVES_UP:
        return ()
    if name in {"include_str", "include_bytes", "include"}:
        return unknown("the contents of a file")
    if not sources:
        return unknown(f"what the macro `{name}!` gives")
    if name in {"env", "option_env"}:
        return environment(follower.follow(sources[0], step))
    if name in {"format", "format_args"}:
        return formatted(follower, sources, step)
    values = [follower.follow(each, step) for each in sources]
    if name == "concat":
        return concatenation(values)
    if name == "vec" or (len(sources) == 1 and name == "try"):
        return union(*values)
    return unknown(f"what the macro `{name}!` gives")


def _hands_on(follower: Follower, name: str) -> bool:
    """Whether the unit's own macros by a name only take their argument apart, or give up."""
    bodies = [_GIVING_UP.sub(b"", node.text or b"") for node in follower.bindings.macros[name]]
    return all(_ADDS_NOTHING.fullmatch(body.partition(b"{")[2]) for body in bodies)


def formatted(follower: Follower, sources: list[Source], step: Step) -> Value:
    """Return the text that a template, the first of some expressions, makes of the others."""
    template, given = sources[0], sources[1:]
    if template.node.type not in STRINGS:
        return unknown("text in a form that is computed")
    text = literal_value(template.node.text or b"")
    named = dict(_named(given))
    pieces: list[Value] = []
    position = following = 0
    for match in _PLACEHOLDER.finditer(text):
        pieces.append(literal(text[position : match.start()]))
        position = match.end()
        name = match[1]
        if name is None:
            pieces.append(literal(match[0][0]))
            continue
        if not name or name.isdigit():
            place = int(name[:4]) if name else following
            following += 0 if name else 1
            value = follower.follow(given[place], step) if place < len(given) else ()
        elif name in named:
            value = follower.follow(named[name], step)
        else:
            value = follower.variable(template.file, template.node.start_byte, name, step)
        pieces.append(value or unknown("a value"))
    return concatenation([*pieces, literal(text[position:])])


def _named(given: list[Source]) -> list[tuple[str, Source]]:
    found = []
    for each in given:
        left, right = each.node.child_by_field_name("left"), each.node.child_by_field_name("right")
        if each.node.type == "assignment_expression" and left is not None and right is not None:
            found.append((name_of(left), Source(each.file, right)))
    return found


def elements(follower: Follower, source: Source, step: Step) -> list[Value] | None:
    """Return the elements of an array in their order; None where the code does not show one."""
    node: Node | None = source.node
    for _ in range(_HOPS):
        if node is None:
            return None
        if node.type in WRAPPERS:
            node = inner_of(node)
        elif node.type == "call_expression":
            node = _receiver(node)
        elif node.type == "identifier":
            found = _only_source(follower, source.file, node)
            if found is None or found.node == node:
                return None
            source, node = found, found.node
        else:
            break
    return None if node is None else _listed(follower, source.file, node, step)


def _receiver(call: Node) -> Node | None:
    """Return what a method is called on that hands on all elements."""
    function = call.child_by_field_name("function")
    field = None if function is None else function.child_by_field_name("field")
    if function is None or field is None or name_of(field) not in TRANSPARENT:
        return None
    return function.child_by_field_name("value")


def _listed(follower: Follower, file: str, node: Node, step: Step) -> list[Value] | None:
    children: list[Node] | None = None
    if node.type == "array_expression" and node.child_by_field_name("length") is None:
        children = [child for child in node.named_children if not child.is_extra]
    elif node.type == "macro_invocation" and macro_name(node) == "vec":
        tokens = macro_tokens(node)
        children = None if tokens is None else follower.arguments(file, tokens)
    return None if children is None else [follower.follow(Source(file, child), step) for child in children]


def _only_source(follower: Follower, file: str, node: Node) -> Source | None:
    """Return the one expression that a name is bound to; None where there are several."""
    bindings, name = follower.bindings, name_of(node)
    for scope in [*bindings.scopes_at(file, node.start_byte), (file, -1)]:
        sources = bindings.locals.get((scope, name))
        if sources:
            return sources[0] if len(sources) == 1 else None
    constants = bindings.constants.get(name, ())
    return constants[0] if len(constants) == 1 else None
