"""`imports coverage`: what each publisher of audits would settle in this workspace, before anything is imported.

Exemptions are set aside, as in the backlog: what only they vouch for counts as open. Nothing is written, also where a
criteria map or a requirement is tried out.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from typing import NamedTuple

from vetflow.app.audit_sets import (
    FetchedSet,
    KnownSet,
    Lacking,
    choose_sets,
    fetch_sets,
    known_sets,
    reason_of,
    store_or_nothing,
)
from vetflow.app.crate_contents import RegistryCrates
from vetflow.app.judge import judge
from vetflow.app.network import Sources, open_sources
from vetflow.app.project import Project, open_project
from vetflow.app.publishers import look_up_publishers
from vetflow.app.request import Request
from vetflow.diffing.sizes import CrateSizes
from vetflow.errors import NotFoundError, UndecidedError, UsageError, VetflowError
from vetflow.model.criteria import Criteria
from vetflow.model.names import CrateName, CriteriaName, ImportName
from vetflow.model.packages import PackageGraph
from vetflow.model.store import AuditsFile, Import, Store
from vetflow.resolve.backlog import backlog_store
from vetflow.resolve.conclude import Resolution, conclude
from vetflow.resolve.criteria_maps import MappedCriterion, mapped_criteria
from vetflow.resolve.import_coverage import Settled, open_crates, settled_by, with_import, without_import
from vetflow.resolve.live import map_to_local_criteria, publisher_names
from vetflow.resolve.required_policy import Scope, require
from vetflow.resolve.suggest import least_to_read


class CriteriaMapping(NamedTuple):
    """A line of a criteria map to try out: what a peer calls `theirs` counts as `ours`."""

    peer: ImportName
    theirs: CriteriaName
    ours: CriteriaName


class WhatIf(NamedTuple):
    """What to try out: lines of criteria maps, and criteria that every member requires besides."""

    maps: tuple[CriteriaMapping, ...] = ()
    require: tuple[CriteriaName, ...] = ()


class Spared(NamedTuple):
    """How much nobody here has to read of what is settled. unmeasured: crates of which nobody could tell."""

    lines: int
    unmeasured: int


class SetCoverage(NamedTuple):
    """What one set settles. is_copy: it is a copy of an earlier run. maps: how its criteria count here."""

    known: KnownSet
    is_copy: bool
    settled: Settled
    spared: Spared
    maps: tuple[MappedCriterion, ...]


class ImportCoverage(NamedTuple):
    """What the sets settle, node indices of `graph` throughout.

    open_now: crates that own audits and the imports of today leave open. sets: the best first. together: what they all
    settle, spared: what that is to read. lacking: what could not be had.
    """

    graph: PackageGraph
    open_now: tuple[int, ...]
    sets: tuple[SetCoverage, ...]
    together: Settled
    spared: Spared
    lacking: tuple[Lacking, ...]


class _Mapped(NamedTuple):
    """A fetched set, said in the store's own criteria."""

    fetched: FetchedSet
    audits: AuditsFile

    def as_import(self) -> tuple[ImportName, Import, AuditsFile]:
        known = self.fetched.known
        return known.name, known.source, self.audits


def import_coverage(
    request: Request,
    names: Collection[ImportName],
    what_if: WhatIf,
    *,
    progress: Callable[[str, int, int], None],
) -> ImportCoverage:
    """Judge the workspace with each set of audits: of `names`, or of all imports and the whole registry.

    Raises NotFoundError for names nobody knows, and UndecidedError when no set could be had.
    """
    if request.locked:
        raise UsageError(
            "what others publish is not in the store, and --locked forbids fetching it",
            help="leave --locked out; --offline works with the copies of earlier runs",
        )
    project = open_project(request)
    store = backlog_store(store_or_nothing(project, locked=False), live=False)
    _require_known([*(each.ours for each in what_if.maps), *what_if.require], store.criteria)
    everybody = known_sets(store.config.imports)
    choose_sets(everybody, [each.peer for each in what_if.maps])
    tried = tuple(_with_maps(each, what_if.maps) for each in everybody)
    chosen = {each.name for each in choose_sets(tried, names)}
    with open_sources(project, progress) as sources:
        fetched = fetch_sets([each for each in tried if each.imported or each.name in chosen], sources)
        mapped, broken = _map_all(fetched.found, store.criteria)
        if not any(each.fetched.known.name in chosen for each in mapped):
            raise _nothing_had((*fetched.lacking, *broken))
        project, store = _prepared(project, store, what_if.require)
        store = with_import(store, (each.as_import() for each in mapped if each.fetched.known.imported))
        graph = project.graph(store.config.policy)
        published = look_up_publishers(_on_trust(graph, store, mapped), sources)
        rows = {**store.imports.publisher, **published.rows}
        store = store._replace(imports=store.imports._replace(publisher=rows))
        candidates = [each for each in mapped if each.fetched.known.name in chosen]
        covered = _covered(graph, store, candidates, _Measure(sources, request.environ))
    return covered._replace(lacking=(*fetched.lacking, *broken, *published.lacking))


