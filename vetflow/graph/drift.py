"""What changed between two states of a workspace's lock: events, each a fact a person can check.

Crates are paired by name and, where several versions stand side by side, by the line of compatible versions. Local
packages only matter for what they depend on, and where one takes the place of a published crate, or the other way
round. Source: shared spec trust 3.3.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from enum import Enum
from typing import Final, NamedTuple, TypeAlias

from vetflow.formats.source_id import without_revision
from vetflow.graph.declared_edges import DeclaredGraph
from vetflow.graph.host_closure import host_closure
from vetflow.model.names import CrateName
from vetflow.model.packages import Package


class DriftKind(Enum):
    """What happened, the gravest first; the value is the event's id."""

    OTHER_CHECKSUM = "drift/other-checksum"
    OTHER_SOURCE = "drift/other-source"
    PRIVILEGED = "drift/became-privileged"
    EDGE = "drift/new-edge"
    ADDED = "drift/added"
    BUMPED = "drift/bumped"
    DOWNGRADED = "drift/downgraded"
    REMOVED = "drift/removed"


class Privileges(NamedTuple):
    """How code of a package runs during a build; None is "not known". host: linked into something that does."""

    build_script: bool | None
    proc_macro: bool | None
    host: bool | None

    @property
    def has_any(self) -> bool | None:
        """Whether anything of it runs; None where it may, for all that is known."""
        return True if True in self else None if None in self else False


NONE_KNOWN: Final = Privileges(None, None, None)


class LockSide(NamedTuple):
    """One of the two states: packages by index, how their code runs, and the names of what each depends on."""

    packages: tuple[Package, ...]
    privileges: tuple[Privileges, ...]
    dependencies: tuple[tuple[int, ...], ...]


class DriftEvent(NamedTuple):
    """One thing that happened to a crate.

    old, new: the package on either side; None where there is none. is_new_name: no version of the crate was there
    before; ran_before: some version of it certainly ran. privileges: of the new package. gained: those it has and its
    predecessor had not, by their field's name. parent: for a new edge, the package that has it.
    """

    kind: DriftKind
    crate: CrateName
    old: Package | None
    new: Package | None
    is_new_name: bool = False
    ran_before: bool = False
    privileges: Privileges = NONE_KNOWN
    gained: tuple[str, ...] = ()
    parent: Package | None = None


def lock_side(graph: DeclaredGraph) -> LockSide:
    """Return what a state is for a comparison: the widest host closure, dependencies for development included."""
    workspace = graph.workspace
    closure = host_closure(graph, dev=True)
    return LockSide(
        packages=workspace.packages,
        privileges=tuple(
            Privileges(
                graph.has_build_script(number),
                graph.is_proc_macro(number),
                None if number in closure.presumed else number in closure.host,
            )
            for number in range(len(workspace.packages))
        ),
        dependencies=tuple(tuple(edge.package for edge in edges) for edges in workspace.dependencies),
    )


def find_drift(old: LockSide, new: LockSide) -> tuple[DriftEvent, ...]:
    """Return what happened on the way from `old` to `new`: by gravity, then name. Linear, apart from sorting."""
    drift = _Drift(old, new)
    order = list(DriftKind)
    return tuple(sorted(drift.events(), key=lambda event: (order.index(event.kind), event.crate)))


_Pair: TypeAlias = tuple[int | None, int | None]


