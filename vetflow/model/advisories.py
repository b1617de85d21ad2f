"""Advisories: what is publicly known to be wrong with versions of a crate, and what a project says about them.

The two formats advisories come in, RustSec's and OSV's, mean different things by "affected"; here they are one: ranges
with a first affected and a first unaffected version, in the order of versions. A requirement's rule that pre-releases
need to be named does not exist here (shared spec trust 3.1).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import Enum
from typing import Final, NamedTuple

from vetflow.model.dates import Date
from vetflow.model.findings import Level
from vetflow.model.names import CrateName
from vetflow.model.version import VetVersion, parse_version


class AdvisoryKind(Enum):
    """What an advisory is about; the value is the word both formats use. All but the first only inform."""

    VULNERABILITY = "vulnerability"
    UNSOUND = "unsound"
    UNMAINTAINED = "unmaintained"
    NOTICE = "notice"


class AffectedRange(NamedTuple):
    """Versions from `introduced` until before `fixed`, by precedence; None is "from the first", "without an end"."""

    introduced: VetVersion | None
    fixed: VetVersion | None

    def contains(self, version: VetVersion) -> bool:
        """Whether a version lies in it."""
        return (self.introduced is None or self.introduced <= version) and (self.fixed is None or version < self.fixed)


class Advisory(NamedTuple):
    """One advisory about one crate.

    published: the day it was made public, where it says so. aliases: other names of the same problem. malicious: the
    crate was published to do harm. functions: paths of what is affected, where that is not everything. file: where it
    was read. A withdrawn advisory is no longer true.
    """

    id: str
    crate: CrateName
    kind: AdvisoryKind
    title: str
    affected: tuple[AffectedRange, ...]
    published: Date | None = None
    aliases: tuple[str, ...] = ()
    url: str | None = None
    malicious: bool = False
    withdrawn: bool = False
    functions: tuple[str, ...] = ()
    file: str = ""

    @property
    def names(self) -> tuple[str, ...]:
        """Its id, and all others the same problem is known by."""
        return (self.id, *self.aliases)

    def affects(self, version: VetVersion) -> bool:
        """Whether a version is affected."""
        return any(affected.contains(version) for affected in self.affected)


class AdvisorySyntaxError(ValueError):
    """A text is no advisory that can be understood; the message is half a sentence that says why."""


class AdvisoryIgnore(NamedTuple):
    """What a project decided not to be told about, up to and with a day. id: an advisory's, or one of its aliases."""

    id: str
    reason: str
    until: Date


DEFAULT_LEVELS: Final[Mapping[AdvisoryKind, Level]] = {
    kind: Level.FAIL if kind is AdvisoryKind.VULNERABILITY else Level.WARN for kind in AdvisoryKind
}


class AdvisoryPolicy(NamedTuple):
    """How a project treats advisories. max_staleness: days after which a database that did not change tells too little.

    levels: how much an advisory weighs, by kind; of a malicious crate it always is a failure. yanked: how much it
    weighs that a locked version was taken back.
    """

    ignores: tuple[AdvisoryIgnore, ...] = ()
    max_staleness: int = 30
    levels: Mapping[AdvisoryKind, Level] = DEFAULT_LEVELS
    yanked: Level = Level.WARN


DEFAULT_ADVISORY_POLICY: Final = AdvisoryPolicy()


def next_version(version: VetVersion) -> VetVersion:
    """Return the lowest version above another: `1.2.4-0` after `1.2.3`, `1.2.3-rc.1.0` after `1.2.3-rc.1`."""
    major, minor, patch, *_ = version
    if not version.is_pre_release:
        return parse_version(f"{major}.{minor}.{patch + 1}-0")
    pre = ".".join(identifier[2] for identifier in version.pre[1])
    return parse_version(f"{major}.{minor}.{patch}-{pre}.0")


def one_problem_each(advisories: Iterable[Advisory]) -> tuple[Advisory, ...]:
    """Return the advisories about one crate with those left out that tell again what another one tells.

    What shares a name is one problem. RustSec's advisories win, whose ranges are kept by hand; without one the first
    by name stands for all. One that knows of malice makes it known.
    """
    groups: list[list[Advisory]] = []
    for advisory in sorted(advisories, key=lambda each: each.id):
        names = set(advisory.names)
        same = [group for group in groups if any(names.intersection(each.names) for each in group)]
        groups = [group for group in groups if group not in same]
        groups.append([*(each for group in same for each in group), advisory])
    return tuple(sorted((each for group in groups for each in _representatives(group)), key=lambda each: each.id))


_RUSTSEC: Final = "RUSTSEC-"


def _representatives(group: list[Advisory]) -> list[Advisory]:
    own = [each for each in group if each.id.startswith(_RUSTSEC)] or group[:1]
    malicious = any(each.malicious for each in group)
    return [each._replace(malicious=True) if malicious else each for each in own]
