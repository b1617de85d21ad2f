"""What is known of the version a delta starts from: a delta never holds for more than its base does."""

from __future__ import annotations

from typing import NamedTuple

from vetflow.model.criteria import CriteriaSet
from vetflow.model.names import CrateName
from vetflow.model.report import Step
from vetflow.model.store import Store
from vetflow.model.version import VetVersion
from vetflow.resolve.audit_graph import AuditGraph
from vetflow.resolve.entries import EntryIndex
from vetflow.resolve.search import search


class DeltaBase(NamedTuple):
    """The base of a delta. criteria: all it is certified for, by whatever path; steps: the entries that lead to it."""

    criteria: CriteriaSet
    steps: tuple[Step, ...]


def delta_base(store: Store, crate: CrateName, base: VetVersion) -> DeltaBase:
    """Look a version up, whether the crate is in use or not; raises StoreError for entries with unknown criteria."""
    graph = AuditGraph(EntryIndex(store).of(crate), store.criteria)
    held = 0
    for index in range(len(store.criteria)):
        if search(graph, 1 << index, base) is not None:
            held |= 1 << index
    return DeltaBase(held, tuple(graph.step(edge) for edge in graph.into.get(base, ())))
