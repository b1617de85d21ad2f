"""Readings as bytes, for the cache: JSON, because a cache is no place to run code from.

Whatever cannot be read back is as good as absent: the archive is then read again.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from typing import Any, Final, TypeVar

from vetflow.app.reading import Reading
from vetflow.graph.crate_facts import CrateDependency, CrateFacts
from vetflow.model.packages import DependencyKind, Targets
from vetflow.model.pins import ShippedBinary
from vetflow.model.requirement import RequirementSyntaxError, VersionReq, parse_requirement
from vetflow.surface.evidence import Evidence
from vetflow.surface.tiers import CrateSurface, Grade, Reached, Roots, SurfaceFile, Tier, Unresolved

FORMAT: Final = 1
"""Part of the cache's key: readings of another shape are not found."""

_TIERS: Final = {tier.value: tier for tier in Tier}
_GRADES: Final = dict(enumerate(Grade))
"""Values are looked up in tables, ten times as fast as asking an enumeration: there are thousands."""

_Value = TypeVar("_Value")


def encode(reading: Reading) -> bytes:
    """Return a reading as bytes."""
    facts = reading.facts
    dependencies = [
        [*each[:2], None if each.requirement is None else str(each.requirement), *each[3:]]
        for each in facts.dependencies
    ]
    # Named tuples are JSON's lists; what is left are the enumerations that are no numbers.
    document = [[facts.targets, facts.links, dependencies, facts.features], *reading[1:]]
    return json.dumps(document, default=_enumerated, separators=(",", ":")).encode()


def decode(content: bytes) -> Reading | None:
    """Return what `encode` was given; None for anything else."""
    try:
        facts, surface, evidence, *rest = json.loads(content)
        digest, binaries, undecided = rest
        return Reading(
            _facts(*facts),
            _surface(*surface),
            tuple([_evidence(row) for row in evidence]),
            digest,
            _rows(ShippedBinary, binaries),
            tuple(undecided),
        )
    except (ValueError, TypeError, KeyError, RecursionError, RequirementSyntaxError):
        return None


def _enumerated(value: Any) -> Any:
    if isinstance(value, Tier):
        return value.value
    raise TypeError(type(value))


def _rows(make: Callable[..., _Value], rows: Sequence[Any]) -> tuple[_Value, ...]:
    return tuple([make(*row) for row in rows])


def _facts(targets: Any, links: Any, dependencies: Any, features: Any) -> CrateFacts:
    return CrateFacts(
        Targets(*targets),
        links,
        tuple([_dependency(*row) for row in dependencies]),
        {name: tuple(values) for name, values in features.items()},
    )


def _dependency(key: Any, package: Any, requirement: Any, kind: Any, *rest: Any) -> CrateDependency:
    target, optional, default_features, features = rest
    return CrateDependency(
        key,
        package,
        _requirement(requirement),
        DependencyKind(kind),
        target,
        optional,
        default_features,
        tuple(features),
    )


def _requirement(text: str | None) -> VersionReq | None:
    return None if text is None else parse_requirement(text)


def _surface(roots: Any, files: Any, unresolved: Any, escaping: Any) -> CrateSurface:
    scripts, *rest = roots
    return CrateSurface(
        Roots(tuple(scripts), *rest),
        tuple([SurfaceFile(path, _TIERS[tier], Reached(*reached), *rest) for path, tier, reached, *rest in files]),
        _rows(Unresolved, unresolved),
        _rows(Unresolved, escaping),
    )


def _evidence(row: Any) -> Evidence:
    raw: Any = Evidence(*row)
    evidence: Evidence = raw._replace(
        grade=_GRADES[raw.grade],
        tier=None if raw.tier is None else _TIERS[raw.tier],
        chain=tuple(raw.chain),
        when_new=_GRADES[raw.when_new],
    )
    return evidence
