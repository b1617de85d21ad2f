"""cargo's configuration, as far as it says where crates come from and how the network is reached.

The rules are cargo's: `.cargo/config.toml` of the start directory and of all its parents, then of the cargo
home, each together with the files it includes; the nearer file wins, key by key. `[source.crates-io]
replace-with` leads from name to name until a source, or a registry of that name, says what it is.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final, NamedTuple

from vetflow.errors import VetflowError
from vetflow.formats.toml import parse_toml
from vetflow.graph.cargo_config_files import config_files
from vetflow.model.ports import FileTree

_CRATES_IO: Final = "crates-io"
_SPARSE: Final = "sparse+"
_FOLDER_KEYS: Final = ("directory", "local-registry")
_PATH_KEYS: Final = (*_FOLDER_KEYS, "cainfo")
"""Keys whose values are paths, relative to the folder that holds `.cargo`."""
_DEEPEST_INCLUDE: Final = 10


class CratesIo(NamedTuple):
    """What cargo takes for crates.io instead of crates.io, at most one of the two.

    folder: of vendored crates or a local registry. sparse_index: a URL, with a slash at its end.
    """

    folder: str | None = None
    sparse_index: str | None = None


def crates_io_folder(tree: FileTree, start: str, cargo_home: str) -> str | None:
    """Return the folder whose packages cargo, run in `start`, takes for those of crates.io, if any."""
    return crates_io(read_cargo_config(tree, start, cargo_home), {}).folder


def read_cargo_config(tree: FileTree, start: str, cargo_home: str) -> Mapping[str, Any]:
    """Return the tables of all configuration files together, as cargo, run in `start`, sees them.

    A file that cannot be read says nothing: cargo refuses to work with it, and says why.
    """
    return merge_configs(
        document
        for path in config_files(tree, start, cargo_home)
        for document in _with_included(tree, path, _DEEPEST_INCLUDE)
    )


def merge_configs(documents: Iterable[tuple[str, Mapping[str, Any]]]) -> Mapping[str, Any]:
    """Merge configuration documents, given with their paths, the most important first.

    Tables are merged key by key; paths become absolute. Lists, which cargo joins, are of no use here.
    """
    merged: dict[str, Any] = {}
    for path, document in documents:
        _merge(merged, document, os.path.dirname(os.path.dirname(path)))
    return merged


def crates_io(config: Mapping[str, Any], environ: Mapping[str, str]) -> CratesIo:
    """Return what replaces crates.io; nothing when replacements run in a circle or lead nowhere.

    config: see `read_cargo_config`; environ: for `CARGO_REGISTRIES_NAME_INDEX`. An index in git is nothing
    vetflow could read, and so counts as no replacement.
    """
    sources = _table(config, "source")
    name, visited = _CRATES_IO, set[str]()
    while name not in visited:
        visited.add(name)
        source = _table(sources, name)
        following = source.get("replace-with")
        if isinstance(following, str):
            name = following
            continue
        for key in _FOLDER_KEYS:
            if isinstance(folder := source.get(key), str):
                return CratesIo(folder=folder)
        url = source.get("registry") or _registry(config, environ, name)
        if isinstance(url, str) and url.startswith(_SPARSE):
            return CratesIo(sparse_index=url.removeprefix(_SPARSE).rstrip("/") + "/")
    return CratesIo()


def _registry(config: Mapping[str, Any], environ: Mapping[str, str], name: str) -> Any:
    variable = f"CARGO_REGISTRIES_{name.upper().replace('-', '_')}_INDEX"
    return environ.get(variable) or _table(_table(config, "registries"), name).get("index")


def _merge(into: dict[str, Any], document: Mapping[str, Any], base: str) -> None:
    for key, value in document.items():
        if isinstance(value, dict):
            if isinstance(table := into.setdefault(key, {}), dict):
                _merge(table, value, base)
        elif key in _PATH_KEYS and isinstance(value, str):
            into.setdefault(key, os.path.normpath(os.path.join(base, value)))
        else:
            into.setdefault(key, value)


def _with_included(tree: FileTree, path: str, depth: int) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Yield a file and then what it includes, of which the last wins over those before it."""
    document = _read(tree, path)
    yield path, document
    included = document.get("include")
    for entry in reversed(included if isinstance(included, list) else [included]):
        name = entry.get("path") if isinstance(entry, dict) else entry
        if isinstance(name, str) and depth:
            yield from _with_included(tree, os.path.normpath(os.path.join(os.path.dirname(path), name)), depth - 1)


def _read(tree: FileTree, path: str) -> Mapping[str, Any]:
    try:
        return parse_toml(tree.read(path).decode(), path)
    except (OSError, UnicodeDecodeError, VetflowError):
        return {}


def _table(document: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    table = document.get(key)
    return table if isinstance(table, dict) else {}
