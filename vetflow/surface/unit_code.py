"""A unit made ready for the search: the words, names and syntax of its files, and where macros stand in them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Final, NamedTuple

from vetflow.surface.bindings import Bindings
from vetflow.surface.lexemes import Lexemes, Ranges, read_lexemes
from vetflow.surface.names import FileNames, UnitNames, read_names
from vetflow.surface.origins import Origins
from vetflow.surface.rules import Rules
from vetflow.surface.syntax import Syntax
from vetflow.surface.units import CodeUnit, Role

_MACRO_PACKAGES: Final = frozenset({"quote", "syn", "proc_macro", "proc_macro2", "proc_quote", "quote_use", "std"})


class FileCode(NamedTuple):
    """One file, and where macros stand in it.

    macros: arguments and bodies. emitting: what macros give out. displaying: what is shown to people. formatting: texts
    with gaps.
    """

    path: str
    lexemes: Lexemes
    names: FileNames
    syntax: Syntax
    attributes: Ranges
    macros: Ranges
    emitting: Ranges
    displaying: Ranges
    formatting: Ranges


class UnitCode(NamedTuple):
    """A unit. mentions: how often each name stands in it outside of foreign blocks, for a library only.

    A library may declare foreign functions for others; what it never calls it does not do.
    """

    unit: CodeUnit
    rules: Rules
    files: Mapping[str, FileCode]
    names: UnitNames
    origins: Origins
    mentions: Counter[bytes] | None


def read_unit(unit: CodeUnit, rules: Rules) -> UnitCode:
    """Read all files of a unit; linear in their size."""
    lexemes = {path: read_lexemes(file) for path, file in unit.files.items()}
    declared = {path: read_names(each) for path, each in lexemes.items()}
    defined = frozenset().union(*[each.defined for each in declared.values()])
    files = {}
    for path, file in unit.files.items():
        macros = {bracket.name for bracket in lexemes[path].brackets if bracket.kind == "macro"}
        emitting = {name for name in macros if _emits(name, declared[path], rules, defined)}
        files[path] = FileCode(
            path=path,
            lexemes=lexemes[path],
            names=declared[path],
            syntax=Syntax(file),
            attributes=lexemes[path].within("attribute"),
            macros=lexemes[path].within("macro"),
            emitting=lexemes[path].within("macro", emitting),
            displaying=lexemes[path].within("macro", rules.lists["display-macros"]),
            formatting=lexemes[path].within("macro", rules.lists["format-macros"]),
        )
    names = UnitNames(
        declared, unit.dependencies, lambda path: rules.paths.is_above(path) or rules.sinks.is_above(path)
    )
    syntaxes = {path: file.syntax for path, file in files.items()}
    origins = Origins(syntaxes, names, lambda: Bindings(syntaxes.values()))
    is_library = unit.role in {Role.HOST_LIBRARY, Role.RUNTIME}
    return UnitCode(unit, rules, files, names, origins, _mentions(lexemes.values()) if is_library else None)


def _mentions(lexemes: Iterable[Lexemes]) -> Counter[bytes]:
    found: Counter[bytes] = Counter()
    for each in lexemes:
        declarations = each.within("extern")
        for name, offsets in each.names.items():
            found[name.rpartition(b":")[2]] += sum(offset not in declarations for offset in offsets)
    return found


def _emits(name: str, names: FileNames, rules: Rules, defined: frozenset[str]) -> bool:
    """Whether a macro by a name gives code out: a known macro, under whatever name, and none of the unit's own."""
    paths = [alias.path for alias in names.aliases.get(name, ())]
    if not paths:
        return name in rules.lists["emitting-macros"] and name not in defined
    parts = [tuple(part for part in path if part) for path in paths]
    return all(path[-1] in rules.lists["emitting-macros"] and path[0] in _MACRO_PACKAGES for path in parts)
