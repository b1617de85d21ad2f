"""The answer of `ci` for programs: JSON (docs/schemas/ci.json), JUnit for build servers, Markdown for a job summary."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from vetflow.app.ci.answer import Answer
from vetflow.app.ci.crates import ChangedCrate
from vetflow.cli.render.ci import audit_words, build_time, ending_lines, findings_to_tell, heading, made_words, summary
from vetflow.cli.render.findings import finding_rows
from vetflow.cli.render.markdown import code, escaped
from vetflow.cli.render.report_json import inert
from vetflow.formats.time_span import spell_time_span
from vetflow.model.findings import Finding, Level
from vetflow.model.rules import rule_of
from vetflow.text import shown

SCHEMA: Final = "vetflow/ci/1"
_MOST_TOLD: Final = 50


def findings_of_answer(found: Answer) -> tuple[Finding, ...]:
    """Return the findings as annotations have them: the proposal's own decisions first."""
    made = (
        Finding("proposal/decided", Level.NOTE if each.why_not is None else Level.WARN, None, made_words(each))
        for each in found.made
    )
    undecided = (Finding("ci/undecided", Level.WARN, None, reason) for reason in found.undecided)
    told = (
        each.finding
        for each in found.judged
        if each.decides or each.finding.level is Level.FAIL or each.finding.id == "expiry/fails"
    )
    return (*made, *told, *undecided)


def as_json(found: Answer) -> str:
    """Return the document."""
    conclusion = "success" if found.check.succeeded else "failure"
    return inert(
        {
            "schema": SCHEMA,
            "decision": found.decision.value,
            "base": found.base,
            "commit": found.check.project.commit,
            "profile": found.rules.profile,
            "verdict": conclusion,
            "minutes": round(found.minutes, 1),
            "succeeded": not found.failed and not found.undecided,
            "made_here": [
                {
                    "kind": each.kind,
                    "crate": each.crate or None,
                    "what": each.what,
                    "reason": each.reason,
                    "by": list(each.by),
                    "counts": each.why_not is None,
                    "why_not": each.why_not,
                }
                for each in found.made
            ],
            "audits_made": [{"audit": words, "holds": holds} for words, holds in audit_words(found)],
            "crates": [_crate(crate) for crate in found.crates],
            "gate": {
                "privileged": len(found.gate),
                "attested": sum(each.passes is not None for each in found.gate),
            },
            "findings": [
                {**row, "rule": rule.name if (rule := rule_of(each.finding.id)) else None, "decides": each.decides}
                for each, row in zip(found.judged, finding_rows(each.finding for each in found.judged), strict=True)
            ],
            "undecided": list(found.undecided),
        }
    )


def _crate(crate: ChangedCrate) -> dict[str, Any]:
    delta = crate.delta
    return {
        "name": crate.package.name,
        "version": str(crate.package.version),
        "old": str(crate.old) if crate.old else None,
        "build_time": crate.build_time,
        "build_lines": crate.build_lines,
        "vetted": crate.is_vetted,
        "vetted_by": list(crate.vetted_by),
        "delta": delta and {"from": str(delta.delta.base) if delta.delta.base else None, "lines": delta.lines},
        "commands": list(crate.commands),
        "age_seconds": crate.age,
        "publisher": crate.publisher,
        "audited_by": list(crate.audited_by),
        "hold": crate.hold,
        "gate": crate.gate and crate.gate.value,
    }


def as_junit(found: Answer) -> str:
    """Return a JUnit report: one case a finding, of which those that fail are failures; at least one case."""
    from xml.sax.saxutils import escape, quoteattr  # noqa: PLC0415  one format is needed per run

    rows = findings_of_answer(found)
    failures = sum(row.level is Level.FAIL for row in rows)
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        f'<testsuite name="vetflow ci" tests="{len(rows) + 1}" failures="{failures}">',
        f'  <testcase classname="vetflow" name={quoteattr(f"decision: {found.decision.value}")}/>',
    ]
    for row in rows:
        name = f"classname={quoteattr(shown(row.id))} name={quoteattr(shown(row.reason))}"
        settle = shown(row.settle or "")
        if row.level is Level.FAIL:
            lines.append(f"  <testcase {name}><failure message={quoteattr(settle)}/></testcase>")
        else:
            lines.append(f"  <testcase {name}><system-out>{escape(settle)}</system-out></testcase>")
    return "\n".join([*lines, "</testsuite>", ""])


def as_markdown(found: Answer) -> Iterator[str]:
    """Yield the lines of a job summary; what crates and people wrote is no markup."""
    yield f"## vetflow: {found.decision.value}"
    yield ""
    yield escaped(summary(found))
    for made in found.made:
        counts = "counts" if made.why_not is None else f"does not count: {made.why_not}"
        yield f"- **{escaped(made_words(made))}** ({escaped(counts)})"
    if found.crates:
        yield ""
        yield "| crate | build-time code | least to read | age | publisher | audited by |"
        yield "|---|---|---|---|---|---|"
        yield from map(_table_row, found.crates)
        yield ""
        for crate in found.crates:
            yield from (f"- `{code(command)}`" for command in crate.commands)
    told = findings_to_tell(found)
    if told or found.undecided:
        yield ""
        yield from (f"- could not be decided: {escaped(reason)}" for reason in found.undecided[:_MOST_TOLD])
        for row in told[:_MOST_TOLD]:
            settle = f"; `{code(row.settle)}`" if row.settle else ""
            yield f"- {row.level.value}: {escaped(row.reason)}{settle}"
        if len(told) > _MOST_TOLD:
            yield f"- and {len(told) - _MOST_TOLD} more"
    ending = list(ending_lines(found))
    if ending:
        yield ""
        yield from (f"- soon: {escaped(line)}" for line in ending)


def _table_row(crate: ChangedCrate) -> str:
    delta = crate.delta
    lines = "not measured" if delta is None or delta.lines is None else f"{delta.lines:,} lines"
    cells = (
        heading(crate),
        build_time(crate),
        "nothing" if crate.is_vetted else lines,
        "" if crate.age is None else spell_time_span(crate.age),
        crate.publisher or "",
        ", ".join(crate.audited_by),
    )
    return f"| {' | '.join(map(escaped, cells))} |"
