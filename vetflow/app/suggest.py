"""`suggest`: the audits with the least to read that would vet what is not vetted, or only exempted."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NamedTuple

from vetflow.app.crate_contents import RegistryCrates
from vetflow.app.judge import judge
from vetflow.app.live import fetch_upstream, with_live_imports
from vetflow.app.network import Sources, open_sources
from vetflow.app.project import Project, open_project
from vetflow.app.request import Request
from vetflow.diffing.sizes import CrateSizes
from vetflow.model.findings import Finding
from vetflow.model.suggestions import Hints, Suggest, Suggestion
from vetflow.resolve.backlog import backlog_store
from vetflow.resolve.conclude import Resolution
from vetflow.resolve.suggest import suggest
from vetflow.resolve.update_plan import CHECK


class Suggested(NamedTuple):
    """resolution: of the backlog. suggest: None when there is nothing to suggest. hints: what else is known of each."""

    resolution: Resolution
    suggest: Suggest | None
    hints: Mapping[Suggestion, Hints]
    notes: tuple[Finding, ...]


def suggest_backlog(request: Request, *, progress: Callable[[str, int, int], None]) -> Suggested:
    """Suggest audits for everything that fails without exemptions; writes nothing.

    With `request.locked` the store's own imports are taken; sizes still need the index and archives, of which an
    offline run takes those it has. Raises UndecidedError when the live state could not be had.
    """
    project = open_project(request)
    store = project.open_store(locked=request.locked).store
    with open_sources(project, progress) as sources:
        notes: tuple[Finding, ...] = ()
        if not request.locked:
            graph = project.graph(store.config.policy)
            fetched = fetch_upstream(graph, store, sources, CHECK)
            store, notes = with_live_imports(graph, store, fetched.upstream), fetched.notes
        judged = judge(project, backlog_store(store, live=not request.locked), sources)
        found = suggest_audits(judged.project, judged.resolution, sources)
        return Suggested(judged.resolution, found, {}, (*notes, *judged.notes))


def suggest_audits(project: Project, resolution: Resolution, sources: Sources) -> Suggest | None:
    """Suggest audits for what fails in a resolution; None when nothing fails for lack of audits."""
    crates = RegistryCrates(sources)
    return suggest(resolution, CrateSizes(crates, sources.cache, project.request.environ), crates)
