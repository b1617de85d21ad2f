"""The sets of audits within reach: the store's imports, and the publishers of the registry that vetflow ships.

Nothing here decides anything, so a set that cannot be had costs that set, with the reason; a copy of an earlier run
stands in for it where there is one.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import NamedTuple

from vetflow.app.network import Sources
from vetflow.app.project import Project
from vetflow.app.shipped import shipped_path
from vetflow.errors import NotFoundError, VetflowError
from vetflow.formats.registry_toml import AuditPublisher
from vetflow.model.names import ImportName
from vetflow.model.store import EMPTY_STORE, AuditsFile, Import, Store
from vetflow.sources.answers import shown_url


class KnownSet(NamedTuple):
    """A set of audits and where it is looked for.

    source: the addresses, and what config.toml says of a set that is imported. imported: it is one of the store's
    imports. publisher: what the registry says of it.
    """

    name: ImportName
    source: Import
    imported: bool
    publisher: AuditPublisher | None = None

    @property
    def successor(self) -> str | None:
        """Where the set lives on, when the address that is registered or imported is stale."""
        publisher = self.publisher
        if publisher is None or publisher.successor is None or not self.imported:
            return None if publisher is None else publisher.successor
        return publisher.successor if set(self.source.url) & set(publisher.urls) else None


class FetchedSet(NamedTuple):
    """What a set says, in its own terms.

    files: the content by address. is_copy: some of it is a copy of an earlier run, not confirmed by a server.
    """

    known: KnownSet
    files: tuple[tuple[str, AuditsFile], ...]
    is_copy: bool


class Lacking(NamedTuple):
    """Something that could not be had. what: its name, reason: why, both to be shown."""

    what: str
    reason: str


class FetchedSets(NamedTuple):
    """The sets that answered, in the order they were asked in, and those that did not."""

    found: tuple[FetchedSet, ...]
    lacking: tuple[Lacking, ...]


def known_sets(imports: Mapping[ImportName, Import]) -> tuple[KnownSet, ...]:
    """Return the imports by name, then the registry's publishers that none of them is; raises VetflowError.

    A publisher whose set moved is looked for where it lives on.
    """
    from vetflow.sources.registry import shipped_registry  # noqa: PLC0415  brings what only fetching needs

    registry = shipped_registry(shipped_path("registry.toml"))
    imported = [
        KnownSet(name, source, imported=True, publisher=_publisher_of(name, source, registry))
        for name, source in sorted(imports.items())
    ]
    taken = [known.publisher for known in imported]
    others = [
        KnownSet(name, Import((entry.successor,) if entry.successor else entry.urls), imported=False, publisher=entry)
        for name, entry in registry.items()
        if entry not in taken
    ]
    return (*imported, *others)


def choose_sets(sets: tuple[KnownSet, ...], names: Collection[ImportName]) -> tuple[KnownSet, ...]:
    """Return the sets of these names, all of them when there are no names; raises NotFoundError."""
    known = {each.name for each in sets}
    for name in names:
        if name not in known:
            raise NotFoundError(
                f"no import and no publisher of the registry is called '{name}'",
                help=f"known are {', '.join(sorted(known))}",
            )
    return tuple(each for each in sets if not names or each.name in names)


def fetch_sets(sets: Collection[KnownSet], sources: Sources) -> FetchedSets:
    """Fetch sets side by side. Raises nothing for what a server or a publisher does."""
    from vetflow.sources.copies import CopiesInPlace  # noqa: PLC0415  only when fetching
    from vetflow.sources.imports import fetch_imports  # noqa: PLC0415

    fetcher = CopiesInPlace(sources.fetcher)
    answers = fetch_imports(fetcher, {each.name: each.source for each in sets})
    found, lacking = [], []
    for each in sets:
        answer = answers[each.name]
        if isinstance(answer, VetflowError):
            lacking.append(Lacking(each.name, reason_of(answer)))
        else:
            files = tuple((file.url, file.foreign.audits) for file in answer)
            found.append(FetchedSet(each, files, is_copy=any(file.url in fetcher.used for file in answer)))
    return FetchedSets(tuple(found), tuple(lacking))


def reason_of(error: VetflowError) -> str:
    """Return an error in one line, with its single problems when it has some."""
    return "; ".join(problem.message for problem in error.related) or error.message


def addresses(known: KnownSet) -> str:
    """Return where a set is looked for, to be shown."""
    return ", ".join(map(shown_url, known.source.url))


def store_or_nothing(project: Project, *, locked: bool) -> Store:
    """Open the project's store; one that says nothing where there is none yet. Raises StoreError."""
    if project.tree.is_dir(project.store.folder):
        return project.open_store(locked=locked).store
    return EMPTY_STORE


def _publisher_of(
    name: ImportName, source: Import, registry: Mapping[ImportName, AuditPublisher]
) -> AuditPublisher | None:
    """Return the registry's entry for an import: by address, whatever the import is called, else by name."""
    for entry in registry.values():
        if set(source.url) & {*entry.urls, entry.successor}:
            return entry
    return registry.get(name)
