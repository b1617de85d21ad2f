"""`accept`: write down that somebody looked at a finding and accepts it, so that only what is new is asked about."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from vetflow.app.crate_surface import ReviewedCrate, review_crate
from vetflow.app.decisions import DecisionsWritten, change_decisions
from vetflow.app.project import open_project
from vetflow.app.request import Request
from vetflow.app.updating import Run
from vetflow.errors import NotFoundError, UsageError
from vetflow.model.dates import Date
from vetflow.model.decisions import Acceptance, Decisions
from vetflow.model.names import CrateName
from vetflow.model.version import VetVersion
from vetflow.surface.growth import BUILD_TIME, SHIPPED_BINARY, TIER_WORDS, binary_detail


class Accepted(NamedTuple):
    """acceptances: what was written down, one for each thing a rule found. written: the file."""

    acceptances: tuple[Acceptance, ...]
    written: DecisionsWritten


class AcceptedFinding(NamedTuple):
    """What somebody accepts. finding: a rule's id, a capability, or `capability:detail`. version: None for all."""

    crate: CrateName
    version: VetVersion | None
    finding: str
    reason: str
    by: tuple[str, ...]
    until: Date | None = None


def accept(request: Request, accepted: AcceptedFinding, run: Run) -> Accepted:
    """Accept a finding of a crate; entries that say the same about it are replaced.

    Raises NotFoundError where the crate shows no such finding, UsageError for a day that is past, StoreError.
    """
    if accepted.until is not None and accepted.until < request.today:
        raise UsageError(f"{accepted.until} is past", help="name the last day on which the finding stays accepted")
    project = open_project(request)
    crates = review_crate(request, accepted.crate, accepted.version, run.progress)
    acceptances = tuple(
        Acceptance(capability, detail, accepted.reason, accepted.by, accepted.version, accepted.until)
        for capability, detail in _named(accepted.finding, accepted.crate, crates)
    )
    subjects = {(each.capability, each.detail, each.version) for each in acceptances}

    def change(decisions: Decisions) -> Decisions:
        others = [
            each
            for each in decisions.acceptances.get(accepted.crate, ())
            if (each.capability, each.detail, each.version) not in subjects
        ]
        return decisions._replace(acceptances={**decisions.acceptances, accepted.crate: (*others, *acceptances)})

    return Accepted(acceptances, change_decisions(project, change, run))


def _named(finding: str, crate: CrateName, crates: Sequence[ReviewedCrate]) -> list[tuple[str, str | None]]:
    """Return the capabilities and details that a word means: those of a rule, or the ones that are spelled out."""
    evidence = [each.evidence for reviewed in crates for each in reviewed.findings]
    binaries = [each for reviewed in crates for each in reviewed.reading.binaries]
    found = [(each.rule, each.capability, each.detail) for each in evidence]
    by_rule = {(capability, detail) for rule, capability, detail in found if rule == finding}
    if by_rule:
        # Of machine code `surface --check` compares what it is, not what shows it.
        files = {each.path for each in evidence if each.rule == finding and each.line is None}
        return sorted(by_rule | {(SHIPPED_BINARY, binary_detail(each)) for each in binaries if each.path in files})
    known = {(capability, detail) for _, capability, detail in found}
    known |= {(BUILD_TIME, word) for word in TIER_WORDS.values()}
    known |= {(SHIPPED_BINARY, binary_detail(each)) for each in binaries}
    capability, colon, detail = finding.partition(":")
    detail = detail.lstrip()  # as `surface` shows it
    if colon and (capability, detail) in known:
        return [(capability, detail)]
    if not colon and capability in {each for each, _ in known}:
        return [(capability, None)]
    shown = sorted({f"{each}:{what}" for each, what in known if each == capability} or {rule for rule, _, _ in found})
    raise NotFoundError(
        f"{crate} shows no finding '{finding}'",
        help=f"there is {', '.join(shown[:12])}" if shown else f"`vetflow surface {crate}` lists what there is",
    )
