"""The live state of a store: imports.lock and what others have published since, as far as this run needs it.

cargo-vet asks crates.io about every crate on every run; vetflow fetches the imports, resolves with them, and asks about
the crates whose outcome could still change (`resolve.lookups`).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING, NamedTuple

from vetflow.app.network import Sources
from vetflow.model.audits import Publisher
from vetflow.model.findings import Finding, Level
from vetflow.model.names import CrateName, ImportName
from vetflow.model.packages import PackageGraph
from vetflow.model.store import Import, Store
from vetflow.model.upstream import Upstream
from vetflow.model.version import VetVersion
from vetflow.resolve.conclude import conclude
from vetflow.resolve.live import audited_as_published, live_imports, map_to_local_criteria, publisher_names
from vetflow.resolve.lookups import crates_to_look_up
from vetflow.resolve.update import regenerate_unpublished
from vetflow.resolve.update_plan import UpdatePlan
from vetflow.sources.answers import Missing, Unavailable, undecided

if TYPE_CHECKING:  # what reads peers' files is imported when they are fetched
    from vetflow.sources.imports import PeerFiles


class Fetched(NamedTuple):
    """What was fetched for a store. imports: those it was fetched for. notes: entries of peers that were left aside."""

    upstream: Upstream
    imports: Mapping[ImportName, Import]
    notes: tuple[Finding, ...]


def fetch_upstream(
    graph: PackageGraph,
    store: Store,
    sources: Sources,
    plan: UpdatePlan,
    *,
    also: Collection[CrateName] = (),
    unpublished_anew: bool = False,
    whole_index: bool = False,
) -> Fetched:
    """Fetch the imports of a store, and versions and publishers of the crates that need them.

    plan: the update the run is about. also: crates to ask about whatever the store says. unpublished_anew: the run
    does not count on the unpublished rows that imports.lock has. whole_index: also ask the index, which is cheap,
    whether it still has every crate whose publishers count or that is audited as if it were published. Raises
    UndecidedError, naming everything, when something could not be had.
    """
    upstream, notes = _fetch_imports(store, sources)
    local = {package.name for package in audited_as_published(graph.packages, store.config.policy)}
    if unpublished_anew:
        upstream = upstream._replace(published=_look_up(sources, (), local, ())[0])
    live = with_live_imports(graph, store, upstream, accept_changed_criteria=True)
    resolution = conclude(graph, regenerate_unpublished(live) if unpublished_anew else live)
    lacking = crates_to_look_up(resolution, plan)
    trusted = publisher_names(store, graph.packages, upstream.audits)
    asked = (trusted & lacking) | {*also}
    needed = asked | (local if unpublished_anew else local & lacking)
    published, publishers = _look_up(sources, asked, needed, (trusted | local) - needed if whole_index else ())
    return Fetched(upstream._replace(published=published, publishers=publishers), store.config.imports, notes)


def with_live_imports(
    graph: PackageGraph,
    store: Store,
    upstream: Upstream,
    *,
    also: Collection[CrateName] = (),
    accept_changed_criteria: bool = False,
) -> Store:
    """Return the store with its live imports; raises what `resolve.live.live_imports` raises."""
    live = live_imports(store, graph.packages, upstream, also=also, accept_changed_criteria=accept_changed_criteria)
    return store._replace(imports=live)


def _fetch_imports(store: Store, sources: Sources) -> tuple[Upstream, tuple[Finding, ...]]:
    from vetflow.sources.imports import fetch_imports, require_imports  # noqa: PLC0415  only when fetching

    peers = require_imports(fetch_imports(sources.fetcher, store.config.imports))
    audits = map_to_local_criteria(
        store.config.imports,
        {name: [(file.url, file.foreign.audits) for file in files] for name, files in peers.items()},
        store.criteria,
    )
    return Upstream(audits=audits), ignored_entries(peers)


def ignored_entries(peers: Mapping[ImportName, PeerFiles]) -> tuple[Finding, ...]:
    """Say how many entries of peers' files had to be left aside, file by file."""
    return tuple(
        Finding(
            "import/ignored", Level.WARN, None, f"ignored {len(ignored)} {what} of '{name}' that vetflow cannot read"
        )
        for name, files in sorted(peers.items())
        for file in files
        for ignored, what in (
            (file.foreign.ignored_criteria, "criteria"),
            (file.foreign.ignored_audits, "audits"),
        )
        if ignored
    )


def _look_up(
    sources: Sources, names: Collection[CrateName], needed: Collection[CrateName], welcome: Collection[CrateName]
) -> tuple[dict[CrateName, tuple[VetVersion, ...]], dict[CrateName, tuple[Publisher, ...]]]:
    """Return the published versions of `needed` and `welcome`, and the publishers of `names`, which are among `needed`.

    Raises UndecidedError when something about `needed` could not be had.
    """
    from vetflow.sources.api import CrateFacts, look_up_facts  # noqa: PLC0415  only when fetching
    from vetflow.sources.index import PublishedCrate, look_up_crates  # noqa: PLC0415

    index = look_up_crates(sources.fetcher, sorted({*needed, *welcome}), sources.registry)
    found = {name: answer for name, answer in index.items() if isinstance(answer, PublishedCrate)}
    facts = look_up_facts(sources.fetcher, [found[name] for name in sorted(names) if name in found])
    unknown = {name: answer for name, answer in index.items() if isinstance(answer, Unavailable)}
    lacking: list[Missing | Unavailable] = [answer for name, answer in unknown.items() if name in needed]
    lacking += [answer for answer in facts.values() if not isinstance(answer, CrateFacts)]
    if lacking:
        raise undecided("what crates.io says of published versions", lacking)
    published = {
        name: tuple(version.version for version in found[name].versions) if name in found else ()
        for name in index
        if name not in unknown
    }
    return published, {name: answer.publishers() for name, answer in facts.items() if isinstance(answer, CrateFacts)}
