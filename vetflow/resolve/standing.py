"""What each third-party crate of a graph rests on, in one word, so that two stores can be compared by it."""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum
from typing import NamedTuple

from vetflow.model.names import CrateName
from vetflow.model.report import Step, Success, VettedCrate, Vetting, VettingFailure, ViolationFailure
from vetflow.model.store import AuditsFile, Store
from vetflow.model.version import VetVersion
from vetflow.resolve.conclude import Resolution, conclude
from vetflow.resolve.needed import best_paths
from vetflow.resolve.search import SearchMode


class Rests(Enum):
    """What a crate rests on, the best first; the value is its name in documents."""

    READ = "audits"
    TRUSTED = "trusted-publisher"
    UNREQUIRED = "nothing-required"
    PARTLY_EXEMPTED = "exemption-and-audits"
    EXEMPTED = "exemption"
    UNVETTED = "nothing"
    CONTRADICTED = "contradicted"


class Standing(NamedTuple):
    """What a crate rests on, and the entries that lead to it; none for one that does not vet."""

    rests: Rests
    steps: tuple[Step, ...]


def standings(resolution: Resolution) -> Mapping[tuple[CrateName, VetVersion], Standing]:
    """Return the standing of every third-party crate.

    Where entries contradict violations there is no verdict about the others; they are judged as if there were no
    violations. Raises what `conclude` raises.
    """
    contradicted: set[int] = set()
    if isinstance(resolution.conclusion, ViolationFailure):
        contradicted = {node for node, _ in resolution.conclusion.conflicts}
        resolution = conclude(resolution.graph, _without_violations(resolution.store))
    conclusion = resolution.conclusion
    vetted: tuple[VettedCrate, ...] = ()
    if isinstance(conclusion, Success):
        vetted = conclusion.crates
    elif isinstance(conclusion, VettingFailure):
        vetted = conclusion.vetted
    rests = {crate.node: _rests(crate) for crate in vetted} | dict.fromkeys(contradicted, Rests.CONTRADICTED)
    return {
        (node.name, node.version): Standing(found, _steps(resolution, index) if index in rests else ())
        for index, node in enumerate(resolution.graph.nodes)
        if node.is_third_party
        for found in (rests.get(index, Rests.UNVETTED),)
    }


def _rests(crate: VettedCrate) -> Rests:
    if crate.vetting is Vetting.EXEMPTED:
        return Rests.EXEMPTED
    if crate.vetting is Vetting.PARTIALLY:
        return Rests.PARTLY_EXEMPTED
    if crate.trusted:
        return Rests.TRUSTED
    return Rests.READ if crate.required else Rests.UNREQUIRED


def _steps(resolution: Resolution, node: int) -> tuple[Step, ...]:
    graph = resolution.audit_graphs[resolution.graph.nodes[node].name]
    paths = (path for _, path in best_paths(resolution, node, SearchMode.PREFER_EXEMPTIONS) if path is not None)
    return tuple(dict.fromkeys(graph.step(edge) for path in paths for edge in path.edges))


def _without_violations(store: Store) -> Store:
    imported = {name: _statements(file) for name, file in store.imports.audits.items()}
    return store._replace(audits=_statements(store.audits), imports=store.imports._replace(audits=imported))


def _statements(file: AuditsFile) -> AuditsFile:
    kept = {name: tuple(row for row in rows if row.violation is None) for name, rows in file.audits.items()}
    return file._replace(audits={name: rows for name, rows in kept.items() if rows})
