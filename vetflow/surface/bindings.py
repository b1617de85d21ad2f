"""Where the values of a unit come from: every expression that a name is bound to, found by name and function.

Flow-insensitive: what a variable is ever given, it may be wherever it is used. A variable belongs to the function it
stands in; constants, fields and functions belong to the whole unit.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from functools import cache
from typing import TYPE_CHECKING, Final, NamedTuple, TypeAlias

from vetflow.surface.rust import is_test_only, name_of
from vetflow.surface.syntax import Syntax, arguments_of

if TYPE_CHECKING:
    from tree_sitter import Node, Query

_BINDING_NODES: Final = """
[(let_declaration) (let_condition) (const_item) (static_item) (assignment_expression) (compound_assignment_expr)
 (for_expression) (match_expression) (closure_expression) (function_item) (field_initializer)
 (shorthand_field_initializer) (call_expression) (macro_definition) (return_expression)] @node
"""
_APPENDING: Final = frozenset({"push", "push_str", "extend", "extend_from_slice", "insert", "append"})
_REPLACING: Final = frozenset({"clear", "clone_from", "insert_str", "replace_range", "set_file_name", "truncate"})
_SELF: Final = "self_parameter"

Scope: TypeAlias = tuple[str, int]
"""A function: its file and where it begins."""


class Source(NamedTuple):
    """An expression that a name may have the value of, and the file it stands in."""

    file: str
    node: Node


class Function(NamedTuple):
    """A function or a closure with a name. parameters: without `self`. scope: where its variables belong."""

    file: str
    parameters: tuple[str, ...]
    body: Node
    has_self: bool
    scope: Scope


class Bindings:
    """The index of one unit; building it takes one pass over its syntax."""

    def __init__(self, files: Iterable[Syntax]) -> None:
        self.locals: dict[tuple[Scope, str], list[Source]] = {}
        self.appended: dict[tuple[Scope, str], list[tuple[str, Source]]] = {}
        self.popped: set[tuple[Scope, str]] = set()
        self.altered: set[tuple[Scope, str]] = set()
        self.parameters: dict[tuple[Scope, str], tuple[str, int]] = {}
        self.constants: dict[str, list[Source]] = {}
        self.fields: dict[str, list[Source]] = {}
        self.functions: dict[str, list[Function]] = {}
        self.macros: dict[str, list[Node]] = {}
        self.returned: dict[Scope, list[Source]] = {}
        self.calls: dict[str, list[tuple[str, list[Node], bool]]] = {}
        self._scopes: dict[str, _Scopes] = {}
        for syntax in files:
            self._read(syntax)

    def scopes_at(self, file: str, offset: int) -> list[Scope]:
        """Return the functions around an offset, the innermost first."""
        scopes = self._scopes.get(file)
        return [] if scopes is None else [(file, start) for start in scopes.around(offset)]

    def _read(self, syntax: Syntax) -> None:
        path = syntax.file.path
        nodes = [
            node for root in syntax.roots for node in _nodes(root) if not is_test_only(syntax.file, node.start_byte)
        ]
        self._scopes[path] = _Scopes([node for node in nodes if node.type == "function_item"])
        readers = {
            "let_declaration": self._let,
            "let_condition": self._let,
            "const_item": self._constant,
            "static_item": self._constant,
            "assignment_expression": self._assignment,
            "compound_assignment_expr": self._assignment,
            "for_expression": self._for,
            "match_expression": self._match,
            "closure_expression": self._closure,
            "function_item": self._function,
            "field_initializer": self._initializer,
            "shorthand_field_initializer": self._shorthand,
            "call_expression": self._call,
            "macro_definition": self._macro,
            "return_expression": self._return,
        }
        for node in nodes:
            readers[node.type](path, node)

    def _scope(self, file: str, node: Node) -> Scope:
        around = self._scopes[file].around(node.start_byte)
        return (file, around[0]) if around else (file, -1)

    def _bind(self, file: str, pattern: Node | None, value: Node | None) -> None:
        if pattern is None or value is None:
            return
        scope = self._scope(file, pattern)
        for name, source in _matched(pattern, value):
            self.locals.setdefault((scope, name), []).append(Source(file, source))

    def _let(self, file: str, node: Node) -> None:
        value = node.child_by_field_name("value")
        pattern = node.child_by_field_name("pattern")
        self._bind(file, pattern, value)
        if value is not None and value.type == "closure_expression" and pattern is not None:
            self._named_closure(file, name_of(pattern), value)

    def _named_closure(self, file: str, name: str, closure: Node) -> None:
        body = closure.child_by_field_name("body")
        if body is not None:
            parameters = tuple(_parameter_names(closure))
            self.functions.setdefault(name, []).append(
                Function(file, parameters, body, has_self=False, scope=(file, -1))
            )
            for position, parameter in enumerate(parameters):
                self.parameters[self._scope(file, closure), parameter] = (name, position)

    def _constant(self, file: str, node: Node) -> None:
        name, value = node.child_by_field_name("name"), node.child_by_field_name("value")
        if name is not None and value is not None:
            self.constants.setdefault(name_of(name), []).append(Source(file, value))

    def _assignment(self, file: str, node: Node) -> None:
        left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
        if left is None or right is None:
            return
        if left.type == "field_expression":
            self._field(file, left.child_by_field_name("field"), right)
        elif node.type == "compound_assignment_expr":
            self._append(file, left, "push_str", right)
        else:
            self._bind(file, left, right)

    def _append(self, file: str, target: Node, method: str, value: Node) -> None:
        if target.type == "identifier":
            key = (self._scope(file, target), name_of(target))
            self.appended.setdefault(key, []).append((method, Source(file, value)))

    def _field(self, file: str, name: Node | None, value: Node | None) -> None:
        if name is not None and value is not None:
            self.fields.setdefault(name_of(name), []).append(Source(file, value))

    def _initializer(self, file: str, node: Node) -> None:
        self._field(file, node.child_by_field_name("field"), node.child_by_field_name("value"))

    def _shorthand(self, file: str, node: Node) -> None:
        name = node.named_children[-1] if node.named_children else None
        self._field(file, name, name)

    def _for(self, file: str, node: Node) -> None:
        self._bind(file, node.child_by_field_name("pattern"), node.child_by_field_name("value"))

    def _match(self, file: str, node: Node) -> None:
        body, value = node.child_by_field_name("body"), node.child_by_field_name("value")
        for arm in body.named_children if body is not None else ():
            if arm.type == "match_arm":
                self._bind(file, arm.child_by_field_name("pattern"), value)

    def _closure(self, file: str, node: Node) -> None:
        """Bind the parameters of a closure that a method is given to what the method is called on."""
        call = node.parent.parent if node.parent is not None and node.parent.type == "arguments" else None
        function = None if call is None else call.child_by_field_name("function")
        if function is None or function.type != "field_expression":
            return
        parameters = node.child_by_field_name("parameters")
        for pattern in parameters.named_children if parameters is not None else ():
            self._bind(file, pattern, function.child_by_field_name("value"))

    def _function(self, file: str, node: Node) -> None:
        name, body = node.child_by_field_name("name"), node.child_by_field_name("body")
        if name is None or body is None:
            return
        parameters = node.child_by_field_name("parameters")
        has_self = parameters is not None and any(child.type == _SELF for child in parameters.named_children)
        names = tuple(_parameter_names(node))
        self.functions.setdefault(name_of(name), []).append(
            Function(file, names, body, has_self, (file, node.start_byte))
        )
        for position, parameter in enumerate(names):
            self.parameters[(file, node.start_byte), parameter] = (name_of(name), position)

    def _return(self, file: str, node: Node) -> None:
        self.returned.setdefault(self._scope(file, node), []).append(Source(file, node))

    def _macro(self, file: str, node: Node) -> None:
        del file  # macros belong to the whole unit
        name = node.child_by_field_name("name")
        if name is not None:
            self.macros.setdefault(name_of(name), []).append(node)

    def _call(self, file: str, node: Node) -> None:
        function = node.child_by_field_name("function")
        while function is not None and function.type in {"generic_function", "parenthesized_expression"}:
            function = function.named_children[0] if function.named_children else None
        if function is None:
            return
        arguments = arguments_of(node)
        for lent in filter(None, map(_lent, arguments)):
            self.altered.add((self._scope(file, lent), name_of(lent)))
        if function.type == "field_expression":
            field, target = function.child_by_field_name("field"), function.child_by_field_name("value")
            if field is None or target is None:
                return
            method = name_of(field)
            self.calls.setdefault(method, []).append((file, arguments, True))
            if method in _APPENDING and arguments:
                self._append(file, target, method, arguments[-1])
            elif method == "pop" and target.type == "identifier":
                self.popped.add((self._scope(file, target), name_of(target)))
            elif method in _REPLACING and target.type == "identifier":
                self.altered.add((self._scope(file, target), name_of(target)))
        else:
            last = function.child_by_field_name("name") if function.type == "scoped_identifier" else function
            if last is not None:
                self.calls.setdefault(name_of(last), []).append((file, arguments, False))


class _Scopes:
    """The functions of a file by where they are; those around an offset are found without looking at the tree."""

    def __init__(self, functions: list[Node]) -> None:
        self._ranges = sorted((node.start_byte, -node.end_byte) for node in functions)
        self._starts = [start for start, _ in self._ranges]
        self._outer: list[int] = []
        open_ranges: list[int] = []
        for index, start in enumerate(self._starts):
            while open_ranges and -self._ranges[open_ranges[-1]][1] <= start:
                open_ranges.pop()
            self._outer.append(open_ranges[-1] if open_ranges else -1)
            open_ranges.append(index)

    def around(self, offset: int) -> list[int]:
        index = bisect_right(self._starts, offset) - 1
        found = []
        while index >= 0:
            start, end = self._ranges[index]
            if offset < -end:
                found.append(start)
            index = self._outer[index]
        return found


def _matched(pattern: Node, value: Node) -> Iterator[tuple[str, Node]]:
    """Yield the names of a pattern, each with the expression it may have a part of; tuples place by place."""
    stack = [(pattern, value)]
    while stack:
        pattern, value = stack.pop()
        kind = pattern.type
        children = [child for child in pattern.named_children if not child.is_extra]
        if kind in {"identifier", "shorthand_field_identifier"}:
            yield name_of(pattern), value
        elif (
            kind == "tuple_pattern" and value.type == "tuple_expression" and len(children) == len(value.named_children)
        ):
            stack.extend(zip(children, value.named_children, strict=True))
        elif kind == "scoped_identifier":
            continue  # a constant or a variant to compare with
        elif kind == "field_pattern" and len(children) == 1:
            yield name_of(children[0]), value
        else:
            skipped = (pattern.child_by_field_name("type"), pattern.child_by_field_name("condition"))
            stack.extend((child, value) for child in children if child not in skipped)


def _parameter_names(function: Node) -> Iterator[str]:
    parameters = function.child_by_field_name("parameters")
    for parameter in parameters.named_children if parameters is not None else ():
        if parameter.type not in {_SELF, "attribute_item"} and not parameter.is_extra:
            pattern = parameter.child_by_field_name("pattern") or parameter
            yield next((name for name, _ in _matched(pattern, pattern)), "_")


@cache
def _query() -> Query:
    import tree_sitter_rust  # noqa: PLC0415  compiled: only what looks into crates pays for it
    from tree_sitter import Language, Query  # noqa: PLC0415

    return Query(Language(tree_sitter_rust.language()), _BINDING_NODES)


def _nodes(root: Node) -> list[Node]:
    from tree_sitter import QueryCursor  # noqa: PLC0415  compiled, as above

    return QueryCursor(_query()).captures(root).get("node", [])


def _lent(argument: Node) -> Node | None:
    """Return the variable that a call may change, `x` for `&mut x`."""
    if argument.type != "reference_expression" or all(each.type != "mutable_specifier" for each in argument.children):
        return None
    value = argument.child_by_field_name("value")
    return value if value is not None and value.type == "identifier" else None
