"""Everything the store says of one crate name, gathered from all sources in order of preference.

The own store comes first, then the imports by name, as in cargo-vet. The audit graph, the violations and the
explanations all read the entries from here, so that an `Origin` means the same entry to each of them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple, TypeAlias

from vetflow.errors import Place, StoreError, UndefinedCriteriaError, VetflowError
from vetflow.model.audits import (
    Audit,
    AuditKind,
    Exemption,
    Publisher,
    TrustedEntry,
    Unpublished,
    WildcardAudit,
)
from vetflow.model.criteria import Criteria
from vetflow.model.names import CrateName, CriteriaName, ImportName
from vetflow.model.report import Entry, Origin, OriginKind
from vetflow.model.store import AuditsFile, Store

Source: TypeAlias = tuple[ImportName | None, AuditsFile]
"""A file of audits with the name of the import it comes from; None is the own store."""


class CrateEntries(NamedTuple):
    """The entries about one crate; tuples in file order, sources that say nothing of it left out."""

    name: CrateName
    audits: tuple[tuple[ImportName | None, tuple[Audit, ...]], ...]
    wildcard_audits: tuple[tuple[ImportName | None, tuple[WildcardAudit, ...]], ...]
    trusted: tuple[TrustedEntry, ...]
    publishers: tuple[Publisher, ...]
    exemptions: tuple[Exemption, ...]
    unpublished: tuple[Unpublished, ...]

    def trust(self) -> Iterator[tuple[Origin, WildcardAudit | TrustedEntry]]:
        """Yield what trusts a publisher: wildcard audits of all sources, then the own trusted entries."""
        for source, audits in self.wildcard_audits:
            for index, audit in enumerate(audits):
                yield Origin(OriginKind.WILDCARD, source, index), audit
        for index, entry in enumerate(self.trusted):
            yield Origin(OriginKind.TRUSTED, None, index), entry

    def entry(self, origin: Origin) -> Entry:
        """Return the entry that `origin` names; raises KeyError for an invented exemption, which is none."""
        at = origin.position
        if at is None:
            raise KeyError(origin)
        match origin.kind:
            case OriginKind.AUDIT:
                return dict(self.audits)[origin.source][at]
            case OriginKind.WILDCARD:
                return dict(self.wildcard_audits)[origin.source][at]
            case OriginKind.TRUSTED:
                return self.trusted[at]
            case OriginKind.EXEMPTION:
                return self.exemptions[at]
            case _:
                return self.unpublished[at]


class EntryIndex:
    """Finds the entries of a crate in a store."""

    __slots__ = ("_sources", "_store")

    def __init__(self, store: Store) -> None:
        imports = store.imports.audits
        self._store = store
        self._sources: tuple[Source, ...] = (
            (None, store.audits),
            *((name, imports[name]) for name in sorted(imports)),
        )

    def of(self, name: CrateName) -> CrateEntries:
        """Gather what the store says of `name`."""
        store, sources = self._store, self._sources
        return CrateEntries(
            name,
            tuple([(source, found) for source, file in sources if (found := file.audits.get(name))]),
            tuple([(source, wild) for source, file in sources if (wild := file.wildcard_audits.get(name))]),
            store.audits.trusted.get(name, ()),
            store.imports.publisher.get(name, ()),
            store.config.exemptions.get(name, ()),
            store.imports.unpublished.get(name, ()),
        )


def unknown_criteria(problems: Sequence[VetflowError], criteria: Criteria) -> UndefinedCriteriaError:
    """Return the error that gathers what `name_unknown_criteria` found about one or more crates."""
    return UndefinedCriteriaError(
        "some entries name criteria that are not defined",
        help=f"define them in audits.toml; the possible criteria are [{', '.join(criteria.names)}]",
        related=problems,
    )


def name_unknown_criteria(entries: CrateEntries, criteria: Criteria) -> list[StoreError]:
    """Describe every entry of a crate that names criteria nobody defined.

    cargo-vet crashes when the verdict meets such an entry; entries of crates that are not in use do no harm.
    """
    return [
        StoreError(
            f"'{name}' is not a valid criteria name, but {what} of {entries.name} names it",
            place=Place("imports.lock") if source else None,
        )
        for source, what, names in _named_criteria(entries)
        for name in names
        if name not in criteria
    ]


def _named_criteria(
    entries: CrateEntries,
) -> Iterator[tuple[ImportName | None, str, tuple[CriteriaName, ...]]]:
    """Yield source, description and criteria of every entry."""
    for source, audits in entries.audits:
        for audit in audits:
            yield source, f"{_whose(source)} {_describe(audit)}", audit.criteria
    for origin, entry in entries.trust():
        yield origin.source, f"{_whose(origin.source)} {origin.kind.value} for {entry.source}", entry.criteria
    for exemption in entries.exemptions:
        yield None, f"the exemption for {exemption.version}", exemption.criteria


def _whose(source: ImportName | None) -> str:
    return f"the import {source}'s" if source else "the own"


def _describe(audit: Audit) -> str:
    match audit.kind:
        case AuditKind.FULL:
            return f"audit of {audit.version}"
        case AuditKind.DELTA:
            return f"audit of {audit.base} -> {audit.version}"
        case _:
            return f"violation {audit.violation}"
