"""What may spare somebody the reading a suggestion asks for: a publisher to trust, audits to import.

Shared spec resolver 10.3. A git revision gets no hints: no trust and no published audit extends to it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final, NamedTuple, TypeAlias

from vetflow.model.audits import Publisher, PublisherSource
from vetflow.model.names import CrateName, ImportName
from vetflow.model.ports import DiffSizes, IndexVersions
from vetflow.model.report import Reach
from vetflow.model.store import AuditsFile, Store
from vetflow.model.suggestions import (
    CrateDelta,
    Hints,
    ImportHint,
    Suggest,
    Suggestion,
    TrustHint,
)
from vetflow.resolve.audit_graph import AuditGraph
from vetflow.resolve.candidates import candidates
from vetflow.resolve.conclude import Resolution
from vetflow.resolve.entries import EntryIndex
from vetflow.resolve.search import reach, search
from vetflow.resolve.suggest import cheapest, reached_versions
from vetflow.resolve.violations import find_conflicts

Publishers: TypeAlias = Mapping[CrateName, tuple[Publisher, ...]]
"""Who published which versions, as crates.io knows it: rows in ascending order of versions; a crate may be absent."""

_Trusted: TypeAlias = Mapping[PublisherSource, tuple[ImportName | None, ...]]
"""Who trusts whom: for whom the own store trusts None alone, else the imports by name."""

_PEER: Final[ImportName] = "peer"
"""What a peer's entries are filed under while they are tried; nothing is asked of them by name."""


class _Trial(NamedTuple):
    """What would be left of a suggestion with a peer's audits: nothing where it `settles` it, else one of `deltas`."""

    suggestion: Suggestion
    peer: ImportName
    deltas: tuple[CrateDelta, ...]
    settles: bool


def hints(
    resolution: Resolution,
    suggest: Suggest,
    publishers: Publishers,
    peers: Mapping[ImportName, AuditsFile],
    *,
    sizes: DiffSizes,
    index: IndexVersions,
) -> Mapping[Suggestion, Hints]:
    """Return what is known besides about each suggestion.

    peers: who publishes audits, said in the store's own criteria; those the store imports already do no harm. `index`
    and `sizes` are asked once each, about crates for which a peer has audits.
    """
    suggestions = (*suggest.suggestions, *suggest.unmeasured)
    imports = _import_hints(resolution, suggestions, publishers, peers, sizes=sizes, index=index)
    trusted = _trusted(resolution.store)
    found = {}
    for suggestion in suggestions:
        name, version = suggestion.delta.name, suggestion.delta.version
        rows = publishers.get(name, ())
        publisher = next((row for row in rows if row.version == version), None)
        # Somebody who is trusted with this crate already is trusted as far as people decided.
        others = () if name in resolution.store.audits.trusted or version.git else reversed(rows)
        trust = _trust_hint(publisher, others, trusted, is_sole=len({row.source for row in rows}) == 1)
        found[suggestion] = Hints(publisher, trust, imports.get(suggestion, ()))
    return found


def _trust_hint(
    publisher: Publisher | None,
    others: Iterable[Publisher],
    trusted: _Trusted,
    *,
    is_sole: bool,
) -> TrustHint | None:
    """Name who is trusted with whichever crate: who published this version, else the first of the others."""
    if publisher is not None and publisher.source in trusted:
        return TrustHint(trusted[publisher.source], publisher, is_exact=True, is_sole=is_sole)
    for row in others:
        if row.source in trusted:
            return TrustHint(trusted[row.source], row, is_exact=False, is_sole=is_sole)
    return None


def _trusted(store: Store) -> _Trusted:
    """Return who trusts whom. imports.lock holds no trust of imports: only what was fetched in this run does."""
    trusted: dict[PublisherSource, tuple[ImportName | None, ...]] = {}
    for name in sorted(store.imports.audits):
        entries = store.imports.audits[name].trusted.values()
        for source in {entry.source for each in entries for entry in each}:
            trusted[source] = (*trusted.get(source, ()), name)
    own: dict[PublisherSource, tuple[None]] = {
        entry.source: (None,) for entries in store.audits.trusted.values() for entry in entries
    }
    return trusted | own


def _import_hints(
    resolution: Resolution,
    suggestions: tuple[Suggestion, ...],
    publishers: Publishers,
    peers: Mapping[ImportName, AuditsFile],
    *,
    sizes: DiffSizes,
    index: IndexVersions,
) -> Mapping[Suggestion, tuple[ImportHint, ...]]:
    """Find the peers with whose audits there would be less to read, the best of them first."""
    if not peers:
        return {}
    reached = {
        (suggestion, peer): reaches
        for suggestion in suggestions
        for peer in (sorted(peers) if not suggestion.delta.version.git else ())
        if (reaches := _reaches_with(resolution, suggestion, publishers, peers[peer])) is not None
    }
    published = index.published(reached_versions((each.delta.name, found) for (each, _), found in reached.items()))
    trials: list[_Trial] = []
    for (suggestion, peer), reaches in reached.items():
        name, target = suggestion.delta.name, suggestion.target
        deltas = candidates(name, target, reaches, published[name]).deltas if reaches else ()
        trials.append(_Trial(suggestion, peer, deltas, settles=not reaches))
    measured = sizes.sizes({delta for trial in trials for delta in trial.deltas})
    found: dict[Suggestion, list[ImportHint]] = {}
    for trial in trials:
        best = cheapest(trial.deltas, measured)
        lines = 0 if trial.settles else best[1].lines if best else None
        now = trial.suggestion.lines
        if lines is not None and (now is None or lines < now):
            found.setdefault(trial.suggestion, []).append(ImportHint(trial.peer, lines))
    return {suggestion: tuple(sorted(each, key=lambda hint: hint.lines)) for suggestion, each in found.items()}


def _reaches_with(
    resolution: Resolution, suggestion: Suggestion, publishers: Publishers, peer: AuditsFile
) -> list[Reach] | None:
    """Return how far one gets with a peer's audits for each criterion still missing; none may be.

    None where the peer says nothing of the crate, or contradicts what is known of it.
    """
    name, store = suggestion.delta.name, resolution.store
    audits, wildcard_audits = peer.audits.get(name), peer.wildcard_audits.get(name)
    if not audits and not wildcard_audits:
        return None
    entries = EntryIndex(store).of(name)
    entries = entries._replace(
        audits=(*entries.audits, *([(_PEER, audits)] if audits else ())),
        wildcard_audits=(*entries.wildcard_audits, *([(_PEER, wildcard_audits)] if wildcard_audits else ())),
        publishers=publishers.get(name) or entries.publishers,
    )
    if find_conflicts(entries, store.criteria):
        return None
    graph = AuditGraph(entries, store.criteria)
    missing = [1 << each for each in store.criteria.indices(suggestion.missing)]
    return [
        reach(graph, wanted, suggestion.target)
        for wanted in missing
        if search(graph, wanted, suggestion.target) is None
    ]
