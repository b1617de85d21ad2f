"""Names that are new in a lock and look like others: scored with what else is known, and only a stop when all agrees.

A name that is near another one is common and mostly innocent; one that is near another, runs during the build and was
published the other day is what attacks look like (shared spec trust 3.4).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Final, NamedTuple

from vetflow.errors import Place
from vetflow.graph.look_alikes import KnownNames
from vetflow.model.findings import Finding, Level
from vetflow.model.packages import Package

_YOUNG: Final = 90 * 86_400
"""Until when a crate counts as young, in seconds after its first version."""
_FEW: Final = 3


class NewName(NamedTuple):
    """A crate of which the base's lock has no version.

    privileged: whether it runs during a build; None, "not known", counts as yes. first_published: when its first
    version was, seconds since 1970; versions: how many there are; None where nobody knows. audited: some set of audits
    within reach speaks of it.
    """

    package: Package
    privileged: bool | None = None
    first_published: int | None = None
    versions: int | None = None
    audited: bool = False


def look_alike_findings(
    names: Iterable[NewName],
    known: KnownNames,
    now: int,
    place: Callable[[Package], Place | None],
    level: Level = Level.WARN,
) -> Iterator[Finding]:
    """Yield the new names that could be taken for known ones, with what speaks for or against it.

    known: well-known names, and those the project had before. level: how much a near name weighs; a failure it is when
    the crate also runs during a build and is young.
    """
    for name in names:
        near = known.resembled_by(name.package.name)
        if near is None or name.audited:
            continue
        young = name.first_published is None or now - name.first_published < _YOUNG
        signs = [
            *(["it runs during the build"] if name.privileged else []),
            *(["whether it runs during the build is not known"] if name.privileged is None else []),
            *(["its first version is younger than 90 days"] if young and name.first_published is not None else []),
            *(["it has few versions"] if name.versions is not None and name.versions <= _FEW else []),
        ]
        certain = name.privileged is True and young and name.first_published is not None
        reason = f"{name.package.name} is new here and its name differs from {near.known} only {near.how.value}"
        if signs:
            reason += f"; {', '.join(signs)}"
        yield Finding("names/look-alike", Level.FAIL if certain else level, place(name.package), reason)
