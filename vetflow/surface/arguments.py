"""What a call means by its argument: which program is started, which file is used, which variable is read."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from vetflow.surface.addresses import is_remote_number
from vetflow.surface.environment_dump import judge_dump
from vetflow.surface.files_used import judge_read, judge_write
from vetflow.surface.mention import Mention
from vetflow.surface.programs import judge_program
from vetflow.surface.rules import Rules, Sink
from vetflow.surface.rust import name_of
from vetflow.surface.sighting import Sighting
from vetflow.surface.syntax import arguments_of
from vetflow.surface.text_as_code import judge_parse, judge_stream
from vetflow.surface.tiers import Grade
from vetflow.surface.traced import (
    EXHAUSTED,
    Kind,
    Value,
    described,
    explained,
    known_text,
    literal,
    pattern_text,
    unknown,
)
from vetflow.surface.unit_code import UnitCode

if TYPE_CHECKING:
    from tree_sitter import Node

_LITERAL_ARGUMENT: Final = re.compile(rb'\s*!?\s*(?:::\s*<[^(){};]*>\s*)?[(\[{]\s*&?\s*([bc]?r?#*")')
_VARIABLE_NAME: Final = re.compile(r"[\w*()]*[A-Za-z0-9][\w*()]*")
_WRITING: Final = frozenset({"write", "append", "create", "create_new", "truncate"})
_NOT_KNOWN: Final = ("/unresolved", "/untraced")
_DETAILS: Final = 4
"""For how many values of one argument a rule is reported; the chain says that there are more."""


def judge_call(mention: Mention, sink: Sink) -> Iterator[Sighting]:
    """Yield what a mention of a function means: a call by its argument, anything else as a call with any argument."""
    if sink.kind == "dump":
        yield judge_dump(mention)
    elif (node := mention.node) is not None and node.type in {"type_identifier", "scoped_type_identifier"}:
        return
    elif sink.kind == "open":
        yield from _opened(mention)
    elif sink.kind == "code":
        yield from judge_stream(mention)
    else:
        arguments = _arguments(mention)
        if sink.kind == "address":
            yield from _numeric(mention, arguments)
        elif sink.kind == "set":
            yield from _set(mention, arguments)
            return
        elif sink.kind == "program" and arguments and _goes_online(mention, arguments[0]):
            yield mention.sighting("process/tool-online", mention.function)
        yield from _judged(mention, sink.kind, _value(mention, arguments, sink.argument))


def judge_receiver(mention: Mention, sink: Sink) -> Iterator[Sighting]:
    """Yield what a method means by what it is called on."""
    if sink.kind == "code":
        yield from judge_parse(mention)
        return
    receiver = mention.receiver
    value = unknown("what it is called on") if receiver is None else _follow(mention, receiver)
    yield from _judged(mention, sink.kind, value)


def _follow(mention: Mention, node: Node) -> Value:
    return mention.code.origins.value(mention.file.path, node)


def _arguments(mention: Mention) -> list[Node]:
    call = mention.call
    if call is not None:
        return arguments_of(call)
    node = mention.node
    macro = None if node is None else node.parent
    if macro is not None and macro.type == "macro_invocation" and macro.named_children[-1].type == "token_tree":
        return mention.file.syntax.arguments(macro.named_children[-1])
    return []


def _value(mention: Mention, arguments: list[Node], place: int) -> Value:
    if place < len(arguments):
        return _follow(mention, arguments[place])
    # Where the syntax is not understood, a literal may still stand right behind the name.
    written = _LITERAL_ARGUMENT.match(mention.file.syntax.file.source, mention.end)
    if written is not None and place == 0:
        text = next((each for each in mention.file.lexemes.texts if each.start == written.start(1)), None)
        if text is not None:
            return literal(text.value)
    return unknown("an argument that is not there" if arguments else f"`{mention.function}` is used as a value")


def _judged(mention: Mention, kind: str, value: Value) -> Iterator[Sighting]:
    exhausted = any(EXHAUSTED in alternative for alternative in value)
    is_written = len(value) == 1 and known_text(value[0]) is not None
    origin = () if is_written else (_origin(value),)
    seen: Counter[str] = Counter()
    for rule, detail in dict.fromkeys(_rules_for(mention.code, kind, value)):
        seen[rule] += 1
        at_least = Grade.REVIEW if exhausted and rule.endswith(_NOT_KNOWN) else Grade.EXPECTED
        if seen[rule] <= _DETAILS:
            yield mention.sighting(rule, detail, *origin, at_least=at_least)


def _origin(value: Value) -> str:
    shown = [explained(each) for each in value[:_DETAILS]] + (["…"] if len(value) > _DETAILS else [])
    return "the argument is " + ", or ".join(shown)


def _rules_for(code: UnitCode, kind: str, value: Value) -> Iterator[tuple[str, str]]:
    if kind == "program":
        yield from judge_program(value, code.rules, code.unit)
    elif kind == "variable":
        yield from _variables(value, code.rules)
    elif kind in {"read", "write"}:
        yield from judge_read(value) if kind == "read" else judge_write(value)
        for alternative in value:
            secret = code.rules.secret_paths.find(pattern_text(alternative))
            if secret is not None:
                yield "secret-path/string", secret


def _variables(value: Value, rules: Rules) -> Iterator[tuple[str, str]]:
    for alternative in value:
        name = pattern_text(alternative)
        if not _VARIABLE_NAME.fullmatch(name):
            yield "env-read/unresolved", described(alternative)
        else:
            rule = rules.variables.find(name)
            yield ("env-read/other" if rule is None else rule.id), name


def _goes_online(mention: Mention, program: Node) -> bool:
    """Whether a tool is given, in the same function, a word that makes it fetch or install something."""
    lists = mention.code.rules.lists
    value = _follow(mention, program)
    names = {known_text(alternative) for alternative in value}
    names |= {part.text.lower() for each in value for part in each if part.kind is Kind.VARIABLE}
    if not names & lists["online-programs"]:
        return False
    around = program
    while around.parent is not None and around.type not in {"function_item", "closure_expression"}:
        around = around.parent
    words = (text for text in mention.file.lexemes.texts if around.start_byte <= text.start < around.end_byte)
    return any(text.value in lists["online-arguments"] for text in words)


def _set(mention: Mention, arguments: list[Node]) -> Iterator[Sighting]:
    """Yield what the program is that a variable is made to name; asking for the variable starts it."""
    names = [known_text(each) for each in _value(mention, arguments, 0)]
    if len(arguments) > 1 and any(name and mention.code.rules.program_variables.find(name) for name in names):
        named = _judged(mention, "program", _follow(mention, arguments[1]))
        yield from (each for each in named if each.rule != "process/unresolved")


def _numeric(mention: Mention, arguments: list[Node]) -> Iterator[Sighting]:
    texts = [(each.text or b"").decode("utf-8", "replace").removesuffix("u8").rstrip("_") for each in arguments]
    if len(texts) == 4 and all(text.isdecimal() and len(text) <= 3 for text in texts):
        octets = tuple(int(text) for text in texts)
        if is_remote_number(octets):
            yield mention.sighting("address/numeric", ".".join(texts))


def _opened(mention: Mention) -> Iterator[Sighting]:
    """Yield what a chain that begins with `OpenOptions::new()` opens, and whether to write."""
    methods: dict[str, list[Node]] = {}
    current = mention.call
    while current is not None and current.parent is not None and current.parent.type == "field_expression":
        field, outer = current.parent.child_by_field_name("field"), current.parent.parent
        if field is None or outer is None or outer.type != "call_expression":
            break
        methods[name_of(field)] = arguments_of(outer)
        current = outer
    opened = methods.get("open", [])
    value = _follow(mention, opened[0]) if opened else unknown("a file that is opened elsewhere")
    only_reads = bool(opened) and not methods.keys() & _WRITING
    yield from _judged(mention, "read" if only_reads else "write", value)
