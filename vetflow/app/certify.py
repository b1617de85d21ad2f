"""`certify`: record that somebody audited a version, what changed between two, or whatever somebody publishes.

The steps are apart so that a person can be asked between them: `open_certify` reads and fetches, `proposal` says what
an audit would be good for, `certify` records it. None of them asks anybody anything.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from vetflow.app.foreign import require_foreign
from vetflow.app.live_store import LiveStore, Recorded, open_live_store
from vetflow.app.project import open_project
from vetflow.app.request import Request
from vetflow.app.updating import Run
from vetflow.model.audits import Audit
from vetflow.model.criteria import Criteria
from vetflow.model.dates import Date
from vetflow.model.names import SAFE_TO_DEPLOY, CrateName, CriteriaName
from vetflow.model.store import Store
from vetflow.model.version import VetVersion
from vetflow.resolve.certify_criteria import guess_criteria
from vetflow.resolve.delta_base import DeltaBase, delta_base
from vetflow.resolve.new_audit import collapsed, new_audit
from vetflow.resolve.publisher_trust import TrustPeriod, new_wildcard_audit, trust_period


class Target(NamedTuple):
    """What an audit is of: all of a version, or with a base what changed since that."""

    crate: CrateName
    version: VetVersion
    base: VetVersion | None = None

    def __str__(self) -> str:
        """Return it as `--also` takes it."""
        versions = f"{self.version}" if self.base is None else f"{self.base}..{self.version}"
        return f"{self.crate}@{versions}"


class Proposal(NamedTuple):
    """What is known of a target before it is certified.

    criteria: those for which an audit would help, else those that the base of a delta holds; base_criteria: these, None
    for a full audit. helps: whether it would help at all.
    """

    target: Target
    criteria: tuple[CriteriaName, ...]
    helps: bool
    base: DeltaBase | None
    base_criteria: tuple[CriteriaName, ...] | None


class NewEntry(NamedTuple):
    """A target with the criteria it is certified for, as `chosen_criteria` returns them."""

    target: Target
    criteria: tuple[CriteriaName, ...]


class WildcardEntry(NamedTuple):
    """Everything a publisher publishes of a crate in a period. end_was_chosen: then it is not to be renewed."""

    crate: CrateName
    period: TrustPeriod
    criteria: tuple[CriteriaName, ...]
    end_was_chosen: bool


class Signature(NamedTuple):
    """Who says something, and what else they say about it."""

    who: tuple[str, ...]
    notes: str | None


class Certified(NamedTuple):
    """What was recorded. repeated: the targets about which exactly this was said before; nothing was added for them."""

    recorded: Recorded
    repeated: tuple[Target, ...]


def open_certify(request: Request, targets: Sequence[Target], run: Run, *, force: bool) -> LiveStore:
    """Read and fetch what certifying `targets` needs.

    force: also crates that are not in use. Raises NotFoundError for others, StoreError, UndecidedError.
    """
    return _open(request, {target.crate for target in targets}, (), run, force=force)


def open_certify_wildcard(request: Request, crate: CrateName, run: Run, *, force: bool) -> LiveStore:
    """Read and fetch what a wildcard audit of a crate needs, its publishers too; raises as `open_certify`."""
    return _open(request, {crate}, (crate,), run, force=force)


def _open(
    request: Request, crates: Iterable[CrateName], publishers: Sequence[CrateName], run: Run, *, force: bool
) -> LiveStore:
    project = open_project(request)
    if not force:  # before anything is fetched
        policy = project.open_store(locked=request.locked).store.config.policy
        graph = project.graph(policy)
        for crate in sorted(crates):
            require_foreign(graph, policy, crate)
    return open_live_store(project, run.progress, crates=frozenset(crates), publishers=publishers)


def proposal(live: LiveStore, target: Target) -> Proposal:
    """Say for which criteria an audit of a target would help, and what the base of a delta holds; raises StoreError."""
    store = live.store
    helped = guess_criteria(live.graph, store, target.crate, target.base, target.version, live=live.fetched is not None)
    if target.base is None:
        return Proposal(target, helped, bool(helped), None, None)
    base = delta_base(store, target.crate, target.base)
    held = store.criteria.minimal_names(base.criteria)
    return Proposal(target, helped or held, bool(helped), base, held)


def staged(live: LiveStore, entry: NewEntry) -> LiveStore:
    """Return the store as it will be with an entry: what comes next in the same batch may start from it."""
    audit = new_audit(entry.target.base, entry.target.version, entry.criteria, (), None)
    return live._replace(store=_with_audit(live.store, entry.target.crate, audit))


def lost_on_base(criteria: Criteria, proposed: Proposal, chosen: tuple[CriteriaName, ...]) -> tuple[CriteriaName, ...]:
    """Return the chosen criteria that the base of a delta does not hold: for these the delta certifies nothing yet."""
    if proposed.base is None:
        return ()
    return criteria.minimal_names(criteria.set(chosen) & ~proposed.base.criteria)


def certify(
    live: LiveStore, entries: Sequence[NewEntry], signature: Signature, run: Run, *, collapse: bool, force: bool
) -> Certified:
    """Record audits, all of them with one write.

    collapse: let a delta from a git revision swallow the audit that leads there (`new_audit.collapsed`). force: add an
    entry even where an equal one exists. Raises StoreError.
    """
    repeated: list[Target] = []

    def change(store: Store) -> Store:
        repeated.clear()
        for entry in entries:
            audit = new_audit(entry.target.base, entry.target.version, entry.criteria, signature.who, signature.notes)
            if not force and any(_says_the_same(old, audit) for old in _audits(store, entry.target.crate)):
                repeated.append(entry.target)
                continue
            if collapse:
                audit = collapsed(store, entry.target.crate, audit)
            store = _with_audit(store, entry.target.crate, audit)
        return store

    recorded = live.record(change, {entry.target.crate for entry in entries}, run)
    return Certified(recorded, tuple(repeated))


def wildcard_period(
    live: LiveStore, crate: CrateName, publisher: str, *, start: Date | None, end: Date | None
) -> TrustPeriod:
    """Return the period a wildcard audit of a publisher is for; raises NotFoundError and UsageError for a bad one."""
    today = live.project.request.today
    period = trust_period(crate, live.publishers(crate), publisher, today, start=start, end=end)
    new_wildcard_audit(period, (SAFE_TO_DEPLOY,), (), None, today, end_was_chosen=False)
    return period


def certify_wildcard(live: LiveStore, new: WildcardEntry, signature: Signature, run: Run) -> Recorded:
    """Record a wildcard audit; raises UsageError for one that would end too late, StoreError."""
    today = live.project.request.today
    audit = new_wildcard_audit(new.period, new.criteria, *signature, today, end_was_chosen=new.end_was_chosen)

    def change(store: Store) -> Store:
        wildcards = store.audits.wildcard_audits
        entries = {**wildcards, new.crate: (*wildcards.get(new.crate, ()), audit)}
        return store._replace(audits=store.audits._replace(wildcard_audits=entries))

    return live.record(change, {new.crate}, run)


def with_assistants(notes: str | None, assistants: Sequence[str]) -> str | None:
    """Return notes with a line for every assistant that had a part in the audit."""
    lines = "\n".join(f"Assisted-by: {name}" for name in assistants)
    if not lines or not notes:
        return lines or notes
    return f"{notes}{lines}\n" if notes.endswith("\n") else f"{notes}\n{lines}"


def _audits(store: Store, crate: CrateName) -> tuple[Audit, ...]:
    return store.audits.audits.get(crate, ())


def _says_the_same(old: Audit, new: Audit) -> bool:
    """Whether the new audit adds nothing to the old one: same statement, same people, no notes that would be new."""
    return old == new._replace(notes=old.notes if new.notes is None else new.notes)


def _with_audit(store: Store, crate: CrateName, audit: Audit) -> Store:
    audits = {**store.audits.audits, crate: (*_audits(store, crate), audit)}
    return store._replace(audits=store.audits._replace(audits=audits))
