"""What an entry of audits.toml claims, apart from its criteria: the subject of a signature.

A claim's id names it in signatures.toml. Criteria are left out, so that an entry that claims less than it did, as after
aggregation, keeps its id. Versions and requirements stand as cargo-vet writes them (shared spec trust 1.3).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final, NamedTuple, TypeAlias

from vetflow.model.audits import Audit, AuditKind, TrustedEntry, WildcardAudit
from vetflow.model.dates import DateSyntaxError, parse_date
from vetflow.model.names import CrateName
from vetflow.model.requirement import RequirementSyntaxError, parse_requirement
from vetflow.model.store import AuditsFile
from vetflow.model.version import VersionSyntaxError, VetVersion, parse_version
from vetflow.trust.canonical_json import digest

Entry: TypeAlias = Audit | WildcardAudit | TrustedEntry

FULL: Final = "full"
DELTA: Final = "delta"
VIOLATION: Final = "violation"
WILDCARD: Final = "wildcard"
TRUSTED: Final = "trusted"
LOCAL_KINDS: Final = (WILDCARD, TRUSTED)
"""Kinds that are decisions of one project, not statements about bytes: their statements name the project."""


class ClaimError(ValueError):
    """A claim is not what vetflow would have written; the message says why."""


class Claim(NamedTuple):
    """A claim: its kind, the crate, and what else tells it from others of the kind, sorted by key."""

    kind: str
    crate: CrateName
    subject: tuple[tuple[str, str | int], ...]

    def as_json(self) -> dict[str, Any]:
        """Return the claim as it stands in a statement."""
        return {"kind": self.kind, "crate": self.crate, **dict(self.subject)}

    @property
    def id(self) -> str:
        """The claim's name in signatures.toml."""
        return digest(self.as_json())

    @property
    def versions(self) -> tuple[VetVersion, ...]:
        """The versions whose bytes the claim is about: none for a violation and for trust in a publisher."""
        return tuple(parse_version(str(value)) for key, value in self.subject if key in _VERSION_KEYS[self.kind])

    @property
    def words(self) -> str:
        """What is claimed of the crate, in a few words that tell it from any other claim about it."""
        values = dict(self.subject)
        match self.kind:
            case "full":
                return f"{values['version']}"
            case "delta":
                return f"{values['from']} -> {values['to']}"
            case "violation":
                return f"{VIOLATION} {values['versions']}"
        whom = values.get("trusted-publisher", f"user {values.get('user-id')}")
        return f"{self.kind} entry for {whom}, {values['start']} to {values['end']}"

    def __str__(self) -> str:
        """Return the claim in words, with its crate."""
        return f"{self.crate} {self.words}"


_VERSION_KEYS: Final = {FULL: ("version",), DELTA: ("from", "to"), VIOLATION: (), WILDCARD: (), TRUSTED: ()}


def claim_of(crate: CrateName, entry: Entry) -> Claim:
    """Return what an entry about a crate claims."""
    if isinstance(entry, Audit):
        if entry.kind is AuditKind.FULL:
            return Claim(FULL, crate, (("version", str(entry.version)),))
        if entry.kind is AuditKind.DELTA:
            return Claim(DELTA, crate, (("from", str(entry.base)), ("to", str(entry.version))))
        return Claim(VIOLATION, crate, (("versions", str(entry.violation)),))
    kind = WILDCARD if isinstance(entry, WildcardAudit) else TRUSTED
    publisher = "user-id" if isinstance(entry.source, int) else "trusted-publisher"
    return Claim(kind, crate, (("end", str(entry.end)), ("start", str(entry.start)), (publisher, entry.source)))


def read_claim(table: Any) -> Claim:
    """Read what `Claim.as_json` made; raises ClaimError for anything it would not have made."""
    if not isinstance(table, dict):
        raise ClaimError("the claim is no object")
    rest = {key: value for key, value in table.items() if key not in ("kind", "crate")}
    kind, crate = table.get("kind"), table.get("crate")
    if kind not in _VERSION_KEYS or not isinstance(crate, str) or not crate:
        raise ClaimError("the claim has no kind and crate that are known")
    claim = Claim(kind, crate, tuple(sorted(rest.items())))
    if not _is_spelled_right(kind, rest):
        raise ClaimError(f"the claim does not say what a claim of kind {kind} says, or not in its one spelling")
    return claim


def entries_of(audits: AuditsFile) -> Iterator[tuple[CrateName, Entry]]:
    """Yield every entry of a file that can be signed, in file order."""
    for tables in (audits.audits, audits.wildcard_audits, audits.trusted):
        for crate, rows in tables.items():
            for row in rows:
                yield crate, row


def _is_spelled_right(kind: str, values: dict[str, Any]) -> bool:
    """Whether a claim's own keys are those of its kind, each value in the spelling cargo-vet writes."""
    try:
        match kind:
            case "full" | "delta":
                keys = _VERSION_KEYS[kind]
                return sorted(values) == sorted(keys) and all(_same(values[key], parse_version) for key in keys)
            case "violation":
                return set(values) == {"versions"} and _same(values["versions"], parse_requirement)
        source = {"user-id": int, "trusted-publisher": str}
        publishers = [key for key, wanted in source.items() if key in values and type(values[key]) is wanted]
        return (
            len(publishers) == 1
            and set(values) == {publishers[0], "start", "end"}
            and all(_same(values[key], parse_date) for key in ("start", "end"))
        )
    except (VersionSyntaxError, RequirementSyntaxError, DateSyntaxError):
        return False


def _same(text: Any, parse: Any) -> bool:
    return isinstance(text, str) and str(parse(text)) == text
