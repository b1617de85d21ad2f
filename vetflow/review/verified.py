"""A file's patch, made from what a tool printed and checked against the two contents it claims to be about."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

from vetflow.model.contents import CrateFile
from vetflow.review.hunks import apply_hunks, changes_only_white_space, parse_hunks, split_lines
from vetflow.review.patches import Binary, Change, Endings, FilePatch, Hunk, LineKind, Side
from vetflow.review.reconcile import side_of

Given: TypeAlias = tuple[CrateFile, Binary | None] | None
"""A file, and what is told of it when it is not text."""


def verified_patch(old: Given, new: Given, text: bytes, folded: bytes) -> FilePatch:
    """Return what differs in a file. text, folded: hunks, with and without changes of line endings.

    Parses all hunks and lets go of them again. A binary side counts as an empty text: it has no lines.
    """
    endings = None
    try:
        hunks = parse_hunks(text)
        shown = hunks if folded == text else parse_hunks(folded)
    except ValueError:
        return _patch(old, new, text, (), None, applies=False)
    if folded != text:
        added, removed = _count(shown)
        endings = Endings(max(0, _count(hunks)[0] - added), folded, added, removed)
    patch = _patch(old, new, text, hunks, endings, applies=apply_hunks(_text(old), hunks) == _text(new))
    return patch._replace(white_space_hunks=sum(map(changes_only_white_space, shown)))


def unchanged_patch(file: CrateFile, told: Binary | None) -> FilePatch:
    """Return what shows all of a file that did not change, as lines between which nothing differs.

    told: of a file that is not text.
    """
    lines = [] if told else split_lines(file.content)
    text = b"".join(b" " + line for line in lines)
    if lines and not lines[-1].endswith(b"\n"):
        text += b"\n\\ No newline at end of file\n"
    header = b"@@ -1,%d +1,%d @@\n" % (len(lines), len(lines)) if lines else b""
    side = side_of(file)._replace(binary=told)
    return FilePatch(Change.MODIFIED, side, side, header + text, 0, 0, 0, None, applies=True)


def _patch(
    old: Given, new: Given, text: bytes, hunks: Sequence[Hunk], endings: Endings | None, *, applies: bool
) -> FilePatch:
    added, removed = _count(hunks)
    return FilePatch(_change(old, new), _side(old), _side(new), text, added, removed, 0, endings, applies)


def _change(old: Given, new: Given) -> Change:
    if old is None:
        return Change.ADDED
    if new is None:
        return Change.REMOVED
    before, after = old[0], new[0]
    if before.path != after.path:
        return Change.RENAMED
    return Change.MODE if before.content == after.content else Change.MODIFIED


def _side(given: Given) -> Side | None:
    return given and side_of(given[0])._replace(binary=given[1])


def _text(given: Given) -> bytes:
    return b"" if given is None or given[1] else given[0].content


def _count(hunks: Sequence[Hunk]) -> tuple[int, int]:
    kinds = [line.kind for hunk in hunks for line in hunk.lines]
    return kinds.count(LineKind.ADDED), kinds.count(LineKind.REMOVED)
