"""What an expression may be worth: followed through variables, constants, functions and the standard library.

Flow-insensitive and bounded by a number of steps. Whatever is not understood, or is too much, is an unknown part of the
value and never left out: a search that gives up makes code look less well known, not better.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Final

from vetflow.surface.bindings import Bindings, Scope, Source
from vetflow.surface.called import call_value, field_value, is_of_packages
from vetflow.surface.expressions import BRANCHING, NAMES, STRINGS, WRAPPERS, branches_of, inner_of, path_of
from vetflow.surface.following import Step
from vetflow.surface.lexemes import literal_value
from vetflow.surface.names import NamePath, UnitNames
from vetflow.surface.spelled import character, formatted, macro_value
from vetflow.surface.syntax import Syntax
from vetflow.surface.traced import ABOVE, EXHAUSTED, Value, concatenation, literal, path_join, union, unknown

if TYPE_CHECKING:
    from tree_sitter import Node

_STEPS_PER_VALUE: Final = 2_000
_STEPS_PER_UNIT: Final = 300_000
_DEPTH: Final = 60


class Origins:
    """Follows the values of one unit; each for a bounded number of steps, and all together for another."""

    def __init__(self, files: Mapping[str, Syntax], names: UnitNames, bindings: Callable[[], Bindings]) -> None:
        """bindings: asked for once, when the first value is followed."""
        self.names = names
        self._files = files
        self._make_bindings = bindings
        self._bindings: Bindings | None = None
        self._left = 0
        self._left_for_unit = _STEPS_PER_UNIT
        self._active: set[tuple[object, ...]] = set()
        self._cuts = 0
        self._known: dict[tuple[str, int, int], Value] = {}

    def value(self, file: str, node: Node) -> Value:
        """Return what an expression of a file may be worth; never empty."""
        return self._counted(lambda: self.follow(Source(file, node), Step()))

    def text(self, file: str, template: Node) -> Value:
        """Return what a template and the arguments after it in the same macro may give; never empty."""
        row = [] if template.parent is None else template.parent.named_children
        sources = [Source(file, each) for each in row if each.start_byte >= template.start_byte and not each.is_extra]
        return self._counted(lambda: formatted(self, sources or [Source(file, template)], Step()))

    def _counted(self, search: Callable[[], Value]) -> Value:
        before = self._left = min(_STEPS_PER_VALUE, self._left_for_unit)
        self._active.clear()
        value = search()
        self._left_for_unit -= before - self._left
        return value or unknown("nothing gives it a value")

    @property
    def bindings(self) -> Bindings:
        """What names are bound to in the unit."""
        if self._bindings is None:
            self._bindings = self._make_bindings()
        return self._bindings

    def arguments(self, file: str, tokens: Node) -> list[Node]:
        """Return the expressions in the brackets of a macro."""
        return self._files[file].arguments(tokens)

    def once(self, key: tuple[object, ...]) -> bool:
        """Begin something that must not be begun again before it ends; False where it is under way."""
        if key in self._active:
            self._cuts += 1
            return False
        self._active.add(key)
        return True

    def end(self, key: tuple[object, ...]) -> None:
        """End what was begun."""
        self._active.discard(key)

    def follow(self, source: Source, step: Step) -> Value:
        """Return what an expression may be worth, within a call that is followed."""
        self._left -= 1
        if self._left <= 0 or step.depth > _DEPTH:
            self._cuts += 1
            return ((EXHAUSTED,),)
        key = (source.file, source.node.start_byte, source.node.end_byte)
        if step.frame is None and key in self._known:
            return self._known[key]
        cuts = self._cuts
        value = self._expression(source, Step(step.frame, step.depth + 1))
        # What was cut short is not remembered: elsewhere it may be followed further.
        if step.frame is None and cuts == self._cuts:
            self._known[key] = value
        return value

    def _expression(self, source: Source, step: Step) -> Value:
        file, node = source
        kind = node.type
        if kind in STRINGS:
            return literal(literal_value(node.text or b""))
        if kind in NAMES:
            return self._name(source, step)
        if kind in WRAPPERS:
            inner = inner_of(node)
            if inner is not None:
                return self.follow(Source(file, inner), step)
            # The grammar reads `break (x).f()` as a call of `break`.
            is_alone = node.parent is None or node.parent.type in _STATEMENTS
            return () if is_alone else unknown("a form that is not understood")
        if kind in BRANCHING:
            return self._any(file, branches_of(node), step)
        if kind in {"array_expression", "tuple_expression"}:
            return self._any(file, [child for child in node.named_children if not child.is_extra], step)
        if kind == "call_expression":
            return call_value(self, source, step)
        if kind == "macro_invocation":
            return macro_value(self, source, step)
        if kind == "field_expression":
            return field_value(self, source, step)
        if kind == "binary_expression":
            return self._binary(source, step)
        if kind in {"char_literal", "integer_literal"}:
            return character(node)
        return () if kind in _WORTH_NOTHING else unknown(f"a {kind.replace('_', ' ')}")

    def _any(self, file: str, nodes: Sequence[Node], step: Step) -> Value:
        return union(*[self.follow(Source(file, each), step) for each in nodes])

    def _binary(self, source: Source, step: Step) -> Value:
        left, right = source.node.child_by_field_name("left"), source.node.child_by_field_name("right")
        operator = source.node.child_by_field_name("operator")
        if left is None or right is None or operator is None or operator.type != "+":
            return unknown("computed")
        return concatenation([self.follow(Source(source.file, each), step) for each in (left, right)])

    def _name(self, source: Source, step: Step) -> Value:
        path = path_of(source.node)
        if path[-1] == "None":
            return ()
        if len(path) == 1:
            return self.variable(source.file, source.node.start_byte, path[0], step)
        return self._constant(source.file, path, step)

    def variable(self, file: str, offset: int, name: str, step: Step) -> Value:
        """Return what a name may be worth where it stands: a parameter, a variable around it, a constant."""
        if step.frame is not None and name in step.frame.arguments:
            argument, outer = step.frame.arguments[name]
            return self.follow(argument, Step(outer.frame, step.depth))
        bindings = self.bindings
        for scope in [*bindings.scopes_at(file, offset), (file, -1)]:
            key = (scope, name)
            if key in bindings.locals:
                return self._local(key, step)
            if key in bindings.parameters:
                return self._parameter(*bindings.parameters[key], step)
        return self._constant(file, (name,), step)

    def _local(self, key: tuple[Scope, str], step: Step) -> Value:
        bindings = self.bindings
        if not self.once(key):
            return ()
        value = union(*[self.follow(each, step) for each in bindings.locals[key]])
        if key in bindings.parameters:
            value = union(value, self._parameter(*bindings.parameters[key], step))
        for method, source in bindings.appended.get(key, ()):
            added = self.follow(source, step)
            if method == "push_str":
                value = concatenation((value, added))
            elif method == "push" and value:
                value = path_join(value, added)
            else:
                value = union(value, added)
        if key in bindings.popped:
            value = concatenation((value, ((ABOVE,),)))
        if key in bindings.altered and not is_of_packages(value):
            value = union(value, unknown("changed where it is"))
        self.end(key)
        return value

    def _constant(self, file: str, path: NamePath, step: Step) -> Value:
        name = path[-1]
        for alias in self.names.aliases(file, path[0]) if len(path) == 1 else ():
            name = alias[-1]
        sources = self.bindings.constants.get(name)
        if sources is None:
            return unknown(f"`{'::'.join(path)}`")
        key = ("constant", name)
        if not self.once(key):
            return ()
        value = union(*[self.follow(each, Step(depth=step.depth)) for each in sources])
        self.end(key)
        return value

    def _parameter(self, function: str, position: int, step: Step) -> Value:
        """Return what the calls of a function by its name give for a parameter."""
        key = ("parameter", function, position)
        if not self.once(key):
            return ()
        has_self = any(each.has_self for each in self.bindings.functions.get(function, ()))
        values = []
        for file, arguments, is_method in self.bindings.calls.get(function, ()):
            place = position + 1 if has_self and not is_method else position
            if place < len(arguments):
                values.append(self.follow(Source(file, arguments[place]), Step(depth=step.depth)))
        self.end(key)
        return union(*values) if values else unknown(f"a parameter of `{function}`")


_STATEMENTS: Final = frozenset({"expression_statement", "block", "match_arm", "else_clause"})
_WORTH_NOTHING: Final = frozenset({"boolean_literal", "continue_expression", "break_expression", "unit_expression"})
