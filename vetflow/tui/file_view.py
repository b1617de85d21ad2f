"""What the diff pane shows of a file: its rows, what is said before them, and what its lines are marked with."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Final, NamedTuple

from vetflow.review.highlight import Highlighter
from vetflow.review.hunks import changes_only_white_space, parse_hunks, runs
from vetflow.review.moved import moved_lines
from vetflow.review.patches import Binary, Change, FilePatch, Hunk, LineKind, PatchLine, Side
from vetflow.review.rows import CONTEXT, rows
from vetflow.review.words import changed_words, line_pairs
from vetflow.text import MOST_CELLS
from vetflow.tui.diff_rows import FileView, Marks

_HEAD: Final = 16
SMALL: Final = 64_000
"""Bytes of contents that are parsed in less time than anybody notices; more is for a thread."""
_MOST_COLOURED: Final = 400_000
_LARGE_HUNK: Final = 1_000
"""Lines of a hunk that are paired before they are on screen."""
_MOST_COMPARED: Final = 200


class Contents(NamedTuple):
    """The two contents of a file; None where there is none, or where it is not text."""

    old: bytes | None
    new: bytes | None


def size(contents: Contents) -> int:
    """Return how many bytes there are to parse."""
    return sum(len(content) for content in contents if content is not None)


def is_coloured(contents: Contents) -> bool:
    """Whether the code of a file is parsed for its colours and items; a crate must not stop anybody with a huge one."""
    return size(contents) <= _MOST_COLOURED


class Manner(NamedTuple):
    """How a difference is shown. context: None for the whole file. fold_endings: count changed line endings only.

    opened: lines in whose unchanged stretch nothing is left out.
    """

    context: int | None = CONTEXT
    fold_white_space: bool = False
    fold_endings: bool = True
    mark_moved: bool = False
    opened: frozenset[int] = frozenset()


def file_view(patch: FilePatch, contents: Contents, marks: Marks, manner: Manner, *, is_code: bool) -> FileView:
    """Return how a file is shown; linear in its hunks, and in its content where more context is wanted.

    marks: letters of findings by line. is_code: Rust, and to be coloured.
    """
    hunks = parse_hunks(patch.folded if manner.fold_endings else patch.text)
    wants_more = manner.context is None or manner.context > CONTEXT or bool(manner.opened)
    new = _lines(contents.new) if wants_more and contents.new is not None else ()
    shown = rows(hunks, new, manner.context, fold_white_space=manner.fold_white_space, opened=manner.opened)
    if manner.mark_moved:
        marks = {**_moved_marks(hunks), **marks}
    view = FileView(
        _title(patch),
        shown,
        (*_notes(patch, manner, is_too_large=is_code and not is_coloured(contents)), *_hidden_notes(hunks, manner)),
        marks,
        _Words(hunks),
    )
    return view._replace(highlights=_Highlights(contents)) if is_code and is_coloured(contents) else view


def _lines(content: bytes) -> list[str]:
    lines = content.decode(errors="surrogateescape").split("\n")
    return lines[:-1] if lines[-1] == "" else lines


def _title(patch: FilePatch) -> str:
    return f"{patch.path}  +{patch.added} -{patch.removed}"


def _notes(patch: FilePatch, manner: Manner, *, is_too_large: bool) -> list[str]:
    """Say of a file what its lines do not show."""
    notes = ["this file did not change: all of it is shown"] if patch.old == patch.new else []
    if patch.change is Change.RENAMED and patch.old:
        notes.append(f"was {patch.old.path}")
    elif patch.change in {Change.ADDED, Change.REMOVED}:
        notes.append(f"this file was {patch.change.value}")
    if patch.old and patch.new and patch.old.executable != patch.new.executable:
        notes.append(f"may {'now' if patch.new.executable else 'no longer'} be executed")
    if patch.endings and manner.fold_endings:
        notes.append(f"{patch.endings.lines} lines differ in their line ending alone and are folded; E shows them")
    if patch.is_binary:
        for word, side in (("was", patch.old), ("is", patch.new)):
            notes += _binary_notes(word, side)
    if is_too_large:
        notes.append(f"more than {_MOST_COLOURED // 1000} kB: the code is shown without colours and items")
    if not patch.applies:
        notes.append("! this patch does not lead from one content to the other: the difference is incomplete")
    return notes


def _hidden_notes(hunks: Sequence[Hunk], manner: Manner) -> list[str]:
    """Count what is there and not on screen, so that a reader knows."""
    cut = sum(len(line.text) > MOST_CELLS for hunk in hunks for line in hunk.lines)
    folded = sum(map(changes_only_white_space, hunks)) if manner.fold_white_space else 0
    return [
        *([f"{cut} lines are longer than {MOST_CELLS:,} characters and are cut; L shows them whole"] if cut else []),
        *([f"{folded} hunks differ in white space alone and are folded; W shows them"] if folded else []),
    ]


def _binary_notes(word: str, side: Side | None) -> list[str]:
    if side is None:
        return []
    binary = side.binary or Binary("text", b"")
    head = binary.head[:_HEAD].hex(" ")
    return [
        f"{word}: {binary.kind or 'binary, of no known kind'}, {side.size:,} bytes, sha-256 {side.sha256}",
        *([f"     begins with {head}"] if head else []),
    ]


def _moved_marks(hunks: Sequence[Hunk]) -> dict[int, str]:
    moved = moved_lines(hunks)
    return {**dict.fromkeys(moved.new, "~"), **{-line: "~" for line in moved.old}}


class _Stretch(NamedTuple):
    """Changed lines without others between them. pairs: what stands against what, by number; None where in order."""

    removed: Sequence[PatchLine]
    added: Sequence[PatchLine]
    pairs: Mapping[int, PatchLine] | None

    def of(self, line: PatchLine) -> tuple[Sequence[PatchLine], Sequence[PatchLine]]:
        """Return the lines on the side of a line, and those on the other."""
        return (self.added, self.removed) if line.kind is LineKind.ADDED else (self.removed, self.added)

    def against(self, line: PatchLine) -> PatchLine | None:
        """Return the line that a line stands against; None too for one that is not in here."""
        mine, others = self.of(line)
        place = abs(line.number) - abs(mine[0].number)
        if place >= len(mine):
            return None
        return others[place] if self.pairs is None else self.pairs.get(line.number)


class _Words:
    """The words that differ, looked up for lines on screen: only what a line stands against is compared with it."""

    def __init__(self, hunks: Sequence[Hunk]) -> None:
        self._hunks = hunks
        self._old_starts = [hunk.old_start for hunk in hunks]
        self._new_starts = [hunk.new_start for hunk in hunks]
        self._stretches = {n: _stretches(hunk) for n, hunk in enumerate(hunks) if len(hunk.lines) > _LARGE_HUNK}
        self._spans_of = lru_cache(maxsize=512)(_spans)

    def __call__(self, line: PatchLine) -> Sequence[tuple[int, int]]:
        starts, number = (self._old_starts, line.old) if line.new is None else (self._new_starts, line.new)
        hunk = bisect_right(starts, number or 0) - 1
        if hunk < 0 or line.kind is LineKind.CONTEXT:
            return ()
        other, is_added = self._against(hunk, line), line.kind is LineKind.ADDED
        if other is None:
            return ()
        return self._spans_of(*((other, line) if is_added else (line, other)))[is_added]

    def _against(self, hunk: int, line: PatchLine) -> PatchLine | None:
        if hunk not in self._stretches:
            self._stretches[hunk] = _stretches(self._hunks[hunk])
        stretches = self._stretches[hunk]
        at = bisect_right(stretches, abs(line.number), key=lambda each: abs(each.of(line)[0][0].number))
        return stretches[at - 1].against(line) if at else None


def _stretches(hunk: Hunk) -> list[_Stretch]:
    """Return the stretches of a hunk in which lines stand against each other; of long, unequal ones nobody can tell.

    Large ones change as many lines as there were, and keep no table of them.
    """
    found = []
    for removed, added in runs(hunk):
        if not removed or not added:
            continue
        if len(removed) == len(added):
            found.append(_Stretch(removed, added, None))
        elif max(len(removed), len(added)) <= _MOST_COMPARED:
            pairs = list(line_pairs(removed, added))
            by_number = {old.number: new for old, new in pairs} | {new.number: old for old, new in pairs}
            found.append(_Stretch(removed, added, by_number))
    return found


def _spans(old: PatchLine, new: PatchLine) -> tuple[tuple[tuple[int, int], ...], tuple[tuple[int, int], ...]]:
    return changed_words(old.text, new.text) or ((), ())


class _Highlights:
    """The kinds of pieces of lines, of the old text for removed lines; a text is parsed when it is first asked for."""

    def __init__(self, contents: Contents) -> None:
        self._contents = contents
        self._parsed: dict[bool, Highlighter] = {}
        if size(contents) > SMALL:  # whoever shows it is in a thread now, and would not be later
            for is_old, content in enumerate((contents.new, contents.old)):
                if content is not None:
                    self._parsed[bool(is_old)] = Highlighter(content)

    def __call__(self, line: PatchLine) -> Sequence[tuple[int, int, str]]:
        is_old = line.kind is LineKind.REMOVED
        content, number = (self._contents.old, line.old) if is_old else (self._contents.new, line.new)
        if content is None or number is None:
            return ()
        if is_old not in self._parsed:
            self._parsed[is_old] = Highlighter(content)
        return self._parsed[is_old].pieces(number)
