"""What a peer's set of audits says now and did not say when it was accepted, the alarming first.

Audit sets are append-only in practice: whatever is taken back, redefined or widened deserves a stop, and so does what
reaches further than a list of new rows shows: criteria maps that raise, wildcards that cover versions nobody has
published yet, violations that hit this workspace, many rows by one name (shared spec trust 2.3 and 2.4).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from enum import Enum
from typing import Final, NamedTuple

from vetflow.formats.import_receipts import AcceptedRow, Receipt
from vetflow.model.audits import Audit, WildcardAudit
from vetflow.model.criteria import Criteria
from vetflow.model.dates import Date
from vetflow.model.names import CrateName, CriteriaName, ImportName
from vetflow.model.store import AuditsFile, CriteriaEntry, Import
from vetflow.model.version import VetVersion
from vetflow.resolve.criteria_maps import mapped_criteria
from vetflow.trust.claims import TRUSTED, Entry, claim_of, entries_of
from vetflow.trust.meaning import BUILT_IN, meanings
from vetflow.trust.receipts import accepted_rows, map_digest, row_of

BURST: Final = 20
"""So many new rows by one name at once are worth a look."""


class StopKind(Enum):
    """What makes a review stop, in the order it is shown."""

    PEER_KEYS = "peer-keys-changed"
    PEER_SIGNATURE = "peer-signature"
    CRITERION = "criterion-redefined"
    NEW_CRITERION = "criterion-counts"
    MAP_RAISES = "map-raises"
    MAP_NOWHERE = "map-points-nowhere"
    REMOVED = "row-removed"
    WIDENED = "row-widened"
    EDITED = "row-edited"
    VIOLATION = "new-violation"
    ADVISORY = "advisory"
    WILDCARD = "future-wildcard"
    BURST = "burst"


class Stop(NamedTuple):
    """Something to look at before a set is accepted. crate: None where it is about all of them."""

    kind: StopKind
    crate: CrateName | None
    reason: str


class PeerSet(NamedTuple):
    """What a peer says. files: in its own terms, one for each address; mapped: all of it, in the store's criteria."""

    name: ImportName
    source: Import
    files: Sequence[AuditsFile]
    mapped: AuditsFile

    def criteria(self) -> Mapping[CriteriaName, CriteriaEntry]:
        """Return the peer's own criteria; of several addresses the first counts."""
        merged: dict[CriteriaName, CriteriaEntry] = {}
        for file in self.files:
            merged = {**file.criteria, **merged}
        return merged

    def meanings(self) -> Mapping[CriteriaName, str]:
        """Return the digests of the criteria that the peer defines."""
        return {name: meaning for name, meaning in meanings(self.criteria()).items() if name not in BUILT_IN}


class Here(NamedTuple):
    """Where a set is looked at: the criteria, the versions in use by crate, and the day.

    logins: what users of crates.io are called there, as far as that is known.
    """

    criteria: Criteria
    versions: Mapping[CrateName, Collection[VetVersion]]
    today: Date
    logins: Mapping[int, str] = {}


class Changes(NamedTuple):
    """What is different.

    rows: new ones about crates in use. elsewhere: how many rows are about others. stops: in the order they are shown.
    """

    stops: tuple[Stop, ...]
    rows: tuple[tuple[CrateName, AcceptedRow], ...]
    elsewhere: int


def in_order(stops: Iterable[Stop]) -> tuple[Stop, ...]:
    """Return stops in the order they are shown, each once."""
    order = list(StopKind)
    return tuple(sorted(set(stops), key=lambda stop: (order.index(stop.kind), stop.crate or "", stop.reason)))


def changes(peer: PeerSet, receipt: Receipt | None, before: Sequence[AuditsFile] | None, here: Here) -> Changes:
    """Compare what a peer says with what was accepted.

    receipt: None when nothing was. before: the files that were accepted, in the peer's terms, where they are still at
    hand; without them the receipt says less about what changed.
    """
    now = accepted_rows(peer.mapped, here.versions.keys())
    then = receipt.rows if receipt else {}
    new = tuple((crate, row) for crate, rows in sorted(now.items()) for row in rows if row not in then.get(crate, ()))
    found = (
        *_criteria_stops(peer, receipt, before),
        *_map_stops(peer, receipt, here.criteria),
        *_row_stops(peer.name, then, now, here.criteria),
        *_entry_stops(peer, {(crate, row) for crate, row in new}, here),
        *(_bursts(peer, receipt, before) if receipt else ()),
    )
    elsewhere = sum(1 for crate, _ in _entries(peer.mapped) if crate not in here.versions)
    return Changes(in_order(found), new, elsewhere)


def _criteria_stops(peer: PeerSet, receipt: Receipt | None, before: Sequence[AuditsFile] | None) -> Iterator[Stop]:
    now, then = peer.meanings(), receipt.criteria if receipt else {}
    entries = peer.criteria()
    for name in sorted(then.keys() & now.keys()):
        if then[name] != now[name]:
            old = next((file.criteria[name] for file in before or () if name in file.criteria), None)
            yield Stop(StopKind.CRITERION, None, f"{peer.name} changed {name}: {_criterion_change(old, entries[name])}")
    for name in sorted(then.keys() - now.keys()):
        yield Stop(StopKind.CRITERION, None, f"{peer.name} no longer defines {name}")
    for name in sorted(now.keys() - then.keys()):
        implied = _implied(name, entries)
        ours = sorted({mine for each in implied for mine in _counts_as(each, peer.source)})
        if ours:
            what = f"{peer.name} defines {name}, which counts as {', '.join(ours)} here"
            yield Stop(StopKind.NEW_CRITERION, None, f"{what}: {_short(entries[name].description)}")


