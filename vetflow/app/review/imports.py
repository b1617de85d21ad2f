"""What a review does with other people's audits: what each publisher would settle, adding, mapping, leaving out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, TypeAlias

from vetflow.app.audit_sets import known_sets
from vetflow.app.imports.accept import accept_imports
from vetflow.app.imports.add import import_audits
from vetflow.app.imports.coverage import CriteriaMapping, ImportCoverage, WhatIf, import_coverage
from vetflow.app.imports.review import ImportReview, review_imports
from vetflow.app.judge import judge
from vetflow.app.project import Project, open_project
from vetflow.app.request import Request
from vetflow.app.review.values import ImportNews, Progress, Publisher, Written
from vetflow.app.review.words import Words
from vetflow.app.updating import Task, open_for_writing, silent, unattended_run, update_project
from vetflow.errors import NotFoundError, UndecidedError, UsageError
from vetflow.model.names import CrateName, CriteriaName, ImportName
from vetflow.model.store import Import, Store
from vetflow.resolve.import_coverage import open_crates, without_audits_of, without_import
from vetflow.resolve.update_plan import PRUNE
from vetflow.trust.moments import parse_moment

if TYPE_CHECKING:  # brings cryptography, which only a project that signs needs
    from vetflow.app.signing import Signing

Accepter: TypeAlias = "Callable[[Project], tuple[str, Signing | None]]"
"""Says who accepts imports, and what signs the receipt where a project signs."""


class ReviewImports:
    """The imports of one store, seen from a review."""

    def __init__(self, request: Request, words: Words, accepter: Accepter, now: Callable[[], str]) -> None:
        """Take a request for the work tree. now: RFC 3339, UTC."""
        self._request = request
        self._words = words
        self._accepter = accepter
        self._now = now
        self._reviewed: ImportReview | None = None

    def publishers(self, progress: Progress) -> Sequence[Publisher]:
        """Return every publisher within reach, the one that settles most first; without a network those imported."""
        if self._request.locked:
            return self._imported("the store is taken as it is")
        try:
            coverage = self._coverage(WhatIf(), progress)
        except UndecidedError as error:
            return self._imported(error.message)
        told = self._words.coverage(coverage)
        return tuple(
            Publisher(
                each.known.name,
                each.known.imported,
                len(each.settled.settled),
                tuple(told.get(each.known.name, ())),
                to_settle=len(each.settled.settled) + len(each.settled.left),
                maps=_maps(each.known.source),
                newest=each.known.publisher and each.known.publisher.newest_entry,
                fetched="a copy" if each.is_copy else "now",
            )
            for each in coverage.sets
        )

    def _imported(self, reason: str) -> Sequence[Publisher]:
        """Return the imports as imports.lock has them."""
        store = open_project(self._request).open_store(locked=True).store
        found = []
        for known in known_sets(store.config.imports):
            name, source = known.name, known.source
            if not known.imported:
                continue
            audits = store.imports.audits.get(name)
            entries = sum(map(len, audits.audits.values())) if audits else 0
            maps = [f"{theirs} counts as {', '.join(ours)}" for theirs, ours in source.criteria_map.items()]
            lines = [f"{entries} audits in imports.lock; not asked: {reason}", *source.url, *maps]
            lines += [f"left out: {', '.join(source.exclude)}"] if source.exclude else []
            newest = known.publisher and known.publisher.newest_entry
            found.append(Publisher(name, True, None, tuple(lines), maps=_maps(source), newest=newest))
        return tuple(found)

    def review(self) -> ImportNews:
        """Fetch what publishers say now and compare it with what was accepted."""
        self._reviewed = review_imports(self._request, (), self._moment(), silent)
        return ImportNews(tuple(self._words.import_review(self._reviewed)), self._reviewed.stops)

    def accept(self) -> Written:
        """Take over what was reviewed last, with a receipt, signed where the project signs."""
        if self._reviewed is None:
            raise UsageError("nothing was reviewed that could be accepted")
        by, signing = self._accepter(self._reviewed.project)
        updated = accept_imports(self._reviewed, by, self._moment(), unattended_run(), signing)
        return Written("\n".join(self._words.difference(updated.written)), 0)

    def _moment(self) -> int:
        return parse_moment(self._now())

    def _coverage(self, what_if: WhatIf, progress: Progress) -> ImportCoverage:
        return import_coverage(self._request, (), what_if, progress=progress)

    def add(self, text: str) -> Written:
        """Import a publisher of the registry by name, or `NAME URL`."""
        name, *urls = text.split()
        updated = import_audits(self._request, unattended_run(), name, tuple(urls))
        return Written("\n".join(self._words.difference(updated.written)), 0)

    def map_warning(self, publisher: ImportName, line: str) -> str | None:
        """Say where a line of a criteria map makes more of a criterion than the publisher does."""
        theirs, ours = _mapping(line)
        what_if = WhatIf(maps=(CriteriaMapping(publisher, theirs, ours),))
        for each in self._coverage(what_if, silent).sets:
            for mapped in each.maps if each.known.name == publisher else ():
                if mapped.theirs == theirs and mapped.raised:
                    return f"{publisher} does not say that {theirs} includes {mapped.raised}: this map raises it."
                if mapped.theirs == theirs and not mapped.is_defined:
                    return f"{publisher} has no criterion {theirs}: this map does nothing."
        return None

    def map_criteria(self, publisher: ImportName, line: str) -> Written:
        """Add a line to a publisher's criteria map."""
        theirs, ours = _mapping(line)

        def change(source: Import) -> Import:
            known = source.criteria_map.get(theirs, ())
            return source._replace(criteria_map={**source.criteria_map, theirs: tuple(dict.fromkeys((*known, ours)))})

        return self._change(publisher, change)

    def exclude(self, publisher: ImportName, crate: str) -> Written:
        """Leave a crate of a publisher out."""
        return self._change(
            publisher, lambda source: source._replace(exclude=tuple(dict.fromkeys((*source.exclude, crate))))
        )

    def _change(self, publisher: ImportName, change: Callable[[Import], Import]) -> Written:
        def prepare(store: Store) -> Store:
            config = store.config
            if publisher not in config.imports:
                raise NotFoundError(f"{publisher} is not imported", help="add it first")
            return store._replace(
                config=config._replace(imports={**config.imports, publisher: change(config.imports[publisher])})
            )

        return self._update(prepare)

    def lost_without(self, publisher: ImportName, crate: CrateName | None) -> Sequence[str]:
        """Return the crates that vet today and would not without a publisher, or without its audits of one crate."""
        project = open_project(self._request)
        store = project.open_store(locked=True).store
        now = judge(project, store, None).resolution
        less = without_import(store, publisher) if crate is None else without_audits_of(store, publisher, crate)
        without = judge(project, less, None).resolution
        before = set(open_crates(now))
        nodes = [without.graph.nodes[node] for node in open_crates(without) if node not in before]
        return tuple(f"{node.name} {node.version}" for node in nodes)

    def remove(self, publisher: ImportName) -> Written:
        """Stop importing a publisher."""

        def prepare(store: Store) -> Store:
            imports = {name: source for name, source in store.config.imports.items() if name != publisher}
            return without_import(store, publisher)._replace(config=store.config._replace(imports=imports))

        return self._update(prepare)

    def _update(self, prepare: Callable[[Store], Store]) -> Written:
        project = open_for_writing(self._request)
        updated = update_project(project, Task(PRUNE, prepare), unattended_run())
        return Written("\n".join(self._words.difference(updated.written)), 0)


def _maps(source: Import) -> tuple[str, ...]:
    """Return the lines of a criteria map as they are typed."""
    return tuple(f"{theirs}={name}" for theirs, ours in source.criteria_map.items() for name in ours)


def _mapping(line: str) -> tuple[CriteriaName, CriteriaName]:
    theirs, equals, ours = line.partition("=")
    if not (equals and theirs.strip() and ours.strip()):
        raise UsageError(f"'{line}' is no line of a criteria map", help="THEIRS=OURS, such as safe-to-run=safe-to-run")
    return theirs.strip(), ours.strip()
