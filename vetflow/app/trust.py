"""`trust`: trust who published a crate, instead of reading it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from vetflow.app.live_store import LiveStore, Recorded, open_live_store
from vetflow.app.project import open_project
from vetflow.app.request import Request
from vetflow.app.updating import Run
from vetflow.model.dates import Date
from vetflow.model.names import SAFE_TO_DEPLOY, CrateName, CriteriaName
from vetflow.model.store import Store
from vetflow.resolve.publisher_trust import TrustPeriod, only_publisher, trust_all, trust_period, with_trust


class Trust(NamedTuple):
    """Whom to trust with which crates, before it is recorded.

    skipped: crates left out because others published versions of them, too. criteria: what to propose.
    """

    publisher: str
    periods: Mapping[CrateName, TrustPeriod]
    criteria: tuple[CriteriaName, ...]
    skipped: tuple[CrateName, ...] = ()


class Window(NamedTuple):
    """The dates somebody chose; None: from the first publication, for a year from today."""

    start: Date | None = None
    end: Date | None = None


def open_trust(request: Request, crate: CrateName, run: Run) -> LiveStore:
    """Read the store and fetch who published a crate; raises StoreError, UndecidedError."""
    return open_live_store(open_project(request), run.progress, crates=(crate,), publishers=(crate,))


def open_trust_all(request: Request, run: Run) -> LiveStore:
    """Read the store and fetch who published the crates of the backlog; raises StoreError, UndecidedError."""
    return open_live_store(open_project(request), run.progress, backlog_publishers=True)


def trust_crate(live: LiveStore, crate: CrateName, publisher: str | None, window: Window) -> Trust:
    """Decide whom to trust with one crate: without `publisher` whoever published all of it; raises NotFoundError."""
    rows = live.publishers(crate)
    who = publisher or only_publisher(crate, rows)
    period = trust_period(crate, rows, who, live.project.request.today, start=window.start, end=window.end)
    return Trust(who, {crate: period}, (SAFE_TO_DEPLOY,))


def trust_backlog(live: LiveStore, publisher: str, window: Window, *, allow_others: bool) -> Trust:
    """Decide which crates of the backlog to trust a publisher with; raises NotFoundError when there are none.

    allow_others: also crates that others published versions of.
    """
    backlog = live.backlog()
    crates = {node.name for node in live.graph.nodes if node.is_third_party}
    publishers = {crate: live.publishers(crate) for crate in crates}
    chosen = trust_all(backlog, publishers, publisher, allow_others=allow_others)
    today = live.project.request.today
    periods = {
        crate: trust_period(crate, publishers[crate], publisher, today, start=window.start, end=window.end)
        for crate in chosen.crates
    }
    return Trust(publisher, periods, live.store.criteria.minimal_names(chosen.criteria), chosen.skipped)


def record_trust(
    live: LiveStore, trust: Trust, criteria: tuple[CriteriaName, ...], notes: str | None, run: Run
) -> Recorded:
    """Record the trust, or extend entries that say the same for a shorter period. Raises StoreError.

    criteria: as `chosen_criteria` returns them.
    """

    def change(store: Store) -> Store:
        trusted = dict(store.audits.trusted)
        for crate, period in trust.periods.items():
            trusted[crate] = with_trust(trusted.get(crate, ()), period, criteria, notes)
        return store._replace(audits=store.audits._replace(trusted=trusted))

    return live.record(change, trust.periods, run)
