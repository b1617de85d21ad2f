"""What calls give: functions of the unit, followed with their arguments, and those of the standard library."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from vetflow.surface.bindings import Function, Source
from vetflow.surface.expressions import NAMES, closure_parameters, function_of, path_of, results_of
from vetflow.surface.following import Follower, Frame, Step
from vetflow.surface.names import NamePath
from vetflow.surface.rust import name_of
from vetflow.surface.spelled import elements, environment
from vetflow.surface.std_values import (
    ALTERING,
    CLOSURES,
    CONSTRUCTORS,
    CONTENTS,
    EITHER,
    EMPTY_LISTS,
    EMPTY_TEXTS,
    PLACES,
    TRANSPARENT,
    VARIABLES,
)
from vetflow.surface.syntax import arguments_of
from vetflow.surface.traced import (
    ABOVE,
    Kind,
    Part,
    Value,
    altered,
    concatenation,
    literal,
    path_join,
    single,
    union,
    unknown,
)

if TYPE_CHECKING:
    from tree_sitter import Node

_JOINING: Final = frozenset({"concat", "join", "collect"})


def call_value(follower: Follower, source: Source, step: Step) -> Value:
    """Return what a call may give."""
    file, node = source
    function = function_of(node)
    arguments = [Source(file, each) for each in arguments_of(node)]
    if function is not None and function.type == "field_expression":
        field, base = function.child_by_field_name("field"), function.child_by_field_name("value")
        if field is not None and base is not None:
            return _method(follower, source, Source(file, base), (name_of(field), arguments), step)
    elif function is not None and function.type in NAMES:
        return _function(follower, source, path_of(function), arguments, step)
    return unknown("a call")


def _function(follower: Follower, site: Source, path: NamePath, arguments: list[Source], step: Step) -> Value:
    if path[-1] == "Err":
        return ()
    if follower.names.is_own(path):
        own = _own(follower, site, path[-1], arguments, step)
        if own is not None:
            return own
    # Without a declaration of its first name, a path may still name something of the prelude.
    candidates = [meaning.path for meaning in follower.names.meanings(site.file, path)] or [path]
    for full in candidates:
        value = _of_library(follower, full, arguments, step)
        if value is not None:
            return value
    return unknown(f"the result of `{'::'.join(path)}`")


def _of_library(follower: Follower, path: NamePath, arguments: list[Source], step: Step) -> Value | None:
    whole, tail = "::".join(path), "::".join(path[-2:])
    if whole in VARIABLES and arguments:
        return environment(follower.follow(arguments[0], step))
    if whole in PLACES:
        return single(Kind.PLACE, PLACES[whole])
    if whole in CONTENTS:
        return unknown("the contents of a file")
    if tail in EMPTY_TEXTS:
        return literal("")
    if tail in EMPTY_LISTS:
        return ()
    if arguments and (tail in CONSTRUCTORS or path[-1][:1].isupper()):
        pieces = elements(follower, arguments[0], step)
        return concatenation(pieces) if pieces else follower.follow(arguments[0], step)
    is_of_package = len(path) > 1 and path[0] != "std" and not path[0][:1].isupper()
    return single(Kind.PACKAGE, path[0]) if is_of_package else None


def _own(follower: Follower, site: Source, name: str, arguments: list[Source], step: Step) -> Value | None:
    """Return what the unit's own functions of a name may give for some arguments; None where there are none."""
    functions = follower.bindings.functions.get(name)
    if functions is None:
        return None
    return union(*[_run(follower, site, each, arguments, step) for each in functions])


def _run(follower: Follower, site: Source, function: Function, arguments: list[Source], step: Step) -> Value:
    # The same call within itself is recursion; another call of the same function is not.
    key = ("call", site.file, site.node.start_byte, site.node.end_byte, function.file, function.body.start_byte)
    if not follower.once(key):
        return ()
    given = arguments[1:] if function.has_self and len(arguments) > len(function.parameters) else arguments
    pairs = zip(function.parameters, given, strict=False)
    inner = Step(Frame({parameter: (argument, step) for parameter, argument in pairs}), step.depth)
    results = [Source(function.file, function.body), *follower.bindings.returned.get(function.scope, ())]
    value = union(*[follower.follow(each, inner) for each in results])
    follower.end(key)
    return value


def _method(follower: Follower, site: Source, base: Source, called: tuple[str, list[Source]], step: Step) -> Value:
    name, arguments = called
    if name in _JOINING:
        pieces = elements(follower, base, step)
        if pieces:
            between = follower.follow(arguments[0], step) if arguments else literal("")
            return _interleaved(pieces, between)
    value = follower.follow(base, step)
    if name in TRANSPARENT or name == "collect":
        return value
    if name in EITHER:
        return union(value, *[follower.follow(each, step) for each in arguments])
    if name in CLOSURES:
        results = [_closure(follower, argument, base, step) for argument in arguments]
        return union(*results, value) if CLOSURES[name] else union(*results)
    if name in {"parent", "ancestors"}:
        return concatenation((value, ((ABOVE,),)))
    if name in {"join", "with_file_name"} and arguments:
        folder = value if name == "join" else concatenation((value, ((ABOVE,),)))
        return path_join(folder, follower.follow(arguments[0], step))
    own = _own(follower, site, name, arguments, step)
    if own is not None:
        return own
    if name in ALTERING:
        return altered(value)
    return value if is_of_packages(value) else unknown(f"the result of `.{name}()`")


def _closure(follower: Follower, argument: Source, base: Source, step: Step) -> Value:
    """Return what a closure, or a function given instead of one, gives for what a method is called on."""
    body = argument.node.child_by_field_name("body")
    if argument.node.type == "closure_expression" and body is not None:
        outer = {} if step.frame is None else step.frame.arguments
        bound = dict.fromkeys(closure_parameters(argument.node), (base, step))
        inner = Step(Frame({**outer, **bound}), step.depth)
        return union(*[follower.follow(Source(argument.file, each), inner) for each in results_of(body)])
    if argument.node.type in NAMES:
        return _function(follower, argument, path_of(argument.node), [base], step)
    return follower.follow(argument, step)


def _interleaved(pieces: list[Value], between: Value) -> Value:
    parts: list[Value] = []
    for piece in pieces:
        parts += [between, piece] if parts else [piece]
    return concatenation(parts)


def is_of_packages(value: Value) -> bool:
    """Whether a value is one that another package gave as it is."""
    return bool(value) and all(parts == (Part(Kind.PACKAGE, parts[0].text),) for parts in value if parts)


def field_value(follower: Follower, source: Source, step: Step) -> Value:
    """Return what a field may be worth: whatever the unit gives to a field of that name."""
    node: Node = source.node
    field, base = node.child_by_field_name("field"), node.child_by_field_name("value")
    if field is None or base is None:
        return unknown("a field")
    if field.type == "integer_literal":
        return follower.follow(Source(source.file, base), step)
    name = name_of(field)
    sources = follower.bindings.fields.get(name, [])
    if not sources:
        value = follower.follow(Source(source.file, base), step)
        return value if is_of_packages(value) else unknown(f"the field {name}")
    key = ("field", name)
    if not follower.once(key):
        return ()
    value = union(*[follower.follow(each, Step(depth=step.depth)) for each in sources])
    follower.end(key)
    return value
