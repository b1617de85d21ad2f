"""Settings of cargo and rustup in a project, against a revision: what a build runs may change without any crate."""

from __future__ import annotations

import os.path
from collections.abc import Callable, Iterator, Mapping
from typing import Final, TypeAlias

from vetflow.app.project import Project
from vetflow.errors import Place, TomlError
from vetflow.formats.build_settings import Setting, cargo_settings, included_files, toolchain_settings
from vetflow.formats.toml import decode_utf8
from vetflow.model.findings import Finding, Level
from vetflow.model.ports import FileTree
from vetflow.trust.build_settings import setting_findings

_Reader: TypeAlias = Callable[[str, str], Mapping[str, Setting]]
_READERS: Final[Mapping[str, _Reader]] = {
    os.path.join(".cargo", "config"): cargo_settings,
    os.path.join(".cargo", "config.toml"): cargo_settings,
    "rust-toolchain": toolchain_settings,
    "rust-toolchain.toml": toolchain_settings,
}


def changed_settings(base: Project, head: Project, level: Level = Level.WARN) -> Iterator[Finding]:
    """Yield what changed, file by file. base: the project at a revision.

    Looked at are the folders of the workspace, of its members, and those above that the revision has, too, with the
    files that cargo's configuration includes; what a machine adds from elsewhere is no part of a proposal. A file that
    cannot be understood is a finding that fails, and so is a link: cargo would follow it to who knows where.
    """
    waiting = [(os.path.join(folder, name), read) for folder in _folders(base, head) for name, read in _READERS.items()]
    seen: set[str] = set()
    links: set[str] = set()
    for path, read in waiting:
        if path in seen:
            continue
        seen.add(path)
        shown = os.path.relpath(path, head.request.cwd)
        link = _link_on_the_way(head.tree, path, head.workspace.root)
        if link is not None and link != _link_on_the_way(base.tree, path, head.workspace.root):
            links.add(link)
            continue
        try:
            old, new = (_text(tree, path) for tree in (base.tree, head.tree))
            yield from setting_findings(read(old, shown), read(new, shown), shown, level)
            if read is cargo_settings:
                waiting += ((each, read) for text in (old, new) for each in _included(text, path))
        except TomlError as error:
            yield Finding("settings/unreadable", Level.FAIL, error.place or Place(shown), error.message)
    for link in sorted(links):
        shown = os.path.relpath(link, head.request.cwd)
        reason = f"{shown} is neither file nor folder in the proposal: it leads elsewhere, and cargo would follow it"
        yield Finding("settings/unreadable", Level.FAIL, Place(shown), reason)


def _folders(base: Project, head: Project) -> list[str]:
    folders = [head.workspace.root]
    while (above := os.path.dirname(folders[-1])) != folders[-1] and base.tree.is_dir(above):
        folders.append(above)
    manifests = (head.workspace.packages[number].manifest for number in head.workspace.members)
    return list(dict.fromkeys((*folders, *sorted(os.path.dirname(path) for path in manifests if path))))


def _included(text: str, path: str) -> Iterator[str]:
    folder = os.path.dirname(path)
    return (os.path.normpath(os.path.join(folder, name)) for name in included_files(text, path))


def _link_on_the_way(tree: FileTree, path: str, root: str) -> str | None:
    """Return what on the way to a path has a name, and is neither a file nor a folder; None where all is plain."""
    steps = [path]
    while steps[-1].startswith(root + os.sep):
        steps.append(os.path.dirname(steps[-1]))
    for step in reversed(steps):
        folder, name = os.path.split(step)
        if not tree.is_dir(step) and not tree.is_file(step):
            return step if name in tree.list_dir(folder) else None
    return None


def _text(tree: FileTree, path: str) -> str:
    return decode_utf8(tree.read(path), path) if tree.is_file(path) else ""
