"""What names give away: functions, types and packages that code mentions, and words that macros may put together."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from vetflow.surface.arguments import judge_call, judge_receiver
from vetflow.surface.lexemes import IDENT
from vetflow.surface.mention import Mention
from vetflow.surface.names import NamePath, split_path
from vetflow.surface.rules import Rule
from vetflow.surface.sighting import Sighting
from vetflow.surface.unit_code import FileCode, UnitCode

_KEYWORDS: Final = frozenset(
    b"as async await break const continue crate dyn else enum extern false fn for if impl in let loop match mod move "
    b"mut pub ref return self Self static struct super trait true type unsafe use where while str u8 u16 u32 u64 usize "
    b"i32 bool Some None Ok Err String Vec Option Result".split()
)
_DEFINES: Final = re.compile(
    rb"(?:\b(?:fn|struct|enum|union|trait|mod|type|static|macro_rules\s*!)\s+|'|(?<!\.)\.\s*|#)$"
)
_QUALIFIED: Final = re.compile(rb"\s*(?:as\s+[^<>;{}]*)?>\s*::\s*(" + IDENT + rb")")
_PASTED: Final = re.compile(rb"\s*::\s*\[\s*<")
_FIELD: Final = re.compile(rb"\s*:(?!:)")
_METHOD: Final = re.compile(rb"\.\s*(" + IDENT + rb")\s*(?:::\s*<[^;{}()]*>\s*)?\(\s*(\))?")
_ROOTS: Final = frozenset({"std", "core", "alloc"})


def find_named(code: UnitCode, file: FileCode) -> Iterator[Sighting]:
    """Yield what the names in a file give away; linear in its size but for what the values of arguments need."""
    for text, offsets in file.lexemes.names.items():
        if text not in _KEYWORDS:
            yield from _of_name(code, file, text, offsets)
    yield from _imports(code, file)
    yield from _methods(code, file)


def _of_name(code: UnitCode, file: FileCode, text: bytes, offsets: list[int]) -> Iterator[Sighting]:
    is_macro = text.endswith(b"!")
    path = split_path(text.removesuffix(b"!"))
    if _is_assembled(path):
        for offset in offsets:
            yield _seen(code.rules.by_id["names/assembled"], text.decode("utf-8", "replace"), offset, (), file)
        return
    if len(path) == 1:
        yield from _of_word(code, file, path[0], offsets)
        if is_macro:
            yield from _of_macro(code, file, path, offsets, ())
    for meaning in code.names.meanings(file.path, path):
        if is_macro:
            yield from _of_macro(code, file, meaning.path, offsets, meaning.chain)
        else:
            yield from _of_path(code, file, text, (meaning.path, meaning.chain, meaning.guessed), offsets)


def _of_path(
    code: UnitCode, file: FileCode, text: bytes, meaning: tuple[NamePath, tuple[str, ...], bool], offsets: list[int]
) -> Iterator[Sighting]:
    path, chain, guessed = meaning
    rules = code.rules
    # All names of a package, or of whatever a type is, would be too much: their import is seen anyway.
    names_enough = not guessed and not text.startswith(b"Self")
    found = [(part, rule) for part, rule in rules.paths.find(path) if names_enough or len(part) > 1]
    foreign = rules.foreign.find(path[-1]) if path[0] in rules.lists["system-crates"] and len(path) > 1 else None
    sinks = rules.sinks.find(path)
    opens_sinks = rules.sinks.is_above(path) and not guessed
    if not (found or foreign or sinks or opens_sinks):
        return
    for offset in _uses(file, offsets, text):
        if foreign is not None:
            yield _seen(foreign, path[-1], offset, chain, file)
        elif found:
            part, rule = found[0]
            yield _seen(rule, "::".join(part), offset, chain, file)
        end = offset + _length(file, offset, text)
        for part, sink in sinks:
            yield from judge_call(Mention(code, file, "::".join(part), offset, end, chain), sink)
        if not opens_sinks:
            continue
        if offset in file.macros and _PASTED.match(file.lexemes.code, end):
            yield _seen(code.rules.by_id["names/assembled"], f"{'::'.join(path)}::[<", offset, chain, file)
        qualified = _qualified(file, offset, end)
        if qualified is not None:
            name, last = qualified
            for part, sink in rules.sinks.find((*path, name)):
                yield from judge_call(Mention(code, file, "::".join(part), offset, last, chain), sink)
        elif rules.sinks.find((*path, "new")) and offset in file.macros and _is_loose(file, offset, end):
            kinds = {sink.kind for _, sink in rules.sinks.find((*path, "new"))}
            if "program" in kinds:
                yield _seen(rules.by_id["process/unseen"], "::".join(path), offset, chain, file)


def _is_loose(file: FileCode, offset: int, end: int) -> bool:
    """Whether a type's name in a macro does not parse as a type or as part of a call: it may become either."""
    node = file.syntax.node_at(offset, end)
    return node is None or node.type in {"identifier", "scoped_identifier", "token_tree", "ERROR"}


