"""`.cargo/config.toml` as far as it changes the dependency graph, or what of it a build compiles."""

from __future__ import annotations

import os.path
from collections.abc import Mapping
from typing import Any, NamedTuple

from vetflow.formats.cargo_dependencies import DependencyReader, ManifestDependency
from vetflow.formats.cargo_text import parse_workspace_toml


class CargoConfig(NamedTuple):
    """One configuration file.

    overrides: whether it has `paths = [...]`, with anything in it. patches: by registry name or URL, paths absolute.
    includes: absolute paths of more configuration files, which this one is merged over. built_for: the platforms that
    `build.target` names. rustflags: all words that any of its tables gives the compiler.
    """

    file: str
    overrides: bool
    patches: Mapping[str, tuple[ManifestDependency, ...]]
    includes: tuple[str, ...]
    built_for: tuple[str, ...] = ()
    rustflags: tuple[str, ...] = ()


def parse_cargo_config(text: str, file: str) -> CargoConfig:
    """Read a configuration file; raises WorkspaceError with the place of what is malformed."""
    table = parse_workspace_toml(text, file)
    folder = os.path.dirname(file)
    paths = [entry.get("path") if isinstance(entry, dict) else entry for entry in _listed(table.get("include"))]
    targets = table.get("target")
    build = table.get("build")
    sections = [build, *(targets.values() if isinstance(targets, dict) else ())]
    flags = [_words(section.get("rustflags")) for section in sections if isinstance(section, dict)]
    # Paths in a patch are relative to the folder that holds `.cargo`.
    reader = DependencyReader(text, file, os.path.dirname(folder))
    patches = reader.patches(table)
    reader.raise_problems()
    return CargoConfig(
        file=file,
        overrides=bool(table.get("paths")),
        patches=patches,
        includes=tuple([os.path.normpath(os.path.join(folder, path)) for path in paths if isinstance(path, str)]),
        built_for=tuple(filter(_is_text, _listed(build.get("target")))) if isinstance(build, dict) else (),
        rustflags=tuple([word for words in flags for word in words]),
    )


def _listed(value: Any) -> list[Any]:
    """Return what may be written as one value or as a list of them."""
    return value if isinstance(value, list) else [] if value is None else [value]


def _words(value: Any) -> list[str]:
    """Return compiler flags, which may be written as one text or as a list."""
    return value.split() if isinstance(value, str) else list(filter(_is_text, _listed(value)))


def _is_text(value: Any) -> bool:
    return isinstance(value, str)
