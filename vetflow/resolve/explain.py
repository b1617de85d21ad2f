"""Why a version of a crate is certified for a criterion, or what would be (shared spec resolver 11)."""

from __future__ import annotations

from vetflow.errors import NotFoundError, ViolationError
from vetflow.model.names import CrateName, CriteriaName
from vetflow.model.packages import PackageGraph
from vetflow.model.report import Explanation
from vetflow.model.store import Store
from vetflow.model.version import VetVersion
from vetflow.resolve.audit_graph import AuditGraph
from vetflow.resolve.entries import EntryIndex
from vetflow.resolve.search import reach, search
from vetflow.resolve.violations import find_conflicts


def explain(
    graph: PackageGraph | None,
    store: Store,
    name: CrateName,
    version: VetVersion | None,
    criterion: CriteriaName,
) -> Explanation:
    """Explain what certifies `version` of any crate, in use or not, for one criterion.

    Without a version the workspace must hold exactly one package of that name. Raises NotFoundError when
    it does not or when the criterion is unknown, ViolationError when entries contradict a violation,
    StoreError when an entry about the crate names unknown criteria.
    """
    if criterion not in store.criteria:
        raise NotFoundError(
            f"'{criterion}' is not a valid criteria name",
            help=f"the possible criteria are [{', '.join(store.criteria.names)}]",
        )
    if version is None:
        version = _only_version(graph, name)
    wanted = store.criteria.closure(criterion)
    audit_graph = AuditGraph(EntryIndex(store).of(name), store.criteria)
    if find_conflicts(audit_graph.entries, store.criteria):
        raise ViolationError(
            "This package has violation conflicts", help="`vetflow check` lists which entries contradict it"
        )
    path = search(audit_graph, wanted, version)
    if path is not None:
        return Explanation(name, version, criterion, tuple(map(audit_graph.step, path.edges)), ())
    certified = reach(audit_graph, wanted, version).from_root - {None}
    return Explanation(name, version, criterion, (), tuple(sorted(each for each in certified if each)))


def _only_version(graph: PackageGraph | None, name: CrateName) -> VetVersion:
    versions = [package.version for package in graph.packages if package.name == name] if graph else []
    if len(versions) == 1:
        return versions[0]
    if versions:
        way_out = f"name a version: this workspace has {name} {', '.join(map(str, versions))}"
    else:
        way_out = f"no package of this workspace is called {name}; name a version to ask all the same"
    raise NotFoundError("Ambiguous package version", help=way_out)
