"""`imports review`: what peers say now, against what was accepted of them, and what it would do to this workspace."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import suppress
from typing import Final, NamedTuple

from vetflow.app.live import fetch_upstream, with_live_imports
from vetflow.app.network import Sources, open_sources
from vetflow.app.project import Project, open_project
from vetflow.app.receipts import read_receipts
from vetflow.app.request import Request
from vetflow.app.verify import locked_checksums
from vetflow.errors import NotFoundError, StoreError, UsageError
from vetflow.formats.foreign_audits import parse_foreign_audits
from vetflow.formats.import_receipts import Receipt, Receipts
from vetflow.model.names import CrateName, ImportName
from vetflow.model.packages import PackageGraph
from vetflow.model.report import VettingFailure
from vetflow.model.store import AuditsFile, Store
from vetflow.model.version import VetVersion
from vetflow.resolve.backlog import backlog_store
from vetflow.resolve.conclude import conclude
from vetflow.resolve.live import map_to_local_criteria
from vetflow.resolve.update_plan import CHECK
from vetflow.sources.archives import sha256
from vetflow.sources.imports import PeerFile, PeerFiles, fetch_beside, fetch_imports, require_imports
from vetflow.trust.import_changes import Changes, Here, PeerSet, Stop, StopKind, changes, in_order
from vetflow.trust.peer_signatures import Against, PeerTrust, Published, judge_peer
from vetflow.trust.receipts import publisher_words

_BODIES: Final = "bodies"
"""The kind of cache entries that hold what peers published, by its sha-256."""


class PeerReview(NamedTuple):
    """One import.

    bodies: the sha-256 of what stands at each address. receipt: None when nothing was accepted yet. keys: the
    `allowed_signers` the peer publishes, and trust what came of its own signatures; None where it publishes none.
    """

    peer: PeerSet
    bodies: tuple[str, ...]
    receipt: Receipt | None
    changes: Changes
    keys: str | None = None
    trust: PeerTrust | None = None

    @property
    def is_same(self) -> bool:
        """Whether what is published is what was accepted, byte for byte."""
        return self.receipt is not None and self.receipt.bodies == self.bodies


class ImportReview(NamedTuple):
    """What was found.

    newly_vetted: packages that with all this need no audit or exemption of our own. publishers: rows of imports.lock,
    in words, that nobody accepted.
    """

    project: Project
    peers: tuple[PeerReview, ...]
    newly_vetted: tuple[tuple[CrateName, VetVersion], ...]
    publishers: tuple[str, ...]

    @property
    def stops(self) -> int:
        """How many things have to be looked at before anything is accepted."""
        return sum(len(each.changes.stops) for each in self.peers)


def review_imports(
    request: Request, names: Collection[ImportName], now: int, progress: Callable[[str, int, int], None]
) -> ImportReview:
    """Fetch imports and compare them with what was accepted: those of `names`, or all of them.

    now: seconds since 1970. Raises NotFoundError for a name that is no import, UndecidedError when something could not
    be had, StoreError.
    """
    if request.locked:
        raise UsageError("what peers publish is fetched, and --locked forbids it", help="leave --locked out")
    project = open_project(request)
    store = project.open_store(locked=False).store
    _require_imports(names, store)
    receipts = read_receipts(project) or Receipts()
    graph = project.graph(store.config.policy)
    with open_sources(project, progress) as sources:
        peers = require_imports(fetch_imports(sources.fetcher, store.config.imports))
        here = Here(store.criteria, _versions_in_use(graph), request.today)
        sets = {name: each for name, each in _peer_sets(store, peers).items() if not names or name in names}
        reviews = tuple(
            _with_signatures(_review(each, peers[name], receipts, here, sources), project, here, sources, now)
            for name, each in sets.items()
        )
        fetched = fetch_upstream(graph, store, sources, CHECK)
    live = with_live_imports(graph, store, fetched.upstream, accept_changed_criteria=True)
    open_now = _open(graph, backlog_store(store, live=False))
    settled = open_now - _open(graph, backlog_store(live, live=True))
    return ImportReview(project, reviews, tuple(sorted(settled)), _new_publishers(store, receipts))


def _require_imports(names: Collection[ImportName], store: Store) -> None:
    unknown = sorted(set(names) - store.config.imports.keys())
    if unknown:
        known = ", ".join(sorted(store.config.imports)) or "none"
        raise NotFoundError(f"'{unknown[0]}' is not imported", help=f"imports are {known}")


def _peer_sets(store: Store, peers: Mapping[ImportName, PeerFiles]) -> Mapping[ImportName, PeerSet]:
    imports = store.config.imports
    foreign = {name: [(file.url, file.foreign.audits) for file in files] for name, files in peers.items()}
    mapped = map_to_local_criteria(imports, foreign, store.criteria)
    return {
        name: PeerSet(name, imports[name], [audits for _, audits in foreign[name]], mapped[name])
        for name in sorted(imports)
    }


def _review(peer: PeerSet, files: Sequence[PeerFile], receipts: Receipts, here: Here, sources: Sources) -> PeerReview:
    """Compare one import with its receipt; keep what stands at its addresses for the next time."""
    receipt = receipts.receipts.get(peer.name)
    before = None if receipt is None else _kept(sources, receipt)
    bodies = tuple(_keep(sources, file.text) for file in files)
    return PeerReview(peer, bodies, receipt, changes(peer, receipt, before, here))


def _with_signatures(review: PeerReview, project: Project, here: Here, sources: Sources, now: int) -> PeerReview:
    """Add what the peer's own signatures are worth, where it publishes some beside its set."""
    beside = fetch_beside(sources.fetcher, review.peer.source.url).values()
    signatures, allowed = next(((each.signatures, each.allowed) for each in beside), (None, None))
    accepted = review.receipt.keys if review.receipt else None
    if signatures is None or allowed is None:
        if accepted is None:
            return review
        gone = Stop(StopKind.PEER_KEYS, None, f"{review.peer.name} no longer publishes its signatures and keys")
        return review._replace(changes=_with_stops(review.changes, (gone,)))
    against = Against(now, locked_checksums(project))
    trust = judge_peer(review.peer, Published(signatures, allowed), accepted, here, against)
    return review._replace(keys=allowed, trust=trust, changes=_with_stops(review.changes, trust.stops))


