"""What a name in the code means: aliases, imports, re-exports and renamed dependencies followed to a full path.

Over-approximates on purpose: a name that may mean two things means both, blocks do not limit where an import counts,
and what no file explains may come from any file of the unit (shared spec behaviour B1.1 to B1.4). Paths begin with the
name of a package; `core` and `alloc` are `std`.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Final, NamedTuple, TypeAlias

from vetflow.surface.lexemes import IDENT, Lexemes, Ranges, decoded_name

NamePath: TypeAlias = tuple[str, ...]

_HOPS: Final = 10
_EXPANSIONS: Final = 60
_LOCAL: Final = frozenset({"crate", "self", "super", "$crate", "Self"})
_STD: Final = frozenset({"std", "core", "alloc"})
_COMPILER: Final = frozenset({"std", "core", "alloc", "proc_macro", "test"})

_USE: Final = re.compile(rb"\buse\b(?=\s*(?:[:{*$A-Za-z_\x80-\xff]))")
_USE_TOKEN: Final = re.compile(rb"(?P<name>\$?" + IDENT + rb")|(?P<sign>::|[{},;*])|(?P<other>[^\s])")
_DECLARED: Final = re.compile(_USE.pattern + rb"|\bextern\s+crate\b")
_EXTERN_CRATE: Final = re.compile(rb"\bextern\s+crate\s+(" + IDENT + rb")(?:\s+as\s+(" + IDENT + rb"))?")
_TYPE_ALIAS: Final = re.compile(
    rb"\btype\s+(" + IDENT + rb")\s*(?:<[^=;{}]*>)?\s*=\s*((?:::\s*)?" + IDENT + rb"(?:\s*::\s*" + IDENT + rb")*)"
)
_IMPLEMENTATION: Final = re.compile(rb"\bimpl\b[^{};]*?\bfor\s+((?:::\s*)?" + IDENT + rb"(?:\s*::\s*" + IDENT + rb")*)")
_DEFINITION: Final = re.compile(
    rb"\b(?:mod|fn|struct|enum|union|trait|type|static|macro_rules\s*!|const)\s+(?:mut\s+)?(" + IDENT + rb")"
)


class Alias(NamedTuple):
    """A name for a path. line offset: where it is declared. chain: the declaration in words."""

    path: NamePath
    offset: int
    declared: str


class Meaning(NamedTuple):
    """A full path that a name may have. chain: how, one step after the other. guessed: by a `use …::*` only."""

    path: NamePath
    chain: tuple[str, ...] = ()
    guessed: bool = False


class FileNames(NamedTuple):
    """What one file declares. globs: modules all of whose names it takes in. defined: the names of its own items."""

    aliases: Mapping[str, tuple[Alias, ...]]
    globs: tuple[NamePath, ...]
    defined: frozenset[str]
    imports: tuple[tuple[NamePath, int], ...]
    declarations: Ranges


def read_names(lexemes: Lexemes) -> FileNames:
    """Return what a file declares; linear in its size."""
    code = lexemes.code
    aliases: dict[str, tuple[Alias, ...]] = {}
    globs: list[NamePath] = []
    imports: list[tuple[NamePath, int]] = []
    defined = frozenset(decoded_name(match[1]) for match in _DEFINITION.finditer(code))
    for path, name, offset in _declarations(code):
        imports.append((path, offset))
        if name == "*":
            globs.append(path)
        elif name != "_" and path != (name,):
            declared = f"`{name}` is `{'::'.join(path)}` by a declaration"
            aliases[name] = (*aliases.get(name, ()), Alias(_not_itself(path, name, defined), offset, declared))
    declarations = Ranges(
        (each.start(), code.find(b";", each.start()) + 1 or len(code)) for each in _DECLARED.finditer(code)
    )
    return FileNames(aliases, tuple(globs), defined, tuple(imports), declarations)


def _not_itself(path: NamePath, name: str, defined: frozenset[str]) -> NamePath:
    """Return the path of `use quote::quote` as one that cannot begin with the name it declares."""
    if path[0] != name:
        return path
    return ("crate" if name in defined else "", *path)


def _declarations(code: bytes) -> Iterator[tuple[NamePath, str, int]]:
    """Yield what `use`, `extern crate` and `type` declare: a path, its new name, and where."""
    for match in _USE.finditer(code):
        yield from _use_tree(code, match.end())
    for match in _EXTERN_CRATE.finditer(code):
        path = ("", decoded_name(match[1]))
        yield path, decoded_name(match[2] or match[1]), match.start()
    for match in _TYPE_ALIAS.finditer(code):
        yield split_path(match[2]), decoded_name(match[1]), match.start()
    for match in _IMPLEMENTATION.finditer(code):
        yield split_path(match[1]), "Self", match.start()


def _use_tree(code: bytes, position: int) -> Iterator[tuple[NamePath, str, int]]:
    """Yield the leaves of one `use` declaration: their path, the name they get, `*` for all, and where they stand."""
    outer: list[NamePath] = []
    prefix: NamePath = ()
    path: NamePath = ()
    leaf = position
    renamed: str | None = None
    after_as = False
    for match in _USE_TOKEN.finditer(code, position):
        name, sign = match["name"], match["sign"]
        if name == b"as":
            after_as = True
        elif name and after_as:
            renamed, after_as = decoded_name(name), False
        elif name:
            path, leaf = (*path, decoded_name(name)), match.start()
        elif sign == b"::":
            path = path or ("",)
        elif sign == b"{":
            outer.append(prefix)
            prefix, path = prefix + path, ()
        elif sign == b"*":
            path, leaf = (*path, "*"), match.start()
        else:
            if path:
                yield from _leaf(prefix + path, renamed, leaf)
            path, renamed = (), None
            if sign == b"}" and outer:
                prefix = outer.pop()
            if sign not in (b",", b"}"):
                return


def _leaf(path: NamePath, renamed: str | None, offset: int) -> Iterator[tuple[NamePath, str, int]]:
    if path[-1] == "self" and len(path) > 1:
        path = path[:-1]
    if path[-1] == "*":
        yield path[:-1], "*", offset
    elif path[-1]:
        yield path, renamed or path[-1], offset


def split_path(text: bytes) -> NamePath:
    """Return the names of a path; one that begins at the packages has an empty name in front."""
    return tuple(decoded_name(part) for part in text.split(b"::"))


class _Import(NamedTuple):
    """A name that some file gives to a path. file: where the path counts from, empty for the crate's root."""

    file: str
    path: NamePath
    declared: str


