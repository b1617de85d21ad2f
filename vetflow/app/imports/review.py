"""`imports review`: what peers say now, against what was accepted of them, and what it would do to this workspace."""

from __future__ import annotations

import os.path
import re
from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import suppress
from typing import Final, NamedTuple

from vetflow.app.advisories import merged, read_databases, usual_database
from vetflow.app.imports.effect import ImportEffect, import_effect
from vetflow.app.imports.receipts import read_receipts
from vetflow.app.live import fetch_upstream, with_live_imports
from vetflow.app.locked_packages import locked_packages
from vetflow.app.network import Sources, open_sources
from vetflow.app.project import Project, open_project
from vetflow.app.request import Request
from vetflow.app.rules import read_rules
from vetflow.app.verify import locked_checksums
from vetflow.errors import NotFoundError, StoreError, UsageError
from vetflow.formats.foreign_audits import parse_foreign_audits
from vetflow.formats.import_receipts import Receipt, Receipts
from vetflow.model.advisories import DEFAULT_ADVISORY_POLICY
from vetflow.model.names import CrateName, ImportName
from vetflow.model.packages import PackageGraph
from vetflow.model.store import AuditsFile, Store
from vetflow.model.version import VetVersion
from vetflow.resolve.live import map_to_local_criteria
from vetflow.resolve.update_plan import CHECK
from vetflow.sources.archives import sha256
from vetflow.sources.imports import PeerFile, PeerFiles, fetch_beside, fetch_imports, require_imports
from vetflow.trust.advised_imports import advised_stops
from vetflow.trust.advisories import AdvisoryMatch, match_advisories
from vetflow.trust.import_changes import Changes, Here, PeerSet, Stop, StopKind, changes, in_order
from vetflow.trust.peer_signatures import Against, PeerTrust, Published, judge_peer
from vetflow.trust.receipts import publisher_words

_NAMES_COMMIT: Final = re.compile(r"/[0-9a-f]{40}/")
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

    @property
    def is_pinned(self) -> bool:
        """Whether every address names a commit, so that what stands there cannot change."""
        return all(_NAMES_COMMIT.search(url) for url in self.peer.source.url)


class ImportReview(NamedTuple):
    """What was found.

    effect: what accepting all of it does here. publishers: rows of imports.lock, in words, that nobody accepted.
    asked_advisories: there is an advisory database here, and it was asked about what peers vouch for.
    """

    project: Project
    peers: tuple[PeerReview, ...]
    effect: ImportEffect
    publishers: tuple[str, ...]
    asked_advisories: bool

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
    matches = _advisories(project)
    with open_sources(project, progress) as sources:
        peers = require_imports(fetch_imports(sources.fetcher, store.config.imports))
        fetched = fetch_upstream(graph, store, sources, CHECK)
        live = with_live_imports(graph, store, fetched.upstream, accept_changed_criteria=True)
        here = Here(store.criteria, _versions_in_use(graph), request.today, _logins(live))
        sets = {name: each for name, each in _peer_sets(store, peers).items() if not names or name in names}
        reviews = tuple(
            _with_signatures(_review(each, peers[name], receipts, here, sources), project, here, sources, now)
            for name, each in sets.items()
        )
        reviews = tuple(_advised(each, matches or ()) for each in reviews)
    effect = import_effect(project, graph, store, live, progress)
    return ImportReview(project, reviews, effect, _new_publishers(store, receipts), matches is not None)


def _advisories(project: Project) -> tuple[AdvisoryMatch, ...] | None:
    """Return the advisories about locked packages; None where these are not here.

    These are the ones that vetflow.toml names, else the one of `cargo audit`.
    """
    rules = read_rules(project).advisories
    paths = [os.path.join(project.workspace.root, path) for path in rules.databases]
    if not all(map(os.path.exists, paths or [usual_database(project.request)])):
        return None
    packages = locked_packages(project)
    known = merged(read_databases(project.request, paths, packages))
    # What is grave stops here, whatever it weighs in `ci`.
    policy = DEFAULT_ADVISORY_POLICY._replace(ignores=rules.policy.ignores)
    return match_advisories(packages, known, {}, policy, project.request.today)


def _advised(review: PeerReview, matches: Collection[AdvisoryMatch]) -> PeerReview:
    stops = tuple(advised_stops(review.peer, review.changes.rows, matches))
    return review._replace(changes=_with_stops(review.changes, stops))


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


def _logins(store: Store) -> Mapping[int, str]:
    rows = (row for found in store.imports.publisher.values() for row in found)
    return {row.source: row.user_login for row in rows if isinstance(row.source, int) and row.user_login}


def _new_publishers(store: Store, receipts: Receipts) -> tuple[str, ...]:
    known = receipts.publishers.rows if receipts.publishers else {}
    return tuple(
        f"{crate} {words}"
        for crate, rows in sorted(store.imports.publisher.items())
        for words in map(publisher_words, rows)
        if words not in known.get(crate, ())
    )
