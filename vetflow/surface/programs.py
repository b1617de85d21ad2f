"""Which program a process is started from, as far as the code tells, and which rule that falls under."""

from __future__ import annotations

import re
from collections.abc import Iterator
from posixpath import normpath
from typing import Final

from vetflow.model.contents import CrateFiles
from vetflow.surface.rules import Rule, Rules
from vetflow.surface.tiers import Grade
from vetflow.surface.traced import Alternative, Kind, Value, described, known_text
from vetflow.surface.units import CodeUnit, Role

_BUILD_FOLDERS: Final = frozenset({"OUT_DIR", "CARGO_MANIFEST_DIR", "CARGO_TARGET_DIR", "CARGO_TARGET_TMPDIR"})
_OWN_PLACES: Final = frozenset({"the folder for temporary files", "the working directory"})
_OWN_FILE: Final = "process/own-file"
_LIBRARIES: Final = frozenset({Role.HOST_LIBRARY, Role.RUNTIME})
_SHARED_FOLDERS: Final = ("/tmp/", "/var/tmp/", "/dev/shm/", "/private/tmp/")  # noqa: S108  what others write to
_EXTENSIONS: Final = (".exe", ".cmd", ".bat", ".com")
_VERSION: Final = re.compile(r"[-.]?[0-9]+(?:\.[0-9]+)*$")
_TOOL_PACKAGES: Final = frozenset({"native-build", "rust-probing", "code-generation"})


def judge_program(value: Value, rules: Rules, unit: CodeUnit) -> Iterator[tuple[str, str]]:
    """Yield the rules that a program falls under, each with what it is; one for each that it may be."""
    found = list(dict.fromkeys(_judge(alternative, rules, unit.package) for alternative in value))
    traced = any(rule == "process/toolchain-variable" for rule, _ in found)
    if unit.role in _LIBRARIES and any(rule != _OWN_FILE for rule, _ in found):
        # Libraries are large and their names are many: among other values this one is a guess.
        found = [("process/unresolved" if rule == _OWN_FILE else rule, detail) for rule, detail in found]
    for rule, detail in found:
        # The usual name is what a build falls back to where the variable is not set.
        if not (traced and rule == "process/known-tool"):
            yield rule, detail


def _judge(alternative: Alternative, rules: Rules, package: CrateFiles) -> tuple[str, str]:
    text = known_text(alternative)
    if text is not None:
        return _named(text, rules, package)
    first, rest = alternative[0], alternative[1:]
    if first.kind is Kind.VARIABLE and not rest:
        rule = rules.program_variables.find(first.text)
        if rule is None and first.text in _BUILD_FOLDERS:
            return _OWN_FILE, described(alternative)
        return ("process/variable" if rule is None else rule.id), f"${first.text}"
    if first.kind is Kind.PACKAGE and not rest:
        tools = [rule for _, rule in rules.paths.find((first.text,)) if rule.capability in _TOOL_PACKAGES]
        return ("process/toolchain-variable" if tools else "process/unresolved"), described(alternative)
    tail = _known_tail(alternative)
    rule = rules.programs.get(_plain(tail)) if tail else None
    if (first.kind is Kind.VARIABLE and first.text in _BUILD_FOLDERS) or (
        first.kind is Kind.PLACE and first.text in _OWN_PLACES
    ):
        return _OWN_FILE, described(alternative)
    somewhere = any(part.kind is Kind.UNKNOWN for part in alternative)
    # A tool in a folder that is not known may be somebody else's; a shell is one wherever it lies.
    if rule is not None and not (somewhere and _is_ordinary(rule)):
        return rule.id, f"{_plain(tail)} ({described(alternative)})"
    if somewhere:
        return "process/unresolved", described(alternative)
    return ("process/variable" if first.kind is Kind.VARIABLE else "process/other"), described(alternative)


def _named(text: str, rules: Rules, package: CrateFiles) -> tuple[str, str]:
    """Judge a program whose whole name is known."""
    name = text.strip().strip("\0")
    if not name:
        return "process/unresolved", "an empty name"
    folder, slash, _ = name.replace("\\", "/").rpartition("/")
    is_absolute = name.startswith(("/", "\\")) or ":" in name.partition("/")[0]
    rule = rules.programs.get(_plain(name))
    is_shipped = normpath(name) in package
    if name.startswith(_SHARED_FOLDERS) or is_shipped or (slash and folder and not is_absolute and rule is None):
        return _OWN_FILE, name
    if slash and not is_absolute and rule is not None and _is_ordinary(rule):
        return "process/other", name  # a tool that somebody put below the working directory
    return ("process/other" if rule is None else rule.id), name


def _is_ordinary(rule: Rule) -> bool:
    return rule.worth[Role.BUILD_SCRIPT].grade < Grade.REVIEW


def _plain(name: str) -> str:
    """Return a program's name without folder, extension, version, or the platform a compiler is for."""
    plain = re.split(r"[\\/]", name.strip())[-1].split(" ")[0]
    lowered = plain.lower()
    for extension in _EXTENSIONS:
        lowered = lowered.removesuffix(extension)
    if _CROSS.search(lowered):
        return lowered.rpartition("-")[2]
    without_version = _VERSION.sub("", lowered)
    return without_version if lowered not in _VERSIONED else lowered


_CROSS: Final = re.compile(r"^[a-z0-9_]+-[a-z0-9_.-]*-(?:gcc|g\+\+|cc|c\+\+|clang|ar|ld|ranlib|strip|objcopy|nm)$")
_VERSIONED: Final = frozenset({"wget2", "ping6", "m4", "bzip2", "python2", "python3", "pip3", "pypy3", "c++", "g++"})


def _known_tail(alternative: Alternative) -> str:
    """Return what is known of the last name in a path."""
    last = alternative[-1]
    if last.kind is not Kind.LITERAL:
        return ""
    return re.split(r"[\\/]", last.text)[-1]
