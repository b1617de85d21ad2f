"""Advisories about what a peer vouches for: an audit says nothing about what became known after it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

from vetflow.formats.import_receipts import AcceptedRow
from vetflow.model.findings import Level
from vetflow.model.names import CrateName
from vetflow.trust.advisories import AdvisoryMatch
from vetflow.trust.claims import claim_of, entries_of
from vetflow.trust.import_changes import PeerSet, Stop, StopKind
from vetflow.trust.receipts import row_of


def advised_stops(
    peer: PeerSet, new: Collection[tuple[CrateName, AcceptedRow]], matches: Iterable[AdvisoryMatch]
) -> Iterator[Stop]:
    """Name the new rows of a peer that lead to a locked version about which there is a grave advisory.

    matches: of the locked packages. Rows that count for nothing here are left out.
    """
    grave: dict[tuple[CrateName, str], list[AdvisoryMatch]] = {}
    for match in matches:
        if match.level is Level.FAIL:
            grave.setdefault((match.package.name, str(match.package.version)), []).append(match)
    rows = set(new)
    for crate, entry in entries_of(peer.mapped):
        claim = claim_of(crate, entry)
        if not entry.criteria or not claim.versions or (crate, row_of(claim, entry)) not in rows:
            continue
        for match in grave.get((crate, str(claim.versions[-1])), ()):
            advisory = match.advisory
            reason = f"{peer.name} vouches for {claim}, and {advisory.id} is about that version: {advisory.title}"
            yield Stop(StopKind.ADVISORY, crate, reason)
