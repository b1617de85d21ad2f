"""Violations: what speaks against versions, and which entries contradict it (shared spec resolver 5).

Wildcard audits and trusted entries are never held against a violation. Otherwise it does not matter whether
an entry is used for the verdict: an exemption or audit of a version that is not in use contradicts just as
well.
"""

from __future__ import annotations

from collections.abc import Iterator

from vetflow.model.audits import Audit
from vetflow.model.criteria import Criteria, CriteriaSet
from vetflow.model.names import ImportName
from vetflow.model.report import AuditConflict, Conflict, ExemptionConflict
from vetflow.resolve.entries import CrateEntries


def find_conflicts(entries: CrateEntries, criteria: Criteria) -> tuple[Conflict, ...]:
    """Return the conflicts about one crate in cargo-vet's order: by violation, imports before the own store.

    All criteria that the entries name must be known.
    """
    if not any(audit.violation is not None for _, audits in entries.audits for audit in audits):
        return ()
    return tuple(
        conflict
        for source, audit in _audits_imports_first(entries)
        for conflict in _contradictions(source, audit, entries, criteria)
    )


def _contradictions(
    source: ImportName | None,
    violation: Audit,
    entries: CrateEntries,
    criteria: Criteria,
) -> Iterator[Conflict]:
    """Yield what contradicts one audit, if it is a violation: exemptions first, then audits."""
    versions = violation.violation
    if versions is None:
        return
    # Each criterion for itself: a violation of [a, b] contradicts an audit for [a, c].
    denied = [criteria.closure(name) for name in violation.criteria]

    def is_denied(claimed: CriteriaSet) -> bool:
        return any(claimed & one == one for one in denied)

    for exemption in entries.exemptions:
        if is_denied(criteria.set(exemption.criteria)) and versions.matches(exemption.version):
            yield ExemptionConflict(source, violation, exemption)
    for audit_source, audit in _audits_imports_first(entries):
        ends = [version for version in (audit.base, audit.version) if version is not None]
        if is_denied(criteria.set(audit.criteria)) and any(map(versions.matches, ends)):
            yield AuditConflict(source, violation, audit_source, audit)


def _audits_imports_first(entries: CrateEntries) -> Iterator[tuple[ImportName | None, Audit]]:
    for source, audits in sorted(entries.audits, key=lambda found: found[0] is None):
        for audit in audits:
            yield source, audit
