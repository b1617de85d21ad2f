"""What the base of a delta holds, and by whose audits: what somebody certifying the delta builds on."""

from __future__ import annotations

from collections.abc import Iterator

from vetflow.app.certify import Proposal
from vetflow.cli.output import Line, Style, Styled
from vetflow.model.audits import Audit, Exemption, TrustedEntry, WildcardAudit
from vetflow.model.criteria import Criteria
from vetflow.model.report import Step


def base_lines(proposed: Proposal, criteria: Criteria) -> Iterator[Line]:
    """Yield what is known of a delta's base; nothing for a full audit."""
    if proposed.base is None or proposed.base_criteria is None:
        return
    name = f"{proposed.target.crate} {proposed.target.base}"
    held = f"holds {', '.join(proposed.base_criteria)}" if proposed.base_criteria else "is not vetted for anything"
    yield (Styled(name, Style.TITLE), f", which this starts from, {held}")
    for step in proposed.base.steps:
        yield from _step_lines(step, criteria)


def _step_lines(step: Step, criteria: Criteria) -> Iterator[Line]:
    whose = f"imported from {step.origin.source}" if step.origin.source else "own"
    reach = f"{step.base} -> {step.version}" if step.base else str(step.version)
    entry = step.entry
    parts = [f"{whose} {step.origin.kind.value} {reach}"]
    if isinstance(entry, Audit | WildcardAudit | TrustedEntry | Exemption):
        parts.append(f"for {', '.join(criteria.minimal_names(criteria.set(entry.criteria)))}")
    if isinstance(entry, Audit | WildcardAudit) and entry.who:
        parts.append(f"by {', '.join(entry.who)}")
    yield ("  ", " ".join(parts))
    notes = getattr(entry, "notes", None)
    for line in (notes or "").splitlines():
        yield (Styled(f"    {line}", Style.FAINT),)
