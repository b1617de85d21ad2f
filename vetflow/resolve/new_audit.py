"""A new audit as `certify` records it, and the git audits it may swallow (shared spec resolver 12.1)."""

from __future__ import annotations

from vetflow.model.audits import Audit, AuditKind
from vetflow.model.names import CrateName, CriteriaName
from vetflow.model.store import Store
from vetflow.model.version import VetVersion
from vetflow.resolve.audit_graph import AuditGraph
from vetflow.resolve.entries import EntryIndex
from vetflow.resolve.search import search
from vetflow.resolve.violations import find_conflicts


def new_audit(
    base: VetVersion | None,
    version: VetVersion,
    criteria: tuple[CriteriaName, ...],
    who: tuple[str, ...],
    notes: str | None,
) -> Audit:
    """Return a full audit, or a delta where there is a base; what speaks of a git revision is of no use to others."""
    return Audit(
        AuditKind.FULL if base is None else AuditKind.DELTA,
        criteria,
        version=version,
        base=base,
        who=who,
        importable=not (version.git or (base is not None and base.git)),
        notes=notes,
    )


def collapsed(store: Store, crate: CrateName, audit: Audit) -> Audit:
    """Return `audit`, a delta from a git revision, joined with the own audit that leads to that revision.

    That one must not be importable, must have the same list of criteria and start from something that holds them; the
    first such one counts. The update of the store then drops it as unneeded. Anything else comes back unchanged, also
    when entries of the crate contradict a violation. Raises StoreError when one of them names unknown criteria.
    """
    if audit.version is None or audit.base is None or not audit.base.git:
        return audit
    graph = AuditGraph(EntryIndex(store).of(crate), store.criteria)
    if find_conflicts(graph.entries, store.criteria):
        return audit
    for prior in store.audits.audits.get(crate, ()):
        leads_here = not prior.importable and prior.version == audit.base and prior.criteria == audit.criteria
        if leads_here and _is_rooted(graph, prior, store):
            who = (*(name for name in prior.who if name not in audit.who), *audit.who)
            return new_audit(prior.base, audit.version, audit.criteria, who, _joined(prior.notes, audit.notes))
    return audit


def _is_rooted(graph: AuditGraph, audit: Audit, store: Store) -> bool:
    """Whether the audit starts from nothing, or from a version that has all of its criteria."""
    if audit.base is None:
        return True
    criteria = store.criteria
    minimal = criteria.indices(criteria.minimal(criteria.set(audit.criteria)))
    return all(search(graph, 1 << index, audit.base) is not None for index in minimal)


def _joined(prior: str | None, new: str | None) -> str | None:
    if prior is None or new is None:
        return new if prior is None else prior
    return f"{prior}\n{new}"
