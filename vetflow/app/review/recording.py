"""What a review records: certifications, violations and holds, through the same use cases as the plain commands."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import NamedTuple, Protocol

from vetflow.app.certify import (
    NewEntry,
    Proposal,
    Signature,
    Target,
    certify,
    lost_on_base,
    open_certify,
    proposal,
    staged,
    with_assistants,
)
from vetflow.app.hold import hold
from vetflow.app.live_store import LiveStore
from vetflow.app.project import Project, open_project
from vetflow.app.recording import OwnFiles, WritePlan, no_own_files
from vetflow.app.request import Request
from vetflow.app.review.values import Certification, CertifyForm, Criterion, Written
from vetflow.app.review.words import Words
from vetflow.app.trust import Window, open_trust, record_trust, trust_crate
from vetflow.app.undo import take_back
from vetflow.app.updating import unattended_run
from vetflow.app.violation import record_violation
from vetflow.errors import UndecidedError, UsageError, VetflowError
from vetflow.model.decisions import Hold
from vetflow.model.names import CrateName, CriteriaName
from vetflow.model.requirement import parse_requirement
from vetflow.model.version import VetVersion
from vetflow.project.identity import git_identity
from vetflow.resolve.certify_criteria import chosen_criteria
from vetflow.review.session import Pair
from vetflow.trust.statement import Seen


class Signed(NamedTuple):
    """How entries are signed. own_files: makes the signatures. words: with which key, or why not."""

    own_files: OwnFiles
    words: str


class Signer(Protocol):
    """Signs where the project signs: the same as the plain commands do."""

    def __call__(
        self, project: Project, who: Sequence[str], seen: Seen, versions: Sequence[tuple[CrateName, VetVersion]]
    ) -> Signed:
        """Return how entries by `who` about these versions are signed; raises UndecidedError when a key is missing."""
        ...


class _Last(NamedTuple):
    project: Project
    plan: WritePlan
    what: str


class _Opened(NamedTuple):
    """The store as it was read and fetched for one certification, from its form to its recording."""

    targets: tuple[Target, ...]
    live: LiveStore


class Recorder:
    """Records for one session.

    A certification reads and asks once, for its form; preview and recording go on with that, and what is written is
    made of the store as it is once the lock is held. Once peers are out of reach, imports.lock is taken from then on.
    """

    def __init__(self, request: Request, words: Words, signer: Signer) -> None:
        """Take a request for the work tree."""
        self._request = request
        self._words = words
        self._signer = signer
        self._last: _Last | None = None
        self._opened: _Opened | None = None

    def form(self, pairs: Sequence[Pair], targets: Sequence[Target]) -> CertifyForm:
        """Return what is known before somebody certifies these crates together, the store read and asked for anew.

        What any of them needs is proposed; what each starts from is told.
        """
        self._opened = None
        live = self._open(targets)
        proposed = [proposal(live, target) for target in targets]
        criteria = live.store.criteria
        who, problem = self._who()
        return CertifyForm(
            pairs[0],
            tuple(self._criterion(live, name, proposed) for name in criteria.names),
            tuple(dict.fromkeys(name for each in proposed for name in each.criteria)),
            tuple(line for each in proposed for line in self._words.base(each, criteria)),
            who,
            problem,
            self._signer(live.project, (who,) if who else (), Seen(), ()).words,
        )

    def _criterion(self, live: LiveStore, name: CriteriaName, proposed: Sequence[Proposal]) -> Criterion:
        text = self._words.criterion(name, live.store.audits.criteria.get(name))
        needed = any(name in each.criteria for each in proposed)
        on_base = not any(lost_on_base(live.store.criteria, each, (name,)) for each in proposed)
        return Criterion(name, text, hashlib.sha256(text.encode()).hexdigest(), needed, on_base)

    def certify(
        self, decided: Certification, targets: Sequence[Target], *, preview: bool, seen: Seen | None = None
    ) -> Written:
        """Record a certification, or say what recording it would change. seen: for its statement."""
        live = self._open(targets)
        who, problem = self._who()
        if who is None:
            raise UsageError(problem or "nobody is known who certifies")
        entries: list[NewEntry] = []
        before = live
        for target in targets:
            chosen = chosen_criteria(before.store.criteria, decided.criteria)
            entries.append(NewEntry(target, chosen))
            before = staged(before, entries[-1])
        own_files: OwnFiles = no_own_files
        if not preview:
            versions = [(each.crate, version) for each in targets for version in (each.base, each.version) if version]
            own_files = self._signer(live.project, (who,), seen or Seen(), versions).own_files
        run = unattended_run(dry_run=preview, own_files=own_files)
        notes = with_assistants(decided.notes.strip("\n") or None, decided.assisted_by)
        done = certify(live, entries, Signature((who,), notes), run, collapse=True, force=False)
        plan = done.recorded.written
        if not preview:
            self._wrote(live.project, plan, ", ".join(map(str, targets)))
        return Written("\n".join(self._words.difference(plan)), done.recorded.unvetted)

    def violation(self, target: Target, notes: str) -> Written:
        """Record that exactly this version must not be used."""
        project = open_project(self._request)
        who, problem = self._who()
        if who is None:
            raise UsageError(problem or "nobody is known who records this")
        own_files = self._signer(project, (who,), Seen(), ()).own_files
        run = unattended_run(own_files=own_files)
        versions = parse_requirement(f"={target.version}")
        plan = record_violation(project, target.crate, versions, (who,), run, notes=notes)
        self._wrote(project, plan, f"the violation on {target.crate} {target.version}")
        return Written("\n".join(self._words.difference(plan)), 0)

    def trust(self, crate: CrateName, publisher: str, criteria: Sequence[CriteriaName]) -> Written:
        """Record trust in who published a crate, from their first publication for a year from today."""
        run = unattended_run()
        live = open_trust(self._request, crate, run)
        trust = trust_crate(live, crate, publisher, Window())
        who, _ = self._who()
        own_files = self._signer(live.project, (who,) if who else (), Seen(), ()).own_files
        chosen = chosen_criteria(live.store.criteria, criteria)
        recorded = record_trust(live, trust, chosen, None, run._replace(own_files=own_files))
        self._wrote(live.project, recorded.written, f"the trust in {publisher} for {crate}")
        return Written("\n".join(self._words.difference(recorded.written)), recorded.unvetted)

    def hold(self, target: Target, reason: str, cleared_when: str) -> None:
        """Record that a version was read and is not certified."""
        who, _ = self._who()
        new = Hold(reason, cleared_when, (who,) if who else (), self._request.today, target.version)
        hold(self._request, target.crate, new, unattended_run())

    def undo(self) -> str:
        """Take the last recording back; raises UsageError when there is none, StoreError when the store moved on."""
        if self._last is None:
            raise UsageError("nothing was recorded in this run that could be taken back")
        take_back(self._last.project, self._last.plan)
        what, self._last, self._opened = self._last.what, None, None
        return f"taken back: {what}"

    def _wrote(self, project: Project, plan: WritePlan, what: str) -> None:
        """Remember what can be taken back; what was read before is no longer so."""
        self._last, self._opened = _Last(project, plan, what), None

    def _open(self, targets: Sequence[Target]) -> LiveStore:
        """Return the store as it was opened for the form of these targets, or open it."""
        wanted = tuple(targets)
        if self._opened is None or self._opened.targets != wanted:
            self._opened = _Opened(wanted, self._read(wanted))
        return self._opened.live

    def _read(self, targets: Sequence[Target]) -> LiveStore:
        run = unattended_run()
        try:
            return open_certify(self._request, targets, run, force=True)
        except UndecidedError:
            if self._request.locked:
                raise
            self._request = self._request._replace(locked=True)
            return open_certify(self._request, targets, run, force=True)

    @property
    def reader(self) -> str:
        """The name git knows of whoever reads; empty where it knows none."""
        return self._who()[0] or ""

    def _who(self) -> tuple[str | None, str | None]:
        try:
            return str(git_identity(self._request.cwd, self._request.environ)), None
        except VetflowError as error:
            return None, f"{error.message}; {error.help}"
