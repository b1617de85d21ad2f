"""`suggest`: the audits with the least to read that would vet what is not vetted, or only exempted."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import NamedTuple

from vetflow.app.audit_sets import Lacking, fetch_sets, known_sets
from vetflow.app.crate_contents import RegistryCrates
from vetflow.app.hold import held_note
from vetflow.app.judge import judge
from vetflow.app.live import fetch_upstream, with_live_imports
from vetflow.app.network import Sources, open_sources
from vetflow.app.project import Project, open_project
from vetflow.app.request import Request
from vetflow.diffing.sizes import CrateSizes
from vetflow.errors import StoreError
from vetflow.model.audits import Publisher
from vetflow.model.findings import Finding, Level
from vetflow.model.names import CrateName, ImportName
from vetflow.model.packages import Package
from vetflow.model.store import AuditsFile, Store
from vetflow.model.suggestions import Hints, Suggest, Suggestion
from vetflow.model.version import VetVersion
from vetflow.resolve.backlog import backlog_store
from vetflow.resolve.conclude import Resolution
from vetflow.resolve.hints import hints
from vetflow.resolve.live import map_to_local_criteria
from vetflow.resolve.suggest import suggest
from vetflow.resolve.update_plan import CHECK
from vetflow.sources.api import CrateFacts, look_up_facts


class Suggested(NamedTuple):
    """What to audit.

    store: as it was opened. resolution: of the backlog. suggest: None when there is nothing to suggest. hints: what
    else is known of each.
    """

    store: Store
    resolution: Resolution
    suggest: Suggest | None
    hints: Mapping[Suggestion, Hints]
    notes: tuple[Finding, ...]


def suggest_backlog(
    request: Request,
    *,
    progress: Callable[[str, int, int], None],
    with_hints: bool = False,
    with_registry: bool = False,
) -> Suggested:
    """Suggest audits for everything that fails without exemptions; writes nothing.

    With `request.locked` the store's own imports are taken; sizes still need the index and archives, of which an
    offline run takes those it has. with_hints: also ask who published what is suggested. with_registry: and what the
    known publishers of audits say of it. Raises UndecidedError when the live state could not be had.
    """
    return suggest_in(open_project(request), progress=progress, with_hints=with_hints, with_registry=with_registry)


def suggest_in(
    project: Project,
    *,
    progress: Callable[[str, int, int], None],
    with_hints: bool = False,
    with_registry: bool = False,
) -> Suggested:
    """Do the same for a project that is open."""
    request = project.request
    opened = store = project.open_store(locked=request.locked).store
    held = held_note(project)
    held_notes = (held,) if held else ()
    with open_sources(project, progress) as sources:
        notes: tuple[Finding, ...] = ()
        if not request.locked:
            graph = project.graph(store.config.policy)
            # What is only exempted is to be suggested, unless a publisher's new version would settle it.
            backlog = backlog_store(store, live=False)
            fetched = fetch_upstream(graph, backlog, sources, CHECK, unpublished_anew=True)
            store, notes = with_live_imports(graph, store, fetched.upstream), fetched.notes
        judged = judge(project, backlog_store(store, live=not request.locked), sources)
        crates = RegistryCrates(sources, judged.project.workspace.packages)
        sizes = CrateSizes(crates, sources.cache, request.environ)
        found = suggest(judged.resolution, sizes, crates)
        if found is None or not with_hints or request.locked:
            return Suggested(opened, judged.resolution, found, {}, (*notes, *judged.notes, *held_notes))
        peers, lacking = _peers(store, sources) if with_registry else ({}, ())
        known = hints(judged.resolution, found, _publishers(found, crates, sources), peers, sizes=sizes, index=crates)
        return Suggested(opened, judged.resolution, found, known, (*notes, *judged.notes, *lacking, *held_notes))


def suggest_audits(
    project: Project, resolution: Resolution, sources: Sources, earlier: Iterable[Package] = ()
) -> Suggest | None:
    """Suggest audits for what fails in a resolution; None when nothing fails for lack of audits.

    earlier: packages of another lock, whose checksums are as good as this one's.
    """
    crates = RegistryCrates(sources, (*project.workspace.packages, *earlier))
    return suggest(resolution, CrateSizes(crates, sources.cache, project.request.environ), crates)


def _publishers(found: Suggest, crates: RegistryCrates, sources: Sources) -> dict[CrateName, tuple[Publisher, ...]]:
    """Ask who published the crates that are suggested; what cannot be had stays unknown."""
    versions: dict[CrateName, set[VetVersion]] = {}
    for each in (*found.suggestions, *found.unmeasured):
        versions.setdefault(each.delta.name, set()).add(each.delta.version)
    index = crates.look_up(versions)
    facts = look_up_facts(sources.fetcher, [crate for name in sorted(versions) if (crate := index[name])])
    return {name: answer.publishers() for name, answer in facts.items() if isinstance(answer, CrateFacts)}


def _peers(store: Store, sources: Sources) -> tuple[dict[ImportName, AuditsFile], tuple[Finding, ...]]:
    """Fetch what the publishers of the registry say, in local criteria; name those that could not be had."""
    sets = [known for known in known_sets(store.config.imports) if not known.imported]
    fetched = fetch_sets(sets, sources)
    peers: dict[ImportName, AuditsFile] = {}
    lacking = [*fetched.lacking]
    for each in fetched.found:
        name = each.known.name
        try:
            peers |= map_to_local_criteria({name: each.known.source}, {name: each.files}, store.criteria)
        except StoreError as error:  # their file contradicts itself, which is no reason to suggest nothing
            lacking.append(Lacking(name, error.message))
    notes = (
        Finding("import/unavailable", Level.NOTE, None, f"not looked at: the audits of {each.what} ({each.reason})")
        for each in lacking
    )
    return peers, tuple(notes)
