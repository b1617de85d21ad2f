"""What differs between the contents of two crates, shown by git and checked against the contents themselves.

git only calculates: it gets the text of files that differ, under names that mean nothing to it (`diffing.objects`), and
says which lines changed and which files were renamed. Which files differ, and which are text, is known before it runs;
that nothing is missing is checked after it (`review.reconcile`). Source: shared spec ux 1.1.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Final, NamedTuple

from vetflow.diffing.git import private_git
from vetflow.diffing.listing import list_differences
from vetflow.diffing.objects import store_crates, tree_path
from vetflow.model.contents import CrateFile, CrateFiles
from vetflow.review.binary import binary
from vetflow.review.patches import CrateDiff, FilePatch
from vetflow.review.reconcile import reconcile
from vetflow.review.verified import verified_patch

_CARRIAGE_RETURN: Final = b"\r\n"


class _Pair(NamedTuple):
    """A file before and after, and its hunks: all of them, and those without changes of line endings."""

    old: CrateFile | None
    new: CrateFile | None
    text: bytes = b""
    folded: bytes = b""


def compare_contents(
    old: CrateFiles, new: CrateFiles, environ: Mapping[str, str], *, code: Collection[str] = ()
) -> CrateDiff:
    """Return everything that differs between two crates.

    environ: where to look for git; nothing else of it reaches git. code: paths of Rust source, whatever their names.
    Raises UndecidedError when git cannot be run, fails or does not come to an end, OSError when there is no place for
    the contents. Linear in what differs, apart from git.
    """
    differing = sorted(path for path in old.keys() | new.keys() if old.get(path) != new.get(path))
    before, after = ({path: files[path] for path in differing if path in files} for files in (old, new))
    hidden_before, hidden_after = (
        {path: file for path, file in files.items() if binary(file, code)} for files in (before, after)
    )
    texts = _compare_texts(
        [file for path, file in before.items() if path not in hidden_before],
        [file for path, file in after.items() if path not in hidden_after],
        environ,
    )
    pairs = _with_binaries(texts, hidden_before, hidden_after)
    files = sorted((_patch(pair, code) for pair in pairs), key=lambda file: file.path)
    return CrateDiff(
        tuple(files), tuple(reconcile(old, new, files)), unchanged=len(old.keys() | new.keys()) - len(differing)
    )


def _compare_texts(
    old: Collection[CrateFile], new: Collection[CrateFile], environ: Mapping[str, str]
) -> Iterable[_Pair]:
    if not (old or new):
        return []
    crates = (old, new)
    with private_git(environ, "") as git:
        trees, _ = store_crates(git, range(2), crates.__getitem__)
        listing = list_differences(git, trees[0], trees[1])
        folded = listing.hunks
        if any(_CARRIAGE_RETURN in file.content for file in (*old, *new)):
            folded = list_differences(git, trees[0], trees[1], "--ignore-cr-at-eol").hunks
    by_path_old, by_path_new = ({tree_path(file.path): file for file in files} for files in crates)
    return [
        _Pair(
            by_path_old[file.old] if file.old else None,
            by_path_new[file.new] if file.new else None,
            listing.hunks.get(file.blobs, b""),
            folded.get(file.blobs, b""),
        )
        for file in listing.files
    ]


def _with_binaries(
    texts: Iterable[_Pair], old: Mapping[str, CrateFile], new: Mapping[str, CrateFile]
) -> Iterator[_Pair]:
    """Add the files that are not text: as the other side of one that is, renamed where they are equal, or alone."""
    gone, come = dict(old), dict(new)
    for pair in texts:
        if pair.old is None and pair.new is not None:
            yield pair._replace(old=gone.pop(pair.new.path, None))
        elif pair.new is None and pair.old is not None:
            yield pair._replace(new=come.pop(pair.old.path, None))
        else:
            yield pair
    for path in sorted(gone.keys() & come.keys()):
        yield _Pair(gone.pop(path), come.pop(path))
    by_content = {file.content: file for file in come.values()}
    for file in gone.values():
        renamed = by_content.pop(file.content, None)
        yield _Pair(file, come.pop(renamed.path) if renamed else None)
    yield from (_Pair(None, file) for file in come.values())


def _patch(pair: _Pair, code: Collection[str]) -> FilePatch:
    old, new = ((file and (file, binary(file, code))) for file in (pair.old, pair.new))
    return verified_patch(old, new, pair.text, pair.folded)
