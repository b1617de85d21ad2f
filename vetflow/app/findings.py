"""The verdict as findings: one for each crate that is not vetted and each contradiction, at its line of Cargo.lock."""

from __future__ import annotations

from vetflow.app.check import Check, notes_of
from vetflow.app.unvetted import UnvettedCrate
from vetflow.app.wording import enumerate_words, explain_miss, whose
from vetflow.errors import Place
from vetflow.model.findings import Finding, Level
from vetflow.model.packages import Package
from vetflow.model.report import AuditConflict, Conflict


def findings_of(check: Check) -> tuple[Finding, ...]:
    """Return the findings of a check, in the report's order; none when everything is vetted."""
    return (
        *notes_of(check),
        *(_unvetted(check, crate) for crate in check.unvetted()),
        *(
            _conflict(check, check.resolution.graph.nodes[node].package, conflict)
            for node, conflicts in check.conflicts()
            for conflict in conflicts
        ),
    )


def _unvetted(check: Check, crate: UnvettedCrate) -> Finding:
    package = crate.package
    criteria = enumerate_words(crate.missing)
    return Finding(
        "vet/unvetted",
        Level.FAIL,
        _place(check, package),
        f"{package.name} {package.version} is not vetted for {criteria}: {explain_miss(crate.miss, package.version)}",
        "; ".join(crate.advice.commands),
    )


def _conflict(check: Check, package: Package, conflict: Conflict) -> Finding:
    reason = f"{package.name} {package.version}: {conflict_sentence(conflict)}"
    return Finding("vet/violation", Level.FAIL, _place(check, package), reason)


def conflict_sentence(conflict: Conflict) -> str:
    """Say which entry contradicts which violation."""
    if isinstance(conflict, AuditConflict):
        audit = conflict.audit
        subject = audit.version if audit.base is None else f"{audit.base} -> {audit.version}"
        entry = f"{whose(conflict.audit_source)} audit of {subject}"
    else:
        entry = f"the exemption of {conflict.exemption.version}"
    violation = conflict.violation
    return f"{entry} contradicts {whose(conflict.violation_source)} violation of {violation.violation}"


def _place(check: Check, package: Package) -> Place | None:
    return check.project.lock_place(package)
