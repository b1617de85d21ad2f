"""Which criteria a new entry is for: what would help, and what somebody chose (shared spec resolver 12.1)."""

from __future__ import annotations

from collections.abc import Iterable

from vetflow.errors import NotFoundError
from vetflow.model.criteria import Criteria, CriteriaSet
from vetflow.model.names import CrateName, CriteriaName
from vetflow.model.packages import PackageGraph
from vetflow.model.report import VettingFailure
from vetflow.model.store import Store
from vetflow.model.version import VetVersion
from vetflow.resolve.backlog import backlog_store
from vetflow.resolve.conclude import Resolution, conclude
from vetflow.resolve.search import reach


def guess_criteria(
    graph: PackageGraph,
    store: Store,
    crate: CrateName,
    base: VetVersion | None,
    version: VetVersion,
    *,
    live: bool,
) -> tuple[CriteriaName, ...]:
    """Return the criteria for which an audit of `base` -> `version` would join what is vetted with what is needed.

    base: None for a full audit. What the check lacks counts first; where that is nothing, what the backlog lacks
    (`live` as in `backlog_store`). Empty when the audit would help nowhere. Raises what `conclude` raises.
    """
    for judged in (store, backlog_store(store, live=live)):
        helped = _helped(conclude(graph, judged), crate, base, version)
        if helped:
            return store.criteria.minimal_names(helped)
    return ()


def chosen_criteria(criteria: Criteria, names: Iterable[CriteriaName]) -> tuple[CriteriaName, ...]:
    """Return a choice of criteria as cargo-vet records it: what another one implies left out, in index order.

    Raises NotFoundError for a name that nobody defined; cargo-vet crashes on it, or writes a store it then refuses.
    """
    chosen = tuple(names)
    for name in chosen:
        if name not in criteria:
            raise NotFoundError(
                f"'{name}' is not a valid criteria name",
                help=f"the possible criteria are [{', '.join(criteria.names)}]",
            )
    return criteria.minimal_names(criteria.set(chosen))


def _helped(resolution: Resolution, crate: CrateName, base: VetVersion | None, version: VetVersion) -> CriteriaSet:
    conclusion = resolution.conclusion
    if not isinstance(conclusion, VettingFailure):
        return 0
    helped = 0
    for failure in conclusion.failures:
        node = resolution.graph.nodes[failure.node]
        if node.name != crate:
            continue
        for index in resolution.store.criteria.indices(failure.missing):
            ends = reach(resolution.audit_graphs[crate], 1 << index, node.version)
            if version in ends.from_target and base in ends.from_root:
                helped |= 1 << index
    return helped