def settled_by_audits(graph: PackageGraph, store: Store, sources: Sources) -> tuple[tuple[ImportName, int], ...]:
    """Return how many crates each set that is not imported settles with its audits of versions, the best first.

    A quick look, before anything is imported: what rests on trust in publishers is left out, and so is every set that
    settles nothing or cannot be had. Raises nothing for what a server or a publisher does.
    """
    now = conclude(graph, backlog_store(store, live=False))
    others = [known for known in known_sets(store.config.imports) if not known.imported]
    mapped, _ = _map_all(fetch_sets(others, sources).found, store.criteria)
    counts = [(each.fetched.known.name, len(settled_by(now, _with(now, [each])).settled)) for each in mapped]
    return tuple(sorted(((name, count) for name, count in counts if count), key=lambda each: (-each[1], each[0])))


class _Measure:
    """Measures what is settled by the smallest audits that would otherwise do it."""

    def __init__(self, sources: Sources, environ: Mapping[str, str]) -> None:
        self._crates = RegistryCrates(sources)
        self._sizes = CrateSizes(self._crates, sources.cache, environ)

    def __call__(self, before: Resolution, settled: Settled) -> Spared:
        sizes = least_to_read(before, settled.settled, self._sizes, self._crates)
        return Spared(sum(size.lines for size in sizes.values()), len(settled.settled) - len(sizes))


def _covered(graph: PackageGraph, store: Store, candidates: Collection[_Mapped], measure: _Measure) -> ImportCoverage:
    now = conclude(graph, store)
    without = {each.fetched.known.name: _without(now, each.fetched.known) for each in candidates}
    sets = []
    for each in candidates:
        before = without[each.fetched.known.name]
        settled = settled_by(before, _with(now, [each]))
        maps = _maps(each, store.criteria)
        sets.append(SetCoverage(each.fetched.known, each.fetched.is_copy, settled, measure(before, settled), maps))
    sets.sort(key=lambda each: (-len(each.settled.settled), each.known.name))
    bare = store
    for each in candidates:
        bare = without_import(bare, each.fetched.known.name)
    alone = conclude(graph, bare)
    together = settled_by(alone, _with(now, candidates))
    return ImportCoverage(graph, open_crates(now), tuple(sets), together, measure(alone, together), ())


def _with(now: Resolution, more: Iterable[_Mapped]) -> Resolution:
    """Judge with more imports; those of today are there already."""
    new = [each.as_import() for each in more if not each.fetched.known.imported]
    return conclude(now.graph, with_import(now.store, new)) if new else now


def _without(now: Resolution, known: KnownSet) -> Resolution:
    return conclude(now.graph, without_import(now.store, known.name)) if known.imported else now


def _require_known(names: Iterable[CriteriaName], criteria: Criteria) -> None:
    for name in names:
        if name not in criteria:
            raise NotFoundError(
                f"'{name}' is not a valid criteria name",
                help=f"define it in audits.toml, also to try it out; there are {', '.join(criteria.names)}",
            )


def _with_maps(known: KnownSet, maps: Iterable[CriteriaMapping]) -> KnownSet:
    """Return a set as it would be imported with these lines in its criteria map, in place of what stands there."""
    new: dict[CriteriaName, tuple[CriteriaName, ...]] = {}
    for each in maps:
        if each.peer == known.name:
            new[each.theirs] = (*new.get(each.theirs, ()), each.ours)
    return known._replace(source=known.source._replace(criteria_map={**known.source.criteria_map, **new}))


def _map_all(found: Iterable[FetchedSet], local: Criteria) -> tuple[list[_Mapped], tuple[Lacking, ...]]:
    """Say each set in the store's criteria; one that contradicts itself, or is mapped to nothing known, is left out."""
    mapped, broken = [], []
    for each in found:
        name, source = each.known.name, each.known.source
        undefined = sorted({ours for names in source.criteria_map.values() for ours in names if ours not in local})
        if undefined:
            reason = f"its criteria-map names {', '.join(undefined)}, which audits.toml does not define"
            broken.append(Lacking(name, reason))
            continue
        try:
            mapped.append(_Mapped(each, map_to_local_criteria({name: source}, {name: each.files}, local)[name]))
        except VetflowError as error:
            broken.append(Lacking(name, reason_of(error)))
    return mapped, tuple(broken)


def _prepared(project: Project, store: Store, more: tuple[CriteriaName, ...]) -> tuple[Project, Store]:
    """Learn from archives on this machine about every crate the own audits leave open; require what is tried out."""
    if more:
        store = require(project.graph(store.config.policy), store, more, Scope.SHIPPED).store
    alone = store._replace(imports=store.imports._replace(audits={}))
    return judge(project, alone, None).project, store


def _on_trust(graph: PackageGraph, store: Store, mapped: Iterable[_Mapped]) -> set[CrateName]:
    """Return the crates which the own audits leave open and for which trust in a publisher could settle something."""
    everybody = {each.fetched.known.name: each.audits for each in mapped}
    nobody = store._replace(imports=store.imports._replace(audits={}))
    still_open = {graph.nodes[node].name for node in open_crates(conclude(graph, nobody))}
    return still_open & publisher_names(store, graph.packages, everybody)


def _maps(mapped: _Mapped, local: Criteria) -> tuple[MappedCriterion, ...]:
    fetched = mapped.fetched
    return mapped_criteria([file for _, file in fetched.files], fetched.known.source.criteria_map, local)


def _nothing_had(lacking: Iterable[Lacking]) -> UndecidedError:
    return UndecidedError(
        "none of these sets of audits could be had",
        help="try again later; `vetflow who` and `vetflow check --locked` work with what the store holds",
        related=[UndecidedError(f"{each.what}: {each.reason}") for each in lacking],
    )
