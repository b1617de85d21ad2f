"""Settings of cargo and rustup in a package: whoever works in its folder runs what they name.

They say nothing about how the package is built as a dependency. But a tool that is started within the unpacked package,
be it only `cargo metadata`, starts the programs that these files name (shared spec behaviour 0.5).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from posixpath import basename, dirname
from typing import Any, Final

from vetflow.errors import VetflowError
from vetflow.formats.toml import decode_utf8, parse_toml
from vetflow.model.contents import CrateFile
from vetflow.surface.evidence import Evidence
from vetflow.surface.findings import finding
from vetflow.surface.tiers import Grade

_CARGO_CONFIG: Final = frozenset({"config", "config.toml"})
_TOOLCHAIN: Final = frozenset({"rust-toolchain", "rust-toolchain.toml"})
_PROGRAMS: Final = frozenset({
    "rustc", "rustc-wrapper", "rustc-workspace-wrapper", "rustdoc", "linker", "runner", "credential-provider",
    "global-credential-providers", "token-from-stdout", "ar",
})  # fmt: skip
"""Keys of cargo's configuration whose value is a program, in whatever table."""
_COMPILERS: Final = frozenset({"rustc", "rustc-wrapper", "rustc-workspace-wrapper", "rustdoc"})
_KNOWN_WRAPPERS: Final = frozenset({"sccache", "ccache", "cachepot", "clippy-driver", "rustc", "rustdoc"})
_PATH: Final = re.compile(r"[/\\]|^\.")


def is_tool_settings(path: str) -> bool:
    """Whether cargo or rustup reads a file when started in its folder or below."""
    name = basename(path).lower()
    return name in _TOOLCHAIN or (name in _CARGO_CONFIG and basename(dirname(path)).lower() == ".cargo")


def check_tool_settings(file: CrateFile) -> Iterator[Evidence]:
    """Yield that the file is there, and the programs it names."""
    is_toolchain = basename(file.path).lower() in _TOOLCHAIN
    rule = "tool-settings/toolchain" if is_toolchain else "tool-settings/cargo"
    sentence = "settings that act on whoever runs cargo in this package; vetflow never does"
    yield finding(rule, file.path, Grade.NOTE, file, line=1, sentence=sentence, tier=None)
    try:
        table = parse_toml(decode_utf8(file.content, file.path), file.path)
    except VetflowError:
        return  # an old rust-toolchain is one line of text; cargo refuses a configuration that is no TOML
    for key, value in _entries(table):
        grade = _grade(key, value, is_toolchain=is_toolchain)
        if grade is not None:
            line = _line_of(file.content, key.rpartition(".")[2])
            sentence = "names a program that cargo or rustup starts"
            yield finding(
                "tool-settings/program", f"{key} = {value}", grade, file, line=line, sentence=sentence, tier=None
            )


def _entries(table: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield every text in a table with its dotted key; a list of words is a command."""
    stack: list[tuple[str, Any]] = [("", table)]
    while stack:
        key, value = stack.pop()
        if isinstance(value, Mapping):
            stack.extend((f"{key}.{name}" if key else str(name), inner) for name, inner in value.items())
        elif isinstance(value, str):
            yield key, value
        elif isinstance(value, list) and all(isinstance(each, str) for each in value):
            yield key, " ".join(value)


def _grade(key: str, value: str, *, is_toolchain: bool) -> Grade | None:
    if is_toolchain:
        return Grade.ALERT if key == "toolchain.path" else None
    name = key.rpartition(".")[2]
    if key.startswith("env.") and name in {"RUSTC", "RUSTC_WRAPPER", "RUSTC_WORKSPACE_WRAPPER", "RUSTDOC", "PATH"}:
        return Grade.ALERT
    if key.startswith(("alias.", "env.")) or name not in _PROGRAMS:
        return None
    program = value.split(" ", 1)[0]
    if name not in _COMPILERS:
        # Linkers and runners of other platforms are what these files are for.
        return Grade.REVIEW if _PATH.search(program) else None
    if _PATH.search(program):
        return Grade.ALERT
    return None if program in _KNOWN_WRAPPERS else Grade.REVIEW


def _line_of(content: bytes, key: str) -> int:
    found = re.search(rb"\b" + re.escape(key.encode()) + rb"\b", content)
    return 1 if found is None else content.count(b"\n", 0, found.start()) + 1
