"""Differences between crates, computed by git on trees in a private repository.

Crates are handed to git as a stream: none of their files is unpacked, none of their names means anything to git. Every
name has a prefix, so that `.gitattributes` or `.git` is a file like any other, and names of folders have a suffix, so
that they sort as in a folder on disk: git's choice among equally renamed files depends on the order. One process takes
in all crates, one more compares them.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from typing import IO, Final, NamedTuple, TypeAlias

from vetflow.diffing.contents import ALWAYS_TEXT, not_counted
from vetflow.diffing.git import Git, private_git
from vetflow.errors import UndecidedError, VetflowError
from vetflow.model.contents import CrateFile
from vetflow.model.report import CrateVersion
from vetflow.model.suggestions import CrateDelta, DiffStat, Size, UnknownSize

Files: TypeAlias = Callable[[CrateVersion], Iterable[CrateFile]]
"""Gives the files of a crate; may raise VetflowError, also in the middle."""
TreeId: TypeAlias = bytes
"""The hash by which git knows what a crate holds."""

_PATIENCE: Final = 60.0
"""After so many seconds a comparison is given up: many times what the largest deltas of crates.io take."""
_PREFIX: Final = "="
_FOLDER: Final = "\x01"
_ATTRIBUTES: Final = "".join(f"*{suffix} diff\n" for suffix in ALWAYS_TEXT)
_NEXT_CRATE: Final = b"commit refs/heads/crates\ncommitter vetflow <> 0 +0000\ndata 0\ndeleteall\n"
_TELL_TREE: Final = b'ls ""\n'
_TREE: Final = re.compile(rb"040000 tree ([0-9a-f]+)\t.*\n")
_COMPARED: Final = re.compile(rb"[0-9a-f]+ [0-9a-f]+\n")
_CHANGED: Final = re.compile(rb"(?:([0-9]+)\t([0-9]+)|-\t-)\t(?:\0[^\0]+\0)?([^\0]+)\0")
"""An entry of `--numstat -z`: the lines inserted and deleted, for a renamed file its old path, and the path."""


class Change(NamedTuple):
    """A file that differs. path: as git knows it. Binary files have no lines."""

    path: bytes
    insertions: int
    deletions: int


def compare_crates(deltas: Collection[CrateDelta], files: Files, environ: Mapping[str, str]) -> dict[CrateDelta, Size]:
    """Return the size of each delta between two versions, or why it is unknown.

    environ: where to look for git. Reads the files of each version once and holds one of them at a time. Raises
    UndecidedError when git cannot be run or fails, OSError when there is no place for the contents.
    """
    with private_git(environ, _ATTRIBUTES) as git:
        trees, unread = _store(git, dict.fromkeys(end for delta in deltas for end in delta.ends()), files)
        sizes: dict[CrateDelta, Size] = {
            delta: unread[end] for delta in deltas for end in reversed(delta.ends()) if end in unread
        }
        stored = {delta: [trees[end] for end in delta.ends()] for delta in deltas if delta not in sizes}
        for delta, changes in zip(stored, compare_trees(git, list(stored.values())), strict=True):
            sizes[delta] = changes if isinstance(changes, UnknownSize) else _size(delta, changes)
    return sizes


def _store(
    git: Git, crates: Iterable[CrateVersion], files: Files
) -> tuple[dict[CrateVersion, TreeId], dict[CrateVersion, UnknownSize]]:
    """Hand crates to git; return its name for each, and why the files of some could not be read."""
    stored: list[CrateVersion] = []
    unread: dict[CrateVersion, UnknownSize] = {}
    with open(os.path.join(git.folder, "crates"), "w+b") as stream:
        for crate in crates:
            stream.write(_NEXT_CRATE)
            try:
                for file in files(crate):
                    _write(file, stream)
            except VetflowError as error:  # the next crate begins anew: what was written of this one does no harm
                unread[crate] = UnknownSize(f"{crate.name} {crate.version}: {error.message}")
            else:
                stream.write(_TELL_TREE)
                stored.append(crate)
        stream.write(b"done\n")
        stream.seek(0)
        told = _TREE.findall(git.run("fast-import", "--quiet", "--done", "--depth=0", given=stream))
    if len(told) != len(stored):
        raise UndecidedError("`git fast-import` did not say what it stored")
    return dict(zip(stored, told, strict=True)), unread


def _write(file: CrateFile, stream: IO[bytes]) -> None:
    mode = b"100755" if file.executable else b"100644"
    path = _tree_path(file.path).replace(b"\\", b"\\\\").replace(b'"', b'\\"').replace(b"\n", b"\\n")
    stream.write(b'M %s inline "%s"\ndata %d\n' % (mode, path, len(file.content)))
    stream.write(file.content)
    stream.write(b"\n")


def _tree_path(path: str) -> bytes:
    """Return a path as it is in git's tree: no two are the same there, and no file has the name of a folder."""
    *folders, name = path.replace(_FOLDER, 2 * _FOLDER).split("/")
    return "/".join([*(f"{_PREFIX}{folder}{_FOLDER}" for folder in folders), _PREFIX + name]).encode()


def compare_trees(git: Git, pairs: Sequence[Sequence[TreeId]]) -> list[list[Change] | UnknownSize]:
    """Return what differs between each two trees. Raises UndecidedError when git fails.

    A crate can be made to keep git busy for hours: then the size of its own deltas is unknown, and no other.
    """
    try:
        return [*_changes(git, pairs, seconds=_PATIENCE + len(pairs))]
    except TimeoutError:
        if len(pairs) == 1:
            return [UnknownSize(f"git needs more than {_PATIENCE:.0f} seconds to compare the versions")]
        return [changes for pair in pairs for changes in compare_trees(git, [pair])]


def _changes(git: Git, pairs: Sequence[Sequence[TreeId]], *, seconds: float) -> Iterator[list[Change]]:
    printed = git.run(
        *("diff-tree", "--stdin", "-r", "--numstat", "-z", "--find-renames", "--ignore-cr-at-eol"),
        *("--no-ext-diff", "--no-textconv"),
        given=b"".join(b"%s %s\n" % (base, version) for base, version in pairs),
        seconds=seconds,
    )
    position = 0
    for _ in pairs:
        heading = _COMPARED.match(printed, position)
        if heading is None:
            raise UndecidedError("`git diff-tree` did not compare what it was told to")
        position = heading.end()
        changes = []
        while entry := _CHANGED.match(printed, position):
            insertions, deletions, path = entry.groups(b"0")
            changes.append(Change(path, int(insertions), int(deletions)))
            position = entry.end()
        yield changes


def _size(delta: CrateDelta, changes: Iterable[Change]) -> DiffStat:
    left_out = {_tree_path(path) for path in not_counted(delta)}
    counted = [change for change in changes if change.path not in left_out]
    return DiffStat(
        insertions=sum(change.insertions for change in counted),
        deletions=sum(change.deletions for change in counted),
        files_changed=len(counted),
    )
