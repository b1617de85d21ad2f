"""What one set of audits says of one crate, taken by itself and in the set's own criteria."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from vetflow.model.audits import Audit, AuditKind, Publisher, TrustedEntry, WildcardAudit
from vetflow.model.criteria import Criteria, CriteriaSet
from vetflow.model.names import CrateName, CriteriaName
from vetflow.model.report import TRUST
from vetflow.model.store import AuditsFile
from vetflow.model.version import VetVersion
from vetflow.resolve.audit_graph import AuditGraph
from vetflow.resolve.entries import CrateEntries
from vetflow.resolve.search import reach, search


class Standing(NamedTuple):
    """How far a set gets towards one version.

    criteria: what its entries certify the version for, minimal; empty when they do not lead to it. on_trust: a way to
    it rests on trust in a publisher. nearest: when they do not, the version they do lead to from which a delta would be
    natural: the last one before, else the first one after.
    """

    version: VetVersion
    criteria: tuple[CriteriaName, ...] = ()
    on_trust: bool = False
    nearest: VetVersion | None = None


class Evidence(NamedTuple):
    """The entries of a set about a crate, in file order, and what they amount to for each version asked about."""

    audits: tuple[Audit, ...]
    wildcard_audits: tuple[WildcardAudit, ...]
    trusted: tuple[TrustedEntry, ...]
    standings: tuple[Standing, ...]

    @property
    def is_silent(self) -> bool:
        """Whether the set says nothing of the crate."""
        return not (self.audits or self.wildcard_audits or self.trusted)


def evidence(
    crate: CrateName,
    files: Iterable[AuditsFile],
    criteria: Criteria,
    publishers: tuple[Publisher, ...],
    versions: Iterable[VetVersion],
    *,
    with_trusted: bool,
) -> Evidence:
    """Return what `files`, which make up one set, say of `crate`.

    criteria: the set's own. publishers: who published which version, as far as anybody knows. with_trusted: trusted
    entries certify, which they do in the own store alone: nobody inherits them. Raises StoreError for an entry with
    criteria that the set does not define.
    """
    files = tuple(files)
    audits = tuple(audit for file in files for audit in file.audits.get(crate, ()))
    wildcard_audits = tuple(entry for file in files for entry in file.wildcard_audits.get(crate, ()))
    trusted = tuple(entry for file in files for entry in file.trusted.get(crate, ()))
    entries = CrateEntries(
        crate,
        ((None, audits),),
        ((None, wildcard_audits),),
        trusted if with_trusted else (),
        publishers,
        exemptions=(),
        unpublished=(),
    )
    graph = AuditGraph(entries, criteria)
    certified = _certified(graph, criteria)
    standings = tuple(_standing(graph, criteria, certified, version) for version in versions)
    return Evidence(_in_order(audits), wildcard_audits, trusted, standings)


def _certified(graph: AuditGraph, criteria: Criteria) -> Mapping[VetVersion, CriteriaSet]:
    """Return every version that the entries lead to, with what they certify it for."""
    certified: dict[VetVersion, CriteriaSet] = {}
    for index in range(len(criteria)):
        for version in _reached(graph, 1 << index):
            certified[version] = certified.get(version, 0) | 1 << index
    return certified


def _reached(graph: AuditGraph, wanted: CriteriaSet) -> Iterable[VetVersion]:
    # How far one gets from nothing does not depend on the version one wants to get to.
    anywhere = next(iter(graph.into), None)
    return [] if anywhere is None else [each for each in reach(graph, wanted, anywhere).from_root if each is not None]


def _standing(
    graph: AuditGraph, criteria: Criteria, certified: Mapping[VetVersion, CriteriaSet], version: VetVersion
) -> Standing:
    held = certified.get(version, 0)
    if not held:
        before = [each for each in certified if each < version]
        after = [each for each in certified if each > version]
        return Standing(version, nearest=max(before) if before else min(after, default=None))
    paths = [search(graph, 1 << index, version) for index in criteria.indices(criteria.minimal(held))]
    on_trust = any(edge.origin.kind in TRUST for path in paths if path for edge in path.edges)
    return Standing(version, criteria.minimal_names(held), on_trust=on_trust)


def _in_order(audits: Iterable[Audit]) -> tuple[Audit, ...]:
    """Return audits by the version they lead to, violations last."""
    by_version = sorted((audit for audit in audits if audit.version is not None), key=_position)
    return (*by_version, *(audit for audit in audits if audit.kind is AuditKind.VIOLATION))


def _position(audit: Audit) -> tuple[object, ...]:
    return audit.version, audit.kind, audit.base or ()
