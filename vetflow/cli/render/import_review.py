"""`imports review` as text and JSON: the stops first, then what it does here, then the rest."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any, Final

from vetflow.app.imports.effect import ImportEffect, NewlyVetted, Removable
from vetflow.app.imports.review import ImportReview, PeerReview
from vetflow.app.wording import enumerate_words
from vetflow.cli.output import Line, Style, Styled
from vetflow.cli.render.privileges import privilege_words
from vetflow.cli.render.report_json import inert
from vetflow.cli.render.short_list import short_list
from vetflow.model.dates import Date
from vetflow.trust.claims import claim_of, entries_of

REVIEW_SCHEMA: Final = "vetflow/imports-review/1"
_SHOWN_ROWS: Final = 30
_BY_PRIVILEGE: Final = {
    True: "their code runs when you build",
    None: "whether their code runs when you build is not known",
    False: "no code of theirs runs when you build",
}


def review_lines(review: ImportReview) -> Iterator[Line]:
    """Yield what to stop at in each import, then what all of them do to the workspace, then what else they hold."""
    for each in review.peers:
        yield from _stop_lines(each)
    yield from _effect_lines(review.effect)
    if review.publishers:
        yield (Styled("publishers in imports.lock that nobody accepted", Style.TITLE), f" ({len(review.publishers)}):")
        yield from ((f"  {words}",) for words in review.publishers)
    for each in review.peers:
        yield from _rest_lines(each, review.project.request.today)
    if not review.asked_advisories:
        yield (Styled("advisories were not asked: there is no database on this machine", Style.FAINT),)


def _effect_lines(effect: ImportEffect) -> Iterator[Line]:
    """Yield what nobody here has to read any more: first what runs during a build, each with how it does."""
    for title, gains in (
        ("newly vetted here", effect.newly_vetted),
        ("exemptions that can go then (`vetflow prune`)", effect.removable),
    ):
        if gains:
            yield (Styled(title, Style.TITLE), f" ({len(gains)}):")
        for runs, heading in _BY_PRIVILEGE.items():
            found = [each for each in gains if each.privileges.has_any is runs]
            if found:
                yield (f"  {heading}:",)
            yield from (_gain_line(each) for each in found)


def _gain_line(gain: NewlyVetted | Removable) -> Line:
    by = f", by {enumerate_words(gain.by)}" if isinstance(gain, NewlyVetted) else ""
    how = f": {privilege_words(gain.privileges)}" if gain.privileges.has_any else ""
    return (f"    {gain.name} {gain.version}{by}", Styled(how, Style.WARN))


def _stop_lines(review: PeerReview) -> Iterator[Line]:
    peer = review.peer
    state = "as accepted" if review.is_same else "never accepted" if review.receipt is None else "changed"
    address = "an address that is fixed" if review.is_pinned else "an address whose content may change"
    yield (Styled(peer.name, Style.TITLE), f": {state}; from {', '.join(peer.source.url)}, {address}")
    then = f", accepted was {', '.join(digest[:12] for digest in review.receipt.bodies)}" if review.receipt else ""
    yield (f"  content {', '.join(digest[:12] for digest in review.bodies)}{then}",)
    for stop in review.changes.stops:
        yield ("  ", Styled("stop", Style.BAD), f" {stop.reason} [{stop.kind.value}]")


def _rest_lines(review: PeerReview, today: Date) -> Iterator[Line]:
    found = review.changes
    yield (Styled(f"all of {review.peer.name}", Style.TITLE),)
    counting = [(crate, row) for crate, row in found.rows if row.criteria]
    if counting:
        yield (f"  {len(counting)} new rows about crates in use:",)
        yield from ((f"    {crate} {row.what} for {', '.join(row.criteria)}",) for crate, row in counting[:_SHOWN_ROWS])
        if len(counting) > _SHOWN_ROWS:
            yield (f"    ... and {len(counting) - _SHOWN_ROWS} more; --output-format json lists all",)
    if review.trust is not None:
        yield (f"  signed at the peer: {review.trust.signed} of {review.trust.of} entries about crates in use",)
    kinds = ", ".join(f"{count} {kind}" for kind, count in sorted(_kinds(review).items()))
    yield (f"  {kinds or 'nothing'}; {found.elsewhere} of it about crates that are not in use",)
    ended = sum(1 for rows in review.peer.mapped.wildcard_audits.values() for row in rows if row.end <= today)
    if ended:
        yield (f"  {ended} of its wildcard entries have ended",)
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
            "pinned": each.is_pinned,
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
    document = {
        "schema": REVIEW_SCHEMA,
        "peers": peers,
        "newly-vetted": [_gain(each) | {"by": list(each.by)} for each in review.effect.newly_vetted],
        "removable-exemptions": [
            _gain(each) | {"criteria": list(each.exemption.criteria)} for each in review.effect.removable
        ],
        "publishers": list(review.publishers),
        "asked-advisories": review.asked_advisories,
    }
    return inert(document) + "\n"


def _gain(gain: NewlyVetted | Removable) -> dict[str, Any]:
    return {"name": gain.name, "version": str(gain.version), **gain.privileges._asdict()}