def _uses(file: FileCode, offsets: list[int], text: bytes) -> Iterator[int]:
    """Yield where a name is used: not declared, not imported, no field and no attribute."""
    single = b"::" not in text
    code = file.lexemes.code
    for offset in offsets:
        if offset in file.names.declarations or offset in file.attributes:
            continue
        if single and (_DEFINES.search(code, max(0, offset - 24), offset) or _FIELD.match(code, offset + len(text))):
            continue
        yield offset


def _length(file: FileCode, offset: int, text: bytes) -> int:
    """Return how far a name reaches in the file, where blanks and comments may part it."""
    match = re.compile(rb"(?:::\s*)?\$?" + IDENT + rb"(?:\s*::\s*\$?" + IDENT + rb")*").match(file.lexemes.code, offset)
    return len(match[0]) if match is not None else len(text)


def _qualified(file: FileCode, offset: int, end: int) -> tuple[str, int] | None:
    """Return the name after `<T>::` or `<T as Trait>::`, and where it ends, for `T` or `Trait` at a place."""
    code = file.lexemes.code
    before = code[max(0, offset - 40) : offset].rstrip()
    is_type = before.endswith(b"<") and not re.search(rb"[\w:]\s*<$", before)
    if not (is_type or re.search(rb"\bas$", before)):
        return None
    match = _QUALIFIED.match(code, end)
    return None if match is None else (match[1].decode("utf-8", "replace").removeprefix("r#"), match.end())


def _imports(code: UnitCode, file: FileCode) -> Iterator[Sighting]:
    """Yield the packages and types whose mere import says what code can do."""
    for path, offset in file.names.imports:
        if offset in file.attributes:
            continue
        is_package = len(path) == 1 and not code.names.defines(file.path, path[0])
        for meaning in code.names.meanings(file.path, ("", *path) if is_package else path):
            if meaning.guessed:
                continue
            foreign = code.rules.foreign.find(meaning.path[-1]) if _is_system(code, meaning.path) else None
            found = code.rules.paths.find(meaning.path)
            if foreign is not None:
                yield _seen(foreign, meaning.path[-1], offset, meaning.chain, file)
            elif found and (len(found[0][0]) < 3 or found[0][1].capability == "network"):
                part, rule = found[0]
                yield _seen(rule, "::".join(part), offset, meaning.chain, file)


def _is_system(code: UnitCode, path: NamePath) -> bool:
    return len(path) > 1 and path[0] in code.rules.lists["system-crates"]


def _of_macro(
    code: UnitCode, file: FileCode, path: NamePath, offsets: list[int], chain: tuple[str, ...]
) -> Iterator[Sighting]:
    full = "::".join(path)
    rule = code.rules.macros.get(full)
    sinks = code.rules.sinks.find((*path[:-1], path[-1] + "!"))
    crates = [] if len(path) == 1 else code.rules.paths.find(path)
    for offset in offsets:
        if offset in file.names.declarations or offset in file.attributes:
            continue
        if rule is not None:
            yield _seen(rule, full, offset, chain, file)
        elif crates:
            yield _seen(crates[0][1], "::".join(crates[0][0]), offset, chain, file)
        for part, sink in sinks:
            end = offset + _length(file, offset, full.encode())
            yield from judge_call(Mention(code, file, "::".join(part), offset, end, chain), sink)


def _of_word(code: UnitCode, file: FileCode, word: str, offsets: list[int]) -> Iterator[Sighting]:
    """Yield bare words that nothing explains, where a macro or an unknown import may make something of them."""
    rule = code.rules.words.get(word)
    if rule is None or file.names.aliases.get(word) or code.names.defines(file.path, word):
        return
    anywhere = code.names.takes_in_unknown_names(file.path)
    chain = (f"nothing in this file says what `{word}` is",)
    for offset in _uses(file, offsets, word.encode()):
        is_possible = offset not in file.emitting and (anywhere or offset in file.macros)
        if is_possible and not _is_variant(file, offset, offset + len(word)):
            yield _seen(rule, word, offset, chain, file)


def _is_variant(file: FileCode, offset: int, end: int) -> bool:
    """Whether a word is the name of a variant where an enumeration declares it."""
    node = file.syntax.node_at(offset, end)
    return node is not None and node.parent is not None and node.parent.type == "enum_variant"


def _is_assembled(path: NamePath) -> bool:
    """Whether a macro fills in names of the standard library, or most of a path."""
    variables = sum(part.startswith("$") and part != "$crate" for part in path)
    return bool(variables) and ((path[0] in _ROOTS and len(path) > 1) or (variables > 1 and len(path) > 2))


def _methods(code: UnitCode, file: FileCode) -> Iterator[Sighting]:
    rules = code.rules
    for match in _METHOD.finditer(file.lexemes.code):
        name = match[1].decode("utf-8", "replace").removeprefix("r#")
        rule = rules.methods.get(name)
        sink = rules.method_sinks.get(name)
        chain = (f"by the method `.{name}()`",)
        if rule is not None and (rule.id != "process/method" or match[2]):
            yield _seen(rule, f".{name}()", match.start(1), (), file)
        if sink is not None:
            yield from judge_receiver(Mention(code, file, name, *match.span(1), chain), sink)


def _seen(rule: Rule, detail: str, offset: int, chain: tuple[str, ...], file: FileCode) -> Sighting:
    return Sighting(rule.id, detail, offset, chain, offset in file.emitting)
