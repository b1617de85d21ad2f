"""Whose doing it is: what cargo started, and for which package.

Everything that runs in a build is a child of cargo, or a child of one. What cargo starts itself it starts for a
package, which it names in the environment; whatever that process starts in turn, however far it goes to hide, belongs
to it. So a name in the environment is believed of cargo's own children alone.
"""

from __future__ import annotations

import posixpath
from collections.abc import Sequence
from enum import Enum
from itertools import pairwise
from typing import Final, NamedTuple

from vetflow.surface.observed.layout import TARGET, Layout, is_below

_BUILD_SCRIPT: Final = "build-script-"
_COMPILERS: Final = frozenset({"rustc", "rustdoc", "clippy-driver"})


class Role(Enum):
    """What cargo started something for; the value is the noun for it."""

    CARGO = "cargo"
    BUILD_SCRIPT = "build script"
    COMPILER = "compiler"
    PROGRAM = "program"
    """Anything else that cargo started: a test, an example, a program that its configuration names."""


class PackageId(NamedTuple):
    """A package as cargo names it."""

    name: str
    version: str


class Unit(NamedTuple):
    """A process that cargo started, with all that came of it.

    package: None for cargo itself, and for what it starts to learn about the compiler. folders: where it may write
    whatever it likes. outputs: the folder, and the beginnings of the names, of what a compiler writes.
    """

    role: Role
    package: PackageId | None = None
    folders: tuple[str, ...] = ()
    outputs: tuple[str, str] | None = None
    macro: str | None = None
    """The file name of the macro library that it makes."""


CARGO: Final = Unit(Role.CARGO)


def started_by_cargo(program: str, words: Sequence[str], environment: Sequence[str], layout: Layout) -> Unit:
    """Return the unit of a process that cargo started: its program's path, its words and its environment."""
    variables = dict(line.partition("=")[::2] for line in reversed(environment))
    name = variables.get("CARGO_PKG_NAME")
    package = PackageId(name, variables.get("CARGO_PKG_VERSION", "")) if name else None
    out_dir = variables.get("OUT_DIR", "")
    file = posixpath.basename(program)
    if is_below(program, TARGET) and file.startswith(_BUILD_SCRIPT) and out_dir:
        return Unit(Role.BUILD_SCRIPT, package, folders=(posixpath.normpath(out_dir),))
    if is_below(program, layout.toolchain) and file in _COMPILERS:
        return _compiler(words, package, documents=file == "rustdoc")
    return Unit(Role.PROGRAM, package)


def _compiler(words: Sequence[str], package: PackageId | None, *, documents: bool) -> Unit:
    values = _codegen_values(words)
    stem = _after(words, "--crate-name").replace("-", "_") + values.get("extra-filename", "")
    folder = _after(words, "--out-dir") or (_after(words, "-o") if documents else "")
    folders = [values["incremental"]] if "incremental" in values else []
    if documents and folder:
        folders.append(folder)
    return Unit(
        Role.COMPILER,
        package,
        tuple(map(posixpath.normpath, folders)),
        (posixpath.normpath(folder), stem) if folder else None,
        f"lib{stem}.so" if "proc-macro" in _all_after(words, "--crate-type") else None,
    )


def _codegen_values(words: Sequence[str]) -> dict[str, str]:
    return dict(value.partition("=")[::2] for value in _all_after(words, "-C"))


def _all_after(words: Sequence[str], option: str) -> list[str]:
    return [value for word, value in pairwise(words) if word == option]


def _after(words: Sequence[str], option: str) -> str:
    return next(iter(_all_after(words, option)), "")
