"""What the resolver answers: the conclusion about every third-party crate, and how each was reached.

Nodes are indices into the `PackageGraph` that was judged. Everything here is data to render; nothing decides.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import Enum
from typing import Final, NamedTuple, TypeAlias

from vetflow.model.audits import Audit, Exemption, Publisher, TrustedEntry, Unpublished, WildcardAudit
from vetflow.model.criteria import CriteriaSet
from vetflow.model.names import CrateName, CriteriaName, ImportName
from vetflow.model.version import VetVersion

Entry: TypeAlias = Audit | WildcardAudit | TrustedEntry | Exemption | Unpublished
"""An entry of the store that can lead to a version."""


class AuditConflict(NamedTuple):
    """A violation contradicted by an audit. Sources are import names, None for the own store."""

    violation_source: ImportName | None
    violation: Audit
    audit_source: ImportName | None
    audit: Audit


class ExemptionConflict(NamedTuple):
    """A violation contradicted by an exemption of the own store."""

    violation_source: ImportName | None
    violation: Audit
    exemption: Exemption


Conflict: TypeAlias = AuditConflict | ExemptionConflict


class Vetting(Enum):
    """Which of cargo-vet's three lists a vetted crate is in."""

    FULLY = "fully"
    PARTIALLY = "partially"
    EXEMPTED = "exempted"


class VettedCrate(NamedTuple):
    """A crate whose every requirement is met.

    trusted: some required path rests on trust in a publisher (a wildcard audit or a trusted entry), not on
    somebody's reading of this version. required: anything is required of it at all; if not, cargo-vet counts
    it as fully vetted.
    """

    node: int
    vetting: Vetting
    trusted: bool
    required: bool


class Tally(NamedTuple):
    """What the vetted crates rest on, in honest words; every crate is counted once.

    read: somebody recorded audits for all of it. trusted: somebody trusts who published it. partly_exempted:
    somebody read the changes since a version that nobody read. exempted: nobody read it. unrequired: nothing
    was asked of it.
    """

    read: int
    trusted: int
    partly_exempted: int
    exempted: int
    unrequired: int


def tally(crates: Iterable[VettedCrate]) -> Tally:
    """Count what vetted crates rest on: an exemption outweighs trust, trust outweighs reading."""
    read = trusted = partly_exempted = exempted = unrequired = 0
    for crate in crates:
        if crate.vetting is Vetting.EXEMPTED:
            exempted += 1
        elif crate.vetting is Vetting.PARTIALLY:
            partly_exempted += 1
        elif crate.trusted:
            trusted += 1
        elif crate.required:
            read += 1
        else:
            unrequired += 1
    return Tally(read, trusted, partly_exempted, exempted, unrequired)


class Failure(NamedTuple):
    """A crate that lacks criteria. missing: all required criteria without a path (closed set)."""

    node: int
    missing: CriteriaSet


class Success(NamedTuple):
    """Every third-party crate is vetted; one entry each, in graph order."""

    crates: tuple[VettedCrate, ...]


class VettingFailure(NamedTuple):
    """Some crates are not vetted, others may be; each list in graph order."""

    failures: tuple[Failure, ...]
    vetted: tuple[VettedCrate, ...]


class ViolationFailure(NamedTuple):
    """Entries contradict violations; by node, in graph order."""

    conflicts: tuple[tuple[int, tuple[Conflict, ...]], ...]


Conclusion: TypeAlias = Success | VettingFailure | ViolationFailure


class OriginKind(Enum):
    """What kind of entry leads from one version to another."""

    AUDIT = "audit"
    WILDCARD = "wildcard audit"
    TRUSTED = "trusted entry"
    EXEMPTION = "exemption"
    UNPUBLISHED = "unpublished"
    INVENTED = "invented exemption"


TRUST: Final = (OriginKind.WILDCARD, OriginKind.TRUSTED)
"""The kinds of entries that trust who published a version; nobody need have read it."""


