"""The entries of a store: audits, wildcard audits, trusted publishers, exemptions, publishers, unpublished versions.

Field order and meaning follow cargo-vet's files (shared spec format 3 and 4). Lists that cargo-vet writes as "string or
list" are tuples. `fresh` never stands in a file: it marks what was fetched and is not yet in imports.lock.
"""

from __future__ import annotations

from enum import IntEnum
from typing import NamedTuple, TypeAlias

from vetflow.model.dates import Date
from vetflow.model.names import CriteriaName
from vetflow.model.requirement import VersionReq
from vetflow.model.version import VetVersion

PublisherSource: TypeAlias = int | str
"""Who published: a crates.io user id, or the text of a trusted publisher such as `github:owner/repo`."""


class AuditKind(IntEnum):
    """What an audit speaks of; the order is cargo-vet's sorting order."""

    FULL = 0
    DELTA = 1
    VIOLATION = 2


class Audit(NamedTuple):
    """One `[[audits.CRATE]]` entry.

    version: the audited version of a full audit, the end of a delta; None for a violation.
    base: where a delta starts; None otherwise.
    violation: the versions a violation speaks of; None otherwise.
    importable: False keeps an entry (of a git revision, usually) out of what others import.
    """

    kind: AuditKind
    criteria: tuple[CriteriaName, ...]
    version: VetVersion | None = None
    base: VetVersion | None = None
    violation: VersionReq | None = None
    who: tuple[str, ...] = ()
    importable: bool = True
    notes: str | None = None
    aggregated_from: tuple[str, ...] = ()
    fresh: bool = False


class WildcardAudit(NamedTuple):
    """One `[[wildcard-audits.CRATE]]` entry: everything `source` publishes from `start` until before `end`."""

    criteria: tuple[CriteriaName, ...]
    source: PublisherSource
    start: Date
    end: Date
    who: tuple[str, ...] = ()
    renew: bool | None = None
    notes: str | None = None
    aggregated_from: tuple[str, ...] = ()
    fresh: bool = False


class TrustedEntry(NamedTuple):
    """One `[[trusted.CRATE]]` entry: as a wildcard audit, but trust in a person, not a statement about code."""

    criteria: tuple[CriteriaName, ...]
    source: PublisherSource
    start: Date
    end: Date
    notes: str | None = None
    aggregated_from: tuple[str, ...] = ()


class Exemption(NamedTuple):
    """One `[[exemptions.CRATE]]` entry: a version nobody has read."""

    version: VetVersion
    criteria: tuple[CriteriaName, ...]
    suggest: bool = True
    notes: str | None = None


class Publisher(NamedTuple):
    """One `[[publisher.CRATE]]` row of imports.lock: who published a version, and on which day."""

    version: VetVersion
    when: Date
    source: PublisherSource
    user_login: str | None = None
    user_name: str | None = None
    fresh: bool = False


class Unpublished(NamedTuple):
    """One `[[unpublished.CRATE]]` row of imports.lock: a local version, treated as the published `audited_as`."""

    version: VetVersion
    audited_as: VetVersion
    fresh: bool = False
