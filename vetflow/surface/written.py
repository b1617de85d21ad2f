"""What the strings of a file give away: addresses, files that hold secrets, instructions for cargo, hidden data."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Final

from vetflow.surface.addresses import find_addresses
from vetflow.surface.directives import find_directives
from vetflow.surface.expressions import function_of, path_of
from vetflow.surface.lexemes import Text
from vetflow.surface.sighting import Sighting
from vetflow.surface.strings import find_secret_word, is_unreadable
from vetflow.surface.traced import pattern_text
from vetflow.surface.unit_code import FileCode, UnitCode
from vetflow.surface.units import Role

_SHORT_DATA: Final = 16
_SHOWN, _FORMATTED, _PLAIN = 0, 1, 4
"""How many words beside an address make a string a text for people, by where it stands."""


def find_written(code: UnitCode, file: FileCode, *, builds_native: bool) -> Iterator[Sighting]:
    """Yield what the strings of a file give away; those in attributes, such as documentation, are left out.

    builds_native: whether the unit declares or builds a native library.
    """
    for text in file.lexemes.texts:
        if text.start in file.attributes or not text.value:
            continue
        emitted = text.start in file.emitting
        for rule, detail in _of_text(code, file, text, builds_native=builds_native):
            yield Sighting(rule, detail, text.start, (), emitted)


def _of_text(code: UnitCode, file: FileCode, text: Text, *, builds_native: bool) -> Iterator[tuple[str, str]]:
    value, rules = text.value, code.rules
    if "." in value or "://" in value or "[" in value:
        yield from find_addresses(value, rules.hosts, prose=_words_of_prose(code, file, text))
    secret = rules.secret_paths.find(value)
    if secret is not None:
        yield "secret-path/string", secret
    may_instruct = "cargo:" in value or "rustc-" in value or (value.startswith("{") and text.start in file.displaying)
    if code.unit.role is Role.BUILD_SCRIPT and may_instruct:
        for each in _filled_in(code, file, text):
            yield from find_directives(each, rules, code.unit.package, builds_native=builds_native)
    argument = rules.arguments.find(value)
    if argument is not None:
        yield argument.id, value
    word = find_secret_word(value, rules.lists["secret-words"])
    if word is not None:
        yield "secret-word/string", word
    if text.end - text.start > _SHORT_DATA and is_unreadable(value, file.syntax.file.source[text.start : text.end]):
        yield "encoded/data", f"a string of {len(value)} characters"


def _filled_in(code: UnitCode, file: FileCode, text: Text) -> Iterable[str]:
    """Return what a string may be once its gaps are filled in; a gap of which nothing is known stays `{}`."""
    node = file.syntax.node_at(text.start, text.end) if "{" in text.value and text.start in file.macros else None
    if node is None or node.type not in {"string_literal", "raw_string_literal"}:
        return (text.value,)
    return dict.fromkeys(pattern_text(each, "{}") for each in code.origins.text(file.path, node))


def _words_of_prose(code: UnitCode, file: FileCode, text: Text) -> int:
    """Return with how many words a string is a text for people: fewer where it is shown, or made part of a message."""
    if text.start in file.displaying:
        return _SHOWN
    methods = b"|".join(re.escape(each.encode()) for each in code.rules.lists["display-methods"])
    before = file.lexemes.code[max(0, text.start - 40) : text.start]
    if re.search(rb"\.\s*(?:" + methods + rb")\s*\(\s*&?\s*$", before) is not None:
        return _SHOWN
    if text.start in file.formatting:
        return _FORMATTED
    return _SHOWN if _is_message(code, file, text) else _PLAIN


def _is_message(code: UnitCode, file: FileCode, text: Text) -> bool:
    """Whether a string is an argument of a function of another package that makes an error of it."""
    node = file.syntax.node_at(text.start, text.end)
    call = None if node is None or node.parent is None else node.parent.parent
    function = None if call is None or call.type != "call_expression" else function_of(call)
    if function is None or function.type != "scoped_identifier":
        return False
    path = path_of(function)
    is_known = "::".join(path[-2:]) in code.rules.lists["message-functions"]
    return is_known and bool(code.names.meanings(file.path, path))
