"""`ci`: everything vetflow can say of a workspace or a proposal, in one pass, and one decision.

A proposal (a pull request) is judged by the base's rules and keys, and needs no checkout: lock, manifests and store are
read from the revision. What was in breach at the base already is told and does not decide. Nothing is written.
"""

from __future__ import annotations

import os.path
from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import NamedTuple

from vetflow.app.advisories import judge_advisories, merged, read_databases, usual_database
from vetflow.app.build_settings import changed_settings
from vetflow.app.check import Check
from vetflow.app.ci_crates import ChangedCrate, Known, changed_crates
from vetflow.app.ci_store import MadeAudit, audits_made, held_findings, outdated_findings, signer_problems
from vetflow.app.decisions import read_decisions
from vetflow.app.drift import DriftNews, Side, drift_news, pinned_in, read_side
from vetflow.app.findings import findings_of
from vetflow.app.gate import GateAnswer, judge_gate, signed_entries
from vetflow.app.growth import by_todays_rules, growth_findings, judge_growth
from vetflow.app.judge import judge
from vetflow.app.lock_news import LockNews, NewsPolicy, Sides, find_lock_news
from vetflow.app.lock_verify import tracking_findings
from vetflow.app.locked_packages import IndexedPackages, locked_packages, look_up_packages
from vetflow.app.network import Sources, open_sources
from vetflow.app.project import Project
from vetflow.app.queue import risk_rules
from vetflow.app.readings import Progress
from vetflow.app.receipts import import_findings
from vetflow.app.request import Request
from vetflow.app.rules import InForce, MadeHere, rules_in_force
from vetflow.app.signature_files import shown
from vetflow.app.signing import new_entries
from vetflow.app.surface import open_locked_project
from vetflow.app.verify import Verify, verify_project
from vetflow.errors import NotFoundError, Place, UndecidedError
from vetflow.formats.store_files import CONFIG
from vetflow.model.findings import Finding, Level
from vetflow.model.packages import Package
from vetflow.model.rules import Demanded, ProjectRules, weigh
from vetflow.model.store import EMPTY_STORE, Store
from vetflow.project.revision import revision_name
from vetflow.project.signed_commits import fork_point, is_shallow
from vetflow.resolve.conclude import Resolution
from vetflow.sources.advisory_db import AdvisoryDatabase
from vetflow.surface.growth import find_growth
from vetflow.trust.cool_down import CoolDownPolicy
from vetflow.trust.debt import debt, debt_findings
from vetflow.trust.decision import Decision, Judged, decide, urgency
from vetflow.trust.drift_findings import drift_findings
from vetflow.trust.forecast import expiries, expiry_findings
from vetflow.trust.gate import GateVerdict
from vetflow.trust.lock_integrity import changed_checksums, index_findings, lock_findings
from vetflow.trust.signatures import Rules as SignatureJudging


class Wanted(NamedTuple):
    """What to answer. base: the revision a proposal is compared with, None for the workspace by itself.

    profile: the stricter rules to judge by. audits: a revision whose store has audits made for the proposal elsewhere.
    """

    base: str | None = None
    profile: str | None = None
    audits: str | None = None


class Answer(NamedTuple):
    """The answer. base: the full name of the commit, None without one. check: the verdict, cargo-vet's.

    made: decisions that the proposal brings; audits: audits made for it. judged: all findings, those that decide first.
    crates: what changed in the lock. undecided: what could not be found out, a sentence each. minutes: what reading it
    all is expected to take, of what could be measured.
    """

    decision: Decision
    check: Check
    base: str | None
    rules: ProjectRules
    made: tuple[MadeHere, ...]
    audits: tuple[MadeAudit, ...]
    judged: tuple[Judged, ...]
    crates: tuple[ChangedCrate, ...]
    gate: tuple[GateVerdict, ...]
    undecided: tuple[str, ...]
    minutes: float

    @property
    def failed(self) -> bool:
        """Whether something is not as it must be."""
        return any(each.finding.level is Level.FAIL for each in self.judged)


