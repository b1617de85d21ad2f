"""The questions that `ci` asks about a workspace or a proposal, each answered once: findings as they are, unweighed."""

from __future__ import annotations

import os.path
from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import NamedTuple

from vetflow.app.advisories import Advisories, judge_advisories, merged, read_databases, usual_database
from vetflow.app.build_settings import changed_settings
from vetflow.app.check import Check
from vetflow.app.ci.forecast import Passed, forecast_findings
from vetflow.app.ci.proposal import imports_findings, other_lock_findings, store_findings, surface_lock_findings
from vetflow.app.ci.store import brought, bumped_by, held_findings, signer_problems
from vetflow.app.decisions import read_decisions
from vetflow.app.drift import DriftNews, Side, drift_news, pinned_in, read_side
from vetflow.app.gate import GateAnswer, judge_gate, privileged_crates, signed_entries
from vetflow.app.growth import JudgedGrowth, by_todays_rules, growth_findings, judge_growth, refused_findings
from vetflow.app.imports.receipts import import_findings
from vetflow.app.judge import judge
from vetflow.app.lock_news import LockNews, NewsPolicy, Sides, find_lock_news
from vetflow.app.lock_verify import tracking_findings
from vetflow.app.locked_packages import IndexedPackages, locked_packages, look_up_packages
from vetflow.app.network import Sources
from vetflow.app.project import Project
from vetflow.app.readings import Progress
from vetflow.app.rules import InForce
from vetflow.app.signature_files import shown
from vetflow.app.verify import Verify, verify_project
from vetflow.errors import NotFoundError, Place
from vetflow.formats.store_files import CONFIG
from vetflow.model.advisories import AdvisoryPolicy
from vetflow.model.findings import Finding, Level
from vetflow.model.packages import Package
from vetflow.model.rules import Demanded
from vetflow.model.store import EMPTY_STORE, Store
from vetflow.sources.advisory_db import AdvisoryDatabase
from vetflow.surface.growth import find_growth
from vetflow.trust.cool_down import CoolDownPolicy
from vetflow.trust.debt import debt, debt_findings
from vetflow.trust.drift_findings import drift_findings
from vetflow.trust.forecast import Dated
from vetflow.trust.lock_integrity import changed_checksums, index_findings, lock_findings
from vetflow.trust.signatures import Rules as SignatureJudging
from vetflow.trust.signers import Circumstances


class Run(NamedTuple):
    """What a run works with. now: seconds since 1970. tip: the base as it is now, None without one."""

    sources: Sources
    progress: Progress
    now: int
    tip: Project | None


