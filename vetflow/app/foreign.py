"""Guards against mistyping: whether a name is that of a third-party crate of the workspace, and criteria exist."""

from __future__ import annotations

from vetflow.app.project import Project
from vetflow.errors import NotFoundError
from vetflow.graph.package_graph import is_third_party
from vetflow.model.names import CrateName, CriteriaName
from vetflow.model.packages import PackageGraph
from vetflow.model.store import PolicyTable, Store
from vetflow.resolve.certify_criteria import chosen_criteria


def require_foreign(graph: PackageGraph, policy: PolicyTable, crate: CrateName) -> None:
    """Raise NotFoundError unless a package of that name, in use or not, counts as third-party.

    Source: shared spec resolver 12.1 and 12.3; `--force` is for callers to leave this out.
    """
    foreign = sorted({package.name for package in graph.packages if is_third_party(package, policy)})
    if crate in foreign:
        return
    from difflib import get_close_matches  # noqa: PLC0415  only after a mistake

    near = get_close_matches(crate, foreign, n=3)
    raise NotFoundError(
        f"'{crate}' isn't one of your foreign packages",
        help=(f"did you mean {' or '.join(near)}? " if near else "") + "use --force to ignore this error",
    )


def criteria_to_record(
    project: Project, store: Store, crate: CrateName, criteria: tuple[CriteriaName, ...], *, force: bool
) -> tuple[CriteriaName, ...]:
    """Return the criteria of an entry about a crate: as they were given, the store's default where none were.

    force: also for a crate that is not in use. Raises NotFoundError for an unknown crate or criterion.
    """
    if not force:
        require_foreign(project.graph(store.config.policy), store.config.policy, crate)
    names = criteria or (store.config.default_criteria,)
    chosen_criteria(store.criteria, names)
    return names