class _Drift:
    """Both sides, and which of their packages belong together."""

    def __init__(self, old: LockSide, new: LockSide) -> None:
        self._old = old
        self._new = new
        self._old_names = _by_name(old.packages)
        self._new_names = _by_name(new.packages)

    def events(self) -> Iterator[DriftEvent]:
        for name in sorted(self._old_names.keys() | self._new_names.keys()):
            for before, after in self._pair(name):
                yield from self._of_pair(name, before, after)
                if after is not None and (before is not None or self._new.packages[after].source is None):
                    yield from self._new_edges(before, after)

    def _pair(self, name: CrateName) -> Iterator[_Pair]:
        """Yield the packages of one name that belong together, the same ones first, then the nearest versions."""
        old, new = self._old_names.get(name, []), self._new_names.get(name, [])
        for same in (_identity, _semver, _compatible_line):
            left = []
            for number in new:
                key = same(self._new.packages[number])
                match = next((each for each in old if same(self._old.packages[each]) == key), None)
                if match is None:
                    left.append(number)
                else:
                    old = [each for each in old if each != match]
                    yield match, number
            new = left
        together = min(len(old), len(new))
        yield from zip(old[:together], new[:together], strict=True)
        yield from ((number, None) for number in old[together:])
        yield from ((None, number) for number in new[together:])

    def _of_pair(self, name: CrateName, before: int | None, after: int | None) -> Iterator[DriftEvent]:
        old = None if before is None else self._old.packages[before]
        new = None if after is None else self._new.packages[after]
        if (old is None or old.source is None) and (new is None or new.source is None):
            return
        privileges = NONE_KNOWN if after is None else self._new.privileges[after]
        event = DriftEvent(
            DriftKind.ADDED, name, old, new, name not in self._old_names, self._ran_before(name), privileges
        )
        if before is None or old is None:
            yield event
        elif new is None:
            yield event._replace(kind=DriftKind.REMOVED)
        else:
            yield from (event._replace(kind=kind) for kind in _changes(old, new))
            if gained := _gained(self._old.privileges[before], privileges):
                yield event._replace(kind=DriftKind.PRIVILEGED, gained=gained)

    def _ran_before(self, name: CrateName) -> bool:
        return any(self._old.privileges[number].has_any for number in self._old_names.get(name, ()))

    def _new_edges(self, before: int | None, after: int) -> Iterator[DriftEvent]:
        """Yield the edges that a package has gained and that lead to code which runs during the build, or may."""
        known = set() if before is None else {self._old.packages[n].name for n in self._old.dependencies[before]}
        for target in self._new.dependencies[after]:
            package, privileges = self._new.packages[target], self._new.privileges[target]
            if package.name not in known and package.source is not None and privileges.has_any is not False:
                yield DriftEvent(
                    DriftKind.EDGE,
                    package.name,
                    None,
                    package,
                    package.name not in self._old_names,
                    self._ran_before(package.name),
                    privileges,
                    parent=self._new.packages[after],
                )


def _by_name(packages: Sequence[Package]) -> Mapping[CrateName, list[int]]:
    names: dict[CrateName, list[int]] = {}
    for number in sorted(range(len(packages)), key=lambda number: packages[number].version):
        names.setdefault(packages[number].name, []).append(number)
    return names


def _identity(package: Package) -> object:
    return package.version, package.source


def _semver(package: Package) -> object:
    return package.version.semver


def _compatible_line(package: Package) -> object:
    """Return what versions have in common that cargo never keeps side by side."""
    major, minor, patch, *_ = package.version
    return (major,) if major else (0, minor) if minor else (0, 0, patch)


def _changes(old: Package, new: Package) -> Iterator[DriftKind]:
    if _place(old) != _place(new):
        yield DriftKind.OTHER_SOURCE
    before, after = old.version.semver, new.version.semver
    if before != after:
        yield DriftKind.BUMPED if after > before else DriftKind.DOWNGRADED
    elif old.version.git != new.version.git and _place(old) == _place(new):
        # Of two commits nothing tells which came first.
        yield DriftKind.BUMPED
    elif old.source == new.source and old.checksum is not None and old.checksum != new.checksum:
        yield DriftKind.OTHER_CHECKSUM


def _place(package: Package) -> str | None:
    return None if package.source is None else without_revision(package.source)


def _gained(old: Privileges, new: Privileges) -> tuple[str, ...]:
    """Return what is certain to be new; what was not known before is no news."""
    rows = zip(Privileges._fields, old, new, strict=True)
    return tuple(field for field, before, after in rows if after is True and before is False)
