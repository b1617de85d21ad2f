"""Settings of cargo and rustup in a project, against a revision: what a build runs may change without any crate."""

from __future__ import annotations

import os.path
from collections.abc import Iterator, Mapping
from typing import Final

from vetflow.app.project import Project
from vetflow.errors import Place, TomlError
from vetflow.formats.build_settings import Setting, cargo_settings, toolchain_settings
from vetflow.formats.toml import decode_utf8
from vetflow.model.findings import Finding, Level
from vetflow.model.ports import FileTree
from vetflow.trust.build_settings import setting_findings

_READERS: Final = {
    os.path.join(".cargo", "config"): cargo_settings,
    os.path.join(".cargo", "config.toml"): cargo_settings,
    "rust-toolchain": toolchain_settings,
    "rust-toolchain.toml": toolchain_settings,
}


def changed_settings(base: Project, head: Project, level: Level = Level.WARN) -> Iterator[Finding]:
    """Yield what changed, file by file. base: the project at a revision.

    Looked at are the folders of the workspace, of its members, and those above that the revision has, too; what a
    machine adds from elsewhere is no part of a proposal. A file that cannot be understood is a finding that fails.
    """
    for folder in _folders(base, head):
        for name, read in _READERS.items():
            path = os.path.join(folder, name)
            shown = os.path.relpath(path, head.request.cwd)
            sides = []
            try:
                for tree in (base.tree, head.tree):
                    settings: Mapping[str, Setting] = read(_text(tree, path), shown) if tree.is_file(path) else {}
                    sides.append(settings)
            except TomlError as error:
                yield Finding("settings/unreadable", Level.FAIL, error.place or Place(shown), error.message)
                continue
            yield from setting_findings(sides[0], sides[1], shown, level)


def _folders(base: Project, head: Project) -> list[str]:
    folders = [head.workspace.root]
    while (above := os.path.dirname(folders[-1])) != folders[-1] and base.tree.is_dir(above):
        folders.append(above)
    manifests = (head.workspace.packages[number].manifest for number in head.workspace.members)
    return list(dict.fromkeys((*folders, *sorted(os.path.dirname(path) for path in manifests if path))))


def _text(tree: FileTree, path: str) -> str:
    return decode_utf8(tree.read(path), path)
