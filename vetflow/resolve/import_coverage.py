"""What somebody's audits would settle: the same packages judged without them and with them.

Both resolutions are about one graph and the same exemptions: usually none, so that what is only exempted counts as
open.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from vetflow.model.report import ViolationFailure
from vetflow.model.store import AuditsFile, Import, Store
from vetflow.resolve.conclude import Resolution
from vetflow.resolve.needed import best_paths
from vetflow.resolve.search import SearchMode


class Settled(NamedTuple):
    """What changes, as node indices in graph order.

    settled: not vetted before, and now. left: not vetted in either case. begun: those among `left` of which some
    version is now vetted for each criterion they lack, so that only changes are left to read. contradicted: crates that
    a violation of the newcomer says something against.
    """

    settled: tuple[int, ...]
    left: tuple[int, ...]
    begun: tuple[int, ...]
    contradicted: tuple[int, ...]


def open_crates(resolution: Resolution) -> tuple[int, ...]:
    """Return the third-party nodes that lack a required criterion, violations set aside."""
    return tuple(
        index
        for index, node in enumerate(resolution.graph.nodes)
        if node.is_third_party
        and any(path is None for _, path in best_paths(resolution, index, SearchMode.PREFER_EXEMPTIONS))
    )


def settled_by(before: Resolution, after: Resolution) -> Settled:
    """Compare two resolutions of one graph that differ in the audits they rest on."""
    left = open_crates(after)
    still = set(left)
    return Settled(
        settled=tuple(node for node in open_crates(before) if node not in still),
        left=left,
        begun=tuple(node for node in left if _is_begun(after, node)),
        contradicted=tuple(sorted(_contradicted(after) - _contradicted(before))),
    )


def with_import(store: Store, peers: Iterable[tuple[str, Import, AuditsFile]]) -> Store:
    """Return the store with more imports, said in its own criteria; one of the same name is replaced."""
    imports, audits = dict(store.config.imports), dict(store.imports.audits)
    for name, source, file in peers:
        imports[name], audits[name] = source, file
    config = store.config._replace(imports=imports)
    return store._replace(config=config, imports=store.imports._replace(audits=audits))


def without_import(store: Store, name: str) -> Store:
    """Return the store as it would be without one of its imports."""
    audits = {peer: file for peer, file in store.imports.audits.items() if peer != name}
    return store._replace(imports=store.imports._replace(audits=audits))


def without_audits_of(store: Store, name: str, crate: str) -> Store:
    """Return the store as it would be without one import's audits of a crate; its trust in publishers stays."""
    file = store.imports.audits.get(name)
    if file is None:
        return store
    kept = file._replace(audits={each: entries for each, entries in file.audits.items() if each != crate})
    return store._replace(imports=store.imports._replace(audits={**store.imports.audits, name: kept}))


def _is_begun(resolution: Resolution, node: int) -> bool:
    """Whether the audits lead from nothing to some version, for every criterion that the node lacks."""
    lacking = [c for c, path in best_paths(resolution, node, SearchMode.PREFER_EXEMPTIONS) if path is None]
    return all(len(resolution.reach(node, criterion).from_root) > 1 for criterion in lacking)


def _contradicted(resolution: Resolution) -> set[int]:
    conclusion = resolution.conclusion
    if not isinstance(conclusion, ViolationFailure):
        return set()
    return {node for node, _ in conclusion.conflicts}
