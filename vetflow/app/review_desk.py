"""The use cases of one review session over a real project: what `vetflow review` puts under the screens.

The queue and every delta are kept for the time of the run. What is recorded goes through `app.review_recording`, what
is imported through `app.review_imports`; the session file is outside the repository.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from typing import NamedTuple

from vetflow.app.certify import Target
from vetflow.app.desk import (
    Certification,
    CertifyForm,
    Delta,
    ImportNews,
    Progress,
    Publisher,
    Queue,
    QueueEntry,
    Written,
    pair_of,
    seen_file,
)
from vetflow.app.project import Project, open_project
from vetflow.app.queue import queue
from vetflow.app.review_crates import InspectedCrate, ReviewedDelta, Wanted, inspect_crate, review_delta
from vetflow.app.review_imports import Accepter, ReviewImports
from vetflow.app.review_recording import Recorder, Signer
from vetflow.app.review_words import Words
from vetflow.app.updating import silent
from vetflow.app.who import who
from vetflow.app.why import why
from vetflow.diffing.compare import compare_contents
from vetflow.errors import UndecidedError, VetflowError
from vetflow.formats.store_files import CONFIG
from vetflow.model.contents import CrateFiles
from vetflow.model.store import STORE_FILES
from vetflow.model.version import parse_version
from vetflow.project.commit import commit_store, store_diff
from vetflow.project.revision import revision_name
from vetflow.project.session_file import SessionFile
from vetflow.review.plan import reading_plan
from vetflow.review.queue import QueueRow
from vetflow.review.session import Pair, Record, Recorded, Session, decode, encode, session_of
from vetflow.surface.evidence import Evidence


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
        self._file = around.file
        self._now = around.now
        self._session = session_of(record for line in around.file.lines() if (record := decode(line)))
        if not around.file.read_only:
            around.file.rewrite([encode(record) for record in self._session.records()])
        self._rows: dict[Pair, QueueRow] = {}
        self._deltas: dict[Pair, Delta] = {}
        self._stamps: tuple[object, ...] = ()
        self._is_out_of_reach = self._is_stale = False
        writing = request._replace(rev=None)
        self._recorder = Recorder(writing, around.words, around.signer)
        self._imports = ReviewImports(writing, around.words, around.accepter, around.now)

    # -- the session --------------------------------------------------------------------------------------------------

    @property
    def read_only(self) -> bool:
        """Whether another process keeps the session."""
        return self._file.read_only

    def session(self) -> Session:
        """Return what was done so far, in this run and earlier ones."""
        return self._session

    def keep(self, record: Record) -> Session:
        """Add a record to the session; a disk that is full costs the record's future, never the review."""
        self._session = self._session.after(record)
        try:
            self._file.append(encode(record))
        except OSError as error:
            raise VetflowError(
                "the session cannot be kept on disk; what you do holds for this run alone",
                help="make room, then go on",
                causes=(error.strerror or str(error),),
            ) from error
        return self._session

    # -- what there is to read ----------------------------------------------------------------------------------------

    @property
    def may_ask(self) -> bool:
        """Whether this run may ask others at all, and nobody was out of reach so far."""
        return not (self._request.locked or self._request.offline or self._request.frozen or self._is_out_of_reach)

    def queue(self, progress: Progress, *, live: bool) -> Queue:
        """Return what there is to audit: as far as this machine knows, or with what others have published by now."""
        if self._is_stale:
            self._project = open_project(self._request)
        self._is_stale = not live
        request = self._request if live else self._request._replace(locked=True, offline=True)
        try:
            found = queue(request, progress=progress)
        except UndecidedError:
            self._is_out_of_reach = live
            raise
        self._rows = {pair_of(row): row for row in found.rows}
        self._stamp()
        return Queue(
            project=os.path.basename(self._project.workspace.root),
            entries=tuple(self._entry(pair, row) for pair, row in self._rows.items()),
            total=found.third_party,
            offline=not self.may_ask,
            commit=self._project.commit,
            notes=tuple(note.reason for note in found.notes) if live else (),
            needless=len(found.needless),
        )

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
            versions = tuple(version for version in (pair.base, pair.version) if version is not None)
            wanted = Wanted(pair.crate, versions)
            if pair.base is None:
                self._deltas[pair] = self._whole(pair, inspect_crate(self._request, wanted, progress))
            else:
                self._deltas[pair] = self._changes(pair, review_delta(self._request, wanted, progress))
        return self._deltas[pair]

    def _changes(self, pair: Pair, reviewed: ReviewedDelta) -> Delta:
        old, new = reviewed.old, reviewed.new
        surfaces = (old.analysis.surface, new.analysis.surface)
        return Delta(
            pair=pair,
            diff=reviewed.diff,
            old=old.content.files,
            new=new.content.files,
            plan=reviewed.plan,
            summary=tuple(self._words.delta(reviewed)),
            findings=tuple(each.evidence for each in reviewed.findings if each.acceptance is None),
            code=frozenset(file.path for surface in surfaces for file in surface.files if file.is_code)
            | _rust_files(new.content.files),
        )

    def _whole(self, pair: Pair, inspected: InspectedCrate) -> Delta:
        files, surface = inspected.content.files, inspected.analysis.surface
        code = frozenset(file.path for file in surface.files if file.is_code)
        diff = compare_contents({}, files, self._request.environ, code=code)
        evidence = tuple(each.evidence for each in inspected.findings if each.acceptance is None)
        return Delta(
            pair=pair,
            diff=diff,
            old={},
            new=files,
            plan=reading_plan(diff, None, surface, evidence),
            summary=tuple(self._words.inspected(inspected)),
            findings=evidence,
            code=code | _rust_files(files),
        )

    def bases(self, pair: Pair) -> Sequence[tuple[Pair, str]]:
        """Return the ways to review a version, the suggested one first."""
        suggested = next((each for each in self._rows if each[::2] == pair[::2]), None)
        found = {} if suggested is None else {suggested: f"{suggested.base or 'all of it'} (suggested)"}
        store = open_project(self._request).open_store(locked=True).store
        audits = store.audits.audits.get(pair.crate, ())
        versions = {entry.version for entry in audits if entry.version is not None}
        versions |= {entry.version for entry in store.config.exemptions.get(pair.crate, ())}
        for version in sorted(versions, reverse=True):
            if str(version) != pair.version:
                found.setdefault(pair._replace(base=str(version)), f"{version}, recorded in this store")
        found.setdefault(pair._replace(base=None), "all of it")
        return tuple(found.items())

    def detail(self, pair: Pair) -> Sequence[str]:
        """Return the lines of a crate's page."""
        lines = [f"{pair.crate} {pair.base or '(nothing)'} > {pair.version}"]
        row = self._rows.get(pair)
        if row is not None:
            state = "the check fails for it" if row.is_failing else "exempted: nobody has read it"
            lines += [f"needs {', '.join(row.needs)}; {state}", f"used by {', '.join(row.used_by) or 'nothing'}"]
            lines += ["", "Risk", *(f"  {line}" for line in self._words.row(row))]
            lines += [f"  published {row.published}"] if row.published else []
        lines += ["", "Bases to start from (d in the review)"]
        lines += [f"  {'*' if base == pair else ' '} {about}" for base, about in self.bases(pair)]
        delta = self._deltas.get(pair)
        if delta is not None:
            lines += [
                "",
                f"Findings: {len(delta.findings)}",
                *(f"  {_place(each)} {each.sentence}" for each in delta.findings),
            ]
        locked = self._request._replace(locked=True)
        return [
            *lines,
            "",
            "Who audited it:",
            *self._words.who(who(locked, pair.crate, pair.version, progress=silent)),
        ]

    def why(self, crate: str) -> Sequence[str]:
        """Return how a crate comes into the graph, as an indented tree."""
        return self._words.why(why(self._request, crate, None))

    # -- recording ----------------------------------------------------------------------------------------------------

    def certify_form(self, pair: Pair) -> CertifyForm:
        """Return what is known before somebody certifies."""
        return self._recorder.form(pair, _target(pair))

    def preview(self, certification: Certification) -> Written:
        """Return what certifying would change."""
        return self._recorder.certify(certification, [_target(pair) for pair in certification.pairs], preview=True)

    def certify(self, certification: Certification) -> Written:
        """Record it, signed where the project signs."""
        targets = [_target(pair) for pair in certification.pairs]
        written = self._recorder.certify(certification, targets, preview=False, shown=self._shown(certification))
        for pair in certification.pairs:
            self.keep(Recorded(pair, certification.criteria, self._now()))
        self._stamp()
        return written

    def _shown(self, certification: Certification) -> tuple[str, ...]:
        """Return `sha256  path` of the files that were viewed, for the statement."""
        files = {
            file.path: file
            for pair in certification.pairs
            if pair in self._deltas
            for group in self._deltas[pair].plan.groups
            for file in group.files
            if seen_file(pair.crate, file) in self._session.viewed
        }
        return tuple(f"{file.new.sha256}  {path}" for path, file in sorted(files.items()) if file.new)

    def undo(self) -> str:
        """Take the last recording back."""
        words = self._recorder.undo()
        self._stamp()
        return words

    def hold(self, pair: Pair, reason: str, cleared_when: str) -> None:
        """Record that a crate was read and is not certified, and why."""
        self._recorder.hold(_target(pair), reason, cleared_when)
        self._stamp()

    def record_violation(self, pair: Pair, notes: str) -> Written:
        """Record that a version does not meet what is required of it."""
        written = self._recorder.violation(_target(pair), notes)
        self._stamp()
        return written

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

    def lost_without(self, publisher: str) -> Sequence[str]:
        """Return what becomes unvetted without a publisher."""
        return self._imports.lost_without(publisher)

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
        """Return a message for what was recorded since the session began to be kept."""
        pairs = [record.pair for record in self._session.recorded]
        names = sorted({pair.crate for pair in pairs})
        title = f"Audit {', '.join(names[:3])}{f' and {len(names) - 3} more' if len(names) > 3 else ''}"
        lines = [f"* {pair.crate} {f'{pair.base} -> ' if pair.base else ''}{pair.version}" for pair in pairs]
        return "\n".join([title if names else "Update the store of audits", *(["", *lines] if lines else [])])

    def _store_folder(self) -> str:
        """Return where the store of the work tree is; a revision's lies in the same place."""
        return self._project.store.folder

    def disk_news(self) -> str | None:
        """Return what changed on disk since it was read."""
        if not self._stamps:
            return None
        if self._request.rev and revision_name(self._request.cwd, self._request.rev) != self._project.commit:
            return f"{self._request.rev} leads to another commit than the one under review"
        return None if self._stamps_now() == self._stamps else "the store or Cargo.lock changed on disk"

    def _stamp(self) -> None:
        self._stamps = self._stamps_now()

    def _stamped(self, written: Written) -> Written:
        self._stamp()
        return written

    def _stamps_now(self) -> tuple[object, ...]:
        """Return what tells whether files changed; the lock of a revision cannot."""
        paths = [os.path.join(self._store_folder(), name) for name in STORE_FILES]
        lock = self._project.lock_file()
        if lock is not None and self._project.commit is None:
            paths.append(lock)
        return tuple(map(_stamp_of, paths))


def _stamp_of(path: str) -> tuple[int, int] | None:
    try:
        status = os.stat(path)
    except OSError:
        return None
    return status.st_mtime_ns, status.st_size


def _place(found: Evidence) -> str:
    return found.path if found.line is None else f"{found.path}:{found.line}"


def _target(pair: Pair) -> Target:
    return Target(pair.crate, parse_version(pair.version), parse_version(pair.base) if pair.base else None)


def _rust_files(files: CrateFiles) -> frozenset[str]:
    return frozenset(path for path in files if path.endswith(".rs"))
