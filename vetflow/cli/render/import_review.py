"""`imports review` as text and JSON: the stops first, then what it does here, then the rest."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from typing import Any, Final

from vetflow.app.import_review import ImportReview, PeerReview
from vetflow.cli.output import Line, Style, Styled
from vetflow.cli.render.short_list import short_list
from vetflow.trust.claims import claim_of, entries_of

REVIEW_SCHEMA: Final = "vetflow/imports-review/1"
_SHOWN_ROWS: Final = 30


def review_lines(review: ImportReview) -> Iterator[Line]:
    """Yield the review of every import, then what all of them do to the workspace."""
    for each in review.peers:
        yield from _peer_lines(each)
    if review.newly_vetted:
        names = ", ".join(f"{name} {version}" for name, version in review.newly_vetted)
        yield (Styled("newly vetted here", Style.TITLE), f" ({len(review.newly_vetted)}): {names}")
    if review.publishers:
        yield (Styled("publishers in imports.lock that nobody accepted", Style.TITLE), f" ({len(review.publishers)}):")
        yield from ((f"  {words}",) for words in review.publishers)


def _peer_lines(review: PeerReview) -> Iterator[Line]:
    peer, found = review.peer, review.changes
    state = "as accepted" if review.is_same else "never accepted" if review.receipt is None else "changed"
    yield (Styled(peer.name, Style.TITLE), f": {state}; from {', '.join(peer.source.url)}")
    then = f", accepted was {', '.join(digest[:12] for digest in review.receipt.bodies)}" if review.receipt else ""
    yield (f"  content {', '.join(digest[:12] for digest in review.bodies)}{then}",)
    for stop in found.stops:
        yield ("  ", Styled("stop", Style.BAD), f" {stop.reason} [{stop.kind.value}]")
    counting = [(crate, row) for crate, row in found.rows if row.criteria]
    if counting:
        yield (f"  {len(counting)} new rows about crates in use:",)
        yield from ((f"    {crate} {row.what} for {', '.join(row.criteria)}",) for crate, row in counting[:_SHOWN_ROWS])
        if len(counting) > _SHOWN_ROWS:
            yield (f"    ... and {len(counting) - _SHOWN_ROWS} more; --output-format json lists all",)
    if review.trust is not None:
        yield (f"  signed at the peer: {review.trust.signed} of {review.trust.of} entries about crates in use",)
    kinds = ", ".join(f"{count} {kind}" for kind, count in sorted(_kinds(review).items()))
    yield (f"  all it has: {kinds or 'nothing'}; {found.elsewhere} of it about crates that are not in use",)
    names = [f"{who} ({count})" for who, count in _authors(review).most_common(3)]
    if names:
        yield (f"  most by {short_list(names)}",)


def _kinds(review: PeerReview) -> Counter[str]:
    return Counter(claim_of(crate, entry).kind for crate, entry in entries_of(review.peer.mapped))


def _authors(review: PeerReview) -> Counter[str]:
    return Counter(who for _, entry in entries_of(review.peer.mapped) for who in getattr(entry, "who", ()))


def review_json(review: ImportReview) -> str:
    """Return the review as a document."""
    peers = [
        {
            "name": each.peer.name,
            "url": list(each.peer.source.url),
            "body": list(each.bodies),
            "accepted-body": None if each.receipt is None else list(each.receipt.bodies),
            "stops": [stop._asdict() | {"kind": stop.kind.value} for stop in each.changes.stops],
            "rows": [
                {"crate": crate, "what": row.what, "criteria": list(row.criteria)} for crate, row in each.changes.rows
            ],
            "signed": None if each.trust is None else {"entries": each.trust.of, "signed": each.trust.signed},
            "elsewhere": each.changes.elsewhere,
            "kinds": dict(sorted(_kinds(each).items())),
        }
        for each in review.peers
    ]
    newly = [{"name": name, "version": str(version)} for name, version in review.newly_vetted]
    document = {"peers": peers, "newly-vetted": newly, "publishers": list(review.publishers)}
    return _document(REVIEW_SCHEMA, document)


def _document(schema: str, document: dict[str, Any]) -> str:
    return json.dumps({"schema": schema, **document}, indent=2, ensure_ascii=False) + "\n"
