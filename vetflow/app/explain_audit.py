"""`explain-audit`: which audits lead to a version."""

from __future__ import annotations

from collections.abc import Callable

from vetflow.app.project import Project, open_project
from vetflow.app.request import Request
from vetflow.errors import NotFoundError
from vetflow.model.names import CrateName, CriteriaName
from vetflow.model.packages import PackageGraph
from vetflow.model.report import Explanation
from vetflow.model.store import Store
from vetflow.model.version import VersionSyntaxError, parse_version
from vetflow.resolve.explain import explain


def explain_audit(
    request: Request,
    crate: CrateName,
    version: str | None,
    criterion: CriteriaName,
    *,
    progress: Callable[[str, int, int], None],
) -> Explanation:
    """Explain `crate`, unless `request.locked` with what others have published since.

    Raises NotFoundError for a bad version or criterion, and what `resolve.explain` raises.
    """
    try:
        wanted = None if version is None else parse_version(version)
    except VersionSyntaxError as error:
        raise NotFoundError(f"'{version}' is not a version: {error}", help="for example 1.2.3") from error
    project = open_project(request)
    store = project.open_store(locked=request.locked).store
    graph = project.graph(store.config.policy)
    if not (request.locked or request.rev):
        store = _live(project, graph, store, crate, progress)
    return explain(graph, store, crate, wanted, criterion)


def _live(
    project: Project, graph: PackageGraph, store: Store, crate: CrateName, progress: Callable[[str, int, int], None]
) -> Store:
    from vetflow.app.live import fetch_upstream, with_live_imports  # noqa: PLC0415  a locked run fetches nothing
    from vetflow.app.network import open_sources  # noqa: PLC0415
    from vetflow.resolve.update_plan import CHECK  # noqa: PLC0415

    with open_sources(project, progress) as sources:
        fetched = fetch_upstream(graph, store, sources, CHECK, also={crate} if _has_publishers(store, crate) else ())
        return with_live_imports(graph, store, fetched.upstream)


def _has_publishers(store: Store, crate: CrateName) -> bool:
    """Whether anybody's trust in a publisher is about a crate, as far as the store tells."""
    files = (store.audits, *store.imports.audits.values())
    return any(crate in file.wildcard_audits or crate in file.trusted for file in files)
