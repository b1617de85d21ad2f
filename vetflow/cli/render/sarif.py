"""Findings as a SARIF 2.1.0 log, for code scanning dashboards."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from vetflow import __version__
from vetflow.cli.render.report_json import inert
from vetflow.model.findings import Finding

_SCHEMA: Final = "https://json.schemastore.org/sarif-2.1.0.json"


def sarif(findings: Sequence[Finding]) -> str:
    """Return the log: one run, one result a finding, one rule an id."""
    rules = sorted({finding.id for finding in findings})
    return inert(
        {
            "$schema": _SCHEMA,
            "version": "2.1.0",
            "runs": [
                {
                    "tool": {
                        "driver": {
                            "name": "vetflow",
                            "version": __version__,
                            "rules": [{"id": rule, "name": rule.replace("/", "-")} for rule in rules],
                        },
                    },
                    "results": [_result(finding, rules) for finding in findings],
                },
            ],
        },
    )


def _result(finding: Finding, rules: list[str]) -> dict[str, Any]:
    text = f"{finding.reason}\n{finding.settle}" if finding.settle else finding.reason
    found: dict[str, Any] = {
        "ruleId": finding.id,
        "ruleIndex": rules.index(finding.id),
        "level": finding.level.value,
        "message": {"text": text},
    }
    if finding.place:
        region = {"region": {"startLine": finding.place.line}} if finding.place.line else {}
        found["locations"] = [
            {"physicalLocation": {"artifactLocation": {"uri": finding.place.file}, **region}},
        ]
    return found
