"""What `ci` asks of a store besides the verdict: who made its entries, what is held back, which audits still hold."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from typing import NamedTuple

from vetflow.app.project import Project
from vetflow.app.signature_files import shown
from vetflow.app.signing import new_entries
from vetflow.app.verify import Verify
from vetflow.errors import Place
from vetflow.formats.store_files import AUDITS
from vetflow.model.audits import Audit
from vetflow.model.decisions import Decisions
from vetflow.model.findings import Finding, Level
from vetflow.model.names import CrateName
from vetflow.model.packages import Package
from vetflow.model.rules import Demanded, ProjectRules
from vetflow.model.store import AuditsFile
from vetflow.project.revision import open_revision
from vetflow.trust.claims import Entry, claim_of
from vetflow.trust.signers import signer_findings


def signer_problems(
    project: Project, verified: Verify, rules: ProjectRules, new: Iterable[tuple[CrateName, Entry]] | None
) -> Iterator[Finding]:
    """Yield entries by people who may not certify what they claim, and older ones that must be signed all the same.

    new: the entries that a proposal brings; None is all of them.
    """
    asked = None if new is None else set(new)
    place = Place(shown(project, AUDITS))
    for verdict in verified.verification.entries:
        if asked is not None and (verdict.crate, verdict.entry) not in asked:
            continue
        yield from signer_findings(verdict, rules, lambda: place, signs=verified.signs)
        if verified.signs and verdict.is_old and verdict.problem and rules.signatures.require is Demanded.ALL:
            reason = f"{claim_of(verdict.crate, verdict.entry)}: {verdict.problem.reason}"
            settle = f"whoever it names runs `vetflow sign {verdict.crate}`"
            yield Finding("signatures/unsigned", Level.FAIL, place, reason, settle)


def held_findings(project: Project, decisions: Decisions) -> Iterator[Finding]:
    """Yield the locked crates that somebody holds back."""
    for package in project.workspace.packages:
        hold = decisions.hold(package.name, package.version) if package.source else None
        if hold is not None:
            reason = f"{package.name} {package.version} is held back by {', '.join(hold.by)}: {hold.reason}"
            settle = f"cleared when {hold.cleared_when}; then `vetflow unhold {package.name}`"
            yield Finding("hold/held", Level.WARN, project.lock_place(package), reason, settle)


class MadeAudit(NamedTuple):
    """An audit that was made for a proposal. locked: the package of the crate that the proposal locks, if one does.

    holds: it, or a delta on from it, is about a version that is locked.
    """

    crate: CrateName
    audit: Audit
    locked: Package | None
    holds: bool


def audits_made(head: Project, base: AuditsFile, audits: str | None) -> tuple[MadeAudit, ...]:
    """Return the audits made for a proposal, which a bot that pushes anew may leave behind.

    base: the entries that were there before. audits: the revision whose store has those made for the proposal, None
    for the proposal itself.
    """
    locked: dict[CrateName, list[Package]] = {}
    for package in head.workspace.packages:
        if package.source is not None:
            locked.setdefault(package.name, []).append(package)
    made = [
        (crate, entry)
        for crate, entry in new_entries(base, _audits_at(head, audits))
        if isinstance(entry, Audit) and entry.version is not None
    ]
    gone_on = {(crate, entry.base) for crate, entry in made}
    found = []
    for crate, entry in made:
        packages = locked.get(crate, [])
        holds = (crate, entry.version) in gone_on or any(each.version == entry.version for each in packages)
        found.append(MadeAudit(crate, entry, max(packages, key=lambda each: each.version, default=None), holds))
    return tuple(found)


def outdated_findings(made: Iterable[MadeAudit], place: Callable[[Package], Place | None]) -> Iterator[Finding]:
    """Yield audits about versions that are not locked any more, of crates that still are."""
    for each in made:
        if not each.holds and each.locked is not None:
            now, claim = each.locked, claim_of(each.crate, each.audit)
            reason = f"the audit of {claim} was made for this proposal, which locks {now.version} by now"
            settle = f"vetflow diff {each.crate} {each.audit.version} {now.version}"
            yield Finding("audits/outdated", Level.WARN, place(now), reason, settle)


def _audits_at(head: Project, rev: str | None) -> AuditsFile:
    if rev is None:
        return head.open_store(locked=False).store.audits
    with closing(open_revision(head.request.cwd, rev)) as tree:
        return head._replace(tree=tree, commit=tree.commit).open_store(locked=False).store.audits
