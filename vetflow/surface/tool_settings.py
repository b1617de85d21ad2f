"""Settings of cargo and rustup in a package: whoever works in its folder runs what they name.

They say nothing about how the package is built as a dependency. But a tool that is started within the unpacked package,
be it only `cargo metadata`, starts the programs that these files name (shared spec behaviour 0.5).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from posixpath import basename, dirname
from typing import Final

from vetflow.errors import VetflowError
from vetflow.formats.build_settings import Effect, Setting, cargo_settings, toolchain_settings
from vetflow.formats.toml import decode_utf8
from vetflow.model.contents import CrateFile
from vetflow.surface.evidence import Evidence
from vetflow.surface.findings import finding
from vetflow.surface.tiers import Grade

_CARGO_CONFIG: Final = frozenset({"config", "config.toml"})
_TOOLCHAIN: Final = frozenset({"rust-toolchain", "rust-toolchain.toml"})
_COMPILERS: Final = frozenset({"rustc", "rustc-wrapper", "rustc-workspace-wrapper", "rustdoc"})
_COMPILER_VARIABLES: Final = frozenset({
    "env.RUSTC", "env.RUSTC_WRAPPER", "env.RUSTC_WORKSPACE_WRAPPER", "env.RUSTDOC", "env.PATH",
})  # fmt: skip
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
    read = toolchain_settings if is_toolchain else cargo_settings
    try:
        settings = read(decode_utf8(file.content, file.path), file.path)
    except VetflowError:
        return  # the tools refuse it, too
    for setting in settings.values():
        grade = _grade(setting)
        if grade is not None:
            line = _line_of(file.content, setting.key.rpartition(".")[2])
            sentence, detail = "names a program that cargo or rustup starts", f"{setting.key} = {setting.value}"
            yield finding("tool-settings/program", detail, grade, file, line=line, sentence=sentence, tier=None)


def _grade(setting: Setting) -> Grade | None:
    """Return what a setting deserves; None for what such files are ordinarily for."""
    section, _, name = setting.key.partition(".")
    name = name.rpartition(".")[2]
    if setting.key == "toolchain.path" or setting.key.removesuffix(".value") in _COMPILER_VARIABLES:
        return Grade.ALERT
    if setting.effect is not Effect.PROGRAM or section in {"alias", "toolchain"}:
        return None
    program = setting.value.strip("[]'\"").split(" ", 1)[0]
    if name not in _COMPILERS:
        # Linkers and runners of other platforms are what these files are for.
        return Grade.REVIEW if _PATH.search(program) else None
    if _PATH.search(program):
        return Grade.ALERT
    return None if program in _KNOWN_WRAPPERS else Grade.REVIEW


def _line_of(content: bytes, key: str) -> int:
    found = re.search(rb"\b" + re.escape(key.encode()) + rb"\b", content)
    return 1 if found is None else content.count(b"\n", 0, found.start()) + 1
