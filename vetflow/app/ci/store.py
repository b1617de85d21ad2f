"""What `ci` asks of a store besides the verdict: who made its entries, what is held back, which audits still hold."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import closing
from typing import NamedTuple

from vetflow.app.project import Project
from vetflow.app.signature_files import shown
from vetflow.app.signing import new_entries
from vetflow.app.verify import Verify
from vetflow.errors import Place
from vetflow.formats.store_files import AUDITS, CONFIG
from vetflow.model.audits import Audit, Exemption
from vetflow.model.decisions import Decisions
from vetflow.model.findings import Finding, Level
from vetflow.model.names import CrateName
from vetflow.model.packages import Package
from vetflow.model.rules import Demanded, ProjectRules
from vetflow.model.store import AuditsFile, Store
from vetflow.project.revision import open_revision, revision_name
from vetflow.project.signed_commits import commits_touching
from vetflow.trust.claims import Entry, claim_of, entries_of
from vetflow.trust.signers import Circumstances, exempted_findings, signer_findings


class Brought(NamedTuple):
    """What of a store is judged by who made it: everything, or what a proposal brings or begins to rest on."""

    entries: Collection[tuple[CrateName, Entry]]
    exemptions: Collection[tuple[CrateName, Exemption]]


def brought(head: Project, now: Store, before: Store | None, new: Iterable[Package]) -> Brought:
    """Return what is judged by who made it. before: the base's store, None to judge all of it.

    new: packages that the base's lock does not have; entries about them are judged whenever they were made.
    """
    locked = {(package.name, package.version) for package in head.workspace.packages if package.source}
    exemptions = [
        (crate, each)
        for crate, rows in now.config.exemptions.items()
        for each in rows
        if (crate, each.version) in locked and (before is None or each not in before.config.exemptions.get(crate, ()))
    ]
    if before is None:
        return Brought(frozenset(entries_of(now.audits)), exemptions)
    versions = {(package.name, package.version) for package in new}
    entries = (
        *new_entries(before.audits, now.audits),
        *(
            (crate, entry)
            for crate, entry in entries_of(now.audits)
            if isinstance(entry, Audit) and (crate, entry.version) in versions
        ),
    )
    return Brought(frozenset(entries), exemptions)


def signer_problems(
    project: Project, verified: Verify, rules: ProjectRules, judged: Brought, around: Circumstances
) -> Iterator[Finding]:
    """Yield entries by people who may not certify what they claim, and older ones that must be signed all the same."""
    place = Place(shown(project, AUDITS))
    for verdict in verified.verification.entries:
        if (verdict.crate, verdict.entry) not in judged.entries:
            continue
        yield from signer_findings(verdict, rules, lambda: place, around)
        if verified.signs and verdict.is_old and verdict.problem and rules.signatures.require is Demanded.ALL:
            reason = f"{claim_of(verdict.crate, verdict.entry)}: {verdict.problem.reason}"
            settle = f"whoever it names runs `vetflow sign {verdict.crate}`"
            yield Finding("signatures/unsigned", Level.FAIL, place, reason, settle)
    for finding in exempted_findings(judged.exemptions, rules, around):
        yield finding._replace(place=Place(shown(project, CONFIG)))


def bumped_by(head: Project, base: Project) -> frozenset[str]:
    """Return the e-mail addresses of whoever changed Cargo.lock since the base, as git's commits name them."""
    lock = head.lock_file()
    if lock is None:
        return frozenset()
    cwd = head.request.cwd
    commits = commits_touching(cwd, base.commit or "", head.commit or revision_name(cwd, "HEAD"), (lock,))
    return frozenset(email for each in commits for email in (each.author, each.email))


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
