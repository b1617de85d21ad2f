"""What a review records: certifications, violations and holds, through the same use cases as the plain commands."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
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
)
from vetflow.app.desk import Certification, CertifyForm, Criterion, Written
from vetflow.app.hold import hold
from vetflow.app.live_store import LiveStore
from vetflow.app.project import Project, open_project
from vetflow.app.recording import OwnFiles, WritePlan, no_own_files
from vetflow.app.request import Request
from vetflow.app.review_words import Words
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


class Recorder:
    """Records for one session.

    Each step reads and asks anew, so that what is shown and written rests on the store of that moment; once peers are
    out of reach, imports.lock is taken from then on.
    """

    def __init__(self, request: Request, words: Words, signer: Signer) -> None:
        """Take a request for the work tree."""
        self._request = request
        self._words = words
        self._signer = signer
        self._last: _Last | None = None

    def form(self, pair: Pair, target: Target) -> CertifyForm:
        """Return what is known before somebody certifies."""
        live = self._open([target])
        proposed = proposal(live, target)
        criteria = live.store.criteria
        who, problem = self._who()
        return CertifyForm(
            pair,
            tuple(self._criterion(live, name, proposed) for name in criteria.names),
            proposed.criteria,
            tuple(self._words.base(proposed, criteria)),
            who,
            problem,
            self._signer(live.project, (who,) if who else (), Seen(), ()).words,
        )

    def _criterion(self, live: LiveStore, name: CriteriaName, proposed: Proposal) -> Criterion:
        text = self._words.criterion(name, live.store.audits.criteria.get(name))
        needed, on_base = name in proposed.criteria, not lost_on_base(live.store.criteria, proposed, (name,))
        return Criterion(name, text, hashlib.sha256(text.encode()).hexdigest(), needed, on_base)

    def certify(
        self, decided: Certification, targets: Sequence[Target], *, preview: bool, shown: Iterable[str] = ()
    ) -> Written:
        """Record a certification, or say what recording it would change. shown: `sha256  path` of viewed files."""
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
            own_files = self._signer(live.project, (who,), _seen(decided, shown), versions).own_files
        run = unattended_run(dry_run=preview, own_files=own_files)
        notes = decided.notes.strip("\n") or None
        done = certify(live, entries, Signature((who,), notes), run, collapse=True, force=False)
        plan = done.recorded.written
        if not preview:
            self._last = _Last(live.project, plan, ", ".join(map(str, targets)))
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
        self._last = _Last(project, plan, f"the violation on {target.crate} {target.version}")
        return Written("\n".join(self._words.difference(plan)), 0)

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
        what, self._last = self._last.what, None
        return f"taken back: {what}"

    def _open(self, targets: Sequence[Target]) -> LiveStore:
        run = unattended_run()
        try:
            return open_certify(self._request, targets, run, force=True)
        except UndecidedError:
            if self._request.locked:
                raise
            self._request = self._request._replace(locked=True)
            return open_certify(self._request, targets, run, force=True)

    def _who(self) -> tuple[str | None, str | None]:
        try:
            return str(git_identity(self._request.cwd, self._request.environ)), None
        except VetflowError as error:
            return None, f"{error.message}; {error.help}"


def _seen(decided: Certification, shown: Iterable[str]) -> Seen:
    """Return what the statement says of the reading: a digest of the files shown, and what was waved through."""
    lines = sorted(shown)
    view = hashlib.sha256("".join([f"{line}\n" for line in lines]).encode()).hexdigest() if lines else None
    return Seen(view=view and f"sha256:{view}", overrides=tuple(f"not viewed: {path}" for path in decided.unviewed))
