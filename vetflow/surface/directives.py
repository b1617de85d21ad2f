"""What a build script prints for cargo: which instructions stand in its strings, and which rules they fall under."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from vetflow.model.contents import CrateFiles
from vetflow.surface.rules import Rules

_DIRECTIVE: Final = re.compile(r"(?:^|[\n\"'])cargo::?(?!:)([A-Za-z0-9_.{}:$-]*)(=?)([^\n]*)")
_LINKING: Final = re.compile(r"(?:^|[^\w-])?(rustc-(?:cdylib-)?link-arg(?:-[a-z]+)?|rustc-flags)\b")
_ARCHIVES: Final = (b"!<arch>\n", b"\x7fELF", b"\x64\x86", b"\x4c\x01", b"\xcf\xfa\xed\xfe")
_OBJECTS: Final = (".a", ".lib", ".o", ".obj", ".so", ".dylib", ".dll")


def find_directives(text: str, rules: Rules, package: CrateFiles, *, builds_native: bool) -> Iterator[tuple[str, str]]:
    """Yield the rules that the instructions in a string fall under, each with the instruction.

    builds_native: whether the script declares or builds a native library, so that linking one is expected.
    """
    found = False
    for match in _DIRECTIVE.finditer(text):
        key, equals, value = match.groups()
        found = True
        if "{" in key or (not key and not equals and value.strip() == "") or (key.endswith("-") and not equals):
            yield "linker/assembled", f"cargo:{key}"
        elif equals:
            yield _judge(key, value, rules, package, builds_native=builds_native), f"cargo:{key}"
    if not found and (linking := _LINKING.search(text)):
        yield "linker/arguments", linking[1]


def _judge(key: str, value: str, rules: Rules, package: CrateFiles, *, builds_native: bool) -> str:
    if key == "rustc-env":
        name = value.partition("=")[0]
        if "{" in name:
            return "linker/assembled"
        rule = rules.linker_variables.find(name)
        return "directive/ordinary" if rule is None else rule.id
    rule = rules.directives.find(key)
    if rule is None or rule.id != "linker/library":
        return "directive/ordinary" if rule is None else rule.id
    if key == "rustc-link-lib" and not builds_native and value.startswith("static") and _ships_object(value, package):
        return "linker/shipped-object"
    return "linker/declared-library" if builds_native else rule.id


def _ships_object(value: str, package: CrateFiles) -> bool:
    """Whether the package holds a compiled object by the name that is linked; by any name where that is computed."""
    name = re.split(r"[=:]", value)[-1].strip()
    stems = {name, f"lib{name}"}
    for path, file in package.items():
        stem, dot, extension = path.rpartition("/")[2].rpartition(".")
        is_object = dot + extension in _OBJECTS and file.content.startswith(_ARCHIVES)
        if is_object and ("{" in name or stem in stems):
            return True
    return False
