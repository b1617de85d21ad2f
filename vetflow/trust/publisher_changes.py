"""Who published a new version, against who published those before: a change of hands is a question for a person.

A version that a person uploaded where a workflow did before is the strongest sign: stolen tokens do that. Nothing is
said of a crate of which no earlier publisher is known (shared spec trust 3.3).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Final, NamedTuple

from vetflow.errors import Place
from vetflow.model.audits import Publisher
from vetflow.model.findings import Finding, Level
from vetflow.model.names import CrateName
from vetflow.model.packages import Package
from vetflow.model.version import VetVersion
from vetflow.resolve.publisher_trust import identifier

_LOOK_BACK: Final = 5
"""How many earlier versions say who usually publishes."""


class PublisherRules(NamedTuple):
    """How much each change weighs."""

    changed: Level = Level.WARN
    workflow_left: Level = Level.WARN


_DEFAULT: Final = PublisherRules()


def merge_publishers(
    *sources: Mapping[CrateName, tuple[Publisher, ...]],
) -> Mapping[CrateName, tuple[Publisher, ...]]:
    """Return all rows by crate, one a version; the earlier sources win."""
    merged: dict[CrateName, dict[VetVersion, Publisher]] = {}
    for source in reversed(sources):
        for crate, rows in source.items():
            merged.setdefault(crate, {}).update({row.version: row for row in rows})
    return {crate: tuple(rows[version] for version in sorted(rows)) for crate, rows in merged.items()}


def only_of(
    publishers: Mapping[CrateName, tuple[Publisher, ...]], packages: Iterable[Package]
) -> Mapping[CrateName, tuple[Publisher, ...]]:
    """Return the rows that are about these packages."""
    versions = {(package.name, package.version) for package in packages}
    kept = {crate: tuple(row for row in rows if (crate, row.version) in versions) for crate, rows in publishers.items()}
    return {crate: rows for crate, rows in kept.items() if rows}


def contradiction_findings(
    said: Mapping[CrateName, tuple[Publisher, ...]],
    known: Mapping[CrateName, tuple[Publisher, ...]],
    rules: PublisherRules = _DEFAULT,
) -> Iterator[Finding]:
    """Yield versions of which a proposal says that somebody else published them than is known: that never changes."""
    for crate, rows in sorted(said.items()):
        sources = {row.version: row for row in known.get(crate, ())}
        for row in rows:
            before = sources.get(row.version)
            if before is not None and before.source != row.source:
                reason = f"{crate} {row.version} was published by {_named(before)}, and here it says {_named(row)}"
                yield Finding("publishers/contradicted", rules.changed, None, reason, f"vetflow who {crate}")


def publisher_findings(
    packages: Iterable[Package],
    publishers: Mapping[CrateName, Sequence[Publisher]],
    place: Callable[[Package], Place | None],
    rules: PublisherRules = _DEFAULT,
) -> Iterator[Finding]:
    """Yield new versions that somebody else published than the last ones before. publishers: all that is known."""
    for package in packages:
        rows = publishers.get(package.name, ())
        row = next((each for each in rows if each.version == package.version), None)
        if row is None:
            continue
        before = sorted((each for each in rows if each.version < package.version), key=lambda each: each.version)
        before = before[-_LOOK_BACK:]
        if before and (finding := _judge(package, row, before, rules)):
            yield finding._replace(place=place(package))


def _judge(package: Package, row: Publisher, before: Sequence[Publisher], rules: PublisherRules) -> Finding | None:
    name = f"{package.name} {package.version}"
    workflows = [each for each in before if isinstance(each.source, str)]
    look = f"vetflow who {package.name}"
    if isinstance(row.source, int) and workflows:
        reason = (
            f"{name} was uploaded by {_named(row)}; {workflows[-1].version} was published by the workflow of "
            f"{_named(workflows[-1])}, as trusted publishing has it"
        )
        return Finding("publishers/workflow-left", rules.workflow_left, None, reason, look)
    if row.source in {each.source for each in before}:
        return None
    if isinstance(row.source, str) and not workflows:
        reason = f"{name} was published by the workflow of {_named(row)}, those before by {_named(before[-1])}"
        return Finding("publishers/workflow-new", Level.NOTE, None, reason, look)
    reason = f"{name} was published by {_named(row)}, and none of the last {len(before)} versions before"
    return Finding("publishers/changed", rules.changed, None, f"{reason}; the last by {_named(before[-1])}", look)


def _named(row: Publisher) -> str:
    return identifier(row) or f"user {row.source}"
