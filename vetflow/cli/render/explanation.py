"""explain-audit's answer in cargo-vet's lines (shared spec resolver 11)."""

from __future__ import annotations

from collections.abc import Iterator

from vetflow.cli.render.short_list import short_list
from vetflow.model.audits import Audit, AuditKind, TrustedEntry, Unpublished, WildcardAudit
from vetflow.model.report import Explanation, Step


def lines(explanation: Explanation) -> Iterator[str]:
    """Yield the steps from nothing to the version, or which versions would be certified."""
    subject = f"The package {explanation.name} {explanation.version}"
    if explanation.steps:
        yield f"{subject} certifies for {explanation.criterion}"
        for number, step in enumerate(explanation.steps, 1):
            yield f"{number}) [{_source(step)}] {_what(step)}"
        return
    yield f"{subject} does not certify for {explanation.criterion}"
    if explanation.certified:
        yield "The following versions would certify:"
        for version in explanation.certified:
            yield f" - {version}"


def _source(step: Step) -> str:
    return (step.origin.source or "local") + (" (uncached)" if step.fresh else "")


def _what(step: Step) -> str:
    entry = step.entry
    if isinstance(entry, Audit):
        what = f"delta audit for {entry.base}->" if entry.kind is AuditKind.DELTA else "full audit for "
        return f"{what}{entry.version} by {_who(entry.who)}"
    if isinstance(entry, WildcardAudit):
        return f"wildcard audit for {step.version} (published by: {_login(step)}) by {_who(entry.who)}"
    if isinstance(entry, TrustedEntry):
        return f"trusted entry for {step.version} (published by: {_login(step)})"
    if isinstance(entry, Unpublished):
        return f"auditing unpublished version {step.version} as {entry.audited_as}"
    return f"exemption for {step.version}"


def _who(who: tuple[str, ...]) -> str:
    return short_list(who) if who else "<unspecified>"


def _login(step: Step) -> str:
    publisher = step.publisher
    if publisher is None:
        return ""
    return str(publisher.source) if isinstance(publisher.source, str) else publisher.user_login or ""
