"""What is known of a delta under review and of its reader: which files were viewed, what stands at which line."""

from __future__ import annotations

from enum import Enum
from typing import Final, NamedTuple

from vetflow.app.desk import Delta, seen_file
from vetflow.review.patches import FilePatch, PatchLine
from vetflow.review.session import SeenFile, Session
from vetflow.surface.evidence import Evidence
from vetflow.surface.tiers import Grade
from vetflow.tui.file_view import Contents

LETTERS: Final = {Grade.ALERT: "!", Grade.REVIEW: "?", Grade.NOTE: "."}
"""The sign of a finding, by its grade; what is expected has none."""


class Which(Enum):
    """Which findings are shown; the value says so."""

    ALL = "all"
    CHANGED = "in changed files"
    BUILD_TIME = "build-time only"

    def following(self) -> Which:
        """Return the next choice."""
        choices = list(Which)
        return choices[(choices.index(self) + 1) % len(choices)]


class UnderReview(NamedTuple):
    """A delta and the session of its reader, as they are at one moment."""

    delta: Delta
    session: Session

    def file(self, path: str) -> SeenFile:
        """Return what a mark on a file is kept under."""
        patch = self.delta.diff.file(path)
        return seen_file(self.delta.pair.crate, patch) if patch else SeenFile(self.delta.pair.crate, path, None, None)

    def contents(self, patch: FilePatch) -> Contents:
        """Return the two contents of a file that differs."""
        old, new = self.delta.old, self.delta.new
        return Contents(
            old[patch.old.path].content if patch.old and patch.old.path in old else None,
            new[patch.new.path].content if patch.new and patch.new.path in new else None,
        )

    def is_viewed(self, path: str) -> bool:
        """Whether a file was viewed with exactly these contents."""
        return self.file(path) in self.session.viewed

    def viewed(self) -> frozenset[str]:
        """Return the files that were viewed."""
        return frozenset(path for path in self.delta.order if self.is_viewed(path))

    def unviewed_build_time(self) -> tuple[str, ...]:
        """Return the files of the build-time surface that were not viewed."""
        return tuple(path for path in self.delta.build_time if not self.is_viewed(path))

    def stale(self) -> tuple[str, ...]:
        """Return the files that were viewed with other contents on one side: a byte changed since."""
        return tuple(path for path in self.delta.order if not self.is_viewed(path) and self._was_viewed(path))

    def _was_viewed(self, path: str) -> bool:
        now = self.file(path)
        return any(file[:2] == now[:2] and (file.old == now.old or file.new == now.new) for file in self.session.viewed)

    def findings(self, which: Which) -> tuple[Evidence, ...]:
        """Return the findings to show, the gravest first; what is expected is none."""
        found = [finding for finding in self.delta.findings if finding.grade in LETTERS]
        if which is Which.BUILD_TIME:
            return tuple(finding for finding in found if finding.path in self.delta.build_time)
        if which is Which.CHANGED:
            return tuple(finding for finding in found if self.delta.diff.file(finding.path) is not None)
        return tuple(found)

    def marks(self, path: str, which: Which) -> dict[int, str]:
        """Return the letters at the lines of a file: of its findings, and `N` for notes."""
        marks = {
            finding.line: LETTERS[finding.grade]
            for finding in reversed(self.findings(which))
            if finding.path == path and finding.line is not None
        }
        notes = {line: "N" for (file, line) in self.session.notes if file == self.file(path)}
        return {**marks, **notes}

    def told_at(self, path: str, line: PatchLine, which: Which) -> list[str]:
        """Return what there is to say of a line: a note on it, and its findings."""
        note = self.session.notes.get((self.file(path), number_of(line)))
        found = [each for each in self.findings(which) if each.path == path and each.line == line.new]
        told = [f"{LETTERS[each.grade]} {each.sentence} ({each.detail}; {each.rule})" for each in found]
        return [*([f"N {note}"] if note else []), *told]


def number_of(line: PatchLine) -> int:
    """Return the number under which a line is known: a removed one's old number below zero."""
    return line.new if line.new is not None else -(line.old or 0)
