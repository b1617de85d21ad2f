"""The gate for privileged code, over the lock of a project as it was read."""

from __future__ import annotations

from collections.abc import Collection
from typing import NamedTuple

from vetflow.app.drift import Side
from vetflow.app.verify import Verify
from vetflow.graph.host_closure import host_closure
from vetflow.model.findings import Finding
from vetflow.model.names import CrateName
from vetflow.model.pins import PinnedCrate, SurfaceLock
from vetflow.model.report import Entry
from vetflow.model.rules import Demanded, ProjectRules
from vetflow.model.store import Store
from vetflow.resolve.entries import EntryIndex
from vetflow.surface.growth import tiers_of
from vetflow.trust.gate import Counts, Gate, GateVerdict, PrivilegedCrate, gate_findings


class GateAnswer(NamedTuple):
    """What the gate says of every privileged crate, in the order of the lock."""

    verdicts: tuple[GateVerdict, ...]
    findings: tuple[Finding, ...]


def privileged_crates(side: Side, *, dev: bool) -> tuple[PrivilegedCrate, ...]:
    """Return the crates of a lock that run during a build, as far as they could be read; dev: also for development."""
    compiled = host_closure(side.graph, dev=dev)
    packages = side.project.workspace.packages
    return tuple(
        PrivilegedCrate(packages[number], tiers, pin)
        for number, pin in side.pins.items()
        if number in compiled.all and (tiers := tiers_of(pin.targets, host=number in compiled.host))
    )


def judge_gate(
    side: Side, store: Store, rules: ProjectRules, counts: Counts, *earlier: SurfaceLock | None
) -> GateAnswer:
    """Judge every privileged crate of a lock. earlier: what other locks pin, whose code may have been read.

    Raises StoreError when an entry names unknown criteria.
    """
    pins: dict[CrateName, tuple[PinnedCrate, ...]] = {}
    for lock in earlier:
        for name, rows in lock.crates.items() if lock else ():
            pins[name] = (*pins.get(name, ()), *rows)
    gate = Gate(rules.gate, store.criteria, side.project.request.today, pins, counts)
    entries = EntryIndex(store)
    crates = privileged_crates(side, dev=rules.gate.dev)
    verdicts = tuple(gate.judge(crate, entries.of(crate.package.name)) for crate in crates)
    known = [name for name in rules.gate.criteria if name in store.criteria]
    criterion = known[0] if known else rules.gate.criteria[0]
    return GateAnswer(verdicts, tuple(gate_findings(verdicts, criterion, side.project.lock_place)))


def signed_entries(verified: Verify, rules: ProjectRules) -> Counts:
    """Return which own entries count at the gate: where people sign, those that are signed, or older than that."""
    if not verified.signs or rules.signatures.require is Demanded.OFF:
        return lambda _crate, _entry: True
    return _Signed(
        [(row.crate, row.entry) for row in verified.verification.entries if row.problem is None or row.is_old]
    )


class _Signed:
    """Whether an entry is among those that somebody signed; entries of other kinds than these sign nothing."""

    def __init__(self, rows: Collection[tuple[CrateName, Entry]]) -> None:
        self._rows = set(rows)

    def __call__(self, crate: CrateName, entry: Entry) -> bool:
        return (crate, entry) in self._rows
