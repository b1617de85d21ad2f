"""What is known of a delta under review and of its reader: which files were viewed, what stands at which line."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from enum import Enum
from typing import Final

from vetflow.app.review.values import Delta, seen_file
from vetflow.review.binary import binary
from vetflow.review.claims import Claim
from vetflow.review.hunk_memory import HunkMemory, roles
from vetflow.review.patches import FilePatch, PatchLine
from vetflow.review.session import SeenFile, Session
from vetflow.review.verified import unchanged_patch
from vetflow.surface.evidence import Evidence
from vetflow.surface.tiers import Grade
from vetflow.tui.file_view import Contents

LETTERS: Final = {Grade.ALERT: "!", Grade.REVIEW: "?", Grade.NOTE: "."}
"""The sign of a finding, by its grade; what is expected has none."""
CLAIM: Final = "A"
"""The sign of what an assistant claims."""
READ: Final = "="
"""The sign of a line whose hunk was read elsewhere."""


class Which(Enum):
    """Which findings are shown; the value says so."""

    ALL = "all"
    CHANGED = "in changed files"
    BUILD_TIME = "build-time only"

    def following(self) -> Which:
        """Return the next choice."""
        choices = list(Which)
        return choices[(choices.index(self) + 1) % len(choices)]


class UnderReview:
    """A delta, and the session of its reader as it is whenever somebody asks."""

    def __init__(self, delta: Delta, session: Callable[[], Session]) -> None:
        self.delta = delta
        self._session = session
        self._patches = {file.path: file for group in delta.plan.groups for file in group.files}
        self._files = {path: seen_file(delta.pair.crate, patch) for path, patch in self._patches.items()}

    def patch(self, path: str) -> FilePatch | None:
        """Return what differs in a file; of one that did not change all of it, None where there is none."""
        if path in self._patches or path not in self.delta.new:
            return self._patches.get(path)
        file = self.delta.new[path]
        return unchanged_patch(file, binary(file, self.delta.code))

    def file(self, path: str) -> SeenFile:
        """Return what a mark on a file is kept under."""
        return self._files.get(path) or SeenFile(self.delta.pair.crate, path, None, None)

    def contents(self, patch: FilePatch) -> Contents:
        """Return the two contents of a file that differs."""
        old, new = self.delta.old, self.delta.new
        return Contents(
            old[patch.old.path].content if patch.old and patch.old.path in old else None,
            new[patch.new.path].content if patch.new and patch.new.path in new else None,
        )

    def is_viewed(self, path: str) -> bool:
        """Whether a file was viewed with exactly these contents."""
        return self.file(path) in self._session().viewed

    def viewed(self) -> frozenset[str]:
        """Return the files that were viewed."""
        viewed = self._session().viewed
        return frozenset(path for path, file in self._files.items() if file in viewed)

    def unviewed_build_time(self) -> tuple[str, ...]:
        """Return the files of the build-time surface that were not viewed."""
        viewed = self.viewed()
        return tuple(path for path in self.delta.build_time if path not in viewed)

    def unviewed_rest(self) -> tuple[str, ...]:
        """Return the other files that were not viewed."""
        seen = self.viewed().union(self.delta.build_time)
        return tuple(path for path in self.delta.order if path not in seen)

    def file_beside(self, path: str, step: int) -> str | None:
        """Return the next or previous file in reading order, round and round; None where there is none."""
        order = self.delta.order
        at = order.index(path) if path in order else -1 if step > 0 else 0
        return order[(at + step) % len(order)] if order else None

    def unviewed_beside(self, path: str, step: int) -> str | None:
        """Return the next or previous file that was not viewed; None where all were."""
        order, viewed = self.delta.order, self.viewed()
        at = order.index(path) if path in order else -1
        round_trip = (order[(at + step * distance) % len(order)] for distance in range(1, len(order) + 1))
        return next((each for each in round_trip if each not in viewed), None)

    def folder_of(self, path: str) -> tuple[str, ...]:
        """Return the files in the folder of a file and below; none for one that is in no folder."""
        folder, slash, _ = path.rpartition("/")
        return tuple(each for each in self.delta.order if slash and each.startswith(f"{folder}/"))

    def stale(self) -> tuple[str, ...]:
        """Return the files that were viewed with other contents on one side: a byte changed since."""
        before: dict[tuple[str, str], list[SeenFile]] = {}
        for file in self._session().viewed:
            before.setdefault(file[:2], []).append(file)
        return tuple(
            path
            for path, now in self._files.items()
            if now not in before.get(now[:2], ())
            and any(file.old == now.old or file.new == now.new for file in before.get(now[:2], ()))
        )

    def read_elsewhere(self, path: str) -> Mapping[int, str]:
        """Return where changed lines of a file were read before, by number; for a file that is large it takes its time.

        That counts for nothing: a file is viewed when it was viewed here.
        """
        patch, memory = self._patches.get(path), HunkMemory(self._session(), self.delta.pair)
        if patch is None:
            return {}
        return memory.marks_of(patch, self.delta.old, self.delta.new, roles(self.delta.plan)[path])

    def findings(self, which: Which) -> tuple[Evidence, ...]:
        """Return the findings to show, the gravest first; what is expected is none."""
        found = [finding for finding in self.delta.findings if finding.grade in LETTERS]
        if which is Which.BUILD_TIME:
            return tuple(finding for finding in found if finding.path in self.delta.build_time)
        if which is Which.CHANGED:
            return tuple(finding for finding in found if finding.path in self._patches)
        return tuple(found)

    def changed_findings(self, which: Which) -> tuple[Evidence, ...]:
        """Return the findings in files that differ, the gravest first."""
        return tuple(finding for finding in self.findings(which) if finding.path in self._patches)

    def marks(self, path: str, which: Which) -> dict[int, str]:
        """Return the letters at the lines of a file: of its findings, and `N` for notes."""
        claimed = dict.fromkeys((number for number, _ in self.claims(path)), CLAIM)
        marks = claimed | {
            finding.line: LETTERS[finding.grade]
            for finding in reversed(self.findings(which))
            if finding.path == path and finding.line is not None
        }
        return {**marks, **dict.fromkeys(self.notes(path), "N")}

    def claims(self, path: str) -> list[tuple[int, Claim]]:
        """Return what assistants claim about a file, by number of the line: of the old version it is below zero.

        Each is to be checked, and decides nothing.
        """
        now = self.delta.pair.version
        found = [claim for claim in self.delta.assisted.claims if claim.path == path]
        return [(claim.line if claim.version == now else -claim.line, claim) for claim in found]

    def notes(self, path: str) -> dict[int, str]:
        """Return the notes on a file, by line: a removed line's number is below zero."""
        own = self.file(path)
        return {line: text for (file, line), text in self._session().notes.items() if file == own}

    def told_at(self, path: str, line: PatchLine, which: Which) -> list[str]:
        """Return what there is to say of a line: a note on it, and its findings."""
        note = self.notes(path).get(line.number)
        found = [each for each in self.findings(which) if each.path == path and each.line == line.new]
        told = [f"{LETTERS[each.grade]} {each.sentence} ({each.detail}; {each.rule})" for each in found]
        told += [f"{CLAIM} to check: {each.text}" for number, each in self.claims(path) if number == line.number]
        return [*([f"N {note}"] if note else []), *told]
