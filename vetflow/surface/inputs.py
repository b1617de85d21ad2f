"""The files of the package that build-time code names: what it reads, compiles or links (tier T4).

A string that names a file of the package is taken for a reference to it, whatever the code does with it: too many
rather than too few. A build script that compiles native code could compile all that is shipped (shared spec
behaviour A3).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from fnmatch import translate
from posixpath import basename, dirname, splitext
from typing import Final, NamedTuple

from vetflow.model.contents import CrateFiles
from vetflow.surface.roots import package_path
from vetflow.surface.rust import find_strings, is_test_only, line_of, string_value
from vetflow.surface.tiers import Reached
from vetflow.surface.units import CodeUnit, ParsedFile, Role

NATIVE_SOURCES: Final = frozenset({
    ".c", ".cc", ".cpp", ".cxx", ".c++", ".m", ".mm", ".cu", ".s", ".asm", ".nasm", ".h", ".hh", ".hpp", ".hxx", ".inc",
    ".inl", ".def", ".ld", ".lds", ".rc",
})  # fmt: skip
NATIVE_BUILDERS: Final = frozenset({
    "autotools", "cc", "cmake", "cpp_build", "cxx_build", "embed_resource", "gcc", "meson", "nasm_rs", "winres",
})  # fmt: skip
"""Packages that run compilers of other languages, with `_` for `-`."""

_PLACEHOLDER: Final = re.compile(r"\{[^{}/]*\}")
_PATTERN: Final = re.compile(r"^(?=\S*[*?\[])(?=\S*[./])\S+$")
_ENOUGH_LETTERS: Final = re.compile(r"[\w-]{3}")
_LONGEST_NAME: Final = 4096


class Name(NamedTuple):
    """A string in code, or what the code puts together from several, that may name a file."""

    text: str
    path: str
    line: int


class Input(NamedTuple):
    """A file named by code. compiled: native source text, which becomes part of the product.

    directly: by its own name, not only by that of a folder it is in.
    """

    path: str
    reached: Reached
    compiled: bool
    directly: bool = True


def find_names(unit: CodeUnit) -> tuple[Name, ...]:
    """Return the strings of a unit's code; linear in it."""
    return tuple(Name(text, path, line) for path, file in unit.files.items() for text, line in _names(file))


def find_inputs(unit: CodeUnit, names: Iterable[Name]) -> Mapping[str, Input]:
    """Return the files of the package that a unit's strings name, by path; never a file of the unit itself.

    Linear, but for strings with placeholders or wildcards: these are compared with every path.
    """
    index = _Index(unit.package)
    found: dict[str, Input] = {}
    for name in names:
        for path, how, directly in index.lookup(name.text, folders=unit.role is Role.BUILD_SCRIPT):
            known = found.get(path)
            if path not in unit.files and (known is None or (directly and not known.directly)):
                found[path] = Input(path, Reached(name.path, name.line, how), is_native_source(path), directly)
    if unit.role is Role.BUILD_SCRIPT and _compiles(unit, found):
        reached = Reached(unit.root, None, "shipped beside a build script that compiles native code")
        for path in sorted(unit.package):
            if is_native_source(path) and path not in unit.files:
                found.setdefault(path, Input(path, reached, compiled=True, directly=False))
    return found


def find_mentioned(names: Iterable[Name], paths: Iterable[str]) -> frozenset[str]:
    """Return the paths whose file name, without its folder, stands in a string."""
    by_name: dict[str, list[str]] = {}
    for path in paths:
        by_name.setdefault(basename(path), []).append(path)
    found: set[str] = set()
    for name in names if by_name else ():
        found.update(by_name.get(basename(name.text.replace("\\", "/")), ()))
    return frozenset(found)


def is_native_source(path: str) -> bool:
    """Whether a file's name is that of source text for a compiler of C, its relatives, or assembly."""
    return splitext(path)[1].lower() in NATIVE_SOURCES


def _compiles(unit: CodeUnit, found: Mapping[str, Input]) -> bool:
    packages = {package.replace("-", "_") for packages in unit.dependencies.values() for package in packages}
    return not NATIVE_BUILDERS.isdisjoint(packages) or any(each.compiled for each in found.values())


class _Index:
    """The paths of a package, to be found by the ways in which code writes them."""

    def __init__(self, package: CrateFiles) -> None:
        self._package = package
        self._folders: dict[str, list[str]] = {}
        for path in package:
            folder = dirname(path)
            while folder:
                self._folders.setdefault(folder, []).append(path)
                folder = dirname(folder)

    def lookup(self, text: str, *, folders: bool) -> Iterator[tuple[str, str, bool]]:
        """Yield the paths a string may mean, how, and whether by their own names.

        folders: whether the name of a folder means what is in it but Rust code.
        """
        if not text or len(text) > _LONGEST_NAME or "\n" in text:
            return
        # A directive of a build script names a path after its key; so do flags for a compiler.
        for name in dict.fromkeys((text, text.rpartition("=")[2])):
            yield from self._lookup_path(name, folders=folders)

    def _lookup_path(self, text: str, *, folders: bool) -> Iterator[tuple[str, str, bool]]:
        pattern = _PLACEHOLDER.sub("*", text.replace("**/", "*/")).lstrip("*").lstrip("/\\")
        path = package_path(pattern or ".", self._package)
        if path in self._package:
            yield path, "named by a string", True
        elif folders and path in self._folders:
            for inside in self._folders[path]:
                if not inside.endswith(".rs"):
                    yield inside, f"in the folder {path}, which a string names", False
        elif _PATTERN.search(path) and _ENOUGH_LETTERS.search(path):
            matches = re.compile(translate(path)).match
            for candidate in self._package:
                if matches(candidate):
                    yield candidate, f"named by the pattern {path}", True


_JOINED: Final = re.compile(rb'"([^"\\\n]*)"\s*\)((?:\s*\.\s*(?:join|push)\s*\(\s*"[^"\\\n]*"\s*\))+)')
"""`Path::new("a").join("b")`, as text: the syntax tree of a long chain is too deep to ask for each link."""
_LISTED: Final = re.compile(rb'"[^"\\\n]*"(?:\s*,\s*"[^"\\\n]*"){1,15}')
"""`"a", "b"`, in a list or in the arguments of `concat!`."""
_QUOTED: Final = re.compile(rb'"([^"\\\n]*)"')


def _names(file: ParsedFile) -> Iterator[tuple[str, int]]:
    """Yield the strings of a file, and what `join`, lists and `concat!` make of several."""
    for node in find_strings(file):
        yield string_value(node), line_of(node)
    line, counted = 1, 0
    for found in sorted([*_JOINED.finditer(file.source), *_LISTED.finditer(file.source)], key=re.Match.start):
        line, counted = line + file.source.count(b"\n", counted, found.start()), found.start()
        if not is_test_only(file, found.start()):
            parts = [part.decode("utf-8", "replace") for part in _QUOTED.findall(found[0])]
            yield "/".join(parts), line
            if found.re is _LISTED:
                yield "".join(parts), line
