"""`renew`: let wildcard audits hold for another year."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from typing import TYPE_CHECKING, NamedTuple

from vetflow.app.network import Sources, open_sources
from vetflow.app.project import Project, open_project
from vetflow.app.recording import WritePlan, record
from vetflow.app.request import Request
from vetflow.app.updating import Run
from vetflow.errors import NotFoundError
from vetflow.graph.package_graph import is_third_party
from vetflow.model.audits import Publisher, PublisherSource
from vetflow.model.dates import Date
from vetflow.model.names import CrateName
from vetflow.model.store import Store
from vetflow.resolve.expiry import RENEWED_MONTHS, DueAudit, due_audits, renew, renewable_audits
from vetflow.store.open import OpenedStore

if TYPE_CHECKING:  # a locked run asks nobody
    from vetflow.sources.api import CrateFacts


class Renewed(NamedTuple):
    """What was renewed. publishers: how a publisher is called, where it is known. end: until when the entries hold."""

    audits: tuple[DueAudit, ...]
    publishers: Mapping[PublisherSource, Publisher]
    end: Date
    written: WritePlan


class _Known(NamedTuple):
    """What crates.io says: when a crate was last published, and who its publishers are."""

    last_published: Mapping[CrateName, Date] = {}
    publishers: tuple[Publisher, ...] = ()


def renew_crate(request: Request, crate: CrateName, run: Run) -> Renewed:
    """Renew all wildcard audits of a crate, due or not, except those with `renew = false`; raises StoreError."""
    return _renew(open_project(request), run, lambda store, _: renewable_audits(store.audits, crate, request.today))


def renew_expiring(request: Request, run: Run, *, include_inactive: bool) -> Renewed:
    """Renew the wildcard audits that have ended or end within six weeks.

    include_inactive: also of crates that have published nothing for a while. Which these are is only known in a run
    that is not locked, and of crates in use. Raises StoreError, UndecidedError.
    """

    def due(store: Store, last_published: Mapping[CrateName, Date]) -> tuple[DueAudit, ...]:
        return due_audits(store.audits, request.today, last_published, include_inactive=include_inactive)

    return _renew(open_project(request), run, due)


def _renew(
    project: Project, run: Run, choose: Callable[[Store, Mapping[CrateName, Date]], tuple[DueAudit, ...]]
) -> Renewed:
    request = project.request
    known = _Known()
    if not request.locked:
        store = project.open_store(locked=False).store
        asked = sorted({each.crate for each in choose(store, {})} & crates_in_use(project, store))
        with open_sources(project, run.progress) as sources:
            known = _ask(sources, asked)
    renewed: list[DueAudit] = []

    def change(opened: OpenedStore) -> Store:
        renewed[:] = choose(opened.store, known.last_published)
        return opened.store._replace(audits=renew(opened.store.audits, renewed, request.today))

    written = record(project, change, dry_run=run.dry_run, waiting=run.waiting, own_files=run.own_files)
    end = request.today.plus_months(RENEWED_MONTHS)
    return Renewed(tuple(renewed), {row.source: row for row in known.publishers}, end, written)


def crates_in_use(project: Project, store: Store) -> frozenset[CrateName]:
    """Return the third-party crates of a project."""
    policy = store.config.policy
    packages = project.graph(policy).packages
    return frozenset(package.name for package in packages if is_third_party(package, policy))


def _ask(sources: Sources, crates: Collection[CrateName]) -> _Known:
    """Ask crates.io about crates; raises UndecidedError, and NotFoundError for what is no crate of crates.io."""
    from vetflow.sources.answers import Unavailable, undecided  # noqa: PLC0415  only when fetching
    from vetflow.sources.api import CrateFacts, look_up_facts  # noqa: PLC0415
    from vetflow.sources.index import PublishedCrate, look_up_crates  # noqa: PLC0415

    index = look_up_crates(sources.fetcher, crates, sources.registry)
    facts = look_up_facts(sources.fetcher, [crate for crate in index.values() if isinstance(crate, PublishedCrate)])
    lacking = [answer for answer in (*index.values(), *facts.values()) if isinstance(answer, Unavailable)]
    if lacking:
        raise undecided("when the crates were last published", lacking)
    for crate, answer in index.items():
        if not isinstance(answer, PublishedCrate):
            raise NotFoundError(f"Cannot fetch crate information, '{crate}' does not exist on crates.io")
    found = [answer for answer in facts.values() if isinstance(answer, CrateFacts)]
    return _Known(last_published(found), tuple(row for each in found for row in each.publishers()))


def last_published(facts: Iterable[CrateFacts]) -> dict[CrateName, Date]:
    """Return the latest day of each crate; versions whose publisher nobody knows do not count, as with cargo-vet."""
    return {each.name: max(row.when for row in rows) for each in facts if (rows := each.publishers())}
