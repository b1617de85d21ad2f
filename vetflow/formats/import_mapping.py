"""What a peer says, in the store's own criteria: the criteria map of an import, and its several addresses.

Rules: shared spec format 7.3 and 7.5, resolver 8.1. Each address is mapped before they are merged.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TypeAlias, TypeVar

from vetflow.errors import StoreError
from vetflow.model.criteria import Criteria, CriteriaError, CriteriaSet
from vetflow.model.names import SAFE_TO_DEPLOY, SAFE_TO_RUN, CrateName, CriteriaName, ImportName
from vetflow.model.store import AuditsFile, CriteriaEntry, Import

_Entry = TypeVar("_Entry")
_Names: TypeAlias = tuple[CriteriaName, ...]


def map_to_local(peer: ImportName, foreign: AuditsFile, source: Import, local: Criteria) -> AuditsFile:
    """Say a peer's audits in the store's own criteria, as `source` tells; every audit of the result is fresh.

    A peer's criterion counts as what `criteria-map` says, a built-in one that is not mapped as itself, any
    other as nothing; implications of both sides are taken into account. An entry may end up without criteria:
    cargo-vet keeps a violation even then. Audits of excluded crates are left out, trust in publishers is not.
    Of the criteria table only mapped names stay, with their description: a `description-url` is to be fetched
    and filled in before.

    Raises StoreError when the peer's criteria contradict themselves or lack a description,
    UnknownCriteriaError when `criteria-map` names something not defined locally
    (`consistency.undefined_criteria` says where).
    """
    translate = _translation(peer, foreign, source, local)
    return AuditsFile(
        criteria={
            name: _described(peer, name, entry)
            for name, entry in foreign.criteria.items()
            if name in source.criteria_map
        },
        wildcard_audits=_each(
            foreign.wildcard_audits,
            lambda entry: entry._replace(criteria=translate(entry.criteria), fresh=True),
        ),
        audits=_each(
            {crate: entries for crate, entries in foreign.audits.items() if crate not in source.exclude},
            lambda entry: entry._replace(criteria=translate(entry.criteria), fresh=True),
        ),
        trusted=_each(foreign.trusted, lambda entry: entry._replace(criteria=translate(entry.criteria))),
    )


def merge_sources(peer: ImportName, sources: Sequence[tuple[str, AuditsFile]], source: Import) -> AuditsFile:
    """Join what the addresses of one import hold, after mapping, into one file; entries stay in their order.

    With several addresses every entry is marked as aggregated from its own. Raises StoreError when two of
    them describe a mapped criterion differently: which of the texts was meant is then for people to settle.
    """
    if len(sources) == 1:
        return sources[0][1]
    _require_same_descriptions(peer, sources, source)
    files = [credited(audits, url) for url, audits in sources]
    criteria: dict[CriteriaName, CriteriaEntry] = {}
    for file in files:
        criteria = {**file.criteria, **criteria}
    return AuditsFile(
        criteria,
        joined(file.wildcard_audits for file in files),
        joined(file.audits for file in files),
        joined(file.trusted for file in files),
    )


def _translation(peer: ImportName, foreign: AuditsFile, source: Import, local: Criteria) -> Callable[[_Names], _Names]:
    """Return the function from a peer's list of criteria to the local list cargo-vet makes of it."""
    try:
        theirs = Criteria({name: entry.implies for name, entry in foreign.criteria.items()})
    except CriteriaError as error:
        raise StoreError(
            f"the criteria of '{peer}' contradict themselves: {error}",
            help="tell the peer; until they are corrected nothing can be imported from there",
            causes=("cargo-vet crashes on such a file",),
        ) from error
    ours: list[CriteriaSet] = []
    for name in theirs.names:
        unmapped = (name,) if name in (SAFE_TO_RUN, SAFE_TO_DEPLOY) else ()
        ours.append(local.set(source.criteria_map.get(name, unmapped)))
    known: dict[_Names, _Names] = {}

    def translate(names: _Names) -> _Names:
        if names not in known:
            mapped = 0
            for index in theirs.indices(theirs.set(names)):
                mapped |= ours[index]
            known[names] = local.minimal_names(mapped)
        return known[names]

    return translate


def _described(peer: ImportName, name: CriteriaName, entry: CriteriaEntry) -> CriteriaEntry:
    if entry.description is None:
        raise StoreError(
            f"{peer}'s '{name}' criteria is missing a description",
            help=f"remove '{name}' from the criteria-map of '{peer}' until its meaning is written down there",
        )
    return CriteriaEntry(description=entry.description, aggregated_from=entry.aggregated_from)


def _require_same_descriptions(peer: ImportName, sources: Sequence[tuple[str, AuditsFile]], source: Import) -> None:
    first: dict[CriteriaName, tuple[str, str | None]] = {}
    problems = []
    for url, audits in sources:
        for name, entry in audits.criteria.items():
            described_at, description = first.setdefault(name, (url, entry.description))
            if description != entry.description:
                mapped = ", ".join(f'"{criterion}"' for criterion in source.criteria_map.get(name, ()))
                problems.append(
                    StoreError(
                        f"criteria description mismatch for {name}: {described_at} and {url} differ",
                        help=f"{name} is mapped to the local criteria [{mapped}]",
                    )
                )
    if problems:
        raise StoreError(
            f"error when aggregating multiple sources for {peer}",
            help="all sources must describe a mapped criterion alike: drop one of them, or the mapping",
            related=problems,
        )


def credited(audits: AuditsFile, url: str) -> AuditsFile:
    """Mark everything in a file as aggregated from `url`."""

    def credit(chain: tuple[str, ...]) -> tuple[str, ...]:
        return (*chain, url)

    return AuditsFile(
        {
            name: entry._replace(aggregated_from=credit(entry.aggregated_from))
            for name, entry in audits.criteria.items()
        },
        _each(audits.wildcard_audits, lambda row: row._replace(aggregated_from=credit(row.aggregated_from))),
        _each(audits.audits, lambda row: row._replace(aggregated_from=credit(row.aggregated_from))),
        _each(audits.trusted, lambda row: row._replace(aggregated_from=credit(row.aggregated_from))),
    )


def _each(
    entries: Mapping[CrateName, tuple[_Entry, ...]], change: Callable[[_Entry], _Entry]
) -> dict[CrateName, tuple[_Entry, ...]]:
    return {crate: tuple(map(change, rows)) for crate, rows in entries.items()}


def joined(
    files: Iterable[Mapping[CrateName, tuple[_Entry, ...]]],
) -> dict[CrateName, tuple[_Entry, ...]]:
    """Join entries by crate."""
    by_crate: dict[CrateName, list[_Entry]] = {}
    for entries in files:
        for crate, rows in entries.items():
            by_crate.setdefault(crate, []).extend(rows)
    return {crate: tuple(rows) for crate, rows in by_crate.items()}
