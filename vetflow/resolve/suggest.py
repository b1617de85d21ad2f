"""The audits to suggest: for each failing crate the one with the least to read (shared spec resolver 10).

Choices, order and merging are cargo-vet's. What it drops because a size is unknown is kept apart here: a crate that
nobody could measure still has to be read. The `suggest` command judges the store of `backlog`, `check` its own.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from itertools import groupby
from typing import Final

from vetflow.model.criteria import Criteria, CriteriaSet
from vetflow.model.names import CrateName
from vetflow.model.ports import DiffSizes, IndexVersions
from vetflow.model.report import Failure, Reach, VettingFailure
from vetflow.model.suggestions import CrateDelta, DiffStat, Size, Suggest, Suggestion, UnknownSize
from vetflow.model.version import VetVersion
from vetflow.resolve.candidates import Candidates, candidates
from vetflow.resolve.conclude import Resolution

_NO_SOURCE: Final = UnknownSize("neither it nor a version from which audits lead to it is published")


def suggest(resolution: Resolution, sizes: DiffSizes, index: IndexVersions) -> Suggest | None:
    """Return the audits to suggest; None when the resolution did not fail for lack of audits.

    Asks `index` and `sizes` once each, for all crates together.
    """
    conclusion = resolution.conclusion
    if not isinstance(conclusion, VettingFailure):
        return None
    found = _candidates(resolution, conclusion.failures, index)
    deltas = dict.fromkeys(
        delta for each in found.values() for delta in (*each.deltas, each.follow_up) if delta is not None
    )
    measured = sizes.sizes(deltas.keys())
    suggestions: list[Suggestion] = []
    unmeasured: list[Suggestion] = []
    for failure, each in found.items():
        chosen = _choose(resolution, failure, each, measured)
        for suggestion in chosen:
            # cargo-vet lists the changes of a revision only together with the version they start from.
            is_listed = None not in {suggestion.lines, chosen[-1].lines}
            (suggestions if is_listed else unmeasured).append(suggestion)
    failures = tuple((delta, size) for delta in deltas if isinstance(size := measured[delta], UnknownSize))
    return Suggest(_merged(suggestions), _merged(unmeasured), failures)


def cheapest(deltas: Iterable[CrateDelta], sizes: Mapping[CrateDelta, Size]) -> tuple[CrateDelta, DiffStat] | None:
    """Return the delta with the fewest lines, the first of several, and its size; None when no size is known."""
    known = [(delta, size) for delta in deltas if isinstance(size := sizes[delta], DiffStat)]
    return min(known, key=lambda each: each[1].lines, default=None)


def least_to_read(
    resolution: Resolution, nodes: Collection[int], sizes: DiffSizes, index: IndexVersions
) -> dict[int, DiffStat]:
    """Return the size of the smallest audit that would vet each of some failing nodes.

    Left out are nodes that nobody could measure, and all of them where the resolution failed for a violation. Of a git
    revision it is what comes before the changes that only this project uses. Asks as `suggest` does.
    """
    conclusion = resolution.conclusion
    if not isinstance(conclusion, VettingFailure):
        return {}
    found = _candidates(resolution, [failure for failure in conclusion.failures if failure.node in nodes], index)
    measured = sizes.sizes({delta for each in found.values() for delta in each.deltas})
    best = {failure.node: cheapest(each.deltas, measured) for failure, each in found.items()}
    return {node: chosen[1] for node, chosen in best.items() if chosen}


def by_heading(suggestions: Iterable[Suggestion], criteria: Criteria) -> dict[str, list[Suggestion]]:
    """Group suggestions by the criteria to certify, in cargo-vet's words; groups sorted by these words."""
    groups: dict[str, list[Suggestion]] = {}
    for suggestion in suggestions:
        groups.setdefault(_heading(suggestion.missing, criteria), []).append(suggestion)
    return {heading: groups[heading] for heading in sorted(groups)}


def reached_versions(reaches: Iterable[tuple[CrateName, Iterable[Reach]]]) -> dict[CrateName, set[VetVersion]]:
    """Return by crate the versions that one gets to from either end."""
    reached: dict[CrateName, set[VetVersion]] = {}
    for name, found in reaches:
        ends = {version for each in found for version in each.from_root | each.from_target if version is not None}
        reached.setdefault(name, set()).update(ends)
    return reached


def _heading(missing: CriteriaSet, criteria: Criteria) -> str:
    """Name each criterion that is needed, with those that would do as well because they imply it."""
    names = []
    for name in criteria.minimal_names(missing):
        needed = criteria.closure(name)
        stronger = [
            f"or {other}" for other in criteria.names if other != name and criteria.closure(other) & needed == needed
        ]
        names.append(f"{name} ({', '.join(stronger)})" if stronger else name)
    return ", ".join(names)


def _candidates(resolution: Resolution, failures: Iterable[Failure], index: IndexVersions) -> dict[Failure, Candidates]:
    nodes, criteria = resolution.graph.nodes, resolution.store.criteria
    reaches = {
        failure: [resolution.reach(failure.node, 1 << each) for each in criteria.indices(failure.missing)]
        for failure in failures
    }
    published = index.published(reached_versions((nodes[each.node].name, found) for each, found in reaches.items()))
    return {
        failure: candidates(node.name, node.version, found, published[node.name])
        for failure, found in reaches.items()
        for node in (nodes[failure.node],)
    }


def _choose(
    resolution: Resolution, failure: Failure, found: Candidates, sizes: Mapping[CrateDelta, Size]
) -> list[Suggestion]:
    """Return what to suggest for one failure: the smallest candidate, before it what follows up on it, if anything."""
    nodes = resolution.graph.nodes
    node = nodes[failure.node]
    parents = tuple(sorted({nodes[parent].name for parent in node.reverse}))

    def suggestion(delta: CrateDelta, target: VetVersion) -> Suggestion:
        return Suggestion(failure.node, delta, sizes.get(delta, _NO_SOURCE), target, failure.missing, parents)

    best = cheapest(found.deltas, sizes)
    first = suggestion(best[0] if best else found.nearest(node.name), found.target)
    return [first] if found.follow_up is None else [suggestion(found.follow_up, node.version), first]


def _merged(suggestions: list[Suggestion]) -> tuple[Suggestion, ...]:
    """Sort suggestions; the same one for several crates becomes one, with the criteria of the first of them."""
    ordered = sorted(suggestions, key=lambda each: (each.lines or 0, each.delta.name, each.delta.version))
    return tuple(_merge(tuple(same)) for _, same in groupby(ordered, key=lambda each: (each.delta, each.size)))


def _merge(same: tuple[Suggestion, ...]) -> Suggestion:
    parents = {parent for suggestion in same for parent in suggestion.parents}
    return same[0]._replace(parents=tuple(sorted(parents)))
