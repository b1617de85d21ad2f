"""The update of the store: imports.lock takes over what is needed of the live state, and unneeded entries go.

What is needed is the business of `needed`, how far a command may go that of `update_plan`; here it is decided entry by
entry. Source: shared spec resolver 9. Nothing is written, and nothing is sorted: the writers of the files do that.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TypeAlias, TypeVar

from vetflow.model.audits import Audit, Exemption, Publisher, Unpublished, WildcardAudit
from vetflow.model.names import CrateName, ImportName
from vetflow.model.packages import PackageGraph
from vetflow.model.report import Origin, OriginKind
from vetflow.model.store import AuditsFile, ImportsFile, Store
from vetflow.resolve.conclude import Resolution, conclude
from vetflow.resolve.needed import NOTHING_NEEDED, NeededEntries, needed_entries
from vetflow.resolve.update_plan import UpdatePlan, record_plan

_Entry = TypeVar("_Entry")
_Row = TypeVar("_Row", Audit, WildcardAudit, Publisher, Unpublished)
_Counts: TypeAlias = Callable[[CrateName, int, bool], bool]
"""Whether the row of a crate at a position is worth keeping for its own sake; told also whether it is fresh."""


def update_store(resolution: Resolution, plan: UpdatePlan) -> Store:
    """Return the store as it is to be written: exemptions, own audits and imports changed, nothing fresh any more.

    resolution: of the live state, or of the store itself in a locked run. Entries of a crate that does not vet stay as
    they are, apart from what is fresh; violations are never lost while a package of that name is in the graph, and own
    ones never at all. Does not ask whether the result vets. Raises UnknownCriteriaError when an exemption names unknown
    criteria, which whoever made the store has seen to.
    """
    return _Update(resolution, plan).store()


def update_after_recording(graph: PackageGraph, store: Store, crates: Sequence[CrateName]) -> Store:
    """Return the store as it is to be written after entries about `crates`, which it has already, were recorded.

    The crates take turns, as in cargo-vet's `trust --all`: each may replace its own exemptions and audits, and
    imports.lock is what the last turn makes of the live state. Raises what `conclude` and `update_store` raise.
    """
    updated = store
    for crate in crates:
        updated = update_store(conclude(graph, updated._replace(imports=store.imports)), record_plan(crate))
    return updated


def regenerate_unpublished(store: Store) -> Store:
    """Return a live store with its unpublished rows made anew: fresh rows replace those of imports.lock."""
    rows = {
        name: tuple(row._replace(fresh=False) for row in found if row.fresh)
        for name, found in store.imports.unpublished.items()
    }
    return store._replace(imports=store.imports._replace(unpublished=_without_empty(rows)))


class _Update:
    """One update; every method answers for one kind of entry."""

    def __init__(self, resolution: Resolution, plan: UpdatePlan) -> None:
        self._store = resolution.store
        self._plan = plan
        self._needed = needed_entries(resolution, lambda name: plan.mode(name).search)

    def store(self) -> Store:
        store = self._store
        return store._replace(
            config=store.config._replace(exemptions=self._exemptions()),
            audits=store.audits._replace(audits=self._own_audits()),
            imports=self._imports(),
        )

    def _of(self, name: CrateName) -> NeededEntries | None:
        """Return what is needed of a name: nothing, when it is not in the graph."""
        return self._needed.get(name, NOTHING_NEEDED)

    def _own_audits(self) -> dict[CrateName, tuple[Audit, ...]]:
        kept = {}
        for name, audits in self._store.audits.audits.items():
            needed = self._needed.get(name)
            if needed is None or not self._plan.mode(name).prune_non_importable:
                kept[name] = audits
                continue
            # cargo-vet also drops a violation that is not importable: no path ever leads over it. Whether it is meant
            # for others or not, it is a statement against versions, and silence would undo it.
            kept[name] = tuple(
                audit
                for index, audit in enumerate(audits)
                if audit.importable
                or audit.violation is not None
                or Origin(OriginKind.AUDIT, None, index) in needed.entries
            )
        return _without_empty(kept)

    def _imports(self) -> ImportsFile:
        live = self._store.imports
        unpublished = self._kept(live.unpublished, self._prunes_exemptions, self._entry_counts(OriginKind.UNPUBLISHED))
        return ImportsFile(
            # An old row and a fresh one may say the same.
            unpublished={name: tuple(dict.fromkeys(rows)) for name, rows in unpublished.items()},
            publisher=self._kept(live.publisher, self._prunes_imports, self._publisher_counts),
            audits={name: self._import(name, file) for name, file in sorted(live.audits.items())},
        )

    def _import(self, peer: ImportName, file: AuditsFile) -> AuditsFile:
        """Return the table of an import, also when nothing is left in it; imports.lock has no trusted entries."""
        is_needed = self._entry_counts(OriginKind.AUDIT, peer)

        def audit_counts(name: CrateName, index: int, fresh: bool) -> bool:
            if file.audits[name][index].violation is not None:
                return name in self._needed
            return is_needed(name, index, fresh)

        return AuditsFile(
            criteria=file.criteria,
            wildcard_audits=self._kept(
                file.wildcard_audits, self._prunes_imports, self._entry_counts(OriginKind.WILDCARD, peer)
            ),
            audits=self._kept(file.audits, self._prunes_imports, audit_counts),
            trusted={},
        )

    def _prunes_exemptions(self, name: CrateName) -> bool:
        return self._plan.mode(name).prune_exemptions

    def _prunes_imports(self, name: CrateName) -> bool:
        """Whether unneeded imports of a crate go: also when it takes over something new."""
        needed = self._of(name)
        return self._plan.mode(name).prune_imports or (needed is not None and needed.takes_news)

    def _kept(
        self, rows: Mapping[CrateName, tuple[_Row, ...]], prunes: Callable[[CrateName], bool], counts: _Counts
    ) -> dict[CrateName, tuple[_Row, ...]]:
        """Return the rows that stay, no longer fresh: stored ones of crates that are not pruned, and what counts."""
        kept = {}
        for name, found in rows.items():
            spares_stored = not prunes(name)
            kept[name] = tuple(
                row._replace(fresh=False)
                for index, row in enumerate(found)
                if (spares_stored and not row.fresh) or counts(name, index, row.fresh)
            )
        return _without_empty(kept)

    def _entry_counts(self, kind: OriginKind, source: ImportName | None = None) -> _Counts:
        def counts(name: CrateName, index: int, fresh: bool) -> bool:
            needed = self._of(name)
            return not fresh if needed is None else Origin(kind, source, index) in needed.entries

        return counts

    def _publisher_counts(self, name: CrateName, index: int, fresh: bool) -> bool:
        needed = self._of(name)
        return not fresh if needed is None else index in needed.publishers

    def _exemptions(self) -> dict[CrateName, tuple[Exemption, ...]]:
        exemptions = {
            name: [new for index, old in enumerate(found) for new in self._narrowed(name, index, old)]
            for name, found in self._store.config.exemptions.items()
        }
        for name, needed in self._needed.items():
            for version, criteria in (needed or NOTHING_NEEDED).invented.items():
                names = self._store.criteria.minimal_names(criteria)
                exemptions.setdefault(name, []).append(Exemption(version, names))
        return _without_empty({name: tuple(found) for name, found in exemptions.items()})

    def _narrowed(self, name: CrateName, index: int, exemption: Exemption) -> Iterator[Exemption]:
        """Yield what becomes of an exemption: nothing, or itself with the criteria that count, spelled minimally.

        Where criteria must be added to one that `suggest` is told to leave alone, they stand in an entry of their own.
        """
        criteria = self._store.criteria
        original = criteria.set(exemption.criteria)
        needed = self._of(name)
        useful = original if needed is None else needed.entries.get(Origin(OriginKind.EXEMPTION, None, index), 0)
        if not self._prunes_exemptions(name):
            useful |= original
        if not useful:
            return
        if not exemption.suggest and useful & ~original:
            yield Exemption(exemption.version, criteria.minimal_names(useful & ~original))
            useful = original
        yield exemption._replace(criteria=criteria.minimal_names(useful))


def _without_empty(entries: Mapping[CrateName, tuple[_Entry, ...]]) -> dict[CrateName, tuple[_Entry, ...]]:
    return {name: found for name, found in entries.items() if found}
