"""Findings as lines and as JSON, for the commands whose result they are."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from vetflow.cli.output import Line, Style, Styled
from vetflow.model.findings import Finding, Level

_STYLES: Final[Mapping[Level, Style]] = {Level.FAIL: Style.BAD, Level.WARN: Style.WARN, Level.NOTE: Style.FAINT}


def finding_lines(findings: Iterable[Finding]) -> Iterator[Line]:
    """Yield each finding with its place, and below it what settles it."""
    for finding in findings:
        place = f" {finding.place}" if finding.place else ""
        level = Styled(finding.level.value, _STYLES[finding.level])
        yield (level, f"{place}: {finding.reason} [{finding.id}]")
        if finding.settle:
            yield (f"  settle: {finding.settle}",)


def finding_rows(findings: Iterable[Finding]) -> list[dict[str, Any]]:
    """Return findings as they stand in a document."""
    return [
        {
            "id": finding.id,
            "level": finding.level.value,
            "file": finding.place and finding.place.file,
            "line": finding.place and finding.place.line,
            "reason": finding.reason,
            "settle": finding.settle,
        }
        for finding in findings
    ]


def findings_json(schema: str, findings: Iterable[Finding], **more: Any) -> str:
    """Return a document that is about findings; `more` are its other values."""
    from vetflow.cli.render.report_json import inert  # noqa: PLC0415  most people read the lines

    return inert({"schema": schema, **more, "findings": finding_rows(findings)}) + "\n"
