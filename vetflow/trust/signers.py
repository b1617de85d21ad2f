"""Who may certify what: entries by people the rules do not name for a criterion, by too few, or with a machine's help.

Only what somebody signed says who made an entry; where a project does not sign, `who` is all there is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

from vetflow.errors import Place
from vetflow.model.audits import Audit, AuditKind, TrustedEntry
from vetflow.model.findings import Finding, Level
from vetflow.model.rules import Assisted, Demanded, ProjectRules, SignerCount
from vetflow.trust.claims import Claim, claim_of
from vetflow.trust.signatures import addresses
from vetflow.trust.verification import EntryVerdict

_SETTLE: Final = "whoever may certify it runs `vetflow sign --resign {crate}`"


def signer_findings(
    verdict: EntryVerdict, rules: ProjectRules, place: Callable[[], Place | None], *, signs: bool
) -> Iterator[Finding]:
    """Yield what is wrong with who made an entry. signs: the project signs at all."""
    if verdict.is_old:
        return
    claim = claim_of(verdict.crate, verdict.entry)
    yield from _of_criteria(verdict, claim, rules, place, signs=signs)
    if not signs or rules.signatures.require is Demanded.OFF:
        return
    people = {sound.row.signer for sound in verdict.statements}
    for count in rules.signatures.counts:
        if people and len(people) < count.min_signers and _concerns(count, verdict, claim):
            reason = f"{claim} is signed by {len(people)} of {count.min_signers} people"
            yield Finding(
                "signers/too-few", Level.FAIL, place(), reason, f"another one runs `vetflow sign {claim.crate}`"
            )
    helped = [sound.statement.seen.assisted_by for sound in verdict.statements]
    if helped and all(helped) and rules.assisted is not Assisted.ALLOW:
        refused = rules.assisted is Assisted.REFUSE
        helpers = ", ".join(sorted({name for names in helped for name in names}))
        reason = f"{claim} was audited with the help of {helpers}"
        settle = _SETTLE.format(crate=claim.crate) if refused else None
        yield Finding("signers/assisted", Level.FAIL if refused else Level.NOTE, place(), reason, settle)


def _of_criteria(
    verdict: EntryVerdict, claim: Claim, rules: ProjectRules, place: Callable[[], Place | None], *, signs: bool
) -> Iterator[Finding]:
    entry = verdict.entry
    if isinstance(entry, Audit) and entry.kind is AuditKind.VIOLATION:
        return  # anybody may warn
    who = () if isinstance(entry, TrustedEntry) else addresses(entry.who)
    people = {sound.row.signer for sound in verdict.statements} if signs else set(who)
    for criterion in entry.criteria:
        allowed = rules.signers.get(criterion)
        if allowed is not None and not people & set(allowed):
            reason = f"{claim} claims {criterion}, which only {', '.join(allowed)} may certify"
            yield Finding("signers/not-allowed", Level.FAIL, place(), reason, _SETTLE.format(crate=claim.crate))


def _concerns(count: SignerCount, verdict: EntryVerdict, claim: Claim) -> bool:
    by_criteria = not count.criteria or not set(count.criteria).isdisjoint(verdict.entry.criteria)
    return by_criteria and (not count.kinds or claim.kind in count.kinds)
