"""The versions from which a review could start: what this store and its imports say something good of."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from vetflow.app.crate_contents import RegistryCrates
from vetflow.app.network import open_sources
from vetflow.app.project import Project, open_project
from vetflow.app.request import Request
from vetflow.app.updating import silent
from vetflow.diffing.sizes import CrateSizes
from vetflow.model.names import CrateName
from vetflow.model.store import AuditsFile, Store
from vetflow.model.suggestions import CrateDelta, DiffStat, Size
from vetflow.model.version import VetVersion, parse_version
from vetflow.review.session import Pair

_MEASURED: Final = 8
"""How many ways are measured; the newest bases are the likely ones."""


def review_bases(request: Request, pair: Pair, suggested: Pair | None) -> Sequence[tuple[Pair, str]]:
    """Return the ways to review a version, each with a line about it: the suggested one first, all of it last.

    How much there is to read is told of what is on this machine; nothing is fetched for it.
    """
    project = open_project(request._replace(offline=True))
    known = _known(project.open_store(locked=True).store, pair.crate)
    version = parse_version(pair.version)
    known.pop(version, None)
    ways = [CrateDelta(pair.crate, base, version) for base in sorted(known, reverse=True)]
    whole = CrateDelta(pair.crate, None, version)
    sizes = _measured(project, [*ways[:_MEASURED], whole])
    found = {_pair(way): f"{way.base}, {known[way.base]}{_read(sizes.get(way))}" for way in ways if way.base}
    found[pair._replace(base=None)] = f"all of it{_read(sizes.get(whole))}"
    if suggested is None:
        return tuple(found.items())
    first = found.pop(suggested, str(suggested.base or "all of it"))
    return ((suggested, f"{first} (suggested)"), *found.items())


def _known(store: Store, crate: CrateName) -> dict[VetVersion, str]:
    """Return what is said of each version, the own word last: that is the one to go by."""
    said: dict[VetVersion, str] = {}
    for name, theirs in sorted(store.imports.audits.items()):
        said.update(dict.fromkeys(_audited(theirs, crate), f"audited by {name}"))
    said.update({entry.version: "exempted, nobody read it" for entry in store.config.exemptions.get(crate, ())})
    said.update(dict.fromkeys(_audited(store.audits, crate), "audited in this store"))
    return said


def _audited(file: AuditsFile, crate: CrateName) -> Iterator[VetVersion]:
    return (entry.version for entry in file.audits.get(crate, ()) if entry.version is not None)


def _measured(project: Project, ways: Sequence[CrateDelta]) -> Mapping[CrateDelta, Size]:
    with open_sources(project, silent) as sources:
        crates = RegistryCrates(sources, project.workspace.packages)
        return CrateSizes(crates, sources.cache, project.request.environ).sizes(ways)


def _read(size: Size | None) -> str:
    return f": {size.lines:,} lines" if isinstance(size, DiffStat) else ""


def _pair(way: CrateDelta) -> Pair:
    return Pair(way.name, None if way.base is None else str(way.base), str(way.version))