def answer(request: Request, wanted: Wanted, now: int, progress: Progress) -> Answer:
    """Judge a workspace or a proposal; raises what reading it raises, and UndecidedError for a clone without the base.

    now: seconds since 1970. Archives are needed only of crates that no surface.lock of the base has; a locked run
    makes no requests.
    """
    request = request._replace(offline=request.offline or request.locked)
    head = open_locked_project(request)
    base = None if wanted.base is None else _open_base(request, wanted.base)
    fork = None if base is None else _fork(head, base)
    in_force = rules_in_force(head, base, fork, wanted.profile, now)
    # Where crates come from is the base's to say: a proposal's settings could send this run anywhere.
    with open_sources(base or head, progress) as sources:
        return _Pass(_Run(sources, progress, now, base), in_force, head, fork).answer(wanted)


def _fork(head: Project, base: Project) -> Project:
    """Return the base as it was when the proposal left it: what came into it since is no change of the proposal."""
    cwd, tip = head.request.cwd, base.commit or ""
    commit = fork_point(cwd, tip, head.commit or revision_name(cwd, "HEAD"))
    return base if commit in (None, tip) else open_locked_project(head.request._replace(rev=commit))


def _open_base(request: Request, rev: str) -> Project:
    """Open the base; raises UndecidedError with the line that fetches it where the clone does not have it."""
    try:
        return open_locked_project(request._replace(rev=rev))
    except NotFoundError as error:
        if not is_shallow(request.cwd):
            raise
        branch = rev.removeprefix("origin/")
        raise UndecidedError(
            f"this clone is shallow and does not have `{rev}`",
            help=f"git fetch --depth=1 origin {branch}:refs/remotes/origin/{branch}, or clone with `fetch-depth: 0`",
        ) from error


class _Run(NamedTuple):
    sources: Sources
    progress: Progress
    now: int
    tip: Project | None


