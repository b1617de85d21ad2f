"""One step of a lock's past, judged by today's rules as `ci` would have judged it on that day.

The same rules of `vetflow.trust` as there, asked about each package by itself. Acceptances and holds are left aside:
they are what somebody answered, and what is counted here is who would have been asked.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import Final, NamedTuple, TypeAlias

from vetflow.app.backtest.facts import PastFacts
from vetflow.app.backtest.gate import PastGate
from vetflow.app.backtest.lock import PastLock
from vetflow.app.gate import privileged_crates
from vetflow.app.growth import growth_findings, judge_growth
from vetflow.app.known_names import known_names
from vetflow.app.lock_news import audited_crates, fixed_by
from vetflow.app.publisher_rows import PublisherRows
from vetflow.app.readings import identity_of
from vetflow.graph.drift import DriftKind, find_drift
from vetflow.graph.look_alikes import KnownNames
from vetflow.model.advisories import Advisory, AdvisoryPolicy
from vetflow.model.dates import Date, parse_date
from vetflow.model.decisions import Decisions
from vetflow.model.findings import Finding, Level
from vetflow.model.names import CRATES_IO, CrateName
from vetflow.model.packages import Package
from vetflow.model.rules import RULES, ProjectRules, weigh
from vetflow.model.version import VetVersion
from vetflow.resolve.publisher_trust import identifier
from vetflow.review.backtest import Event, Reads, Step, Unknown
from vetflow.surface.growth import find_growth
from vetflow.surface.tiers import Tier
from vetflow.trust.advisories import match_advisories
from vetflow.trust.advisory_findings import match_finding
from vetflow.trust.cool_down import CoolDownPolicy, NewVersion, cool_down_findings
from vetflow.trust.decision import Decision, Judged, decide
from vetflow.trust.drift_findings import drift_findings
from vetflow.trust.gate import PrivilegedCrate
from vetflow.trust.lock_integrity import changed_checksums, index_findings, lock_findings
from vetflow.trust.moments import parse_moment, write_moment
from vetflow.trust.new_names import NewName, look_alike_findings

_CHANGES: Final = (DriftKind.ADDED, DriftKind.BUMPED, DriftKind.DOWNGRADED, DriftKind.OTHER_SOURCE)
_NO_DECISIONS: Final = Decisions({}, {})
_ABOUT_WHAT_RUNS: Final = ("gate/", "growth/", "drift/new-edge", "drift/became-privileged")
_COOL_DOWN: Final = next(rule for rule in RULES if rule.table == "cool-down")
_READS_BUILD_TIME: Final = ("growth/", "drift/new-edge", "drift/became-privileged", "drift/planted-dependency")

_Key: TypeAlias = tuple[CrateName, VetVersion]
_Said: TypeAlias = tuple[Package, Finding]


class PastPolicy(NamedTuple):
    """What the past is judged by. publishers: who published what, for those whom nobody need wait for.

    advisories: by crate, those of every day.
    """

    rules: ProjectRules
    cool_down: CoolDownPolicy
    publishers: PublisherRows
    advisories: Mapping[CrateName, Sequence[Advisory]]


class PastJudge:
    """Judges one step after the other."""

    def __init__(self, policy: PastPolicy, first: PastLock) -> None:
        """Take the policy, and the lock with which the past begins."""
        self.policy = policy
        self.gate = PastGate(policy.rules.gate, first.side)

    def watch(self, lock: PastLock, since: int, until: int, facts: PastFacts) -> Step:
        """Tell what became known about a lock between two moments."""
        return _Step(self, lock, lock, (since, until), facts).judged()._replace(is_first=True)

    def judge(self, before: PastLock, after: PastLock, until: int, facts: PastFacts) -> Step:
        """Judge what `after` brings. until: when the next step came; what becomes known by then is told, too.

        What it asks for is taken as done.
        """
        step = _Step(self, before, after, (after.commit.at, until), facts).judged()
        self.gate.settle(after.side)
        return step


class _Step:
    """One step; each method tells what one kind of rule says of it."""

    def __init__(
        self, judge: PastJudge, before: PastLock, after: PastLock, time: tuple[int, int], facts: PastFacts
    ) -> None:
        self._policy = judge.policy
        self._rules = judge.policy.rules
        self._gate = judge.gate
        self._before = before
        self._after = after
        self._at, self._until = time
        self._day = day_of(self._at)
        self._facts = facts
        self._drift = find_drift(before.side.lock, after.side.lock)
        self._old: dict[Package, Package | None] = {
            event.new: event.old
            for event in self._drift
            if event.kind in _CHANGES and event.new is not None and event.new.source is not None
        }
        lock = after.side.lock
        self._privileges = dict(zip(lock.packages, lock.privileges, strict=True))
        self._running = {each.package: each for each in privileged_crates(after.side, dev=self._rules.gate.dev)}
        self._unknown: dict[_Key, Unknown] = {}

    def judged(self) -> Step:
        """Ask every rule once."""
        advised = [*self._advised()]
        said = (
            *self._drifted(),
            *self._young(),
            *self._named(),
            *self._grown(),
            *self._gated(),
            *self._listed(),
            *((package, finding) for at, package, finding in advised if at == self._at),
        )
        events = [*self._events(said, self._at)]
        for at, package, finding in advised:
            events += self._events([(package, finding)], at) if at != self._at else ()
        bumps = sum(old is not None for old in self._old.values())
        return Step(
            self._at, self._after.commit.name, len(self._old), bumps, tuple(events), tuple(self._unknown.values())
        )

    @cached_property
    def _asks_what_runs(self) -> bool:
        """Whether some rule depends on what runs during the build."""
        rules = (rule for rule in RULES if any(each.startswith(_ABOUT_WHAT_RUNS) for each in rule.findings))
        waits = self._policy.cool_down.privileged_min_age and self._rules.level(_COOL_DOWN) is not Level.NOTE
        return bool(waits) or any(self._rules.level(rule) is not Level.NOTE for rule in rules)

    def _may_run(self, package: Package, why: str) -> None:
        """Take note that nobody can tell what of a change runs during the build, where that matters."""
        if package in self._old and self._asks_what_runs:
            self._cannot_tell(package, why)

    def _cannot_tell(self, package: Package, why: str) -> None:
        self._unknown.setdefault((package.name, package.version), Unknown(package.name, package.version, why))

    def _events(self, said: Iterable[_Said], at: int) -> Iterator[Event]:
        """Put together what is said of each package, at the levels of the rules; what only informs is left out."""
        by_package: dict[_Key, tuple[Package, list[Finding]]] = {}
        for package, finding in said:
            by_package.setdefault((package.name, package.version), (package, []))[1].append(finding)
        for package, findings in by_package.values():
            weighed = [each for each in weigh(findings, self._rules, None, self._day) if each.level is not Level.NOTE]
            decision = decide([Judged(each, decides=True) for each in weighed], undecided=False)
            if decision is not Decision.NONE:
                yield self._event(package, at, decision, tuple(dict.fromkeys(weighed)))

    def _event(self, package: Package, at: int, decision: Decision, findings: tuple[Finding, ...]) -> Event:
        is_change = at == self._at and package in self._old
        old = self._old[package] if is_change else package
        return Event(
            at=at,
            commit=self._after.commit.name,
            crate=package.name,
            old=old.version if old else None,
            new=package.version,
            decision=decision,
            findings=findings,
            reads=self._reads(package, findings, is_change=is_change),
            is_change=is_change,
        )

    def _reads(self, package: Package, findings: Iterable[Finding], *, is_change: bool) -> Reads:
        gated = any(each.id.startswith("gate/") for each in findings)
        if gated and Tier.HOST_LIBRARY in self._certain(self._running[package]).tiers:
            return Reads.ALL
        asks = gated or (is_change and any(each.id.startswith(_READS_BUILD_TIME) for each in findings))
        return Reads.BUILD_TIME if asks else Reads.NOTHING

    def _drifted(self) -> Iterator[_Said]:
        """Say what began to run during the build, comes from elsewhere, or is not any more what it was."""
        for event in self._drift:
            new = event.new
            if new is None:
                continue
            if event.kind is DriftKind.EDGE and event.privileges.has_any is None:
                continue  # of what is not known to run, `_gated` says so
            for finding in drift_findings([event], self._facts.published_at, self._at, _nowhere):
                yield new, finding
            if event.kind is DriftKind.OTHER_CHECKSUM and event.old is not None:
                yield from ((new, each) for each in changed_checksums([event.old], [new], _nowhere))

    def _young(self) -> Iterator[_Said]:
        """Say which new versions were too young on that day."""
        if self._rules.level(_COOL_DOWN) is Level.NOTE:
            return
        skipped = {(each.crate, each.version) for each in self._rules.cool_down.skip}
        earlier = self._before.side.lock.packages
        for package in filter(_is_published, self._old):
            if self._privileges[package].has_any is None:
                self._may_run(package, "whether it runs during the build is not known")
            rows = self._policy.publishers.get(package.name, ())
            version = NewVersion(
                package,
                self._facts.published_at(package),
                bool(self._privileges[package].has_any),
                next((identifier(row) for row in rows if row.version == package.version), None),
                fixed_by(package, earlier, self._known_advisories(package.name, self._day)),
            )
            overrides = [package] if (package.name, package.version) in skipped else []
            for finding in cool_down_findings([version], self._policy.cool_down, self._at, _nowhere, overrides):
                if finding.id == "cool-down/unknown":
                    why = self._facts.undated.get(identity_of(package), "nobody asked the index")
                    self._cannot_tell(package, f"how old it was is not known: {why}")
                else:
                    yield package, finding

    def _named(self) -> Iterator[_Said]:
        """Say which new names look like others."""
        had = {package.name for package in self._before.side.lock.packages}
        new = [package for package in filter(_is_published, self._old) if package.name not in had]
        known = known_names(had) if new else KnownNames(())
        for package in new:
            if known.resembled_by(package.name) is None:
                continue
            moments = [at for at in self._facts.moments.get(package.name, ()) if at <= self._at]
            name = NewName(
                package,
                self._privileges[package].has_any,
                min(moments, default=None),
                len(moments) or None,
                audited=package.name in audited_crates(self._before.store),
            )
            yield from ((package, each) for each in look_alike_findings([name], known, self._at, _nowhere))

    def _grown(self) -> Iterator[_Said]:
        """Say what build-time code can do that it could not, of crates whose earlier code is known."""
        side = self._after.side
        unknown = {package.name for package, _ in self._before.side.lacking}
        packages = {(package.name, package.version): package for package in side.lock.packages}
        for growth in find_growth(self._before.side.today, side.today):
            package = packages[growth.crate, growth.version]
            if growth.tier is Tier.HOST_LIBRARY and self._privileges[package].host is None:
                continue  # it may seem linked where something is not known, and `_gated` says so
            if growth.crate not in unknown:
                judged = judge_growth([growth], _NO_DECISIONS, self._day)
                yield from ((package, finding) for finding in growth_findings(judged, side.project))

    def _gated(self) -> Iterator[_Said]:
        """Say which code runs during the build that nobody has read; and of which changes that is not known."""
        for package, why in self._after.side.lacking:
            self._may_run(package, f"what of it runs during the build is not known: {why.reason}")
        lacking = {identity_of(package) for package, _ in self._before.side.lacking}
        for package, running in self._running.items():
            crate = self._certain(running)
            findings = [*self._gate.findings(crate, self._before, self._after, self._day)] if crate.tiers else []
            old = self._old.get(package)
            if findings and old and identity_of(old) in lacking and Tier.HOST_LIBRARY not in crate.tiers:
                self._may_run(package, "whether its build-time code changed is not known")
            elif findings:
                yield from ((package, finding) for finding in findings)
            elif crate != running:
                self._may_run(package, "whether it is linked into what runs during the build is not known")

    def _certain(self, crate: PrivilegedCrate) -> PrivilegedCrate:
        """Return a crate as it certainly runs: where something is not known, more may seem linked than is."""
        if self._privileges[crate.package].host is not None:
            return crate
        return crate._replace(tiers=tuple(tier for tier in crate.tiers if tier is not Tier.HOST_LIBRARY))

    def _listed(self) -> Iterator[_Said]:
        """Say what the lock leaves open about new packages, or has otherwise than the index."""
        for package in self._old:
            published = self._facts.published.get(identity_of(package))
            known = {package: published.checksum} if published else {}
            for finding in (
                *lock_findings([package], _nowhere, self._rules.expected_sources),
                *index_findings(known, (), _nowhere),
            ):
                yield package, finding

    def _advised(self) -> Iterator[tuple[int, Package, Finding]]:
        """Tell the advisories that were known of what came in, and those that came while it was locked, and when."""
        last = day_of(self._until)
        for package in filter(_is_published, self._after.side.lock.packages):
            known = self._known_advisories(package.name, last)
            for match in match_advisories([package], {package.name: known}, {}, self._advisory_policy, self._day):
                day = match.advisory.published
                if day is None or (day <= self._day and package not in self._old):
                    continue
                at = self._at if day <= self._day else parse_moment(f"{day}T00:00:00Z")
                yield at, package, match_finding(match, (), _nowhere)

    @property
    def _advisory_policy(self) -> AdvisoryPolicy:
        return self._rules.advisories.policy

    def _known_advisories(self, crate: CrateName, day: Date) -> list[Advisory]:
        """Return what was publicly known of a crate by a day."""
        advisories = self._policy.advisories.get(crate, ())
        return [each for each in advisories if each.published is not None and each.published <= day]


def day_of(at: int) -> Date:
    """Return the day (UTC) of a moment."""
    return parse_date(write_moment(at)[:10])


def _is_published(package: Package) -> bool:
    return package.source == CRATES_IO


def _nowhere(_: Package) -> None:
    """Return no place: the commit and the crate are one."""
