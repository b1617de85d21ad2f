"""What differs between the contents of two crates, as values that git made and git's word is not taken for.

A `CrateDiff` names every file that differs. The lines of a file stay text until somebody asks for them
(`review.hunks.parse_hunks`), so that a delta of 200,000 lines is little more in memory than its patch.
"""

from __future__ import annotations

from enum import Enum
from typing import NamedTuple


class Change(Enum):
    """What happened to a file."""

    ADDED = "added"
    REMOVED = "removed"
    RENAMED = "renamed"
    MODIFIED = "modified"
    MODE = "mode"
    """Nothing but whether it may be executed."""


class LineKind(Enum):
    """Where a line of a patch stands; the value is its sign."""

    CONTEXT = " "
    ADDED = "+"
    REMOVED = "-"


class Binary(NamedTuple):
    """What is told of a file that is not shown line by line. kind: by its magic bytes, None for unknown ones."""

    kind: str | None
    head: bytes


class Side(NamedTuple):
    """A file as one of the crates has it. binary: None for text."""

    path: str
    sha256: str
    size: int
    executable: bool
    binary: Binary | None = None


class Endings(NamedTuple):
    """Lines that differ in their ending alone, and the patch without these.

    lines: how many there are. text, added, removed: as in `FilePatch`.
    """

    lines: int
    text: bytes
    added: int
    removed: int


class FilePatch(NamedTuple):
    """What differs in one file.

    old, new: None where there is none. text: the hunks as git printed them; a binary side has no lines. added, removed:
    their changed lines. white_space_hunks: how many of the hunks in `folded` change nothing but white space.
    endings: there when CRLF became LF or the other way round. applies: the hunks make the new text of the old one, byte
    for byte.
    """

    change: Change
    old: Side | None
    new: Side | None
    text: bytes
    added: int
    removed: int
    white_space_hunks: int
    endings: Endings | None
    applies: bool

    @property
    def path(self) -> str:
        """Where the file is, or was when it is gone."""
        return "".join(side.path for side in (self.new or self.old,) if side)

    @property
    def lines(self) -> int:
        """How many lines changed."""
        return self.added + self.removed

    @property
    def is_binary(self) -> bool:
        """Whether something of it is not shown line by line."""
        return any(side is not None and side.binary is not None for side in (self.old, self.new))

    @property
    def folded(self) -> bytes:
        """The hunks without changes of line endings, which are told by their number."""
        return self.text if self.endings is None else self.endings.text


class Missing(NamedTuple):
    """A path of which the diff does not show everything that differs, and why it is known."""

    path: str
    reason: str


class CrateDiff(NamedTuple):
    """What differs between two crates.

    files: by path, every one that differs. incomplete: empty unless something is not shown; then nobody can say that
    they read the difference. unchanged: how many files are the same on both sides.
    """

    files: tuple[FilePatch, ...]
    incomplete: tuple[Missing, ...]
    unchanged: int

    @property
    def lines(self) -> int:
        """How many lines changed."""
        return sum(file.lines for file in self.files)

    def file(self, path: str) -> FilePatch | None:
        """Return what differs in the file that is, or was, at a path."""
        return next((file for file in self.files if file.path == path), None) or next(
            (file for file in self.files if file.old is not None and file.old.path == path), None
        )


class PatchLine(NamedTuple):
    """A line of a patch. old, new: its number on that side, None where it is not there.

    text: without its line feed, undecodable bytes as surrogates; never fit for a display as it is. has_newline: False
    for the last line of a file that ends without one.
    """

    kind: LineKind
    old: int | None
    new: int | None
    text: str
    has_newline: bool = True

    @property
    def number(self) -> int:
        """What tells it from the other lines of a patch: its new number, of a removed line the old one below zero."""
        return self.new if self.new is not None else -(self.old or 0)


class Hunk(NamedTuple):
    """Changed lines close to each other, with some around them. old_start, new_start: as in the hunk's header."""

    old_start: int
    new_start: int
    lines: tuple[PatchLine, ...]
