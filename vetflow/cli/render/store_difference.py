"""`diff-store` as text and JSON: first what it means for the crates of the lock, then the entries."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from vetflow.app.diff_store import Moved, StoreDifference
from vetflow.app.wording import enumerate_words
from vetflow.cli.output import Line, Piece, Style, Styled
from vetflow.cli.render.report_json import inert
from vetflow.resolve.standing import Rests
from vetflow.trust.store_changes import ChangeKind, StoreChange

SCHEMA: Final = "vetflow/diff-store/1"
_RESTS: Final = {
    Rests.READ: "audits",
    Rests.TRUSTED: "trust in a publisher",
    Rests.UNREQUIRED: "nothing, and nothing is required",
    Rests.PARTLY_EXEMPTED: "audits since an exemption",
    Rests.EXEMPTED: "an exemption (nobody read it)",
    Rests.UNVETTED: "nothing: it is not vetted",
    Rests.CONTRADICTED: "nothing: a violation speaks against it",
}
_SIGNS: Final[Mapping[ChangeKind, Piece]] = {
    ChangeKind.ADDED: Styled("+", Style.ADDED),
    ChangeKind.REMOVED: Styled("-", Style.REMOVED),
    ChangeKind.WIDENED: Styled(">", Style.WARN),
    ChangeKind.NARROWED: "<",
    ChangeKind.CHANGED: "~",
}
_SHORT: Final = 12
_COUNTED: Final = ("publisher rows", "unpublished versions")
_TOLD_OF_PEERS: Final = ("criteria", "violations")


def as_lines(difference: StoreDifference) -> Iterator[Line]:
    """Yield the crates that moved, the own entries that changed, and of peers' what is more than new rows."""
    since = difference.since[:_SHORT]
    if not difference.changes and not difference.moved:
        yield (f"the store says what it said at {since}",)
        return
    if difference.moved:
        yield (
            Styled("crates of this lock that rest on something else now", Style.TITLE),
            f" ({len(difference.moved)})",
        )
        gravest = list(Rests)[::-1]
        for each in sorted(difference.moved, key=lambda each: gravest.index(each.after)):
            yield from _moved_lines(each)
    else:
        yield (f"every crate of this lock rests on what it rested on at {since}",)
    own = [change for change in difference.changes if change.peer is None and change.entries not in _COUNTED]
    for entries in dict.fromkeys(change.entries for change in own):
        yield (Styled(entries, Style.TITLE),)
        yield from (_change_line(change) for change in own if change.entries == entries)
    counted = [change for change in difference.changes if change.entries in _COUNTED]
    if counted:
        yield (Styled("what crates.io said", Style.TITLE), f": {_counts(counted)}")
    yield from _peer_lines([change for change in difference.changes if change.peer is not None])
    yield (Styled("+ new, - gone, > claims more, < claims less, ~ says something else", Style.FAINT),)


def _moved_lines(moved: Moved) -> Iterator[Line]:
    is_bad = moved.after in {Rests.UNVETTED, Rests.CONTRADICTED}
    after = Styled(_RESTS[moved.after], Style.BAD) if is_bad else _RESTS[moved.after]
    yield (f"  {moved.name} {moved.version}: {_RESTS[moved.before]} -> ", after)
    if moved.by_after:
        yield (f"      now: {enumerate_words(moved.by_after)}",)
    if moved.by_before:
        yield (f"      was: {enumerate_words(moved.by_before)}",)


def _change_line(change: StoreChange) -> Line:
    detail = f" {change.detail}" if change.detail.startswith(("for ", "by ")) else f": {change.detail}"
    return ("  ", _SIGNS[change.kind], f" {change.subject}{detail if change.detail else ''}")


def _peer_lines(changes: Iterable[StoreChange]) -> Iterator[Line]:
    by_peer: dict[str | None, list[StoreChange]] = {}
    for change in changes:
        by_peer.setdefault(change.peer, []).append(change)
    for peer, found in by_peer.items():
        yield (Styled(f"imported from {peer}", Style.TITLE), f": {_counts(found)}")
        yield from (
            _change_line(change)
            for change in found
            if change.entries in _TOLD_OF_PEERS or change.kind not in {ChangeKind.ADDED, ChangeKind.NARROWED}
        )


def _counts(changes: Iterable[StoreChange]) -> str:
    """Return how many entries of each kind came, went or changed: `audits 3 added, 1 removed; criteria 1 changed`."""
    counts: dict[str, Counter[str]] = {}
    for change in changes:
        counts.setdefault(change.entries, Counter())[change.kind.value] += 1
    return "; ".join(
        f"{entries} {', '.join(f'{count} {kind}' for kind, count in found.items())}"
        for entries, found in counts.items()
    )


def as_json(difference: StoreDifference) -> str:
    """Return the difference as a document."""
    return inert(
        {
            "schema": SCHEMA,
            "since": difference.since,
            "crates": [
                {
                    "name": each.name,
                    "version": str(each.version),
                    "before": {"rests-on": each.before.value, "entries": list(each.by_before)},
                    "after": {"rests-on": each.after.value, "entries": list(each.by_after)},
                }
                for each in difference.moved
            ],
            "changes": [change._asdict() | {"kind": change.kind.value} for change in difference.changes],
        }
    )