class _Pass:
    """One pass over a workspace or a proposal; each method answers one question about it.

    base: what the proposal is compared with, which is where it left the tip of the base.
    """

    def __init__(self, run: _Run, in_force: InForce, head: Project, base: Project | None) -> None:
        self._run = run
        self._in_force = in_force
        self._rules = in_force.rules
        self._pinned = pinned_in(run.tip or head)
        self._after = read_side(head, self._pinned, run.sources, run.progress)
        self._before = None if base is None else read_side(base, self._pinned, run.sources, run.progress)
        self._head = self._after.project
        self._base = self._before.project if self._before else None
        self._undecided = [
            f"what of {package.name} {package.version} runs during the build is not known: {why}"
            for package, why in self._after.lacking
        ]

    def answer(self, wanted: Wanted) -> Answer:
        """Ask everything once."""
        store = self._head.open_store(locked=True).store
        judged = judge(self._head, store, None)
        check = Check(judged.project, judged.resolution, judged.notes)
        news, drift = self._news(), drift_news(self._before, self._after) if self._before else ()
        gate = self._gate(self._after, store)
        made = audits_made(self._head, self._old_store.audits, wanted.audits) if self._base else ()
        rows = [
            *self._rows(findings_of(check)),
            *self._rows(self._in_force.findings),
            *self._rows(self._signature_findings(store)),
            *self._rows(self._drift_findings(drift, news)),
            *self._rows(self._growth()),
            *self._rows(self._integrity(news)),
            *self._rows(outdated_findings(made, self._head.lock_place)),
            *self._rows(self._state(self._after, gate, store), self._known_at_base()),
            *self._advisories(news, judged.resolution),
            *self._rows(self._ends(store), decides=False),
        ]
        rows.sort(key=urgency)
        run, earlier = self._run, self._base.workspace.packages if self._base else ()
        known = Known(check, news, gate.verdicts, self._in_force.decisions, run.sources, run.progress, run.now, earlier)
        crates = changed_crates(drift, self._before, self._after, known) if self._before else ()
        pace = risk_rules().pace
        return Answer(
            decision=decide(rows, undecided=bool(self._undecided)),
            check=check,
            base=self._run.tip.commit if self._run.tip else None,
            rules=self._rules,
            made=self._in_force.made,
            audits=made,
            judged=tuple(rows),
            crates=crates,
            gate=gate.verdicts,
            undecided=tuple(self._undecided),
            minutes=sum(crate.minutes(pace) or 0 for crate in crates),
        )

    def _rows(
        self, findings: Iterable[Finding], known: frozenset[tuple[str, str]] = frozenset(), *, decides: bool = True
    ) -> Iterator[Judged]:
        """Weigh findings. known: those that were there before, which decide nothing."""
        found = list(findings)
        weighed = weigh(found, self._rules, self._in_force.backlog, self._head.request.today)
        for before, finding in zip(found, weighed, strict=True):
            is_new = decides and (finding.id, finding.reason) not in known
            yield Judged(finding, decides=is_new, breach=before.level is not Level.NOTE)

    @cached_property
    def _old_store(self) -> Store:
        base = self._base
        if base is None or not base.tree.is_dir(base.store.folder):
            return EMPTY_STORE
        return base.open_store(locked=False).store

    @cached_property
    def _verified(self) -> Verify:
        asked = self._rules.signatures
        judging = SignatureJudging(asked.require_touch, asked.allow_note_edits, asked.first_seen_counts)
        return verify_project(self._head, self._run.now, since=self._run.tip and self._run.tip.commit, rules=judging)

    def _signature_findings(self, store: Store) -> Iterator[Finding]:
        """Yield what is wrong with signatures, and with who made entries."""
        for finding in self._verified.findings:
            if finding.id == "signatures/policy-changed" and self._in_force.vouched:
                yield finding._replace(level=Level.NOTE)
            elif self._rules.signatures.require is not Demanded.OFF:
                yield finding
        new = None if self._base is None else new_entries(self._old_store.audits, store.audits)
        yield from signer_problems(self._head, self._verified, self._rules, new)

    def _gate(self, side: Side, store: Store) -> GateAnswer:
        earlier = (self._pinned, self._before.today if self._before else None)
        return judge_gate(side, store, self._rules, signed_entries(self._verified, self._rules), *earlier)

    def _state(self, side: Side, gate: GateAnswer, store: Store) -> Iterator[Finding]:
        """Yield what is in breach, whoever brought it."""
        project = side.project
        yield from gate.findings
        yield from lock_findings(locked_packages(project), project.lock_place, self._rules.expected_sources)
        yield from held_findings(project, self._in_force.decisions)
        if store.imports.audits or store.imports.publisher:
            yield from import_findings(project, self._run.now, self._run.tip) or ()

    def _known_at_base(self) -> frozenset[tuple[str, str]]:
        """Return what was in breach at the base already, by id and sentence."""
        before = self._before
        if before is None:
            return frozenset()
        gate = self._gate(before, self._old_store)
        held = held_findings(before.project, read_decisions(before.project))
        found = [*self._state(before, gate, self._old_store)]
        settled = [finding for finding in found if not finding.id.startswith("hold/")]
        return frozenset((finding.id, finding.reason) for finding in (*settled, *held))

    def _growth(self) -> Iterator[Finding]:
        """Yield what build-time code can do that it could not."""
        before, run = self._before, self._run
        pinned = before.today if before else self._pinned
        if pinned is None:
            return
        unknown = {package.name for package, _ in before.lacking} if before else set()
        since, other_rules = by_todays_rules(pinned, self._after.today, self._head, run.sources, run.progress)
        if other_rules:
            reason = "surface.lock was written with other rules, and some crates could not be read again by today's"
            yield Finding("growth/other-rules", Level.NOTE, None, reason, "vetflow baseline")
        grown = [each for each in find_growth(since, self._after.today) if each.crate not in unknown]
        yield from growth_findings(judge_growth(grown, self._in_force.decisions, self._head.request.today), self._head)

    def _news(self) -> LockNews:
        """Find out what is known of the packages that are new in the lock; of none without a base."""
        rules = self._rules.cool_down
        skipped = {(each.crate, each.version) for each in rules.skip}
        policy = NewsPolicy(
            CoolDownPolicy(rules.min_age, rules.privileged_min_age, rules.exempt),
            overrides=[each for each in locked_packages(self._head) if (each.name, each.version) in skipped],
        )
        has_store = self._base is not None and self._base.tree.is_dir(self._base.store.folder)
        sides = Sides(
            self._base if self._base and has_store else self._head,
            self._head,
            self._run.now,
            self._is_privileged,
            merged(self._databases),
        )
        return find_lock_news(sides, self._run.sources, policy)

    @cached_property
    def _databases(self) -> tuple[AdvisoryDatabase, ...]:
        """The advisories about what is locked; one that is named and is not there leaves something undecided."""
        head = self._head
        paths = [os.path.join(head.workspace.root, path) for path in self._rules.advisories.databases]
        if not paths and not os.path.isdir(usual_database(head.request)):
            return ()
        try:
            return read_databases(head.request, paths, locked_packages(head))
        except NotFoundError as error:
            self._undecided.append(error.message)
            return ()

    @cached_property
    def _indexed(self) -> IndexedPackages:
        return look_up_packages(locked_packages(self._head), self._head.request, self._run.sources)

    @cached_property
    def _privileges(self) -> dict[object, bool | None]:
        lock = self._after.lock
        return {
            (package.name, package.version, package.source): privileges.has_any
            for package, privileges in zip(lock.packages, lock.privileges, strict=True)
        }

    def _is_privileged(self, package: Package) -> bool | None:
        return self._privileges.get((package.name, package.version, package.source), False)

    def _drift_findings(self, drift: Iterable[DriftNews], news: LockNews) -> Iterator[Finding]:
        published = {(package.name, package.version): row.published_at for package, row in news.indexed.found.items()}
        return drift_findings(
            (each.event for each in drift),
            lambda package: published.get((package.name, package.version)),
            self._run.now,
            self._head.lock_place,
        )

    def _integrity(self, news: LockNews) -> Iterator[Finding]:
        """Yield what only a comparison shows: with the base, with the index."""
        head, base = self._head, self._base
        yield from news.findings
        yield from tracking_findings(head)
        packages = locked_packages(head)
        if base is not None:
            yield from changed_checksums(locked_packages(base), packages, head.lock_place)
            yield from changed_settings(base, head)
            found = debt(self._old_store.config.exemptions, head.open_store(locked=False).store.config.exemptions)
            yield from debt_findings(found, Place(shown(head, CONFIG)))
        yield from index_findings(
            {package: row.checksum for package, row in self._indexed.found.items()},
            self._indexed.absent,
            head.lock_place,
        )
        if self._indexed.lacking:
            count = len(self._indexed.lacking)
            reason = f"what the index says could not be had (packages: {count}); checksums were not compared with it"
            yield Finding("lock/index-unknown", Level.NOTE, None, reason)

    def _advisories(self, news: LockNews, resolution: Resolution) -> Iterator[Judged]:
        """Yield what is publicly known of the locked versions; it decides about those that are new."""
        rules, head = self._rules.advisories, self._head
        if not self._databases:
            reason = "no advisory database was asked: there is none at the usual place, and vetflow.toml names none"
            yield Judged(Finding("advisories/not-asked", Level.NOTE, None, reason), decides=False)
            return
        found = judge_advisories(head, self._databases, self._indexed, lambda: resolution, policy=rules.policy)
        if any(self._rules.levels.get(f"advisories.{kind.value}") is Level.FAIL for kind in rules.policy.levels):
            self._undecided += found.lacking
        else:
            reasons = (Finding("advisories/undecided", Level.NOTE, None, reason) for reason in found.lacking)
            yield from (Judged(reason, decides=False) for reason in reasons)
        places = {str(head.lock_place(package)) for package in news.new}
        for row in self._rows(found.findings):
            yield row._replace(decides=self._base is None or str(row.finding.place) in places)

    def _ends(self, store: Store) -> Iterator[Finding]:
        head = self._head
        in_use = {package.name for package in head.workspace.packages}
        ends = expiries(store, in_use, self._in_force.decisions, self._rules.advisories.policy)
        return expiry_findings(ends, head.request.today)