def _with_stops(found: Changes, stops: Collection[Stop]) -> Changes:
    return found._replace(stops=in_order((*found.stops, *stops)))


def _keep(sources: Sources, text: str) -> str:
    content = text.encode()
    digest = sha256(content)
    with suppress(OSError):  # without a copy the next review says less about what changed
        sources.cache.write(_BODIES, digest, content)
    return digest


def _kept(sources: Sources, receipt: Receipt) -> list[AuditsFile] | None:
    """Return the files a receipt is about, where all of them are still in the cache."""
    files = []
    for digest in receipt.bodies:
        content = sources.cache.read(_BODIES, digest)
        if content is None or sha256(content) != digest:
            return None
        try:
            files.append(parse_foreign_audits(content.decode(), digest).audits)
        except (StoreError, UnicodeDecodeError):
            return None
    return files


def _versions_in_use(graph: PackageGraph) -> Mapping[CrateName, Collection[VetVersion]]:
    versions: dict[CrateName, set[VetVersion]] = {}
    for node in graph.nodes:
        if node.is_third_party:
            versions.setdefault(node.name, set()).add(node.version)
    return versions


def _open(graph: PackageGraph, store: Store) -> frozenset[tuple[CrateName, VetVersion]]:
    """Return the packages that a store without exemptions leaves open."""
    conclusion = conclude(graph, store).conclusion
    if not isinstance(conclusion, VettingFailure):
        return frozenset()
    nodes = [graph.nodes[failure.node] for failure in conclusion.failures]
    return frozenset((node.name, node.version) for node in nodes)


def _new_publishers(store: Store, receipts: Receipts) -> tuple[str, ...]:
    known = receipts.publishers.rows if receipts.publishers else {}
    return tuple(
        f"{crate} {words}"
        for crate, rows in sorted(store.imports.publisher.items())
        for words in map(publisher_words, rows)
        if words not in known.get(crate, ())
    )
