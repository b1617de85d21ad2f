"""The use cases of one review session over a real project: what `vetflow review` puts under the screens.

The queue and every delta are kept for the time of the run. What is recorded goes through `app.review.recording`, what
is imported through `app.review.imports`; the session file is outside the repository.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from typing import NamedTuple

from vetflow.app.certify import Target
from vetflow.app.claims import claims_about
from vetflow.app.project import Project, open_project
from vetflow.app.queue import queue_of
from vetflow.app.request import Request
from vetflow.app.review.asked import ask, seen
from vetflow.app.review.bases import review_bases
from vetflow.app.review.crate_page import Subject, crate_page
from vetflow.app.review.delta import read_delta
from vetflow.app.review.disk_news import DiskNews
from vetflow.app.review.family import family_of, relatives
from vetflow.app.review.hunk_reading import hunks_read
from vetflow.app.review.imports import Accepter, ReviewImports
from vetflow.app.review.kept_session import KeptSession
from vetflow.app.review.recording import Recorder, Signer
from vetflow.app.review.session import audits_of, commit_message, homeless_notes, uncommitted
from vetflow.app.review.values import (
    AskedChecklist,
    Certification,
    CertifyForm,
    CratePage,
    Delta,
    FamilyPage,
    ImportNews,
    Progress,
    Publisher,
    Queue,
    QueueEntry,
    TreeLine,
    Uncommitted,
    WhyPage,
    Written,
    pair_of,
    seen_file,
)
from vetflow.app.review.words import Words
from vetflow.app.why import why
from vetflow.errors import StoreError, UndecidedError
from vetflow.formats.store_files import CONFIG
from vetflow.model.packages import Node
from vetflow.model.version import parse_version
from vetflow.project.commit import commit_store, store_diff
from vetflow.project.session_file import SessionFile
from vetflow.review.queue import QueueRow
from vetflow.review.session import HunksRead, Pair, Record, Recorded, Session
from vetflow.trust.statement import Seen


class Surroundings(NamedTuple):
    """What a session needs besides its request.

    words: how results are told. file: where the session is kept. signer: how entries are signed.
    accepter: who accepts imports. now: RFC 3339, UTC.
    """

    words: Words
    file: SessionFile
    signer: Signer
    accepter: Accepter
    now: Callable[[], str]


class ReviewDesk:
    """A `desk.Desk`. What is reviewed may be a git revision; what is recorded goes to the work tree."""

    def __init__(self, project: Project, around: Surroundings) -> None:
        """Take the project as it was opened. Rewrites the session file without dead records; reads nothing else yet."""
        request = project.request
        self._project = project
        self._request = request
        self._words = around.words
        self._now = around.now
        self._kept = KeptSession(around.file)
        self._rows: dict[Pair, QueueRow] = {}
        self._deltas: dict[Pair, Delta] = {}
        self._checklists: dict[Pair, AskedChecklist] = {}
        self._disk = DiskNews()
        self._is_out_of_reach = self._is_stale = False
        self._writing = writing = request._replace(rev=None)
        self._recorder = Recorder(writing, around.words, around.signer)
        self._imports = ReviewImports(writing, around.words, around.accepter, around.now)

    # -- the session --------------------------------------------------------------------------------------------------

    @property
    def read_only(self) -> bool:
        """Whether another process keeps the session."""
        return self._kept.read_only

    def session(self) -> Session:
        """Return what was done so far, in this run and earlier ones."""
        return self._kept.now

    def keep(self, record: Record) -> Session:
        """Add a record to the session; a disk that is full costs the record's future, never the review."""
        return self._kept.keep(record)

    # -- what there is to read ----------------------------------------------------------------------------------------

    @property
    def may_ask(self) -> bool:
        """Whether this run may ask others at all, and nobody was out of reach so far."""
        return not (self._request.locked or self._request.offline or self._request.frozen or self._is_out_of_reach)

    def queue(self, progress: Progress, *, live: bool) -> Queue:
        """Return what there is to audit: as far as this machine knows, or with what others have published by now."""
        if self._is_stale:
            self._project = open_project(self._request)
        self._is_stale = True
        request = self._request if live else self._request._replace(locked=True, offline=True)
        try:
            found = queue_of(self._project._replace(request=request), progress=progress)
        except UndecidedError:
            self._is_out_of_reach = live
            raise
        done = self._recorded_elsewhere()
        self._rows = {pair_of(row): row for row in found.rows if pair_of(row) not in done}
        self._disk.note(self._project)
        return Queue(
            project=os.path.basename(self._project.workspace.root),
            entries=tuple(self._entry(pair, row) for pair, row in self._rows.items()),
            total=found.third_party,
            offline=not self.may_ask,
            commit=self._project.commit,
            notes=tuple(note.reason for note in found.notes) if live else (),
            needless=len(found.needless),
        )

    def _recorded_elsewhere(self) -> frozenset[Pair]:
        """Return what the work tree's store has audits of; a revision under review cannot show them."""
        return frozenset() if self._project.commit is None else audits_of(self._writing)

    def _entry(self, pair: Pair, row: QueueRow) -> QueueEntry:
        about = tuple(self._words.row(row))
        delta = self._deltas.get(pair)
        if delta is None:
            return QueueEntry(pair, row, about)
        patches = {file.path: file for group in delta.plan.groups for file in group.files}
        files = tuple(seen_file(pair.crate, patches[path]) for path in delta.order)
        return QueueEntry(pair, row, about, files, len(delta.build_time))

    def entry(self, pair: Pair) -> QueueEntry | None:
        """Return what the queue has of a crate by now, its files too once they were compared."""
        row = self._rows.get(pair)
        return None if row is None else self._entry(pair, row)

    def delta(self, pair: Pair, progress: Progress) -> Delta:
        """Read and compare what is under review."""
        if pair not in self._deltas:
            self._deltas[pair] = read_delta(self._request, pair, self._words, progress)
        delta = self._deltas[pair]
        ends = ((pair.version, delta.new), *([(pair.base, delta.old)] if pair.base else []))
        return delta._replace(assisted=claims_about(self._kept.folder, pair.crate, ends))

    def checklist(self, pair: Pair) -> AskedChecklist:
        """Return what is asked of a reviewer of a delta that was read."""
        if pair not in self._checklists:
            row = self._rows.get(pair)
            self._checklists[pair] = ask(self._project, self._deltas[pair], row.needs if row else ())
        return self._checklists[pair]

    def hunks_read(self, pair: Pair, path: str) -> HunksRead | None:
        """Return what to remember of a file of a delta that was marked as viewed."""
        delta = self._deltas.get(pair)
        return None if delta is None else hunks_read(delta, path, self._recorder.reader, self._now())

    def family(self, pair: Pair, progress: Progress) -> FamilyPage:
        """Put what waits of a crate's repository beside it."""
        found = relatives(self._request, pair, self._rows, progress)
        family = family_of(found.pairs, lambda each: self.delta(each, progress))
        return FamilyPage(tuple(self._words.family(family, found.unread)), family.read_as_one)

    def bases(self, pair: Pair) -> Sequence[tuple[Pair, str]]:
        """Return the ways to review a version, the suggested one first."""
        suggested = next((each for each in self._rows if each[::2] == pair[::2]), None)
        return review_bases(self._request, pair, suggested)

    def page(self, pair: Pair, progress: Progress) -> CratePage:
        """Return a crate's page."""
        subject = Subject(pair, self._rows.get(pair), self.bases(pair), self._deltas.get(pair))
        return crate_page(self._asking(), subject, self._words, progress)

    def _asking(self) -> Request:
        """Return the request, without asking once somebody was out of reach."""
        return self._request if self.may_ask else self._request._replace(offline=True)

    def why(self, crate: str) -> WhyPage:
        """Return how a crate comes into the graph."""
        answers = why(self._request, crate, None)
        return WhyPage(
            tuple(self._tree_line(*line) for line in self._words.ways(answers)),
            tuple(self._tree_line(*line) for line in self._words.dependents(answers)),
        )

    def _tree_line(self, text: str, node: Node | None) -> TreeLine:
        if node is None or not node.is_third_party:
            return TreeLine(text)
        own = Pair(node.name, None, str(node.version))
        return TreeLine(text, next((pair for pair in self._rows if pair[::2] == own[::2]), own))

    # -- recording ----------------------------------------------------------------------------------------------------

    def certify_form(self, pairs: Sequence[Pair]) -> CertifyForm:
        """Return what is known before somebody certifies these together."""
        return self._recorder.form(pairs, [_target(pair) for pair in pairs])

    def preview(self, certification: Certification) -> Written:
        """Return what certifying would change."""
        return self._recorder.certify(certification, [_target(pair) for pair in certification.pairs], preview=True)

    def certify(self, certification: Certification) -> Written:
        """Record it, signed where the project signs."""
        if news := self.disk_news():
            raise StoreError(f"{news}, and nothing was written", help="U reads it anew; what you typed is kept")
        targets = [_target(pair) for pair in certification.pairs]
        written = self._recorder.certify(certification, targets, preview=False, seen=self._seen(certification))
        for pair in certification.pairs:
            self.keep(Recorded(pair, certification.criteria, self._now()))
        if self._project.commit is not None:  # the work tree may fail for other crates
            waiting = [pair for pair, row in self._rows.items() if row.is_failing and pair not in certification.pairs]
            written = written._replace(left=len(waiting))
        return self._stamped(written)

    def _seen(self, certification: Certification) -> Seen:
        """Return what the statement says of the reading."""
        deltas = [self._deltas[pair] for pair in certification.pairs if pair in self._deltas]
        return seen(deltas, self._checklists, self.session(), certification)

    def undo(self) -> str:
        """Take the last recording back."""
        words = self._recorder.undo()
        self._disk.note(self._project)
        return words

    def hold(self, pair: Pair, reason: str, cleared_when: str) -> None:
        """Record that a crate was read and is not certified, and why."""
        self._recorder.hold(_target(pair), reason, cleared_when)
        self._disk.note(self._project)

    def record_violation(self, pair: Pair, notes: str) -> Written:
        """Record that a version does not meet what is required of it."""
        return self._stamped(self._recorder.violation(_target(pair), notes))

    def trust(self, crate: str, publisher: str, criteria: Sequence[str]) -> Written:
        """Trust who published a crate."""
        return self._stamped(self._recorder.trust(crate, publisher, criteria))

    # -- imports ------------------------------------------------------------------------------------------------------

    def publishers(self, progress: Progress) -> Sequence[Publisher]:
        """Return the known publishers of audits and what each would settle here."""
        return self._imports.publishers(progress)

    def add_import(self, name: str) -> Written:
        """Import a publisher."""
        return self._stamped(self._imports.add(name))

    def map_warning(self, publisher: str, line: str) -> str | None:
        """Return what somebody should know before a line is added to a criteria map."""
        return self._imports.map_warning(publisher, line)

    def map_criteria(self, publisher: str, line: str) -> Written:
        """Add a line to a publisher's criteria map."""
        return self._stamped(self._imports.map_criteria(publisher, line))

    def exclude(self, publisher: str, crate: str) -> Written:
        """Leave a crate of a publisher out."""
        return self._stamped(self._imports.exclude(publisher, crate))

    def lost_without(self, publisher: str, crate: str | None = None) -> Sequence[str]:
        """Return what becomes unvetted without a publisher, or without its audits of one crate."""
        return self._imports.lost_without(publisher, crate)

    def remove_import(self, publisher: str) -> Written:
        """Stop importing a publisher."""
        return self._stamped(self._imports.remove(publisher))

    def review_imports(self) -> ImportNews:
        """Compare what publishers say now with what was accepted of them."""
        return self._imports.review()

    def accept_imports(self) -> Written:
        """Take over what was reviewed last."""
        return self._stamped(self._imports.accept())

    # -- the store on disk --------------------------------------------------------------------------------------------

    def policy(self) -> str:
        """Return the text of the store's policy, as it is on disk."""
        project = self._project
        return project.tree.read(os.path.join(project.store.folder, CONFIG)).decode(errors="surrogateescape")

    def store_changes(self) -> str:
        """Return how the store differs from what is committed."""
        return store_diff(self._store_folder(), self._request.environ)

    def commit(self, message: str) -> str:
        """Commit the store alone."""
        return commit_store(self._store_folder(), message, self._request.environ)

    def commit_message(self) -> str:
        """Return a message for what was recorded and not committed."""
        recorded = uncommitted(self._writing, self.session().recorded)
        return commit_message(self.session().recorded if recorded is None else recorded)

    def uncommitted(self) -> Uncommitted:
        """Return what of the session is neither committed nor waiting for somebody."""
        homeless = homeless_notes(self.session(), self._rows.keys(), self._deltas)
        return Uncommitted(uncommitted(self._writing, self.session().recorded), homeless)

    @property
    def unsaved(self) -> int:
        """How many records of this run are not on disk."""
        return self._kept.unsaved

    def _store_folder(self) -> str:
        """Return where the store of the work tree is; a revision's lies in the same place."""
        return self._project.store.folder

    def disk_news(self) -> str | None:
        """Return what changed on disk since it was read."""
        return self._disk.since(self._project)

    def _stamped(self, written: Written) -> Written:
        self._disk.note(self._project)
        return written


def _target(pair: Pair) -> Target:
    return Target(pair.crate, parse_version(pair.version), parse_version(pair.base) if pair.base else None)
