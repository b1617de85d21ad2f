"""How much differs between crates, counted by git: one process takes in all of them, one more compares them."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from typing import Final, NamedTuple, TypeAlias

from vetflow.diffing.contents import ALWAYS_TEXT, not_counted
from vetflow.diffing.git import Git, private_git
from vetflow.diffing.objects import TreeId, store_crates, tree_path
from vetflow.errors import UndecidedError
from vetflow.model.contents import CrateFile
from vetflow.model.report import CrateVersion
from vetflow.model.suggestions import CrateDelta, DiffStat, Size, UnknownSize

Files: TypeAlias = Callable[[CrateVersion], Iterable[CrateFile]]
"""Gives the files of a crate; may raise VetflowError, also in the middle."""

_PATIENCE: Final = 60.0
"""After so many seconds a comparison is given up: many times what the largest deltas of crates.io take."""
_ATTRIBUTES: Final = "".join(f"*{suffix} diff\n" for suffix in ALWAYS_TEXT)
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
        trees, unread = store_crates(git, dict.fromkeys(end for delta in deltas for end in delta.ends()), files)
        sizes: dict[CrateDelta, Size] = {
            delta: UnknownSize(f"{end.name} {end.version}: {unread[end].message}")
            for delta in deltas
            for end in reversed(delta.ends())
            if end in unread
        }
        stored = {delta: [trees[end] for end in delta.ends()] for delta in deltas if delta not in sizes}
        for delta, changes in zip(stored, compare_trees(git, list(stored.values())), strict=True):
            sizes[delta] = changes if isinstance(changes, UnknownSize) else _size(delta, changes)
    return sizes


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
    left_out = {tree_path(path) for path in not_counted(delta)}
    counted = [change for change in changes if change.path not in left_out]
    return DiffStat(
        insertions=sum(change.insertions for change in counted),
        deletions=sum(change.deletions for change in counted),
        files_changed=len(counted),
    )