class Origin(NamedTuple):
    """Which entry it is, so that it can be found, kept or dropped again.

    source: the import it comes from, None for the own store. position: its place among the crate's entries of
    that kind in that file; None for an invented exemption, which stands in no file. publisher: for wildcard
    audits and trusted entries the place of the publisher row they were applied to.
    """

    kind: OriginKind
    source: ImportName | None
    position: int | None
    publisher: int | None = None


class Step(NamedTuple):
    """One step of the way from nothing to a version, with the entry that allows it.

    base: the version it starts from, None for nothing at all. fresh: the entry, or the publisher row it
    needs, was fetched and is not yet in imports.lock. publisher: that row, for wildcard audits and trusted
    entries.
    """

    origin: Origin
    base: VetVersion | None
    version: VetVersion
    entry: Entry
    publisher: Publisher | None
    fresh: bool


class Explanation(NamedTuple):
    """Why a version is certified for one criterion, or what would be.

    steps: from nothing to the version, empty when there is no way. certified: when there is none, the
    versions that do have the criterion, in ascending order.
    """

    name: CrateName
    version: VetVersion
    criterion: CriteriaName
    steps: tuple[Step, ...]
    certified: tuple[VetVersion, ...]


class Reach(NamedTuple):
    """How far one gets from both ends, where no way joins them; None is "nothing".

    from_root: versions that audits lead to. from_target: versions from which audits lead to the target.
    """

    from_root: frozenset[VetVersion | None]
    from_target: frozenset[VetVersion | None]


class MissCause(Enum):
    """Why the nearest entry does not vet a crate; in brackets, which fields of `Miss` are set besides.

    `publisher` is set wherever imports.lock tells who published the failing version.
    """

    CRITERIA_TOO_WEAK = "criteria-too-weak"
    """Entries lead to this very version, but one of them for weaker criteria [step: that one]."""
    TRUST_ENDED = "trust-ended"
    """Who published this version was trusted until an earlier day [step: the entry; publisher]."""
    TRUST_NOT_BEGUN = "trust-not-begun"
    """Who published this version is trusted from a later day on [step: the entry; publisher]."""
    OTHER_PUBLISHER = "other-publisher"
    """The nearest version, if any, rests on trust in somebody else [step; publisher]."""
    PUBLISHER_UNKNOWN = "publisher-unknown"
    """The nearest version, if any, rests on trust; imports.lock has no publisher of this one [step]."""
    NOT_PUBLISHED = "not-published"
    """The package is not from crates.io, and nothing leads from a published version to it [step: the nearest
    or None; towards: with a step]."""
    OTHER_VERSION_EXEMPTED = "other-version-exempted"
    """The nearest version is exempted, and no delta leads on from it [step; towards]."""
    NO_DELTA = "no-delta"
    """The nearest version is vetted, and no delta leads on from it [step; towards]."""
    BASE_NOT_VETTED = "base-not-vetted"
    """Deltas lead to this version, but nothing to where they start [step: one, from the nearest start]."""
    OTHER_VERSION_TOO_WEAK = "other-version-too-weak"
    """Only other versions are vetted, and for weaker criteria [step: the entry that is too weak]."""
    IMPORT_EXCLUDES = "import-excludes"
    """Nothing leads to any version, and imports are told to leave the crate out [imports]."""
    IMPORT_EMPTY = "import-empty"
    """Nothing leads to any version, and imports contribute nothing at all, as if they were gone [imports]."""
    NOTHING_KNOWN = "nothing-known"
    """Nothing leads to any version."""


class Miss(NamedTuple):
    """The nearest miss of a crate that is not vetted: the entry that came nearest and why it does not reach.

    criterion: the missing criterion this is about, the first of several. step: the entry, and the version it
    leads to; where trust does not extend to any version, the failing version itself with `step.publisher`
    None. publisher: who published the failing version. towards: where a delta from `step.version` would have
    to lead: to the failing version, or to one from which deltas lead on to it. imports: names of imports.
    """

    cause: MissCause
    criterion: CriteriaName
    step: Step | None = None
    publisher: Publisher | None = None
    towards: VetVersion | None = None
    imports: tuple[ImportName, ...] = ()


class CrateVersion(NamedTuple):
    """A crate name with a version."""

    name: CrateName
    version: VetVersion
