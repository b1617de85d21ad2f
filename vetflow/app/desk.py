"""The use cases of one review session, and the values they give: all that the screens of `vetflow.tui` know of.

Everything here may take its time and is called in a worker thread. `app.review_desk` answers for real; a test may put
one of its own in the place.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple, Protocol, TypeAlias

from vetflow.model.contents import CrateFiles
from vetflow.review.patches import CrateDiff
from vetflow.review.session import Pair, Record, SeenFile, Session
from vetflow.surface.evidence import Evidence

Progress: TypeAlias = Callable[[str, int, int], None]
"""Told what is being done, how much of it is done, and how much there is."""


class RiskPart(NamedTuple):
    """A reason for a number: its points, in our words."""

    points: int
    reason: str


class QueueEntry(NamedTuple):
    """A crate to audit. risk, lines: None where nobody can say yet; then `lacking` says why.

    build: letters (`B` build script, `P` proc macro, `L` links a native library, `p` linked into one that runs at
    build time, `d` only for development). files: all that differ, those of the build-time surface first, so many of
    them; empty until they are known. about: lines on the crate, in our words. hold: why somebody holds it back.
    """

    pair: Pair
    risk: int | None
    parts: tuple[RiskPart, ...]
    needs: tuple[str, ...]
    build: str
    lines: int | None
    build_lines: int | None
    flags: str
    about: tuple[str, ...]
    files: tuple[SeenFile, ...] = ()
    build_files: int = 0
    lacking: str | None = None
    hold: str | None = None


class Queue(NamedTuple):
    """What there is to audit. project: its name. vetted, total: crates. problem: why nothing can be written now."""

    project: str
    entries: tuple[QueueEntry, ...]
    total: int
    offline: bool
    commit: str | None = None
    problem: str | None = None

    @property
    def lines(self) -> int:
        """How many lines there are to read, as far as is known."""
        return sum(entry.lines or 0 for entry in self.entries)


class FileGroup(NamedTuple):
    """Files of a difference that belong together in the reading plan. is_build_time: they run when somebody builds."""

    title: str
    paths: tuple[str, ...]
    is_build_time: bool


class Delta(NamedTuple):
    """What is under review, read and compared.

    groups: the reading plan, every file that differs in one of them. summary: what comes before the files (packages,
    manifest, blobs, capabilities), in our words. findings: on the new side, worst first. undecidable: what nobody can
    tell from the source.
    """

    pair: Pair
    diff: CrateDiff
    old: CrateFiles
    new: CrateFiles
    groups: tuple[FileGroup, ...]
    summary: tuple[str, ...]
    findings: tuple[Evidence, ...]
    code: frozenset[str]
    undecidable: tuple[str, ...] = ()


class Criterion(NamedTuple):
    """A criterion that can be certified. text: what it demands. needed: of this crate, by this project."""

    name: str
    text: str
    digest: str
    needed: bool


class CertifyForm(NamedTuple):
    """What is known when somebody is about to certify.

    criteria: all there are, the proposed ones in `proposed`. baseline: lines on what the base version holds. who: None
    when git does not know, then `who_problem` says what to do. signs: with which key, in words; None when not signed.
    """

    pair: Pair
    criteria: tuple[Criterion, ...]
    proposed: tuple[str, ...]
    baseline: tuple[str, ...]
    who: str | None
    who_problem: str | None
    signs: str | None


class Certification(NamedTuple):
    """What somebody decided. unviewed: build-time files not seen, which the override names."""

    pairs: tuple[Pair, ...]
    criteria: tuple[str, ...]
    notes: str
    unviewed: tuple[str, ...] = ()


class Written(NamedTuple):
    """What a recording changed: unified differences of the store's files, and what is left to audit."""

    difference: str
    left: int


class Publisher(NamedTuple):
    """A publisher of audits. about: lines on what they would settle. imported: they count already."""

    name: str
    imported: bool
    settles: int | None
    lines: tuple[str, ...]


class Desk(Protocol):
    """The use cases of one review. All raise VetflowError, with words for a person."""

    def session(self) -> Session:
        """Return what was done so far, in this run and earlier ones."""
        ...

    def keep(self, record: Record) -> Session:
        """Add a record to the session; in a read-only session it holds for this run."""
        ...

    @property
    def read_only(self) -> bool:
        """Whether another process keeps the session."""
        ...

    def queue(self, progress: Progress) -> Queue:
        """Return what there is to audit, riskiest first."""
        ...

    def delta(self, pair: Pair, progress: Progress) -> Delta:
        """Read and compare what is under review."""
        ...

    def bases(self, pair: Pair) -> Sequence[tuple[Pair, str]]:
        """Return the ways to review a version, the suggested one first, each with a line about it."""
        ...

    def detail(self, pair: Pair) -> Sequence[str]:
        """Return the lines of a crate's page."""
        ...

    def why(self, crate: str) -> Sequence[str]:
        """Return how a crate comes into the graph, as an indented tree."""
        ...

    def certify_form(self, pair: Pair) -> CertifyForm:
        """Return what is known before somebody certifies."""
        ...

    def preview(self, certification: Certification) -> Written:
        """Return what certifying would change."""
        ...

    def certify(self, certification: Certification) -> Written:
        """Record it, signed where the project signs."""
        ...

    def undo(self) -> str:
        """Take the last recording back, as long as nothing was written since; return what was taken back."""
        ...

    def hold(self, pair: Pair, reason: str, cleared_when: str) -> None:
        """Record that a crate was read and is not certified, and why."""
        ...

    def record_violation(self, pair: Pair, notes: str) -> Written:
        """Record that a version does not meet what is required of it."""
        ...

    def publishers(self, progress: Progress) -> Sequence[Publisher]:
        """Return the known publishers of audits and what each would settle here."""
        ...

    def add_import(self, name: str) -> Written:
        """Import a publisher of the registry by name, or `NAME URL`."""
        ...

    def map_warning(self, publisher: str, line: str) -> str | None:
        """Return what somebody should know before a line `THEIRS=OURS` is added to a criteria map."""
        ...

    def map_criteria(self, publisher: str, line: str) -> Written:
        """Add a line `THEIRS=OURS` to a publisher's criteria map."""
        ...

    def exclude(self, publisher: str, crate: str) -> Written:
        """Leave a crate of a publisher out."""
        ...

    def lost_without(self, publisher: str) -> Sequence[str]:
        """Return what becomes unvetted without a publisher, in lines."""
        ...

    def remove_import(self, publisher: str) -> Written:
        """Stop importing a publisher."""
        ...

    def policy(self) -> str:
        """Return the text of the store's policy, as it is on disk."""
        ...

    def store_changes(self) -> str:
        """Return how the store differs from what is committed."""
        ...

    def commit(self, message: str) -> str:
        """Commit the store alone; return the commit's name."""
        ...

    def commit_message(self) -> str:
        """Return a message for what was recorded in this session."""
        ...

    def changed_on_disk(self) -> bool:
        """Whether store or lock file are no longer those that were read."""
        ...