def _leading_out(files: Mapping[str, FileNames]) -> dict[str, list[_Import]]:
    """Return, by name, what any file imports under it that may lead out of the crate; most names do not."""
    imports: dict[str, dict[tuple[str, NamePath], _Import]] = {}
    for path, file in files.items():
        for name, aliases in file.aliases.items():
            for alias in aliases:
                where, target = _from_root(path, alias.path)
                found = _Import(where, target, f"{alias.declared} in {path}")
                imports.setdefault(name, {}).setdefault((where, target), found)
    users: dict[str, set[str]] = {}
    waiting = []
    for name, found_by_key in imports.items():
        for where, target in found_by_key:
            own = files[where].aliases if where else ()
            if target[0] not in _LOCAL and target[0] not in own:
                waiting.append(name)
            for part in target:
                users.setdefault(part, set()).add(name)
    leading = set()
    while waiting:
        name = waiting.pop()
        if name not in leading:
            leading.add(name)
            waiting += users.get(name, ())
    return {name: list(imports[name].values()) for name in leading}


_TakenIn: TypeAlias = tuple[NamePath, str]
"""A module of a package all of whose names are taken in, and the declaration that does so."""


class UnitNames:
    """What names mean in the files of one unit."""

    def __init__(
        self,
        files: Mapping[str, FileNames],
        dependencies: Mapping[str, Sequence[str]],
        has_names: Callable[[NamePath], bool],
    ) -> None:
        """dependencies: the names of other packages in the code, each with the packages that may be meant.

        has_names: whether anybody asks for names of a module; of others a `use …::*` means nothing.
        """
        self.lost: set[str] = set()
        """Files with a name that was not followed to its end, because too many imports may be meant."""
        self._has_names = has_names
        self._globs: dict[str, tuple[_TakenIn, ...]] = {}
        self._files = files
        self._dependencies = dependencies
        self._defined = frozenset().union(*[file.defined for file in files.values()])
        self._anywhere = _leading_out(files)
        self._known: dict[tuple[str, NamePath], tuple[Meaning, ...]] = {}
        self._brought_in: tuple[_TakenIn, ...] = ()
        self._brought_in = tuple(dict.fromkeys(each for file in files for each in self._modules_taken_in(file)))
        if self._brought_in:  # and so are the names of modules of this crate that take them in
            takers = [file for file in files if self._takes_in_own(file)]
            self._globs.update(dict.fromkeys(takers, self._brought_in))
            self._known.clear()

    def meanings(self, file: str, path: NamePath) -> tuple[Meaning, ...]:
        """Return the full paths that a path written in a file may mean; none for the file's own items."""
        key = (file, path)
        if key not in self._known:
            if self._stays_inside(file, path):
                return ()
            self._known[key] = ()  # a circle of `use …::*` adds nothing
            self._known[key] = tuple({meaning.path: meaning for meaning in self._search(file, path)}.values())
        return self._known[key]

    def _stays_inside(self, file: str, path: NamePath) -> bool:
        """Whether a path means an item of this crate for sure; most do, and are done with quickly."""
        names, first = self._files.get(file, _NO_NAMES), path[0]
        if not first or first in names.aliases or self._is_package(first):
            return False
        if first in _LOCAL or first in names.defined:
            return len(path) == 1 or not (self._brought_in or any(part in self._anywhere for part in path[1:]))
        return len(path) == 1 and first not in self._anywhere and not self._modules_taken_in(file)

    def aliases(self, file: str, name: str) -> tuple[NamePath, ...]:
        """Return the paths a file itself gives a name to."""
        return tuple(alias.path for alias in self._files[file].aliases.get(name, ()))

    def defines(self, file: str, name: str) -> bool:
        """Whether a file has an item of its own by a name."""
        return name in self._files[file].defined

    def is_own(self, path: NamePath) -> bool:
        """Whether a path may name a function of the unit: alone, or through a type or module of the unit."""
        return len(path) == 1 or path[-2] in _LOCAL or path[-2] in self._defined

    def takes_in_unknown_names(self, file: str) -> bool:
        """Whether a file imports all names of a module that is not its own, nor one of the standard library."""
        return any(path and path[0] not in _LOCAL | _COMPILER for path in self._files[file].globs)

    def _search(self, file: str, path: NamePath) -> Iterator[Meaning]:
        waiting: deque[tuple[str, NamePath, tuple[str, ...], int]] = deque([(*_from_root(file, path), (), 0)])
        seen = {_from_root(file, path)}
        lost = False
        while waiting:
            here, names, chain, hops = waiting.popleft()  # what takes few steps comes before the bound
            found = [] if lost else self._expansions(here, names)
            if found and (hops >= _HOPS or len(seen) > _EXPANSIONS):
                self.lost.add(file)
                lost, found = True, []
            for where, longer, declared in found:
                after = _from_root(where, longer)
                if after not in seen:
                    seen.add(after)
                    waiting.append((*after, (*chain, declared), hops + 1))
            if not found or self._is_package(names[0]):
                yield from self._packages(here, names, chain)

    def _expansions(self, file: str, path: NamePath) -> list[tuple[str, NamePath, str]]:
        """Return what the first name that is an alias may stand for."""
        names = self._files.get(file, _NO_NAMES)
        first = path[0]
        if not first or (first.startswith("$") and first != "$crate"):
            return []
        own = [(file, alias.path + path[1:], alias.declared) for alias in names.aliases.get(first, ())]
        if own:
            return own
        is_local = first in _LOCAL or first in names.defined
        # In the edition of 2015 paths of `use` begin at the crate's root, whichever file they stand in.
        if len(path) > 1 and (is_local or first in self._defined):
            # Through modules of this crate: any name on the way may be an import of any file. One of what lies below
            # the name itself (`use a::b::b`) leads to nothing but longer paths.
            return [
                (each.file, each.path + path[index + 1 :], each.declared)
                for index in range(1, len(path))
                for each in self._anywhere.get(path[index], ())
                if each.path[: index + 1] != path[: index + 1]
            ]
        if is_local or self._is_package(first):
            return []
        return [(each.file, each.path + path[1:], each.declared) for each in self._anywhere.get(first, ())]

    def _is_package(self, name: str) -> bool:
        return name in _COMPILER or name in self._dependencies

    def _packages(self, file: str, path: NamePath, chain: tuple[str, ...]) -> Iterator[Meaning]:
        """Yield paths that begin with a package: what is written, and what a `use …::*` of the file may add."""
        from_root = not path[0]
        names = path[1:] if from_root else path
        if not names:
            return
        first = names[0]
        if from_root or self._is_package(first):
            for package in self._dependencies.get(first, (first,)):
                renamed = package.replace("-", "_")
                steps = (*chain, f"`{first}` is the package `{package}`") if renamed != first else chain
                yield Meaning(_canonical((renamed, *names[1:])), steps)
            return
        is_own = first in _LOCAL or first in self._files.get(file, _NO_NAMES).defined
        if len(names) > 1 and not is_own:
            yield Meaning(_canonical(names), chain)
        # Any name on a way through modules of this crate may be one that a module takes in from elsewhere.
        starts = range(1, len(names)) if is_own else (0,)
        for module, declared in self._brought_in if is_own else self._modules_taken_in(file):
            for start in starts:
                step = f"`{names[start]}` may come from `{declared}`"
                yield Meaning(module + names[start:], (*chain, step), guessed=True)

    def _takes_in_own(self, file: str) -> bool:
        """Whether a file takes in all names of a module of this crate."""
        names = self._files[file]
        return any(path and (path[0] in _LOCAL or path[0] in names.defined) for path in names.globs)

    def _modules_taken_in(self, file: str) -> tuple[_TakenIn, ...]:
        """Return the modules of packages whose names a file takes in, if any are asked for, and the words for it."""
        if file not in self._globs:
            self._globs[file] = ()  # a circle adds nothing
            self._globs[file] = tuple(
                (meaning.path, f"use {'::'.join(module).lstrip(':')}::*")
                for module in self._files.get(file, _NO_NAMES).globs
                for meaning in self._of_module(file, module)
                if self._has_names(meaning.path) and not meaning.guessed
            )
        return self._globs[file]

    def _of_module(self, file: str, module: NamePath) -> tuple[Meaning, ...]:
        is_package = len(module) == 1 and module[0] not in self._files[file].defined
        return self.meanings(file, ("", *module) if is_package else module)


def _from_root(file: str, path: NamePath) -> tuple[str, NamePath]:
    """Return a path through modules of this crate as one that is the same in every file."""
    if path and path[0] in _MODULES:
        rest = next((index for index, name in enumerate(path) if name not in _MODULES), len(path))
        return "", ("crate", *path[rest:])
    return file, path


_MODULES: Final = frozenset({"crate", "self", "super", "$crate"})
_NO_NAMES: Final = FileNames({}, (), frozenset(), (), Ranges(()))


def _canonical(path: NamePath) -> NamePath:
    return ("std", *path[1:]) if path[0] in _STD else path
