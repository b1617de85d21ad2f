"""The verdict as cargo-vet's JSON report, byte for byte (shared spec resolver 14): two spaces, no final newline."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from vetflow.model.audits import Audit, AuditKind, Exemption
from vetflow.model.criteria import Criteria
from vetflow.model.packages import PackageGraph
from vetflow.model.report import (
    AuditConflict,
    Conclusion,
    Conflict,
    Success,
    Vetting,
    VettingFailure,
)

if TYPE_CHECKING:  # a locked check has no suggestions
    from vetflow.model.suggestions import Suggest


def report_json(conclusion: Conclusion, graph: PackageGraph, criteria: Criteria, suggest: Suggest | None = None) -> str:
    """Return the report of a check or of `suggest`: lists in graph order.

    suggest: what to audit, None where nobody asked for it, as in a locked check.
    """
    report = _report(conclusion, graph, criteria)
    if suggest is not None:
        from vetflow.cli.render.suggestions import suggest_object  # noqa: PLC0415  a locked check has none

        report["suggest"] = suggest_object(suggest, criteria)
    return pretty(report)


def pretty(value: Any) -> str:
    """Return JSON in the layout of cargo-vet's serialiser."""
    return json.dumps(value, indent=2, ensure_ascii=False)


def inert(value: Any, *, indent: int | None = 2) -> str:
    """Return JSON in the same layout without a character that a terminal could obey: for all that quotes others.

    indent: None for one line.
    """
    # Within JSON a DEL can only stand in a string, where an escape means the same.
    return json.dumps(value, indent=indent).replace("\x7f", "\\u007f")


def _report(conclusion: Conclusion, graph: PackageGraph, criteria: Criteria) -> dict[str, Any]:
    if isinstance(conclusion, Success):
        return {
            "conclusion": "success",
            **{
                key: [_crate(graph, crate.node) for crate in conclusion.crates if crate.vetting is vetting]
                for key, vetting in (
                    ("vetted_fully", Vetting.FULLY),
                    ("vetted_partially", Vetting.PARTIALLY),
                    ("vetted_with_exemptions", Vetting.EXEMPTED),
                )
            },
        }
    if isinstance(conclusion, VettingFailure):
        return {
            "conclusion": "fail (vetting)",
            "failures": [
                {
                    **_crate(graph, failure.node),
                    "missing_criteria": list(criteria.minimal_names(failure.missing)),
                }
                for failure in conclusion.failures
            ],
            "suggest": None,
        }
    by_crate = {
        f"{graph.nodes[node].name}:{graph.nodes[node].version}": _conflicts(conflicts)
        for node, conflicts in conclusion.conflicts
    }
    return {"conclusion": "fail (violation)", "violations": {key: by_crate[key] for key in sorted(by_crate)}}


def _crate(graph: PackageGraph, node: int) -> dict[str, str]:
    return {"name": graph.nodes[node].name, "version": str(graph.nodes[node].version)}


def _conflicts(conflicts: Iterable[Conflict]) -> list[dict[str, Any]]:
    return [_conflict(conflict) for conflict in conflicts]


def _conflict(conflict: Conflict) -> dict[str, Any]:
    violation = {
        "violation_source": conflict.violation_source,
        "violation": _audit(conflict.violation),
    }
    if isinstance(conflict, AuditConflict):
        return {
            "AuditConflict": {
                **violation,
                "audit_source": conflict.audit_source,
                "audit": _audit(conflict.audit),
            },
        }
    return {"UnauditedConflict": {**violation, "exemptions": _exemption(conflict.exemption)}}


def _one_or_list(values: tuple[str, ...]) -> str | list[str]:
    return values[0] if len(values) == 1 else list(values)


def _audit(audit: Audit) -> dict[str, Any]:
    full = audit.kind is AuditKind.FULL
    delta = audit.kind is AuditKind.DELTA
    found: dict[str, Any] = {"who": _one_or_list(audit.who)} if audit.who else {}
    found |= {
        "criteria": _one_or_list(audit.criteria),
        "version": str(audit.version) if full else None,
        "delta": f"{audit.base} -> {audit.version}" if delta else None,
        "violation": None if audit.violation is None else str(audit.violation),
        "importable": None if audit.importable else False,
        "notes": audit.notes,
    }
    if audit.aggregated_from:
        found["aggregated-from"] = _one_or_list(audit.aggregated_from)
    return found


def _exemption(exemption: Exemption) -> dict[str, Any]:
    return {
        "version": str(exemption.version),
        "criteria": _one_or_list(exemption.criteria),
        **({} if exemption.suggest else {"suggest": False}),
        "notes": exemption.notes,
    }