class Questions:
    """About one workspace or proposal. head, base: these, and what it is compared with: where it left the tip.

    undecided: what could not be found out, a sentence each; it grows as questions are asked.
    """

    def __init__(self, run: Run, in_force: InForce, head: Project, base: Project | None) -> None:
        """Read both locks, and of crates that the base's surface.lock does not have their archives."""
        self.run = run
        self.in_force = in_force
        self.rules = in_force.rules
        self._pinned = pinned_in(run.tip or head)
        self.after = read_side(head, self._pinned, run.sources, run.progress)
        self.before = None if base is None else read_side(base, self._pinned, run.sources, run.progress)
        self.head = self.after.project
        self.base = self.before.project if self.before else None
        self.undecided = [
            f"what of {package.name} {package.version} runs during the build is not known: {why.reason}"
            for package, why in self.after.lacking
            if not why.refused
        ]

    @cached_property
    def store(self) -> Store:
        """The proposal's store, as `check --locked` takes it: what peers say by now is not asked."""
        return self.head.open_store(locked=True).store

    @cached_property
    def old_store(self) -> Store:
        """The base's store; an empty one where it has none."""
        base = self.base
        if base is None or not base.tree.is_dir(base.store.folder):
            return EMPTY_STORE
        return base.open_store(locked=False).store

    @cached_property
    def check(self) -> Check:
        """The verdict."""
        judged = judge(self.head, self.store, None)
        return Check(judged.project, judged.resolution, judged.notes)

    @cached_property
    def drift(self) -> tuple[DriftNews, ...]:
        """What happened to the lock."""
        return drift_news(self.before, self.after) if self.before else ()

    @cached_property
    def gate(self) -> GateAnswer:
        """What the gate says of the proposal."""
        return self._gate(self.after, self.store)

    @cached_property
    def news(self) -> LockNews:
        """What is known of the packages that are new in the lock; of none without a base."""
        rules = self.rules.cool_down
        skipped = {(each.crate, each.version) for each in rules.skip}
        policy = NewsPolicy(
            CoolDownPolicy(rules.min_age, rules.privileged_min_age, rules.exempt),
            overrides=[each for each in locked_packages(self.head) if (each.name, each.version) in skipped],
        )
        has_store = self.base is not None and self.base.tree.is_dir(self.base.store.folder)
        sides = Sides(
            self.base if self.base and has_store else self.head,
            self.head,
            self.run.now,
            self._is_privileged,
            merged(self._databases),
        )
        return find_lock_news(sides, self.run.sources, policy)

    def of_signatures(self) -> Iterator[Finding]:
        """Yield what is wrong with signatures, with who made entries, and with what decides whose count."""
        asked = self.rules.signatures.require is not Demanded.OFF
        for finding in self._verified.findings:
            if finding.id == "signatures/policy-changed":
                name = finding.place.file.partition("/")[2] if finding.place else ""
                vouched = self.in_force.why_not(name) is None
                yield finding._replace(level=Level.NOTE) if vouched else finding
            elif asked or finding.id == "signatures/violation-removed":
                yield finding
        judged = brought(self.head, self.store, self.old_store if self.base else None, self.news.new)
        around = Circumstances(
            self._verified.signs,
            self.store.criteria,
            self.run.now,
            frozenset(each.package.name for each in privileged_crates(self.after, dev=self.rules.gate.dev)),
            self._bumped_by(),
        )
        yield from signer_problems(self.head, self._verified, self.rules, judged, around)

    def of_the_store(self) -> Iterator[Finding]:
        """Yield what the proposal brings by which crates pass, and nobody vouches for."""
        head, base = self.head, self.base
        if base is None:
            return
        unsigned = not self._verified.signs and self.rules.signatures.require is not Demanded.OFF
        yield from store_findings(head, self.old_store, self.store, self.in_force.why_not, nobody_signs=unsigned)
        if self._of_imports is None:
            yield from imports_findings(head, self.old_store.imports, self.store.imports)
        known = (self._pinned, self.after.today, self.before.today if self.before else None)
        yield from surface_lock_findings(head, base, known, self.run.sources, self.run.progress)

    def of_drift(self) -> Iterator[Finding]:
        """Yield what runs during the build and did not, and what comes from elsewhere."""
        found = self.news.indexed.found
        published = {(package.name, package.version): row.published_at for package, row in found.items()}
        return drift_findings(
            (each.event for each in self.drift),
            lambda package: published.get((package.name, package.version)),
            self.run.now,
            self.head.lock_place,
        )

    def of_growth(self) -> Iterator[Finding]:
        """Yield what build-time code can do that it could not."""
        grown, other_rules = self._grown
        if other_rules:
            reason = "surface.lock was written with other rules, and some crates could not be read again by today's"
            yield Finding("growth/other-rules", Level.NOTE, None, reason, "vetflow baseline")
        yield from growth_findings(grown, self.head)

    def of_integrity(self) -> Iterator[Finding]:
        """Yield what only a comparison shows: with the base, with the index."""
        head, base = self.head, self.base
        yield from self.news.findings
        yield from tracking_findings(head)
        packages = locked_packages(head)
        if base is not None:
            yield from changed_checksums(locked_packages(base), packages, head.lock_place)
            yield from changed_settings(base, head)
            yield from other_lock_findings(head, base)
            found = debt(self.old_store.config.exemptions, self.store.config.exemptions)
            yield from debt_findings(found, Place(shown(head, CONFIG)))
        indexed = self._indexed
        checksums = {package: row.checksum for package, row in indexed.found.items()}
        yield from index_findings(checksums, indexed.absent, head.lock_place)
        if indexed.lacking:
            count = len(indexed.lacking)
            reason = f"what the index says could not be had (packages: {count}); checksums were not compared with it"
            yield Finding("lock/index-unknown", Level.NOTE, None, reason)

    def of_the_state(self) -> Iterator[Finding]:
        """Yield what is in breach, whoever brought it."""
        return self._state(self.after, self.gate, self.store)

    def known_at_base(self) -> frozenset[tuple[str, str]]:
        """Return what was in breach at the base already, by id and sentence."""
        before = self.before
        if before is None:
            return frozenset()
        held = held_findings(before.project, read_decisions(before.project))
        found = [*self._state(before, self._gate(before, self.old_store), self.old_store)]
        settled = [finding for finding in found if not finding.id.startswith("hold/")]
        return frozenset((finding.id, finding.reason) for finding in (*settled, *held))

    def of_advisories(self) -> Iterator[Finding]:
        """Yield what is publicly known of the locked versions."""
        found = self._advised
        if found is None:
            reason = "no advisory database was asked: there is none at the usual place, and vetflow.toml names none"
            yield Finding("advisories/not-asked", Level.NOTE, None, reason)
            return
        if any(self.rules.levels.get(f"advisories.{kind.value}") is Level.FAIL for kind in self._policy.levels):
            self.undecided += found.lacking
        else:
            yield from (Finding("advisories/undecided", Level.NOTE, None, reason) for reason in found.lacking)
        yield from found.findings

    def of_endings(self, broken: Iterable[Finding]) -> Iterator[Finding]:
        """Yield what ends soon, and when this run begins to fail because of it. broken: what breaks rules today."""
        in_use = {package.name for package in self.head.workspace.packages}
        dated = Dated(self.store, in_use, self.in_force.decisions, self.rules, self.in_force.backlog)
        answers = self._advised.answers if self._advised else ()
        passed = Passed(broken, self.gate.verdicts, self._grown[0], answers)
        return forecast_findings(dated, passed, self.head.request.today)

    def _gate(self, side: Side, store: Store) -> GateAnswer:
        earlier = (self._pinned, self.before.today if self.before else None)
        return judge_gate(side, store, self.rules, signed_entries(self._verified, self.rules), *earlier)

    def _state(self, side: Side, gate: GateAnswer, store: Store) -> Iterator[Finding]:
        project = side.project
        yield from refused_findings(project, side.lacking)
        yield from gate.findings
        yield from lock_findings(locked_packages(project), project.lock_place, self.rules.expected_sources)
        yield from held_findings(project, self.in_force.decisions)
        if store.imports.audits or store.imports.publisher:
            is_head = side is self.after
            yield from (self._of_imports if is_head else import_findings(project, self.run.now, self.run.tip)) or ()

    @cached_property
    def _of_imports(self) -> tuple[Finding, ...] | None:
        return import_findings(self.head, self.run.now, self.run.tip)

    @cached_property
    def _verified(self) -> Verify:
        asked = self.rules.signatures
        judging = SignatureJudging(asked.require_touch, asked.allow_note_edits, asked.first_seen_counts)
        return verify_project(self.head, self.run.now, since=self.run.tip and self.run.tip.commit, rules=judging)

    def _bumped_by(self) -> frozenset[str]:
        asked = any(count.not_author_of_bump for count in self.rules.signatures.counts)
        return bumped_by(self.head, self.run.tip) if asked and self.run.tip is not None else frozenset()

    @cached_property
    def _grown(self) -> tuple[tuple[JudgedGrowth, ...], bool]:
        """What grew, and whether some of what it is compared with was found by other rules."""
        before, run = self.before, self.run
        pinned = before.today if before else self._pinned
        if pinned is None:
            return (), False
        unknown = {package.name for package, _ in before.lacking} if before else set()
        since, other_rules = by_todays_rules(pinned, self.after.today, self.head, run.sources, run.progress)
        grown = [each for each in find_growth(since, self.after.today) if each.crate not in unknown]
        return judge_growth(grown, self.in_force.decisions, self.head.request.today), other_rules

    @property
    def _policy(self) -> AdvisoryPolicy:
        return self.rules.advisories.policy

    @cached_property
    def _databases(self) -> tuple[AdvisoryDatabase, ...]:
        """The advisories about what is locked; one that is named and is not there leaves something undecided."""
        head = self.head
        paths = [os.path.join(head.workspace.root, path) for path in self.rules.advisories.databases]
        if not paths and not os.path.isdir(usual_database(head.request)):
            return ()
        try:
            return read_databases(head.request, paths, locked_packages(head))
        except NotFoundError as error:
            self.undecided.append(error.message)
            return ()

    @cached_property
    def _advised(self) -> Advisories | None:
        if not self._databases:
            return None
        resolution = self.check.resolution
        return judge_advisories(self.head, self._databases, self._indexed, lambda: resolution, policy=self._policy)

    @cached_property
    def _indexed(self) -> IndexedPackages:
        return look_up_packages(locked_packages(self.head), self.head.request, self.run.sources)

    @cached_property
    def _privileges(self) -> dict[object, bool | None]:
        lock = self.after.lock
        return {
            (package.name, package.version, package.source): privileges.has_any
            for package, privileges in zip(lock.packages, lock.privileges, strict=True)
        }

    def _is_privileged(self, package: Package) -> bool | None:
        return self._privileges.get((package.name, package.version, package.source), False)
