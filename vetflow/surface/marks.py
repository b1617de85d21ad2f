"""What single marks in the code give away: `unsafe`, foreign functions, attributes, tables and bytes made by `^`."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from vetflow.surface.lexemes import IDENT
from vetflow.surface.sighting import Sighting
from vetflow.surface.strings import find_tables
from vetflow.surface.unit_code import FileCode, UnitCode

if TYPE_CHECKING:
    from tree_sitter import Node

_ATTRIBUTE_WORD: Final = re.compile(IDENT + rb"(?:\s*::\s*" + IDENT + rb")*")
_FOREIGN_FUNCTION: Final = re.compile(rb"\b(?:fn|static)\s+(?:mut\s+)?(" + IDENT + rb")")
_UNSAFE: Final = re.compile(rb"unsafe\s*(?:\{|\b(?:fn|impl|trait|extern|auto|async|const)\b)")
_XOR: Final = re.compile(rb"[\w)\]]\s*(\^=?)\s*[\w(*&!]")
_LOOPS: Final = frozenset({"closure_expression", "for_expression", "while_expression", "loop_expression"})
_CLIMB: Final = 14


def find_marks(code: UnitCode, file: FileCode) -> Iterator[Sighting]:
    """Yield what single marks give away; linear in the size of the file."""
    yield from _unsafe(file)
    yield from _foreign(code, file)
    yield from _attributes(code, file)
    for offset, detail, hidden in find_tables(file.lexemes.code):
        yield _mark("encoded/data" if hidden else "encoded/table", detail, offset, file)
    yield from _arithmetic(file)


def _mark(rule: str, detail: str, offset: int, file: FileCode) -> Sighting:
    return Sighting(rule, detail, offset, (), offset in file.emitting)


def _unsafe(file: FileCode) -> Iterator[Sighting]:
    """Yield the first `unsafe` of what the file does, and of what its macros give out."""
    seen = set()
    for offset in file.lexemes.names.get(b"unsafe", ()):
        emitted = offset in file.emitting
        if emitted not in seen and _UNSAFE.match(file.lexemes.code, offset):
            seen.add(emitted)
            yield _mark("unsafe/block", "unsafe", offset, file)


def _foreign(code: UnitCode, file: FileCode) -> Iterator[Sighting]:
    """Yield blocks of foreign functions, and those in them that a rule knows, also by the name they are linked by."""
    blocks = [bracket for bracket in file.lexemes.brackets if bracket.kind == "extern"]
    if blocks:
        # One place stands for all blocks of a file: generated bindings have thousands.
        yield _mark("ffi/foreign-code", "extern", min(block.start for block in blocks), file)
    starts = [each.start for each in file.lexemes.texts]
    for bracket in blocks:
        declared = [
            (match[1].decode("utf-8", "replace"), match.start(1))
            for match in _FOREIGN_FUNCTION.finditer(file.lexemes.code, bracket.start, bracket.end)
            if code.mentions is None or code.mentions[match[1].removeprefix(b"r#")]
        ]
        first, last = bisect_left(starts, bracket.start), bisect_left(starts, bracket.end)
        declared += [(each.value, each.start) for each in file.lexemes.texts[first:last]]
        for name, offset in declared:
            rule = code.rules.foreign.find(name)
            if rule is not None:
                yield Sighting(rule.id, name, offset, ("declared as a foreign function",), offset in file.emitting)


def _attributes(code: UnitCode, file: FileCode) -> Iterator[Sighting]:
    for bracket in file.lexemes.brackets:
        if bracket.kind == "attribute":
            for match in _ATTRIBUTE_WORD.finditer(file.lexemes.code, bracket.start, bracket.end):
                name = re.sub(rb"\s|r#", b"", match[0]).decode("utf-8", "replace")
                rule = code.rules.attributes.get(name)
                if rule is not None:
                    yield _mark(rule.id, f"#[{name}]", match.start(), file)


def _arithmetic(file: FileCode) -> Iterator[Sighting]:
    """Yield exclusive or of bytes in a loop whose result is made text or bytes: the usual way to hide a string."""
    for match in _XOR.finditer(file.lexemes.code):
        node = file.syntax.node_at(match.start(1) - 1, match.end(1) + 1)
        if node is not None and _hides_bytes(node):
            yield _mark("encoded/arithmetic", "^", match.start(1), file)


def _hides_bytes(node: Node) -> bool:
    within_loop = False
    makes_bytes = False
    current: Node | None = node
    for _ in range(_CLIMB):
        if current is None or current.type == "function_item":
            break
        if current.type == "type_cast_expression":
            target = current.child_by_field_name("type")
            makes_bytes |= target is not None and target.text in {b"char", b"u8"}
        elif current.type == "compound_assignment_expr":
            left = current.child_by_field_name("left")
            makes_bytes |= left is not None and left.type in {"unary_expression", "index_expression"}
        elif current.type == "call_expression" and within_loop:
            makes_bytes |= b".map" in (current.text or b"")[:4096] and b"u8" in (current.text or b"")
        within_loop |= current.type in _LOOPS
        current = current.parent
    return within_loop and makes_bytes
