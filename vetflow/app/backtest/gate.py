"""The gate over a lock's past: which build-time code somebody would have had to read, and when.

What was in the first lock counts as read, and whatever the gate asked for counts as read from then on: a project that
adopts the gate today stands there, too. Own audits count when they were there before the step; what came with it is the
work that is being counted. Audits of peers count at once: nobody here worked on them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TypeAlias

from vetflow.app.backtest.lock import PastLock
from vetflow.app.drift import Side
from vetflow.app.gate import privileged_crates
from vetflow.errors import StoreError
from vetflow.model.audits import Audit, AuditKind
from vetflow.model.criteria import Criteria
from vetflow.model.dates import Date
from vetflow.model.findings import Finding
from vetflow.model.names import SAFE_TO_DEPLOY, SAFE_TO_RUN, CrateName
from vetflow.model.pins import PinnedCrate
from vetflow.model.rules import Accepted, GateRules
from vetflow.model.version import VetVersion
from vetflow.resolve.entries import CrateEntries, EntryIndex
from vetflow.surface.tiers import Tier
from vetflow.trust.gate import Gate, GateVerdict, PrivilegedCrate, gate_findings

_Pins: TypeAlias = Mapping[CrateName, Sequence[PinnedCrate]]


class PastGate:
    """Remembers of which versions the build-time code counts as read, and in which role it ran when it was."""

    def __init__(self, rules: GateRules, first: Side) -> None:
        """Take the rules, and the lock with which the past begins."""
        self._rules = rules
        self._as_if = rules._replace(accept=rules.accept | {Accepted.OWN_AUDIT})
        self._criteria = Criteria({name: () for name in rules.criteria if name not in (SAFE_TO_RUN, SAFE_TO_DEPLOY)})
        self._read: dict[CrateName, dict[VetVersion, PrivilegedCrate]] = {}
        self.settle(first)

    def settle(self, side: Side) -> None:
        """Take what a lock has for read."""
        for crate in privileged_crates(side, dev=self._rules.dev):
            versions = self._read.setdefault(crate.package.name, {})
            known = versions.get(crate.package.version)
            ran = {*crate.tiers, *(known.tiers if known else ())}
            versions[crate.package.version] = crate._replace(tiers=tuple(tier for tier in Tier if tier in ran))

    def findings(self, crate: PrivilegedCrate, before: PastLock, after: PastLock, day: Date) -> Iterator[Finding]:
        """Yield what the gate says of a privileged crate of `after`, on a day."""
        name, version = crate.package.name, crate.package.version
        read = self._read.get(name, {})
        # A library that was no part of a build was not read when its build script was.
        settled = [each for each, known in read.items() if set(crate.tiers) <= set(known.tiers)]
        if version in settled:
            return
        pins = {name: tuple(each.pin for each in read.values())}
        gate = Gate(self._as_if, self._criteria, day, pins)
        verdict = gate.judge(crate, _as_if_read(name, settled, self._rules))
        if verdict.passes is None:
            verdict = self._by_audits(crate, before, after, day, pins) or verdict
        yield from gate_findings([verdict], self._rules.criteria[0], lambda _: None)

    def _by_audits(
        self, crate: PrivilegedCrate, before: PastLock, after: PastLock, day: Date, pins: _Pins
    ) -> GateVerdict | None:
        """Judge by what people had audited; None where the entries of that time say nothing that holds together."""
        store = after.store._replace(audits=before.store.audits)
        try:
            verdict = Gate(self._rules, store.criteria, day, pins).judge(
                crate, EntryIndex(store).of(crate.package.name)
            )
        except StoreError:
            return None
        return verdict if verdict.passes is not None else None


def _as_if_read(name: CrateName, versions: Sequence[VetVersion], rules: GateRules) -> CrateEntries:
    """Return the entries there would be if somebody had read these versions."""
    audits = tuple(Audit(AuditKind.FULL, rules.criteria[:1], version) for version in versions)
    return CrateEntries(name, ((None, audits),), (), (), (), (), ())
