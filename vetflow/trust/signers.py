"""Who may certify what: entries by people the rules do not name for a criterion, by too few, or with a machine's help.

Only what somebody signed says who made an entry; where a project does not sign, `who` is all there is. A criterion is
certified by an entry for one that implies it, too.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator
from typing import Final, NamedTuple

from vetflow.errors import Place
from vetflow.model.audits import Audit, AuditKind, Exemption, TrustedEntry
from vetflow.model.criteria import Criteria
from vetflow.model.findings import Finding, Level
from vetflow.model.names import CrateName, CriteriaName
from vetflow.model.rules import Assisted, Demanded, ProjectRules, SignerCount
from vetflow.trust.claims import Claim, claim_of
from vetflow.trust.signatures import Sound, addresses
from vetflow.trust.verification import EntryVerdict

_DAY: Final = 24 * 60 * 60
_SETTLE: Final = "whoever may certify it runs `vetflow sign --resign {crate}`"
_ASSISTED: Final = re.compile(r"^[ \t]*assisted-by:[ \t]*(.*\S)", re.IGNORECASE | re.MULTILINE)


class Circumstances(NamedTuple):
    """What the rules are held against besides an entry. signs: the project signs at all.

    criteria: of the store. now: seconds since 1970. privileged: the crates that run during a build. bumped_by: the
    e-mail addresses of whoever changed Cargo.lock in the proposal that is judged.
    """

    signs: bool
    criteria: Criteria
    now: int
    privileged: Collection[CrateName] = ()
    bumped_by: Collection[str] = ()


def signer_findings(
    verdict: EntryVerdict, rules: ProjectRules, place: Callable[[], Place | None], around: Circumstances
) -> Iterator[Finding]:
    """Yield what is wrong with who made an entry; nothing of one from before signing began."""
    if verdict.is_old:
        return
    claim = claim_of(verdict.crate, verdict.entry)
    certified = _with_implied(verdict.entry.criteria, around.criteria)
    yield from (each._replace(place=place()) for each in _of_criteria(verdict, claim, rules, certified, around))
    if around.signs and rules.signatures.require is not Demanded.OFF and verdict.statements:
        for count in rules.signatures.counts:
            if _concerns(count, claim, certified, around) and (reason := _too_few(verdict, count, around)):
                another = f"another one runs `vetflow sign {claim.crate}`"
                yield Finding("signers/too-few", Level.FAIL, place(), f"{claim} {reason}", another)
    helpers = _helpers(verdict)
    if helpers and rules.assisted is not Assisted.ALLOW:
        refused = rules.assisted is Assisted.REFUSE
        reason = f"{claim} was audited with the help of {', '.join(helpers)}"
        settle = _SETTLE.format(crate=claim.crate) if refused else None
        yield Finding("signers/assisted", Level.FAIL if refused else Level.NOTE, place(), reason, settle)


def exempted_findings(
    exemptions: Iterable[tuple[CrateName, Exemption]], rules: ProjectRules, around: Circumstances
) -> Iterator[Finding]:
    """Yield exemptions of crates that run during the build, where rules ask for signatures of exactly these crates."""
    if not around.signs or rules.signatures.require is Demanded.OFF:
        return
    for crate, exemption in exemptions:
        certified = _with_implied(exemption.criteria, around.criteria)
        asked = [
            count.min_signers
            for count in rules.signatures.counts
            if count.privileged
            and crate in around.privileged
            and (not count.criteria or not certified.isdisjoint(count.criteria))
        ]
        if asked:
            reason = f"{crate} {exemption.version} runs during the build and is exempted, which nobody signs"
            settle = f"vetflow certify {crate} {exemption.version}, by {_people(max(asked))}"
            yield Finding("signers/too-few", Level.FAIL, None, reason, settle)


def _with_implied(names: Collection[CriteriaName], criteria: Criteria) -> frozenset[CriteriaName]:
    """Return criteria with all that they imply."""
    known = (criteria.indices(criteria.closure(name)) for name in names if name in criteria)
    return frozenset((*names, *(criteria.names[index] for indices in known for index in indices)))


def _of_criteria(
    verdict: EntryVerdict,
    claim: Claim,
    rules: ProjectRules,
    certified: Collection[CriteriaName],
    around: Circumstances,
) -> Iterator[Finding]:
    entry = verdict.entry
    if isinstance(entry, Audit) and entry.kind is AuditKind.VIOLATION:
        return  # anybody may warn
    who = () if isinstance(entry, TrustedEntry) else addresses(entry.who)
    people = {sound.row.signer for sound in verdict.statements} if around.signs else set(who)
    for criterion, allowed in rules.signers.items():
        if criterion in certified and not people & set(allowed):
            reason = f"{claim} claims {criterion}, which only {', '.join(allowed)} may certify"
            yield Finding("signers/not-allowed", Level.FAIL, None, reason, _SETTLE.format(crate=claim.crate))


def _concerns(count: SignerCount, claim: Claim, certified: Collection[CriteriaName], around: Circumstances) -> bool:
    return (
        (not count.criteria or not set(count.criteria).isdisjoint(certified))
        and (not count.kinds or claim.kind in count.kinds)
        and (not count.privileged or claim.crate in around.privileged)
    )


def _too_few(verdict: EntryVerdict, count: SignerCount, around: Circumstances) -> str | None:
    """Say how many of the people whom a rule asks for signed, and whose signatures it does not count; None when enough.

    Of one person the newest signature is taken.
    """
    newest: dict[str, Sound] = {}
    for sound in sorted(verdict.statements, key=lambda each: each.statement.signed_at):
        newest[sound.row.signer] = sound
    counted, aside = 0, []
    for signer, sound in newest.items():
        if count.max_age_days is not None and around.now - sound.statement.signed_at > count.max_age_days * _DAY:
            aside.append(f"{signer} signed more than {count.max_age_days} days ago")
        elif count.not_author_of_bump and signer in around.bumped_by:
            aside.append(f"{signer} changed Cargo.lock")
        else:
            counted += 1
    if counted >= count.min_signers:
        return None
    return "; ".join([f"is signed by {counted} of {_people(count.min_signers)}", *aside])


def _people(count: int) -> str:
    return f"{count} {'person' if count == 1 else 'people'}"


def _helpers(verdict: EntryVerdict) -> list[str]:
    """Return the machines without which nobody made an entry: those of its statements, else those of its notes."""
    helped = [sound.statement.seen.assisted_by for sound in verdict.statements]
    if any(helped):
        return sorted({name for names in helped for name in names}) if all(helped) else []
    notes = None if isinstance(verdict.entry, TrustedEntry) else verdict.entry.notes
    return sorted(set(_ASSISTED.findall(notes or "")))
