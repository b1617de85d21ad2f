"""What the use cases of a review give and take: all that its screens know of the things they show.

`app.review.desk` says which use cases there are.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import NamedTuple, TypeAlias

from vetflow.model.contents import CrateFiles
from vetflow.model.dates import Date
from vetflow.model.names import CriteriaName
from vetflow.model.rules import ChecklistWeight
from vetflow.review.answers import Answers
from vetflow.review.checklist import Checklist
from vetflow.review.claims import Assisted
from vetflow.review.patches import CrateDiff, FilePatch
from vetflow.review.plan import ReadingPlan
from vetflow.review.queue import QueueRow
from vetflow.review.session import LineNote, Pair, Recorded, SeenFile, Session
from vetflow.surface.evidence import Evidence

Progress: TypeAlias = Callable[[str, int, int], None]
"""Told what is being done, how much of it is done, and how much there is."""


class QueueEntry(NamedTuple):
    """A crate to audit. about: lines on it. files: what differs, build-time code first, once somebody looked at it."""

    pair: Pair
    row: QueueRow
    about: tuple[str, ...] = ()
    files: tuple[SeenFile, ...] = ()
    build_files: int = 0


class Queue(NamedTuple):
    """What there is to audit, most urgent first.

    project: its name. total: third-party crates. commit: the revision under review, None for the working tree. notes:
    what had to be left aside. needless: how many exemptions nobody needs any more.
    """

    project: str
    entries: tuple[QueueEntry, ...]
    total: int
    offline: bool
    commit: str | None = None
    notes: tuple[str, ...] = ()
    needless: int = 0

    @property
    def lines(self) -> int:
        """How many lines there are to read, as far as is known."""
        return sum(entry.row.lines or 0 for entry in self.entries)


class Delta(NamedTuple):
    """What is under review, read and compared; of a whole version everything is new.

    summary: what comes before the files (packages, manifest, binaries, abilities). findings: that nobody accepted, the
    gravest first. code: paths of Rust source. host: its library runs when somebody builds.
    assisted: what assistants claim about it, to be checked.
    """

    pair: Pair
    diff: CrateDiff
    old: CrateFiles
    new: CrateFiles
    plan: ReadingPlan
    summary: tuple[str, ...]
    findings: tuple[Evidence, ...]
    code: frozenset[str]
    host: bool = False
    assisted: Assisted = Assisted()

    @property
    def build_time(self) -> tuple[str, ...]:
        """The paths of files that run, or may run, when somebody builds, in reading order."""
        return tuple(file.path for group in self.plan.groups if not group.is_folded for file in group.files)

    @property
    def order(self) -> tuple[str, ...]:
        """All paths in reading order."""
        return tuple(file.path for group in self.plan.groups for file in group.files)


def pair_of(row: QueueRow) -> Pair:
    """Return what a row of the queue is about."""
    delta = row.delta
    return Pair(delta.name, str(delta.base) if delta.base else None, str(delta.version))


def seen_file(crate: str, patch: FilePatch) -> SeenFile:
    """Return what a mark on a file is kept under."""
    return SeenFile(crate, patch.path, patch.old and patch.old.sha256, patch.new and patch.new.sha256)


class AskedChecklist(NamedTuple):
    """What is asked of a reviewer, for whatever criteria. needs: those that the project needs of the crate."""

    asked: Checklist
    weight: ChecklistWeight
    needs: tuple[CriteriaName, ...]

    def answers(self, session: Session, criteria: Collection[CriteriaName] = ()) -> Answers:
        """Return what was made of it by now, as far as it is asked for these criteria.

        Without any for those that are needed, and those of a certification that was begun.
        """
        about = (self.asked.crate, self.asked.version)
        begun = (draft for draft in session.drafts.values() if (draft.pair.crate, draft.pair.version) == about)
        wanted = criteria or {*self.needs, *(name for draft in begun for name in draft.criteria)}
        return Answers(self.asked.for_criteria(wanted), session.ticks, self.weight)


class Criterion(NamedTuple):
    """A criterion that can be certified. text: what it demands. needed: of this crate, by this project.

    on_base: the version a delta starts from holds it; a delta cannot raise it otherwise.
    """

    name: str
    text: str
    digest: str
    needed: bool
    on_base: bool = True


class CertifyForm(NamedTuple):
    """What is known when somebody is about to certify.

    criteria: all there are, the proposed ones in `proposed`. baseline: lines on what the base version holds. who: None
    when git does not know, then `who_problem` says what to do. signs: with which key, or why not.
    """

    pair: Pair
    criteria: tuple[Criterion, ...]
    proposed: tuple[str, ...]
    baseline: tuple[str, ...]
    who: str | None
    who_problem: str | None
    signs: str


class Certification(NamedTuple):
    """What somebody decided. unviewed: build-time files not seen, which they waved through by name.

    folded: files not seen, each with the viewed one it is the same as. assisted_by: whose claims were shown.
    """

    pairs: tuple[Pair, ...]
    criteria: tuple[str, ...]
    notes: str
    unviewed: tuple[str, ...] = ()
    folded: tuple[str, ...] = ()
    assisted_by: tuple[str, ...] = ()


class Written(NamedTuple):
    """What a recording changed: unified differences of the store's files, and how many crates do not vet now."""

    difference: str
    left: int


class Publisher(NamedTuple):
    """A publisher of audits. lines: on what they would settle. imported: they count already.

    settles: how many crates, of `to_settle` that nobody else vouches for; None where nobody was asked. maps: lines
    THEIRS=OURS of its criteria map. newest: when it last changed, as far as known. fetched: how its set was had.
    """

    name: str
    imported: bool
    settles: int | None
    lines: tuple[str, ...]
    to_settle: int = 0
    maps: tuple[str, ...] = ()
    newest: Date | None = None
    fetched: str = "no"


class ImportNews(NamedTuple):
    """What publishers say now against what was accepted. stops: how much of it wants a second look."""

    lines: tuple[str, ...]
    stops: int


class CratePage(NamedTuple):
    """A crate's page. importable: publishers whose audits speak of it and are not imported.

    published_by: who published its versions, the newest first, by the names that trust is recorded under.
    """

    lines: tuple[str, ...]
    importable: tuple[str, ...] = ()
    published_by: tuple[str, ...] = ()


class FamilyPage(NamedTuple):
    """Crates that changed in the same way, and those of their repository that did not, in lines.

    pairs: the one to be read, then those it stands for.
    """

    lines: tuple[str, ...]
    pairs: tuple[Pair, ...]


class TreeLine(NamedTuple):
    """A line of a tree. about: the third-party crate it names, whose page can be opened."""

    text: str
    about: Pair | None = None


class WhyPage(NamedTuple):
    """How a crate comes in: the ways from roots down to it, and who depends on it directly."""

    ways: tuple[TreeLine, ...]
    dependents: tuple[TreeLine, ...]


class Uncommitted(NamedTuple):
    """What a session leaves behind. recorded: audits that no commit has, None where git cannot tell.

    homeless: notes on lines of crates that are not waiting any more and of which nothing was recorded.
    """

    recorded: tuple[Recorded, ...] | None
    homeless: tuple[LineNote, ...]
