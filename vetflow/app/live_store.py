"""The store as a command that records something sees it first, and the one way to record it.

Before anybody is asked anything, workspace and store are read and, unless the run is locked, what others have published
is fetched. Recording then makes the change on the store as it is once the lock is held, and updates the crates it is
about: what was recorded may replace their exemptions (shared spec resolver 9, `certify` and `trust`).
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from functools import partial
from typing import NamedTuple

from vetflow.app.judge import resolve_with_archives
from vetflow.app.live import Fetched, fetch_upstream, with_live_imports
from vetflow.app.network import open_sources
from vetflow.app.project import Project
from vetflow.app.recording import WritePlan, record, require_same_imports
from vetflow.app.updating import Run
from vetflow.model.audits import Publisher
from vetflow.model.findings import Finding
from vetflow.model.names import CrateName
from vetflow.model.packages import PackageGraph
from vetflow.model.report import Conclusion, Success, VettingFailure, ViolationFailure, tally
from vetflow.model.store import Store
from vetflow.resolve.backlog import backlog_store
from vetflow.resolve.conclude import Resolution, conclude
from vetflow.resolve.update import update_after_recording
from vetflow.resolve.update_plan import CHECK, UpdatePlan, record_plan
from vetflow.store.open import OpenedStore


class Recorded(NamedTuple):
    """What recording did.

    written: the files' texts, as they were and as they are. unvetted: how many crates do not vet now; where violations
    are contradicted, how many of these. exempted: how many vet although nobody read them. notes: what had to be left
    aside of peers' files.
    """

    written: WritePlan
    unvetted: int
    exempted: int
    notes: tuple[Finding, ...] = ()


class LiveStore(NamedTuple):
    """A store before something is recorded in it.

    store: its imports are the live state, or in a locked run imports.lock. fetched: None in a locked run. asked: crates
    whose publishers were asked for although no entry speaks of them.
    """

    project: Project
    graph: PackageGraph
    store: Store
    fetched: Fetched | None = None
    asked: frozenset[CrateName] = frozenset()

    def publishers(self, crate: CrateName) -> tuple[Publisher, ...]:
        """Return who published the versions of a crate that was asked about; nobody is known in a locked run."""
        return self.store.imports.publisher.get(crate, ()) if self.fetched else ()

    def backlog(self) -> Resolution:
        """Judge the store without its exemptions."""
        return conclude(self.graph, backlog_store(self.store, live=self.fetched is not None))

    def record(self, change: Callable[[Store], Store], crates: Collection[CrateName], run: Run) -> Recorded:
        """Make `change`, which is pure, and update the entries of `crates`; whether the result vets is not asked.

        Raises StoreError, also when the imports of config.toml are no longer those that were fetched.
        """
        results: list[Resolution] = []  # the last one is of what was written

        def updated(opened: OpenedStore) -> Store:
            graph = self.project.graph(opened.store.config.policy)
            changed = change(self._live(graph, opened.store))
            result = update_after_recording(graph, changed, sorted(crates))
            results.append(conclude(graph, result))
            return result

        written = record(self.project, updated, dry_run=run.dry_run, waiting=run.waiting, own_files=run.own_files)
        notes = self.fetched.notes if self.fetched else ()
        return Recorded(written, *_left(results[-1].conclusion), notes)

    def _live(self, graph: PackageGraph, store: Store) -> Store:
        if self.fetched is None:
            return store
        require_same_imports(self.fetched.imports, store.config.imports)
        return with_live_imports(graph, store, self.fetched.upstream, also=self.asked)


def plan_for(crates: Collection[CrateName]) -> UpdatePlan:
    """Return the plan of an update after entries about these crates were recorded."""
    return UpdatePlan(CHECK.default, {crate: record_plan(crate).mode(crate) for crate in crates})


def open_live_store(
    project: Project,
    progress: Callable[[str, int, int], None],
    *,
    crates: Collection[CrateName] = (),
    publishers: Collection[CrateName] = (),
    backlog_publishers: bool = False,
) -> LiveStore:
    """Read the store and, unless the run is locked, fetch what the record of entries about `crates` may need.

    publishers: crates whose publishers are needed, whatever the store says. backlog_publishers: ask also about every
    crate that does not vet without exemptions. Raises StoreError, and UndecidedError when something could not be had.
    """
    locked = project.request.locked
    store = project.open_store(locked=locked).store
    asked = frozenset(publishers)
    graph = project.graph(store.config.policy)
    if locked:
        return _without_missing_libraries(LiveStore(project, graph, store))
    with open_sources(project, progress) as sources:
        fetch = partial(fetch_upstream, graph, store, sources, plan_for(crates), unpublished_anew=backlog_publishers)
        fetched = fetch(also=asked)
        if backlog_publishers:
            live = with_live_imports(graph, store, fetched.upstream, also=asked)
            asked |= _lacking(conclude(graph, backlog_store(live, live=True)))
            # What was fetched is not asked for again within one run.
            fetched = fetch(also=asked)
    live = with_live_imports(graph, store, fetched.upstream, also=asked)
    return _without_missing_libraries(LiveStore(project, graph, live, fetched, asked))


def _without_missing_libraries(live: LiveStore) -> LiveStore:
    """Leave out crates without a library, as far as archives on this machine tell: cargo does not build them."""
    judged = resolve_with_archives(live.project, live.store, None)
    return live._replace(project=judged.project, graph=judged.resolution.graph)


def _lacking(resolution: Resolution) -> frozenset[CrateName]:
    conclusion = resolution.conclusion
    if not isinstance(conclusion, VettingFailure):
        return frozenset()
    return frozenset(resolution.graph.nodes[failure.node].name for failure in conclusion.failures)


def _left(conclusion: Conclusion) -> tuple[int, int]:
    """Return how many crates do not vet, and how many only vet by an exemption."""
    match conclusion:
        case ViolationFailure(conflicts):
            return len(conflicts), 0
        case VettingFailure(failures, vetted):
            return len(failures), tally(vetted).exempted
        case Success(vetted):
            return 0, tally(vetted).exempted
