"""The use cases of one review session, as the screens of `vetflow.tui` call them.

Everything here may take its time and is called in a worker thread. `app.review.project_desk` answers for real; a test
may put one of its own in the place.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

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
    Uncommitted,
    WhyPage,
    Written,
)
from vetflow.review.session import HunksRead, Pair, Record, Session


class Desk(Protocol):
    """The use cases of one review. All raise VetflowError, with words for a person."""

    @property
    def read_only(self) -> bool:
        """Whether another process keeps the session."""
        ...

    def session(self) -> Session:
        """Return what was done so far, in this run and earlier ones."""
        ...

    def keep(self, record: Record) -> Session:
        """Add a record to the session; in a read-only session it holds for this run."""
        ...

    def queue(self, progress: Progress, *, live: bool) -> Queue:
        """Return what there is to audit: as far as this machine knows, or with what others have published by now."""
        ...

    @property
    def may_ask(self) -> bool:
        """Whether this run may ask others at all, and nobody was out of reach so far."""
        ...

    def entry(self, pair: Pair) -> QueueEntry | None:
        """Return what the queue has of a crate by now; at once."""
        ...

    def delta(self, pair: Pair, progress: Progress) -> Delta:
        """Read and compare what is under review."""
        ...

    def checklist(self, pair: Pair) -> AskedChecklist:
        """Return what is asked of a reviewer of a delta that was read; looks for every place, so it takes its time."""
        ...

    def hunks_read(self, pair: Pair, path: str) -> HunksRead | None:
        """Return what to remember of a file of a delta that was marked as viewed; it takes its time."""
        ...

    def family(self, pair: Pair, progress: Progress) -> FamilyPage:
        """Put what waits of a crate's repository beside it."""
        ...

    def bases(self, pair: Pair) -> Sequence[tuple[Pair, str]]:
        """Return the ways to review a version, the suggested one first, each with a line about it."""
        ...

    def page(self, pair: Pair, progress: Progress) -> CratePage:
        """Return a crate's page."""
        ...

    def why(self, crate: str) -> WhyPage:
        """Return how a crate comes into the graph."""
        ...

    def certify_form(self, pairs: Sequence[Pair]) -> CertifyForm:
        """Return what is known before somebody certifies these together; the store is read, and others are asked."""
        ...

    def preview(self, certification: Certification) -> Written:
        """Return what certifying would change, by the store as it was read for the form."""
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

    def trust(self, crate: str, publisher: str, criteria: Sequence[str]) -> Written:
        """Trust who published a crate with all they published of it, for a year from today."""
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

    def lost_without(self, publisher: str, crate: str | None = None) -> Sequence[str]:
        """Return what becomes unvetted without a publisher, or without its audits of one crate: names with versions."""
        ...

    def remove_import(self, publisher: str) -> Written:
        """Stop importing a publisher."""
        ...

    def review_imports(self) -> ImportNews:
        """Compare what publishers say now with what was accepted of them."""
        ...

    def accept_imports(self) -> Written:
        """Take over what was reviewed last, with a receipt."""
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
        """Return a message for what was recorded and not committed."""
        ...

    def uncommitted(self) -> Uncommitted:
        """Return what of the session is neither committed nor waiting for somebody."""
        ...

    @property
    def unsaved(self) -> int:
        """How many records of this run are not on disk: the session is read-only, or the disk is full."""
        ...

    def disk_news(self) -> str | None:
        """Return what changed on disk since it was read: store, lock file, or where a revision's name leads to."""
        ...
