"""The audit graph of one crate name: which versions may be accepted by whoever accepts which others.

Nodes are versions and None, "nothing", which every full audit starts from; edges are entries (shared spec
resolver 4). All versions of a crate in use share one graph.
"""

from __future__ import annotations

from enum import IntEnum
from typing import Final, NamedTuple

from vetflow.model.audits import Publisher, TrustedEntry, WildcardAudit
from vetflow.model.criteria import Criteria, CriteriaSet, UnknownCriteriaError
from vetflow.model.report import Origin, OriginKind, Step
from vetflow.model.version import VetVersion
from vetflow.resolve.entries import CrateEntries, name_unknown_criteria, unknown_criteria


class Caveat(IntEnum):
    """What speaks against using an edge while there are others; how much, depends on the search mode."""

    NONE = 0
    NON_IMPORTABLE = 1
    EXEMPTION = 2
    UNPUBLISHED = 3
    FRESH_PUBLISHER = 4
    FRESH_IMPORT = 5
    FRESH_UNPUBLISHED = 6
    INVENTED_EXEMPTION = 7


_FRESH: Final = (Caveat.FRESH_PUBLISHER, Caveat.FRESH_IMPORT, Caveat.FRESH_UNPUBLISHED)


class Edge(NamedTuple):
    """An entry as an edge: whoever accepts `base` may accept `version`.

    base: None for "nothing". criteria: what this holds for, closed under implication. rank: the edge's place
    in the graph's order of preference.
    """

    base: VetVersion | None
    version: VetVersion
    criteria: CriteriaSet
    caveat: Caveat
    rank: int
    origin: Origin


class AuditGraph:
    """The edges of a crate name.

    edges: in order of preference, which is cargo-vet's: own audits, imported ones, wildcard audits, trusted
    entries, exemptions, unpublished rows. into: the same edges by the version they lead to, in that order.
    """

    __slots__ = ("edges", "entries", "into")

    def __init__(self, entries: CrateEntries, criteria: Criteria) -> None:
        """Take the entries of a crate; raises StoreError when one of them names unknown criteria."""
        self.entries = entries
        self.edges: list[Edge] = []
        try:
            self._add_audits(criteria)
            if entries.publishers:
                self._add_wildcard_audits(criteria)
                self._add_trusted(criteria)
            self._add_exemptions(criteria)
            self._add_unpublished(criteria)
        except UnknownCriteriaError:
            raise unknown_criteria(name_unknown_criteria(entries, criteria), criteria) from None
        self.into: dict[VetVersion, list[Edge]] = {}
        for edge in self.edges:
            self.into.setdefault(edge.version, []).append(edge)

    def step(self, edge: Edge) -> Step:
        """Return an edge with the entry behind it; raises KeyError for an invented exemption."""
        row = edge.origin.publisher
        return Step(
            edge.origin,
            edge.base,
            edge.version,
            self.entries.entry(edge.origin),
            publisher=None if row is None else self.entries.publishers[row],
            fresh=edge.caveat in _FRESH,
        )

    def _add_audits(self, criteria: Criteria) -> None:
        edges = self.edges
        for source, audits in self.entries.audits:
            for index, audit in enumerate(audits):
                names = criteria.set(audit.criteria)
                if audit.version is None:
                    continue  # a violation leads nowhere
                if source is None:
                    caveat = Caveat.NONE if audit.importable else Caveat.NON_IMPORTABLE
                else:
                    caveat = Caveat.FRESH_IMPORT if audit.fresh else Caveat.NONE
                origin = Origin(OriginKind.AUDIT, source, index)
                edges.append(Edge(audit.base, audit.version, names, caveat, len(edges), origin))

    def _add_wildcard_audits(self, criteria: Criteria) -> None:
        edges = self.edges
        for source, audits in self.entries.wildcard_audits:
            for index, audit in enumerate(audits):
                for row, publisher in enumerate(self.entries.publishers):
                    if not covers(audit, publisher):
                        continue
                    names = criteria.set(audit.criteria)
                    if audit.fresh:
                        caveat = Caveat.FRESH_IMPORT
                    else:
                        caveat = Caveat.FRESH_PUBLISHER if publisher.fresh else Caveat.NONE
                    origin = Origin(OriginKind.WILDCARD, source, index, row)
                    edges.append(Edge(None, publisher.version, names, caveat, len(edges), origin))

    def _add_trusted(self, criteria: Criteria) -> None:
        edges = self.edges
        # The row comes before the entry: cargo-vet ranks these edges by publisher row. It also takes one that
        # needs a fresh row for a fresh import, not for a fresh publisher as with wildcard audits.
        for row, publisher in enumerate(self.entries.publishers):
            caveat = Caveat.FRESH_IMPORT if publisher.fresh else Caveat.NONE
            for index, entry in enumerate(self.entries.trusted):
                if covers(entry, publisher):
                    names = criteria.set(entry.criteria)
                    origin = Origin(OriginKind.TRUSTED, None, index, row)
                    edges.append(Edge(None, publisher.version, names, caveat, len(edges), origin))

    def _add_exemptions(self, criteria: Criteria) -> None:
        edges = self.edges
        for index, exemption in enumerate(self.entries.exemptions):
            names = criteria.set(exemption.criteria)
            origin = Origin(OriginKind.EXEMPTION, None, index)
            edges.append(Edge(None, exemption.version, names, Caveat.EXEMPTION, len(edges), origin))

    def _add_unpublished(self, criteria: Criteria) -> None:
        edges = self.edges
        for index, row in enumerate(self.entries.unpublished):
            caveat = Caveat.FRESH_UNPUBLISHED if row.fresh else Caveat.UNPUBLISHED
            origin = Origin(OriginKind.UNPUBLISHED, None, index)
            edges.append(Edge(row.audited_as, row.version, criteria.everything, caveat, len(edges), origin))


def covers(trust: WildcardAudit | TrustedEntry, publisher: Publisher) -> bool:
    """Whether trust in a publisher extends to a version: from the first day until before the last."""
    return trust.source == publisher.source and trust.start <= publisher.when < trust.end