def _counts_as(name: CriteriaName, source: Import) -> tuple[CriteriaName, ...]:
    return source.criteria_map.get(name, (name,) if name in BUILT_IN else ())


def _implied(name: CriteriaName, entries: Mapping[CriteriaName, CriteriaEntry]) -> set[CriteriaName]:
    """Return a criterion and all it implies at the peer."""
    found: set[CriteriaName] = set()
    pending = [name]
    while pending:
        each = pending.pop()
        if each not in found:
            found.add(each)
            pending += entries[each].implies if each in entries else ()
    return found


def _criterion_change(old: CriteriaEntry | None, new: CriteriaEntry) -> str:
    if old is None:
        implies = f", and implies {', '.join(new.implies)}" if new.implies else ""
        return f"it reads {_short(new.description)}{implies} now"
    parts = []
    if (old.description, old.description_url) != (new.description, new.description_url):
        parts.append(f"it read {_short(old.description)}, and reads {_short(new.description)} now")
    if set(old.implies) != set(new.implies):
        parts.append(f"it implied {', '.join(old.implies) or 'nothing'}, and implies {', '.join(new.implies)} now")
    return "; ".join(parts) or "what it implies means something else now"


def _short(text: str | None) -> str:
    words = " ".join((text or "nothing").split())
    return f'"{words if len(words) <= 120 else words[:120] + "..."}"'


def _map_stops(peer: PeerSet, receipt: Receipt | None, local: Criteria) -> Iterator[Stop]:
    """Name lines of a criteria map that raise or do nothing, unless just that was accepted before."""
    if receipt and receipt.map == map_digest(peer.source) and receipt.criteria == peer.meanings():
        return
    for each in mapped_criteria(peer.files, peer.source.criteria_map, local):
        if each.theirs not in peer.source.criteria_map:
            continue
        if not each.is_defined:
            reason = f"the criteria-map of {peer.name} names {each.theirs}, which {peer.name} does not define"
            yield Stop(StopKind.MAP_NOWHERE, None, reason)
        elif each.raised:
            count = f"{each.entries} entries"
            reason = f"{each.theirs} of {peer.name} counts as {each.raised} here, which it does not say ({count})"
            yield Stop(StopKind.MAP_RAISES, None, reason)


def _row_stops(
    name: ImportName,
    then: Mapping[CrateName, tuple[AcceptedRow, ...]],
    now: Mapping[CrateName, tuple[AcceptedRow, ...]],
    criteria: Criteria,
) -> Iterator[Stop]:
    for crate, rows in sorted(then.items()):
        for old in rows:
            same = [row for row in now.get(crate, ()) if row.what == old.what]
            if old in same:
                continue
            what = f"{crate} {old.what} by {name}"
            alike = [row for row in same if row.digest == old.digest]
            if not same:
                yield Stop(StopKind.REMOVED, crate, f"{what} is gone")
            elif not alike:
                yield Stop(StopKind.EDITED, crate, f"{what} has other authors, notes or sources now")
            for row in alike:
                known = [each for each in (old.criteria, row.criteria) if all(part in criteria for part in each)]
                if len(known) == 2 and criteria.set(row.criteria) & ~criteria.set(old.criteria):
                    claims = f"{', '.join(row.criteria)} now, and was for {', '.join(old.criteria) or 'nothing here'}"
                    yield Stop(StopKind.WIDENED, crate, f"{what} is for {claims}")


def _entry_stops(peer: PeerSet, new: Collection[tuple[CrateName, AcceptedRow]], here: Here) -> Iterator[Stop]:
    """Name new violations, and new wildcards that have not ended."""
    for crate, entry in _entries(peer.mapped):
        if (crate, row_of(claim_of(crate, entry), entry)) not in new:
            continue
        if isinstance(entry, Audit) and entry.violation is not None:
            hit = [str(version) for version in sorted(here.versions[crate]) if entry.violation.matches(version)]
            whom = f"it hits {', '.join(hit)}" if hit else "no version in use is hit"
            yield Stop(StopKind.VIOLATION, crate, f"{peer.name}: {crate} {claim_of(crate, entry).words}: {whom}")
        elif isinstance(entry, WildcardAudit) and entry.end > here.today:
            login = here.logins.get(entry.source) if isinstance(entry.source, int) else None
            named = f" (user {entry.source} is {login})" if login else ""
            reason = f"{peer.name}: {crate} {claim_of(crate, entry).words}, also what is not published yet{named}"
            yield Stop(StopKind.WILDCARD, crate, reason)


def _bursts(peer: PeerSet, receipt: Receipt | None, before: Sequence[AuditsFile] | None) -> Iterator[Stop]:
    """Name people who recorded many rows at once, about whichever crates."""
    old: set[tuple[CrateName, str]] = set()
    if before is not None:
        old = {(crate, claim_of(crate, entry).words) for file in before for crate, entry in _entries(file)}
    elif receipt is not None:
        old = {(crate, row.what) for crate, rows in receipt.rows.items() for row in rows}
    crates = None if before is not None else {crate for crate, _ in old}
    by_name: Counter[str] = Counter(
        who
        for crate, entry in _entries(peer.mapped)
        if (crates is None or crate in crates) and (crate, claim_of(crate, entry).words) not in old
        for who in getattr(entry, "who", ())
    )
    for who, count in sorted(by_name.items()):
        if count >= BURST:
            yield Stop(StopKind.BURST, None, f"{peer.name}: {count} new rows at once by {who}")


def _entries(audits: AuditsFile) -> Iterator[tuple[CrateName, Entry]]:
    """Yield the entries that can be imported: trust in publishers is not."""
    return ((crate, entry) for crate, entry in entries_of(audits) if claim_of(crate, entry).kind != TRUSTED)
