"""Small Rust workspaces in memory, and what `graph` says of them."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from tests.fakes import MemoryTree
from vetflow.errors import WorkspaceError
from vetflow.graph.cargo_config import read_graph_config
from vetflow.graph.workspace import load_workspace
from vetflow.model.names import CRATES_IO
from vetflow.model.packages import Workspace

CHECKSUM = "0123456789abcdef" * 4
HOME = "/home/cargo"


def package(name: str, version: str = "0.1.0", body: str = "", extra: str = "") -> str:
    """Return a manifest: `extra` goes into [package], `body` after it."""
    return f'[package]\nname = "{name}"\nversion = "{version}"\n{extra}{body}'


def entry(name: str, version: str = "0.1.0", *dependencies: str, source: str | None = None, extra: str = "") -> str:
    """Return one [[package]] of a lock."""
    lines = ["[[package]]", f'name = "{name}"', f'version = "{version}"']
    if source is not None:
        lines.append(f'source = "{source}"')
    if dependencies:
        lines.append(f"dependencies = [{', '.join(repr(text) for text in dependencies)}]")
    return "\n".join([*lines, extra, ""])


def published(name: str, version: str, *dependencies: str, extra: str = "") -> str:
    """Return the lock entry of a crate from crates.io."""
    return entry(name, version, *dependencies, source=CRATES_IO, extra=f'checksum = "{CHECKSUM}"\n{extra}')


def lock(*entries: str, version: int | None = 4) -> str:
    """Return a whole lock."""
    return "\n".join([f"version = {version}\n" if version is not None else "", *entries])


def tree(files: Mapping[str, str]) -> MemoryTree:
    """Return the files; a manifest with a [package] gets a library unless the folder has a source file already."""
    sources = {
        path.removesuffix("Cargo.toml") + "src/lib.rs": ""
        for path, text in files.items()
        if path.endswith("Cargo.toml")
        and "[package]" in text
        and not any(other.startswith(path.removesuffix("Cargo.toml") + "src/") for other in files)
    }
    return MemoryTree({**sources, **files})


def load(files: Mapping[str, str], start: str = "/ws/Cargo.toml") -> Workspace:
    """Read a workspace as a run in the folder of `start` would."""
    memory = tree(files)
    config = read_graph_config(memory, start.rpartition("/")[0], HOME)
    return load_workspace(memory, start, config, HOME)


def edges(workspace: Workspace) -> dict[str, dict[str, int]]:
    """Return for each package, as `name version`, what it depends on with the kinds as a number (dev is 4)."""
    names = [f"{package.name} {package.version.semver}" for package in workspace.packages]
    return {
        name: {names[edge.package]: int(edge.kinds) for edge in workspace.dependencies[number]}
        for number, name in enumerate(names)
    }


def members(workspace: Workspace) -> list[str]:
    """Return the names of the members in their order."""
    return [workspace.packages[number].name for number in workspace.members]


def refusal(files: Mapping[str, str], start: str = "/ws/Cargo.toml") -> WorkspaceError:
    """Return the error with which a workspace is refused."""
    with pytest.raises(WorkspaceError) as raised:
        load(files, start)
    return raised.value


def told(error: WorkspaceError) -> str:
    """Return place and sentence of an error without related ones."""
    assert error.related == ()
    return f"{error.place}: {error.message}"
