"""`.cargo/config.toml` as far as it changes the dependency graph: path overrides and patches."""

from __future__ import annotations

import os.path
from collections.abc import Mapping
from typing import NamedTuple

from vetflow.formats.cargo_dependencies import DependencyReader, ManifestDependency
from vetflow.formats.cargo_text import parse_workspace_toml


class CargoConfig(NamedTuple):
    """One configuration file.

    overrides: whether it has `paths = [...]`, with anything in it. patches: by registry name or URL, paths absolute.
    includes: absolute paths of more configuration files, which this one is merged over.
    """

    file: str
    overrides: bool
    patches: Mapping[str, tuple[ManifestDependency, ...]]
    includes: tuple[str, ...]


def parse_cargo_config(text: str, file: str) -> CargoConfig:
    """Read a configuration file; raises WorkspaceError with the place of what is malformed."""
    table = parse_workspace_toml(text, file)
    folder = os.path.dirname(file)
    include = table.get("include", ())
    entries = include if isinstance(include, list) else [include] if include else []
    paths = [entry.get("path") if isinstance(entry, dict) else entry for entry in entries]
    # Paths in a patch are relative to the folder that holds `.cargo`.
    reader = DependencyReader(text, file, os.path.dirname(folder))
    patches = reader.patches(table)
    reader.raise_problems()
    return CargoConfig(
        file=file,
        overrides=bool(table.get("paths")),
        patches=patches,
        includes=tuple([os.path.normpath(os.path.join(folder, path)) for path in paths if isinstance(path, str)]),
    )
