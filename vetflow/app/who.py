"""`who`: which of the sets of audits within reach say something of a crate, be it in the graph or not."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from enum import Enum
from typing import NamedTuple

from vetflow.app.audit_sets import (
    FetchedSet,
    FetchedSets,
    KnownSet,
    Lacking,
    addresses,
    fetch_sets,
    known_sets,
    store_or_nothing,
)
from vetflow.app.network import open_sources
from vetflow.app.project import Project, open_project
from vetflow.app.publishers import look_up_publishers
from vetflow.app.request import Request
from vetflow.errors import NotFoundError, UndecidedError
from vetflow.model.audits import Publisher
from vetflow.model.criteria import Criteria, CriteriaError
from vetflow.model.names import CrateName, ImportName
from vetflow.model.store import AuditsFile, Store
from vetflow.model.version import VersionSyntaxError, VetVersion, parse_version
from vetflow.resolve.evidence import Evidence, evidence


class SetKind(Enum):
    """How a set relates to the store."""

    OWN = "own"
    IMPORT = "import"
    REGISTRY = "registry"


class Witness(NamedTuple):
    """A set that says something of the crate, in its own criteria. name: None for the own store. place: to be shown."""

    name: ImportName | None
    kind: SetKind
    place: str
    evidence: Evidence


class Who(NamedTuple):
    """What the known sets say of a crate.

    versions: those the answer is about: the one asked for, else those in the graph. publishers: who published what, as
    far as it was found out. silent: sets that were read and say nothing of the crate. lacking: what could not be had.
    not_asked: sets that a run without requests does not know, or of which imports.lock alone has nothing.
    """

    crate: CrateName
    versions: tuple[VetVersion, ...]
    publishers: tuple[Publisher, ...]
    witnesses: tuple[Witness, ...]
    silent: tuple[str, ...]
    lacking: tuple[Lacking, ...]
    not_asked: tuple[ImportName, ...]


class AuditSet(NamedTuple):
    """A set as it was read: its files and its own criteria. is_whole: not just what imports.lock needed of it."""

    name: ImportName | None
    kind: SetKind
    place: str
    files: tuple[AuditsFile, ...]
    criteria: Criteria
    is_whole: bool = True


def who(request: Request, crate: CrateName, version: str | None, *, progress: Callable[[str, int, int], None]) -> Who:
    """Ask every known set about `crate`; with `request.locked` the own store and imports.lock alone.

    Raises NotFoundError for what is no version, and UndecidedError when no set could be asked and the store says
    nothing: then there is no answer.
    """
    wanted = _parsed(version)
    project = open_project(request)
    store = store_or_nothing(project, locked=request.locked)
    versions = (wanted,) if wanted else _in_graph(project, store, crate)
    known = known_sets(store.config.imports)
    rows = store.imports.publisher.get(crate, ())
    if request.locked:
        answer = _answer(crate, versions, (_own(store), *_locked_imports(store, store.config.imports)), rows)
        answered = {witness.name for witness in answer.witnesses}
        return answer._replace(not_asked=tuple(each.name for each in known if each.name not in answered))
    with open_sources(project, progress) as sources:
        fetched = fetch_sets(known, sources)
        sets, broken = read_sets(store, fetched)
        lacking = (*fetched.lacking, *broken)
        if _rests_on_publishers(crate, sets):
            published = look_up_publishers([crate], sources)
            rows, lacking = published.rows.get(crate, rows), (*lacking, *published.lacking)
    answer = _answer(crate, versions, sets, rows)._replace(lacking=lacking)
    if not answer.witnesses and not fetched.found:
        raise _no_answer(crate, lacking)
    return answer


def _parsed(version: str | None) -> VetVersion | None:
    try:
        return None if version is None else parse_version(version)
    except VersionSyntaxError as error:
        raise NotFoundError(f"'{version}' is not a version: {error}", help="for example serde@1.0.200") from error


def _in_graph(project: Project, store: Store, crate: CrateName) -> tuple[VetVersion, ...]:
    nodes = project.graph(store.config.policy).nodes
    return tuple(sorted({node.version for node in nodes if node.name == crate and node.is_third_party}))


def _own(store: Store) -> AuditSet:
    return AuditSet(None, SetKind.OWN, "audits.toml", (store.audits,), store.criteria)


def _locked_imports(store: Store, names: Iterable[ImportName]) -> tuple[AuditSet, ...]:
    """Return imports as imports.lock has them: what was needed of them, in the store's own criteria."""
    held = store.imports.audits
    return tuple(
        AuditSet(name, SetKind.IMPORT, "imports.lock", (held[name],), store.criteria, is_whole=False)
        for name in sorted(names)
        if name in held
    )


def read_sets(store: Store, fetched: FetchedSets) -> tuple[tuple[AuditSet, ...], tuple[Lacking, ...]]:
    """Return the own store and what was fetched; for imports that were not, what imports.lock has of them."""
    sets: list[AuditSet] = []
    broken: list[Lacking] = []
    for each in fetched.found:
        try:
            sets.append(_as_fetched(each))
        except CriteriaError as error:
            broken.append(Lacking(each.known.name, f"its criteria contradict themselves: {error}"))
    there = {each.name for each in sets}
    kept = _locked_imports(store, store.config.imports.keys() - there)
    return (_own(store), *sorted((*sets, *kept), key=_order)), tuple(broken)


def _as_fetched(fetched: FetchedSet) -> AuditSet:
    known, files = fetched.known, tuple(file for _, file in fetched.files)
    implies: dict[str, tuple[str, ...]] = {}
    for file in files:
        implies = {**{name: entry.implies for name, entry in file.criteria.items()}, **implies}
    kind = SetKind.IMPORT if known.imported else SetKind.REGISTRY
    return AuditSet(known.name, kind, _place(known, is_copy=fetched.is_copy), files, Criteria(implies))


def _place(known: KnownSet, *, is_copy: bool) -> str:
    copy = " (the copy of an earlier run)" if is_copy else ""
    stale = f"; it lives on at {known.successor}" if known.imported and known.successor else ""
    return f"{addresses(known)}{copy}{stale}"


def _order(each: AuditSet) -> tuple[bool, str]:
    return each.kind is SetKind.REGISTRY, each.name or ""


def _rests_on_publishers(crate: CrateName, sets: Iterable[AuditSet]) -> bool:
    return any(crate in file.wildcard_audits or crate in file.trusted for each in sets for file in each.files)


def _answer(
    crate: CrateName, versions: tuple[VetVersion, ...], sets: Iterable[AuditSet], publishers: tuple[Publisher, ...]
) -> Who:
    witnesses: list[Witness] = []
    silent: list[str] = []
    for each in sets:
        is_own = each.kind is SetKind.OWN
        found = evidence(crate, each.files, each.criteria, publishers, versions, with_trusted=is_own)
        if found.is_silent and each.is_whole:
            silent.append(each.name or "your own store")
        elif not found.is_silent:
            witnesses.append(Witness(each.name, each.kind, each.place, found))
    return Who(crate, versions, publishers, tuple(witnesses), tuple(silent), lacking=(), not_asked=())


def _no_answer(crate: CrateName, lacking: Iterable[Lacking]) -> UndecidedError:
    return UndecidedError(
        f"your own store says nothing of {crate}, and no other set of audits could be had",
        help="try again later; `--locked` answers from your own store alone",
        related=[UndecidedError(f"{each.what}: {each.reason}") for each in lacking],
    )
