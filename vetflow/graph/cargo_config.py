"""cargo's configuration files around a run, for what they change in the graph (shared spec graph 1)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, NamedTuple

from vetflow.errors import Place
from vetflow.formats.cargo_config import CargoConfig, parse_cargo_config
from vetflow.formats.cargo_text import decode_workspace_file, value_place
from vetflow.graph.cargo_config_files import config_files
from vetflow.graph.patches import Patch, patches_of
from vetflow.model.ports import FileTree


class GraphConfig(NamedTuple):
    """What configuration says about the graph.

    override: where a `paths` override stands; with it only cargo can tell the graph. patches: nearest file first.
    """

    override: Place | None = None
    patches: tuple[Patch, ...] = ()


NO_CONFIG: Final = GraphConfig()


def read_graph_config(tree: FileTree, cwd: str, cargo_home: str | None) -> GraphConfig:
    """Read the configuration files from `cwd` upwards and in cargo's home directory.

    Raises WorkspaceError when one of them is malformed.
    """
    override = None
    patches: list[Patch] = []
    for config, text in read_configs(tree, cwd, cargo_home):
        if config.overrides and override is None:
            override = value_place(text, config.file, ("paths",))
        patches += patches_of(config.file, config.patches)
    return GraphConfig(override, tuple(patches))


def read_configs(tree: FileTree, cwd: str, cargo_home: str | None) -> Iterator[tuple[CargoConfig, str]]:
    """Yield configuration files with their texts, nearest first, each followed by what it includes.

    Raises WorkspaceError when one of them is malformed.
    """
    seen = set()
    for file in config_files(tree, cwd, cargo_home):
        rest = [file]
        while rest:
            path = rest.pop(0)
            if path in seen or not tree.is_file(path):
                continue
            seen.add(path)
            text = decode_workspace_file(tree.read(path), path)
            config = parse_cargo_config(text, path)
            yield config, text
            rest += config.includes
