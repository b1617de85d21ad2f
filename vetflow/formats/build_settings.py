"""Settings of cargo and rustup that decide which programs a build runs, and which code it takes for which.

Read from the text of `.cargo/config.toml`, `rust-toolchain.toml` and the older forms of both; what else such a file
says is of no interest here. Paths are shown as they are written.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from enum import Enum
from typing import Any, Final, NamedTuple, TypeAlias

from vetflow.formats.toml import parse_toml

KeyPath: TypeAlias = tuple[str, ...]


class Effect(Enum):
    """What a setting can do; the value completes "it decides …"."""

    PROGRAM = "which program is run"
    CODE = "which code is built"
    ENVIRONMENT = "what programs of a build see, or how the compiler works"


_ANY: Final = "*"
_REST: Final = "**"
_CARGO: Final[tuple[tuple[KeyPath, Effect], ...]] = (
    (("build", "rustc"), Effect.PROGRAM),
    (("build", "rustc-wrapper"), Effect.PROGRAM),
    (("build", "rustc-workspace-wrapper"), Effect.PROGRAM),
    (("build", "rustdoc"), Effect.PROGRAM),
    (("target", _ANY, "linker"), Effect.PROGRAM),
    (("target", _ANY, "runner"), Effect.PROGRAM),
    (("host", _REST), Effect.PROGRAM),
    (("alias", _ANY), Effect.PROGRAM),
    (("doc", "browser"), Effect.PROGRAM),
    (("credential-alias", _ANY), Effect.PROGRAM),
    (("registry", "credential-provider"), Effect.PROGRAM),
    (("registry", "global-credential-providers"), Effect.PROGRAM),
    (("registries", _ANY, "credential-provider"), Effect.PROGRAM),
    (("net", "git-fetch-with-cli"), Effect.PROGRAM),
    (("source", _REST), Effect.CODE),
    (("registries", _ANY, "index"), Effect.CODE),
    (("registry", "index"), Effect.CODE),
    (("registry", "default"), Effect.CODE),
    (("patch", _REST), Effect.CODE),
    (("paths",), Effect.CODE),
    (("include",), Effect.CODE),
    (("resolver", _REST), Effect.CODE),
    (("env", _REST), Effect.ENVIRONMENT),
    (("build", "rustflags"), Effect.ENVIRONMENT),
    (("build", "rustdocflags"), Effect.ENVIRONMENT),
    (("build", "target"), Effect.ENVIRONMENT),
    (("http", _REST), Effect.ENVIRONMENT),
    (("net", _REST), Effect.ENVIRONMENT),
    (("unstable", _REST), Effect.ENVIRONMENT),
    (("target", _ANY, _REST), Effect.ENVIRONMENT),
)
"""What is what in cargo's configuration; the first row that fits counts. The last one is `rustflags` of a target, and
its build script overrides, which stand in the place of running one."""
_TOOLCHAIN: Final[tuple[tuple[KeyPath, Effect], ...]] = (
    (("toolchain", "path"), Effect.PROGRAM),
    (("toolchain", "channel"), Effect.PROGRAM),
)


class Setting(NamedTuple):
    """A setting. value: as text; of a table or list that was given at once, as Python writes it."""

    key: str
    effect: Effect
    value: str


def cargo_settings(text: str, file: str) -> Mapping[str, Setting]:
    """Return what a configuration file of cargo's says of these things, by key; raises TomlError."""
    return _settings(parse_toml(text, file), _CARGO)


def included_files(text: str, file: str) -> tuple[str, ...]:
    """Return the files that a configuration file of cargo's includes, as it names them; raises TomlError."""
    included = parse_toml(text, file).get("include", [])
    rows = included if isinstance(included, list) else [included]
    names = (row.get("path") if isinstance(row, dict) else row for row in rows)
    return tuple(name for name in names if isinstance(name, str))


def toolchain_settings(text: str, file: str) -> Mapping[str, Setting]:
    """Return what a toolchain file of rustup's says, by key; raises TomlError.

    One of the old form is a single line that names the toolchain.
    """
    lines = text.strip().splitlines()
    if len(lines) == 1 and "=" not in text and "[" not in text:
        return {"toolchain.channel": Setting("toolchain.channel", Effect.PROGRAM, lines[0].strip())}
    return _settings(parse_toml(text, file), _TOOLCHAIN)


def _settings(table: Mapping[str, Any], rows: tuple[tuple[KeyPath, Effect], ...]) -> Mapping[str, Setting]:
    found = {}
    for path, value in _leaves(table, ()):
        effect = next((effect for pattern, effect in rows if _fits(path, pattern)), None)
        if effect is not None:
            key = ".".join(path)
            found[key] = Setting(key, effect, value if isinstance(value, str) else repr(value))
    return found


def _leaves(table: Mapping[str, Any], above: KeyPath) -> Iterator[tuple[KeyPath, Any]]:
    for key, value in table.items():
        if isinstance(value, dict):
            yield from _leaves(value, (*above, key))
        else:
            yield (*above, key), value


def _fits(path: KeyPath, pattern: KeyPath) -> bool:
    """Whether a path is one of a pattern; a setting may also be a table where the pattern ends."""
    if pattern[-1] == _REST:
        pattern = pattern[:-1]
    return len(path) >= len(pattern) and all(
        wanted in {_ANY, part} for part, wanted in zip(path, pattern, strict=False)
    )
