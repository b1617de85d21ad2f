"""Mistakes in config.toml that cargo-vet takes without a word, found without any request.

Each lets something count that nobody meant to, or does nothing although it looks like a rule (shared spec trust 2.3 R6
to R8, 4.2).
"""

from __future__ import annotations

from collections.abc import Iterator
from enum import Enum
from typing import NamedTuple

from vetflow.formats.positions import KeyPath
from vetflow.model.criteria import Criteria
from vetflow.model.names import SAFE_TO_DEPLOY, SAFE_TO_RUN, CrateName, CriteriaName
from vetflow.model.packages import PackageGraph
from vetflow.model.store import Import, Policy, Store
from vetflow.model.version import VetVersion


class Mistake(Enum):
    """A kind of mistake; the value is the finding's name."""

    EXCLUDE = "exclude-leaves-wildcards"
    MAP_UNDEFINED = "criteria-map-undefined"
    MAP_NOWHERE = "criteria-map-points-nowhere"
    MAP_RAISES = "criteria-map-raises"
    LOWERS = "dependency-criteria-lower"
    NO_EFFECT = "dependency-criteria-without-effect"

    @property
    def weakens(self) -> bool:
        """Whether more passes than one would think; otherwise something does nothing."""
        return self not in (Mistake.MAP_NOWHERE, Mistake.NO_EFFECT)


class Lint(NamedTuple):
    """One mistake: where in config.toml, what it means, and the way out."""

    mistake: Mistake
    path: KeyPath
    reason: str
    settle: str


def lint(store: Store, graph: PackageGraph) -> Iterator[Lint]:
    """Yield the mistakes of a store's configuration, imports first."""
    for peer, source in sorted(store.config.imports.items()):
        yield from _excluded(store, peer, source)
        yield from _mapped(store, peer, source)
    for name, versions in sorted(store.config.policy.by_name.items()):
        for version, policy in sorted(versions.items(), key=lambda item: str(item[0] or "")):
            if policy.dependency_criteria:
                yield from _dependency_criteria(store.criteria, graph, name, version, policy)


def _excluded(store: Store, peer: str, source: Import) -> Iterator[Lint]:
    file = store.imports.audits.get(peer)
    for crate in source.exclude:
        if file is not None and crate in file.wildcard_audits:
            yield Lint(
                Mistake.EXCLUDE,
                ("imports", peer, "exclude"),
                f"{crate} is excluded from {peer}, but a wildcard entry of {peer} still vets it: exclude is about "
                "audits only",
                f"do not import {peer}, or record a violation of what you do not want",
            )


def _mapped(store: Store, peer: str, source: Import) -> Iterator[Lint]:
    file = store.imports.audits.get(peer)
    for theirs, ours in sorted(source.criteria_map.items()):
        path: KeyPath = ("imports", peer, "criteria-map", theirs)
        for name in ours:
            if name not in store.criteria:
                reason = f"{peer}'s {theirs} is mapped to {name}, which nobody defines; cargo-vet crashes on it"
                yield Lint(Mistake.MAP_UNDEFINED, path, reason, f"define {name} in audits.toml, or correct the name")
        if theirs not in (SAFE_TO_RUN, SAFE_TO_DEPLOY) and file is not None and theirs not in file.criteria:
            reason = f"{peer} defines no criterion {theirs}, so that mapping it does nothing"
            yield Lint(Mistake.MAP_NOWHERE, path, reason, "correct the name, or take the line out")
        known = store.criteria.set(tuple(name for name in ours if name in store.criteria))
        if theirs == SAFE_TO_RUN and known & ~store.criteria.closure(SAFE_TO_RUN) & _built_in(store.criteria):
            reason = f"what {peer} says is {SAFE_TO_RUN} counts as {SAFE_TO_DEPLOY} here; nobody there vouched for that"
            yield Lint(Mistake.MAP_RAISES, path, reason, f"map it to {SAFE_TO_RUN}, or leave it unmapped")


def _built_in(criteria: Criteria) -> int:
    return criteria.closure(SAFE_TO_DEPLOY)


def _dependency_criteria(
    criteria: Criteria, graph: PackageGraph, name: CrateName, version: VetVersion | None, policy: Policy
) -> Iterator[Lint]:
    nodes = [node for node in graph.nodes if node.name == name and version in (None, node.version)]
    for dependency, names in sorted(policy.dependency_criteria.items()):
        path: KeyPath = (
            "policy",
            name if version is None else f"{name}:{version}",
            "dependency-criteria",
            dependency,
        )
        used = [node for node in nodes if _depends(graph, node.all, dependency)]
        if nodes and not used:
            reason = f"{name} does not depend on {dependency} directly, and the line is about direct dependencies only"
            yield Lint(Mistake.NO_EFFECT, path, reason, "name it at the package that depends on it, or take it out")
            continue
        shipped = not used or any(_depends(graph, node.normal_and_build, dependency) for node in used)
        default = _default(policy, shipped=shipped)
        lost = criteria.set(default) & ~criteria.set(names)
        if lost:
            lacking = ", ".join(criteria.minimal_names(lost))
            reason = (
                f"of {dependency} and all below it {', '.join(names) or 'nothing'} is required in the place of "
                f"{', '.join(default)}: {lacking} is no longer asked for"
            )
            yield Lint(Mistake.LOWERS, path, reason, f"add {lacking} to the list, if that is not what you want")


def _depends(graph: PackageGraph, nodes: tuple[int, ...], dependency: CrateName) -> bool:
    return any(graph.nodes[index].name == dependency for index in nodes)


def _default(policy: Policy, *, shipped: bool) -> tuple[CriteriaName, ...]:
    """Return what would be required of a dependency without a line of its own."""
    if shipped:
        return policy.criteria if policy.criteria is not None else (SAFE_TO_DEPLOY,)
    return policy.dev_criteria if policy.dev_criteria is not None else (SAFE_TO_RUN,)
